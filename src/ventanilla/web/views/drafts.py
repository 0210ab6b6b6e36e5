"""Drafts: saved while one writes, their files, the look of an answer, what is about to leave."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ventanilla.accounts.queries import serving
from ventanilla.core.numbers import number_in
from ventanilla.core.refusals import Refusal
from ventanilla.desk import lettering, replies
from ventanilla.register.models import Case
from ventanilla.web.actions import ACTIONS
from ventanilla.web.addresses import address
from ventanilla.web.cases import visible_case
from ventanilla.web.offering import action_view, setting_of
from ventanilla.web.packs import pack_for
from ventanilla.web.pages import composer as composing
from ventanilla.web.pages import keeping
from ventanilla.web.pages.acting import action_context
from ventanilla.web.pages.case import case_context
from ventanilla.web.presenters.drafts import file_views, is_heavy, saved_words
from ventanilla.web.presenters.masking import masked
from ventanilla.web.presenters.refusals import refusal_view
from ventanilla.web.visit import Visit, show, staff_page
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft

CONFLICT = 409
GONE = 410
REFUSED = 422


@require_POST
@staff_page
def save(request: HttpRequest, visit: Visit, folio: str) -> HttpResponseBase:
    """Keep what is written so far; a script hears it as JSON, a form goes back to the case."""
    case = visible_case(visit, folio)
    kind = request.POST.get("kind", "")
    if kind not in composing.NOUNS:
        raise Http404
    try:
        draft = keeping.keep(request, visit, case, kind)
        for each in request.FILES.getlist("attachments"):
            keeping.attach(visit, case, each)
    except drafting.DraftMoved as moved:
        return _clash(request, visit, case, kind, moved)
    except drafting.DraftGone as gone:
        return _gone(request, visit, case, kind, gone)
    except Refusal as refusal:
        return _refused(request, visit, case, kind, refusal)
    if not _by_script(request):
        messages.success(request, _("Borrador guardado."), extra_tags="kept")
        return redirect(composing.writing_url(case, kind))
    return JsonResponse(_saved(request, visit, case, draft))


@require_POST
@staff_page
def add_file(request: HttpRequest, visit: Visit, folio: str) -> HttpResponseBase:
    """Put one uploaded file on the reply; answers with the list of its files."""
    case = visible_case(visit, folio)
    given = request.FILES.get("file")
    if given is None:
        raise Http404
    try:
        keeping.attach(visit, case, given)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.message}, status=REFUSED)
    return _files(request, visit, case)


@require_POST
@staff_page
def remove_file(request: HttpRequest, visit: Visit, folio: str, file_id: int) -> HttpResponseBase:
    """Take a file off one's reply."""
    case = visible_case(visit, folio)
    drafting.remove_file(file_id=file_id, acting_user=visit.actor)
    if _by_script(request):
        return _files(request, visit, case)
    return redirect(f"{case_url(case)}#responder")


@require_POST
@staff_page
def preview(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """How the person will see the answer, as part of the page or as a page of its own."""
    case = visible_case(visit, folio)
    try:
        text = keeping.typed(request).strip()
    except Refusal as refusal:
        if _by_script(request):
            return HttpResponse(refusal.message, status=REFUSED, content_type="text/plain")
        told = {"case_url": case_url(case), "refused": refusal.message}
        return show(request, visit, "web/case/preview_page.html", told, status=REFUSED)
    whole = replies.whole_text(case, text)
    before, _said, after = whole.partition(text) if text else ("", "", whole)
    context = {
        "case_url": case_url(case),
        "before": masked(before.strip(), case),
        "after": masked(after.strip(), case),
        "shown": lettering.shown(text),
        "empty": not text,
    }
    template = "preview" if _by_script(request) else "preview_page"
    return show(request, visit, f"web/case/{template}.html", context)


@require_safe
@staff_page
def colleagues(request: HttpRequest, visit: Visit, folio: str) -> JsonResponse:
    """Who can be called by name in a note of this case."""
    case = visible_case(visit, folio)
    people = [each for each in serving(case.desk) if each.pk != visit.staff.pk]
    return JsonResponse({"people": [str(each) for each in people]})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def mine(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One's drafts, what is scheduled and what was held; POST throws one away."""
    if request.method == "POST":
        drafting.discard(draft_id=number_in(request.POST.get("draft")), acting_user=visit.actor)
        messages.success(request, _("Borrador descartado."), extra_tags="kept")
        return redirect("drafts")
    rows = [each for each in drafting.listed(visit.staff.pk) if _may_see(visit, each.case)]
    lines = [composing.listed_draft(each, visit) for each in rows]
    return show(request, visit, "web/drafts/list.html", {"lines": lines})


def case_url(case: Case) -> str:
    """The page of a case."""
    return address("case", case.folio)


def _saved(request: HttpRequest, visit: Visit, case: Case, draft: Draft) -> dict[str, Any]:
    zone = pack_for(case).calendar.zone
    return {
        "revision": draft.version,
        "saved": saved_words(draft.updated_at, zone),
        "guidelines": _guidelines(request, visit, case, draft),
    }


def _guidelines(request: HttpRequest, visit: Visit, case: Case, draft: Draft) -> str:
    if draft.kind != Draft.Kind.REPLY or not draft.text:
        return ""
    found = composing.guidelines_of(visit, case, draft.text, draft.article_versions)
    return render_to_string("web/case/guidelines.html", {"guidelines": found}, request)


def _clash(
    request: HttpRequest, visit: Visit, case: Case, kind: str, moved: drafting.DraftMoved
) -> HttpResponseBase:
    """Both texts are kept: one on the server, one in the page; their writer chooses."""
    if _by_script(request):
        zone = pack_for(case).calendar.zone
        facts = {
            "revision": moved.draft.version,
            "text": moved.draft.text,
            "saved": saved_words(moved.draft.updated_at, zone),
        }
        return JsonResponse(facts | {"message": moved.message}, status=CONFLICT)
    return _page(request, visit, case, kind, moved, clash=moved.draft, status=CONFLICT)


def _gone(
    request: HttpRequest, visit: Visit, case: Case, kind: str, gone: drafting.DraftGone
) -> HttpResponseBase:
    """What was sent is not begun again by itself; its writer may keep the words as a new text.

    With a key of its own: that of the form may have been handed over.
    """
    if _by_script(request):
        return JsonResponse({"request_key": str(uuid4()), "message": gone.message}, status=GONE)
    return _page(request, visit, case, kind, gone, clash=None, status=CONFLICT)


def _refused(
    request: HttpRequest, visit: Visit, case: Case, kind: str, refusal: Refusal
) -> HttpResponseBase:
    if _by_script(request):
        return JsonResponse({"message": refusal.message}, status=REFUSED)
    return _page(request, visit, case, kind, refusal, clash=None, status=REFUSED)


def _page(
    request: HttpRequest,
    visit: Visit,
    case: Case,
    kind: str,
    refusal: Refusal,
    *,
    clash: Draft | None,
    status: int,
) -> HttpResponse:
    action = ACTIONS[composing.NOUNS[kind]]
    form = action.form(setting_of(visit, case), request.POST)
    form.note_refusal(refusal)
    told = refusal_view(refusal, kept=_("Lo que escribió está en el cuadro de texto."))
    view = action_view(visit, case, action, form=form, refusal=told)
    if action.noun not in composing.IN_PLACE:
        context = action_context(visit, case, view, clash)
        return show(request, visit, "web/actions/page.html", context, status=status)
    context = case_context(request, visit, case, written=view, clash=clash)
    return show(request, visit, "web/case/page.html", context, status=status)


def _files(request: HttpRequest, visit: Visit, case: Case) -> HttpResponse:
    rows = drafting.files_of_reply(case, visit.staff.pk)
    draft = {"files": file_views(case.folio, rows), "heavy": is_heavy(rows)}
    return HttpResponse(render_to_string("web/case/draft_files.html", {"draft": draft}, request))


def _may_see(visit: Visit, case: Case) -> bool:
    return visit.desks is None or case.desk in visit.desks


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
