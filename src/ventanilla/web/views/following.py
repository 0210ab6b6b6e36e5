"""What a person does with their case besides writing: end it, have it reopened, take files home."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.core.refusals import Refusal
from ventanilla.desk import portal
from ventanilla.desk.intake.submission import holds_answers
from ventanilla.evidence.contents import EvidenceMissing, open_file
from ventanilla.evidence.queries import item_for, serving_of
from ventanilla.register import queries
from ventanilla.register.models import Case, Message
from ventanilla.web.forms.portal import PersonMessage, ReasonForm
from ventanilla.web.limits import MESSAGES_PER_FOLIO, is_over
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.following import following_page
from ventanilla.web.pages.portal import private, show_private
from ventanilla.web.portal_pass import follows_token, holders_only
from ventanilla.web.presenters.moments import moment
from ventanilla.web.presenters.portal import may_withdraw
from ventanilla.web.presenters.refusals import TYPED_KEPT, refusal_view
from ventanilla.web.views.errors import TOO_MANY, page_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """A page of its own words: what will happen, to whom, and whether it can be undone."""
    if request.method != "POST":
        if not may_withdraw(case):
            return private(redirect("portal-case", folio=case.folio))
        return _asked_why(request, case, "withdraw", ReasonForm())
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _asked_why(request, case, "withdraw", form, status=422)
    if is_over(MESSAGES_PER_FOLIO, case.folio):
        return private(page_of(request, TOO_MANY))
    try:
        portal.withdraw(case=case, reason=form.cleaned_data["reason"], as_of=timezone.now())
    except Refusal as refusal:
        return _asked_why(request, case, "withdraw", form, refusal=refusal, status=409)
    messages.success(
        request, _("Retiramos su solicitud. Le enviamos una constancia."), extra_tags="kept"
    )
    return private(redirect("portal-case", folio=case.folio))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def reopen(request: HttpRequest, case: Case) -> HttpResponse:
    """Work on it again; after the window it says until when that was possible, and what to do."""
    if portal.reopens_until(case) is None and not request.POST.get("reason", "").strip():
        return private(redirect("portal-case", folio=case.folio))
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label=_("¿Qué quedó pendiente?"),
        required=True,
    )
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _asked_why(request, case, "reopen", form, status=status)
    if is_over(MESSAGES_PER_FOLIO, case.folio):
        return private(page_of(request, TOO_MANY))
    try:
        portal.reopen(case=case, reason=form.cleaned_data["reason"], as_of=timezone.now())
    except portal.AlreadyOpen as refusal:
        written = PersonMessage({"text": form.cleaned_data["reason"]})
        told = refusal_view(refusal, kept=TYPED_KEPT)
        return following_page(request, case, written, refusal=told, status=409)
    except Refusal as refusal:
        return _asked_why(request, case, "reopen", form, refusal=refusal, status=409)
    messages.success(
        request, _("Reabrimos su solicitud y ya la estamos atendiendo."), extra_tags="kept"
    )
    return private(redirect("portal-case", folio=case.folio))


def _asked_why(
    request: HttpRequest,
    case: Case,
    what: str,
    form: ReasonForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    pack, as_of = pack_for(case), timezone.now()
    until = portal.reopens_until(case)
    context = {
        "case": case,
        "form": form,
        "until": moment(until, pack.calendar.zone, as_of) if until else None,
        "is_over": until is not None and as_of > until,
        "follows": follows_token(case),
        "refusal": refusal_view(refusal, kept=TYPED_KEPT) if refusal else None,
    }
    return show_private(request, pack, f"web/portal/{what}.html", context, status=status)


@never_cache
@require_safe
@holders_only
def file(request: HttpRequest, case: Case, item_id: int) -> HttpResponseBase:
    """A file of the conversation: theirs, or one that we sent.

    Not one of a note or of an outsider, nor the answers to a form, which its message says.
    """
    item = item_for(case, item_id)
    if item is None or holds_answers(item) or not _is_theirs(case, item.message_id):
        raise Http404
    serving = serving_of(item)
    try:
        content = open_file(item.blob_id)
    except EvidenceMissing as missing:
        raise Http404 from missing
    is_shown = serving.inline and not serving.needs_confirmation
    response = FileResponse(content, as_attachment=not is_shown, filename=item.filename)
    for name, value in serving.headers.items():
        response[name] = value
    return response


def _is_theirs(case: Case, message_id: int | None) -> bool:
    message = queries.message_of(case, message_id) if message_id else None
    if message is None or message.outsider:
        return False
    return message.direction != Message.Direction.NOTE
