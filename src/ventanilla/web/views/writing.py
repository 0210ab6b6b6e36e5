"""The page of a case in the portal, and what the person adds there."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ventanilla.core.refusals import Refusal
from ventanilla.core.words import screen
from ventanilla.desk import portal
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.form_tokens import FormToken, carried, read_token
from ventanilla.web.forms.portal import PersonMessage, WithCode
from ventanilla.web.limits import MESSAGES_PER_FOLIO, brings_too_much, is_over
from ventanilla.web.pages.following import following_page
from ventanilla.web.pages.portal import pack_now, private, show_private
from ventanilla.web.portal_code import try_code
from ventanilla.web.portal_pass import holders_only, open_portal, pass_of, prolong
from ventanilla.web.presenters.refusals import TYPED_KEPT, refusal_view
from ventanilla.web.uploads import MANY_BYTES, FormFiles, files_of, kept_for_later
from ventanilla.web.views.receipt import void_receipt

STOOD_OPEN = screen(
    "La página estuvo abierta mucho tiempo. Revise lo que escribió y envíe de nuevo."
)
MANY_MESSAGES = screen(
    "Llegaron muchos mensajes seguidos a esta solicitud. Espere un rato y envíe."
)
NO_MATCH = screen("La clave no coincide. Cópiela tal como está en el correo que le enviamos.")
MANY_TRIES = screen("Son muchos intentos seguidos. Espere unos minutos y escriba la clave.")


@never_cache
@require_safe
@holders_only
def page(request: HttpRequest, case: Case) -> HttpResponse:
    """The case, for whoever holds its cookie."""
    return following_page(request, case, PersonMessage())


@dataclass(frozen=True, slots=True)
class _Written:
    """What came: words, the name of the form, files. Nothing of it is kept yet."""

    form: PersonMessage
    token: FormToken | None
    files: FormFiles


@never_cache
@require_POST
def add_message(request: HttpRequest, folio: str) -> HttpResponse:
    """Something more from the person: words, files, or both.

    Who comes when the page has closed to them is asked for the code, with all they wrote.
    """
    token, files = read_token(request.POST.get("formulario", "")), files_of(request)
    held = pass_of(request, folio)
    if held.case is not None:
        response = _add(request, held.case, _Written(PersonMessage(request.POST), token, files))
        prolong(response, held)
        return response
    if not (code := request.POST.get("secret", "")):
        return _asked_again(request, folio, files, token)
    tried = try_code(request, pack_now(), folio, code)
    if tried.case is None:
        why = MANY_TRIES if tried.is_one_too_many else NO_MATCH
        return _asked_again(request, folio, files, token, why=why)
    response = _add(request, tried.case, _Written(PersonMessage(request.POST), token, files))
    open_portal(response, tried.case)
    void_receipt(response)
    return response


def _asked_again(
    request: HttpRequest, folio: str, files: FormFiles, token: FormToken | None, why: str = ""
) -> HttpResponse:
    """The code is asked for; words and files wait in the page. Alike for every folio there may be."""
    kept = kept_for_later(request, files, token)
    context = {
        "form": WithCode(request.POST.get("text", "")),
        "action": address("portal-message", folio),
        "token": carried(request.POST.get("formulario", "")),
        "slots": kept.slots,
        "told": [each for each in (why, kept.lost) if each],
        "here": address("portal"),
    }
    return show_private(request, pack_now(), "web/portal/again.html", context, status=403)


def _add(request: HttpRequest, case: Case, written: _Written) -> HttpResponse:
    form, token, files = written.form, written.token, written.files
    if form.is_valid() and not form.cleaned_data["text"] and not files:
        form.add_error("text", _("Escriba lo que quiere decirnos o agregue un archivo."))
    if token is None:
        form.add_error(None, STOOD_OPEN)
    if form.errors or token is None:
        return _back(request, case, written)
    if is_over(MESSAGES_PER_FOLIO, case.folio):
        form.add_error(None, MANY_MESSAGES)
        return _back(request, case, written, status=429)
    if files and brings_too_much(request, files.bytes):
        form.add_error(None, MANY_BYTES)
        return _back(request, case, written, status=429)
    try:
        portal.add_message(
            case=case,
            text=form.cleaned_data["text"],
            files=files.taken(),
            request_key=token.key,
            as_of=timezone.now(),
        )
    except Refusal as refusal:
        return _back(request, case, written, refusal=refusal, status=409)
    said = _("Recibimos su mensaje; ya está en su solicitud.")
    messages.success(request, said, extra_tags="kept")
    return private(redirect("portal-case", folio=case.folio))


def _back(
    request: HttpRequest,
    case: Case,
    written: _Written,
    *,
    refusal: Refusal | None = None,
    status: int = 422,
) -> HttpResponse:
    """The page with what was typed, and why it came back. Only now are its new files kept."""
    kept = kept_for_later(request, written.files, written.token, refusal)
    told = refusal_view(refusal, kept=f"{TYPED_KEPT} {kept.lost}".strip()) if refusal else None
    if kept.lost and not refusal:
        written.form.add_error(None, kept.lost)
    return following_page(
        request, case, written.form, slots=kept.slots, refusal=told, status=status
    )
