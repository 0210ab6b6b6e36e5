"""Where a customer asks: what it is about, then the form, then when it is answered and its folio."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.core.refusals import Refusal
from ventanilla.desk import asking
from ventanilla.desk.asking import Asked
from ventanilla.desk.enclosing import Upload
from ventanilla.intranet import queries as knowledge
from ventanilla.policy.schema import Category, Pack
from ventanilla.web.form_tokens import FormToken, carried, read_token
from ventanilla.web.forms.asking import TRAP, AskForm, is_trapped
from ventanilla.web.limits import (
    ASKS_PER_ADDRESS,
    ASKS_PER_MAILBOX,
    address_of,
    brings_too_much,
    is_over,
    network_of,
)
from ventanilla.web.pages.portal import pack_now, private, show_private
from ventanilla.web.portal_pass import follows_of
from ventanilla.web.presenters.asking import category_at, choices, promise_view
from ventanilla.web.presenters.help import offer_views
from ventanilla.web.uploads import (
    MANY_BYTES,
    FormFiles,
    SlotView,
    files_of,
    kept_for_later,
)
from ventanilla.web.views.receipt import give_receipt


@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What it is about."""
    pack = pack_now()
    context = {"choices": choices(pack), "follows": request.GET.get("sigue", "")}
    return show_private(request, pack, "web/portal/choose.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of one kind of request; sent, it becomes a case."""
    pack = pack_now()
    category = category_at(pack, slug)
    if category is None:
        return private(redirect("ask-choose"))
    if request.method == "POST":
        return _taken(request, pack, category)
    sheet = _Sheet(pack, category, AskForm(category), follows=request.GET.get("sigue", ""))
    return _show(request, sheet)


@dataclass
class _Sheet:
    """A form on its way to or from a person, with the files that are already here."""

    pack: Pack
    category: Category
    form: AskForm
    follows: str = ""
    slots: tuple[SlotView, ...] = ()
    told: dict[str, str] | None = None
    status: int = 200


@dataclass(frozen=True)
class _Why:
    """Why a form goes back: in words, and by which refusal if by one."""

    title: str
    message: str
    status: int = 422
    refusal: Refusal | None = None


def _taken(request: HttpRequest, pack: Pack, category: Category) -> HttpResponse:
    sheet = _Sheet(pack, category, AskForm(category, request.POST), request.POST.get("sigue", ""))
    token, files = read_token(request.POST.get("formulario", "")), files_of(request)
    if (why := _held_back(request, token, sheet.form, files)) is not None:
        return _back(request, sheet, why, files, token)
    assert token is not None  # otherwise it was held back
    try:
        asked = _ask(request, sheet, token, files.taken())
    except Refusal as refusal:
        why = _Why(_("No pudimos enviar su solicitud"), refusal.message, refusal=refusal)
        return _back(request, sheet, why, files, token)
    response = redirect("ask-received")
    give_receipt(response, asked)
    return private(response)


def _back(
    request: HttpRequest, sheet: _Sheet, why: _Why, files: FormFiles, token: FormToken | None
) -> HttpResponse:
    """The same sheet with the reason why it came back. Only now are its new files kept."""
    kept = kept_for_later(request, files, token, why.refusal)
    sheet.slots, sheet.status = kept.slots, why.status
    sheet.told = {"title": why.title, "message": f"{why.message} {kept.lost}".strip()}
    return _show(request, sheet)


def _ask(request: HttpRequest, sheet: _Sheet, token: FormToken, files: list[Upload]) -> Asked:
    given = sheet.form.cleaned_data
    return asking.ask(
        category=sheet.category.key,
        name=given["name"],
        email=given["email"],
        subject=given["subject"],
        text=given["text"],
        answers=sheet.form.answers(),
        files=files,
        follows=follows_of(sheet.follows),
        request_key=token.key,
        remote=address_of(request),
        as_of=timezone.now(),
    )


def _held_back(
    request: HttpRequest, token: FormToken | None, form: AskForm, files: FormFiles
) -> _Why | None:
    """Why a form is not taken: incomplete, like a program's, or one too many from there."""
    if not form.is_valid():
        why = _("Lo que escribió sigue aquí; nada se ha enviado. Revise lo que está marcado.")
        return _Why(_("Falta corregir algo"), why)
    if token is None:
        why = _("La página estuvo abierta mucho tiempo. Revise lo que escribió y envíe de nuevo.")
        return _Why(_("Envíe de nuevo, por favor"), why)
    if token.too_fast or is_trapped(request.POST):
        why = _(
            "Nos llegó demasiado rápido para estar seguros. Espere unos segundos y envíe de nuevo."
        )
        return _Why(_("Envíe de nuevo, por favor"), why)
    place = network_of(request)
    is_many = is_over(ASKS_PER_ADDRESS, place)
    if is_many or is_over(ASKS_PER_MAILBOX, form.cleaned_data["email"]):
        why = _("Recibimos muchas solicitudes seguidas. Espere un rato, o escríbanos por correo.")
        return _Why(_("Demasiadas solicitudes seguidas"), why, 429)
    if files and brings_too_much(request, files.bytes):
        return _Why(_("Demasiados archivos seguidos"), MANY_BYTES, 429)
    return None


def _show(request: HttpRequest, sheet: _Sheet) -> HttpResponse:
    context = {
        "form": sheet.form,
        "category": sheet.category,
        "action": request.path,
        "here": f"{request.path}?{urlencode({'sigue': sheet.follows})}" if sheet.follows else "",
        "promise": promise_view(sheet.pack, sheet.category, timezone.now()),
        "token": carried(request.POST.get("formulario", "")),
        "trap": TRAP,
        "slots": sheet.slots,
        "follows": sheet.follows,
        "refused": sheet.told,
        "most": {"files": asking.MOST_FILES, "bytes": asking.MOST_BYTES},
        "offers": offer_views(knowledge.of_category(sheet.category.key, public=True, limit=3)),
    }
    return show_private(request, sheet.pack, "web/portal/ask.html", context, status=sheet.status)
