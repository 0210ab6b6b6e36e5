"""The policy in force, read by those who keep it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.web.pages.policy import version_context
from ventanilla.web.visit import Visit, show, staff_page


@require_safe
@staff_page
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Clauses, targets and hours of the version in force."""
    visit.demand(Permission.VIEW_CASES)
    context = {"heading": _("Política en vigor"), **version_context(visit, visit.policy)}
    return show(request, visit, "web/policy.html", context)
