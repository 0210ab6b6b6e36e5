"""The product's pages and, beside them, a view that does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Unit B: what any page costs before it does anything."""
    return HttpResponse(b"")


urlpatterns = [path("__empty__/", empty), path("", include("ventanilla.project.urls"))]
