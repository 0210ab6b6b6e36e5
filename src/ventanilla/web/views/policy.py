"""The policy in force, read by those who keep it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.web.presenters.moments import moment
from ventanilla.web.presenters.policy import clause_rows, hour_facts, target_groups
from ventanilla.web.visit import Visit, show, staff_page


@require_safe
@staff_page
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Clauses, targets and hours of the version in force."""
    visit.demand(Permission.VIEW_CASES)
    pack, version = visit.pack, visit.policy
    zone = pack.calendar.zone
    context = {
        "company": pack.company.legal_name,
        "version": {
            "number": version.number,
            "since": moment(version.effective_from, zone, visit.as_of),
            "digest": version.digest[:16],
        },
        "targets": list(target_groups(pack)),
        "hours": list(hour_facts(pack, visit.as_of)),
        "clauses": list(clause_rows(pack)),
    }
    return show(request, visit, "web/policy.html", context)
