"""Articles beside the answer that is being written: offered, put into it, cited by it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ventanilla.accounts.permissions import Permission
from ventanilla.core.numbers import number_in
from ventanilla.core.refusals import Refusal
from ventanilla.desk import citing
from ventanilla.intranet import queries as knowledge
from ventanilla.intranet.models import ArticleVersion, Audience
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.cases import visible_case
from ventanilla.web.packs import pack_for
from ventanilla.web.presenters.knowledge import picks
from ventanilla.web.visit import Visit, show, staff_page

MOST_OFFERED = 4


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def region(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """What is cited, and what may answer this case; POST cites an article or takes it off."""
    case = visible_case(visit, folio)
    refused = ""
    if request.method == "POST":
        refused = _cite(request, visit, case)
        if not request.headers.get("HX-Request"):
            return redirect(f"{address('case', folio)}#articulos")
    return _show(request, visit, case, refused)


def _cite(request: HttpRequest, visit: Visit, case: Case) -> str:
    version_id = number_in(request.POST.get("version"))
    if not version_id:
        return ""
    try:
        citing.cite(
            case=case,
            version_id=version_id,
            cited="quitar" not in request.POST,
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        return refusal.message
    return ""


def _show(request: HttpRequest, visit: Visit, case: Case, refused: str) -> HttpResponse:
    words = (request.POST.get("q") or request.GET.get("q") or "").strip()
    cited = citing.on_draft(case=case, staff_id=visit.staff.pk)
    found = knowledge.search(words, public=False, limit=MOST_OFFERED) if words else _about(case)
    own = knowledge.bodies_of(each for each in found if each.audience == Audience.STAFF)
    pack = pack_for(case)
    context = {
        "folio": case.folio,
        "url": address("case-articles", case.folio),
        "q": words,
        "refused": refused,
        "cited": cited,
        "picks": list(picks(found, own, frozenset(each.version_id for each in cited))),
        "lacks": citing.wants_article(pack) and not cited,
        "may_cite": visit.may(Permission.REPLY_TO_PERSON, case.desk),
        "is_whole": not request.headers.get("HX-Request"),
    }
    template = "articles_page" if context["is_whole"] else "articles"
    return show(request, visit, f"web/case/{template}.html", context)


def _about(case: Case) -> list[ArticleVersion]:
    """By the subject of the case and its category; the newest of the category where no word fits."""
    found = knowledge.offered_for(
        case.subject, public=False, category=case.category, limit=MOST_OFFERED
    )
    return found or knowledge.of_category(case.category, public=False, limit=MOST_OFFERED)
