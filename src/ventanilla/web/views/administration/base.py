"""What the pages of the administration share: their sections, and a form with one deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from ventanilla.accounts.permissions import Permission
from ventanilla.core.refusals import Refusal
from ventanilla.web.addresses import address
from ventanilla.web.presenters.menu import Item
from ventanilla.web.presenters.refusals import refusal_view
from ventanilla.web.visit import Visit, show

SECTIONS = (
    (_("Personal"), "staff", "users", Permission.VIEW_ADMINISTRATION),
    (_("Funciones y permisos"), "roles", "key", Permission.VIEW_ADMINISTRATION),
    (_("Mesas"), "desks", "rectangle-stack", Permission.VIEW_ADMINISTRATION),
    (_("Ausencias"), "absences", "calendar-days", Permission.MANAGE_ABSENCES),
    (_("Canales"), "channels", "signal", Permission.VIEW_ADMINISTRATION),
    (_("Política"), "policies", "document-text", Permission.VIEW_ADMINISTRATION),
    (
        _("Avisos"),
        "pack-templates",
        "chat-bubble-bottom-center-text",
        Permission.VIEW_ADMINISTRATION,
    ),
    (_("Trabajos"), "jobs", "cog-6-tooth", Permission.VIEW_ADMINISTRATION),
    (_("Salud"), "health-page", "heart", Permission.VIEW_ADMINISTRATION),
    (_("Registro"), "admin-record", "clipboard-document-list", Permission.VIEW_ADMINISTRATION),
)
"""Name, address, icon, and what it takes to see it."""


class Confirmation(forms.Form):
    """Nothing to fill in: the page says what will happen."""


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page of one deed in its own words. ``consequences`` say what will happen, and to whom."""

    title: StrOrPromise
    verb: StrOrPromise
    back_url: str
    back_name: StrOrPromise
    icon: str = "check"
    intro: StrOrPromise = ""
    consequences: tuple[StrOrPromise, ...] = ()
    danger: bool = False
    multipart: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    template: str = "web/admin/form.html"


@dataclass(frozen=True, slots=True)
class Done:
    """What to say after a deed, and where to go."""

    words: str
    url: str


Deed = Callable[[dict[str, Any]], Done]


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing at all; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def show_admin(
    request: HttpRequest, visit: Visit, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the administration with its sections."""
    return show(request, visit, template, {"sections": sections_of(visit), **context}, status)


def sections_of(visit: Visit) -> list[Item]:
    """The sections this person may open; the one they are in is marked."""
    return [
        Item(str(name), url, icon, visit.path == url or visit.path.startswith(url))
        for name, where, icon, permission in SECTIONS
        if visit.may(permission)
        for url in (address(where),)
    ]


def run(
    request: HttpRequest, visit: Visit, page: FormPage, form: forms.Form, deed: Deed
) -> HttpResponse:
    """Show the form, or carry out its deed: what was typed stays when it is refused."""
    if request.method != "POST":
        return form_page(request, visit, page, form)
    if not form.is_valid():
        return form_page(request, visit, page, form, status=422)
    try:
        done = deed(form.cleaned_data)
    except Refusal as refusal:
        return form_page(request, visit, page, form, refusal=refusal, status=409)
    messages.success(request, done.words, extra_tags="kept")
    return redirect(done.url)


def form_page(
    request: HttpRequest,
    visit: Visit,
    page: FormPage,
    form: forms.Form,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with its form, and why it was refused if it was."""
    shown = refusal_view(refusal) if refusal else None
    context = {"page": page, "form": form, "refusal": shown, **page.extra}
    return show_admin(request, visit, page.template, context, status)
