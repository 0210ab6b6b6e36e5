"""The case: its page, its record, its reasons, and what is done to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.channels.email.markup import sanitise
from ventanilla.core.refusals import Refusal
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.queries import showing
from ventanilla.register.recording import CaseMoved
from ventanilla.web.actions import ACTIONS, Action
from ventanilla.web.addresses import address
from ventanilla.web.cases import visible_case
from ventanilla.web.doing import carry_out
from ventanilla.web.forms.case import CaseForm
from ventanilla.web.offering import ActionView, action_view, fits, setting_of
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.acting import action_context
from ventanilla.web.pages.case import case_context, person_context
from ventanilla.web.pages.composer import IN_PLACE
from ventanilla.web.pages.keeping import keep_refused
from ventanilla.web.pages.record import ledger_context, why_context
from ventanilla.web.presenters.masking import masked
from ventanilla.web.presenters.refusals import TYPED_KEPT, refusal_view
from ventanilla.web.reading import note_opened
from ventanilla.web.telling import told_of, warned_of
from ventanilla.web.visit import Visit, show, staff_page
from ventanilla.workspace.models import Draft

MAIL_POLICY = (
    "default-src 'none'; img-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox"
)


@require_safe
@staff_page
def page(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """The whole case on one page."""
    case = visible_case(visit, folio)
    context = case_context(request, visit, case)
    context["watched"] = note_opened(request, visit, case).watched
    return show(request, visit, "web/case/page.html", context)


@require_safe
@staff_page
def ledger(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """Every entry of the record, and whether the chain holds."""
    case = visible_case(visit, folio)
    return show(request, visit, "web/case/ledger.html", ledger_context(visit, case))


@require_safe
@staff_page
def person(request: HttpRequest, visit: Visit, folio: str) -> HttpResponse:
    """The person's file, as a part of the case page or as a page of its own."""
    whole = not request.headers.get("HX-Request")
    template = "web/case/person_page.html" if whole else "web/case/person.html"
    return show(request, visit, template, person_context(visit, visible_case(visit, folio)))


@require_safe
@staff_page
def why(request: HttpRequest, visit: Visit, folio: str, key: str) -> HttpResponse:
    """«¿Por qué esta hora?» of one promise."""
    case = visible_case(visit, folio)
    row = next((each for each in queries.commitments(case) if each.key == key), None)
    if row is None:
        raise Http404
    return show(request, visit, "web/case/why.html", why_context(visit, case, row))


@require_safe
@staff_page
def message_html(request: HttpRequest, visit: Visit, folio: str, message_id: int) -> HttpResponse:
    """A mail as it was laid out: sanitised, and then allowed nothing by its own policy."""
    case = visible_case(visit, folio)
    message = showing.message_of(case, message_id)
    safe = sanitise(message.html) if message is not None and message.html else None
    if safe is None:
        raise Http404
    context = {"body": masked(safe.html, case), "safe": safe}
    response = show(request, visit, "web/case/mail.html", context)
    response["Content-Security-Policy"] = MAIL_POLICY
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def act(request: HttpRequest, visit: Visit, folio: str, noun: str) -> HttpResponse:
    """One thing done to a case: its form, and what came of sending it."""
    case = visible_case(visit, folio)
    action = ACTIONS.get(noun)
    if action is None:
        raise Http404
    if request.method != "POST":
        if noun in IN_PLACE:  # whoever signed in again while writing comes back to their text
            return redirect(f"{address('case', folio)}#responder")
        if not (fits(action, case) and visit.may(action.permission, case.desk)):
            messages.info(request, _no_longer(case, action), extra_tags="info")
            return redirect("case", folio=folio)
        return _form_page(request, visit, case, action_view(visit, case, action))
    return _carry_out(request, visit, case, action)


def _no_longer(case: Case, action: Action) -> str:
    """Why one is on the page of the case and not on the form one asked for."""
    status = pack_for(case).statuses.label(case.status)
    facts = {"action": action.title, "status": status}
    return _("«%(action)s» ya no aplica: el caso está en «%(status)s».") % facts


def _carry_out(request: HttpRequest, visit: Visit, case: Case, action: Action) -> HttpResponse:
    visit.demand(Permission.VIEW_CASES)
    form = action.form(setting_of(visit, case), request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, visit, case, action, form, status=422)
    outcome = carry_out(request, visit, case, action, form)
    if outcome.refusal is not None:
        return _again(request, visit, case, action, form, refusal=outcome.refusal, status=409)
    said = told_of(visit, case, action, outcome.result)
    # The second tag tells the script of the page that its own copy of the text has done its work.
    messages.success(request, said, extra_tags=f"kept draft-{action.noun}")
    for warning in warned_of(case, action, outcome.result):
        messages.info(request, warning, extra_tags="near")
    landed = action.lands(outcome.result) if action.lands else None
    return redirect("case", folio=(landed or case).folio)


def _again(
    request: HttpRequest,
    visit: Visit,
    case: Case,
    action: Action,
    form: CaseForm,
    *,
    refusal: Refusal | None = None,
    status: int,
) -> HttpResponse:
    """The form once more with everything that was typed, and what was wrong beside it."""
    clash = keep_refused(request, visit, case, action.noun)
    fresh = visible_case(visit, case.folio)
    told = refusal_view(refusal, kept=TYPED_KEPT) if refusal else None
    # Only whom the page tells what moved may go on from there.
    if isinstance(refusal, CaseMoved) or action.noun in IN_PLACE:
        form.see_as_of(fresh)
    if refusal is not None:
        form.note_refusal(refusal)
    view = action_view(visit, fresh, action, form=form, refusal=told)
    if action.noun not in IN_PLACE:
        return _form_page(request, visit, fresh, view, clash, status=status)
    context = case_context(request, visit, fresh, written=view, clash=clash)
    context["watched"] = note_opened(request, visit, fresh).watched
    return show(request, visit, "web/case/page.html", context, status=status)


def _form_page(
    request: HttpRequest,
    visit: Visit,
    case: Case,
    action: ActionView,
    clash: Draft | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = action_context(visit, case, action, clash)
    return show(request, visit, "web/actions/page.html", context, status=status)
