"""What the supervisor asks: is the house standing?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 «bien» when the database answers, 503 when it does not. Reads nothing, says no more."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("sin base de datos\n", status=503, content_type="text/plain")
    return HttpResponse("bien\n", content_type="text/plain")
