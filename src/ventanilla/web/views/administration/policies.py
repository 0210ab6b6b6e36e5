"""Versions of the policy: seen, compared, published with a date, gone back to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.core.refusals import Refusal
from ventanilla.desk import policies as desk
from ventanilla.policy.packs import PackInvalid, loads
from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.template import PLACEHOLDERS, placeholders_in
from ventanilla.register.models import PolicyVersion
from ventanilla.register.policies import pack_of, version_numbered
from ventanilla.register.time_words import format_moment
from ventanilla.web.addresses import address
from ventanilla.web.forms.policy import PublishForm, SinceForm, UploadForm
from ventanilla.web.pages.policy import (
    comparison,
    review_context,
    version_context,
    versions_context,
)
from ventanilla.web.paging import page_number
from ventanilla.web.presenters.refusals import refusal_view
from ventanilla.web.visit import Visit, show, staff_page

from .base import Done, FormPage, form_page, run, sent, show_admin

FORM = ("GET", "HEAD", "POST")
LARGEST_NUMBER = 2**31 - 1
SAMPLES = {
    "asunto": "Cobro repetido en la factura",
    "nombre": "Lucía Prado",
    "folio": "GS-2026-000417-K",
    "vence": "lunes 30 de noviembre de 2026, 4:00 p. m.",
    "vence_antes": "viernes 27 de noviembre de 2026, 4:00 p. m.",
    "motivo": "falta la factura original",
    "respuesta": "Corregimos el cobro y anulamos la factura repetida.",
    "enlace": "https://ayuda.empresa.example/seguimiento/…",
}


@require_safe
@staff_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every version, newest first."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    context = {**versions_context(visit), "may_publish": visit.may(Permission.PUBLISH_POLICY)}
    return show_admin(request, visit, "web/admin/policies.html", context)


@require_safe
@staff_page
def version(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """What one version promises."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    found = _version(visit, number)
    heading = _("Política, versión %(number)s") % {"number": number}
    context = {"heading": heading, "back_url": address("policies")}
    return show(request, visit, "web/policy.html", {**context, **version_context(visit, found)})


@require_safe
@staff_page
def compare(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Two versions side by side: what is new, what goes, what changes."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    one, other = (page_number(request.GET.get(name)) for name in ("de", "a"))
    if one is None or other is None:
        raise Http404
    before, after = _version(visit, one), _version(visit, other)
    context = {"one": one, "other": other, **comparison(pack_of(before), pack_of(after))}
    return show_admin(request, visit, "web/admin/compare.html", context)


@require_http_methods(FORM)
@staff_page
def publish(request: HttpRequest, visit: Visit) -> HttpResponse:
    """First the file is read and judged, then what was seen is published from a moment on."""
    visit.demand(Permission.PUBLISH_POLICY)
    if request.method == "POST" and "text" in request.POST:
        return _publish(request, visit)
    page = FormPage(
        title=_("Publicar una política"),
        verb=_("Leer y revisar"),
        icon="magnifying-glass",
        back_url=address("policies"),
        back_name=_("Política"),
        multipart=True,
        intro=_("Primero se lee y se muestra qué cambiaría; todavía no se publica nada."),
    )
    form = UploadForm(sent(request), request.FILES or None)
    if request.method != "POST":
        return form_page(request, visit, page, form)
    if not form.is_valid():
        return form_page(request, visit, page, form, status=422)
    text = form.cleaned_data["file"]
    pack = _read(form, text)
    if pack is None:
        return form_page(request, visit, page, form, status=422)
    form_of_date = PublishForm(visit.pack.calendar.zone, visit.as_of, initial={"text": text})
    return _review(request, visit, pack, form_of_date)


def _publish(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = PublishForm(visit.pack.calendar.zone, visit.as_of, request.POST)
    pack = _read(form, request.POST["text"])
    if pack is None:
        return redirect("policy-publish")
    if not form.is_valid():
        return _review(request, visit, pack, form, status=422)
    try:
        found = desk.publish(
            pack=pack,
            effective_from=form.cleaned_data["effective_from"],
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        return _review(request, visit, pack, form, refusal=refusal, status=409)
    messages.success(request, _published(found, visit), extra_tags="kept")
    return redirect("policies")


@require_http_methods(FORM)
@staff_page
def republish(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Go back: the document of an earlier version becomes the next one."""
    visit.demand(Permission.PUBLISH_POLICY)
    pack = pack_of(_version(visit, number))
    page = FormPage(
        title=_("Volver a la versión %(number)s") % {"number": number},
        verb=_("Publicarla de nuevo"),
        icon="arrow-uturn-left",
        back_url=address("policies"),
        back_name=_("Política"),
        danger=True,
        template="web/admin/review.html",
        extra=review_context(visit, pack),
        consequences=_consequences(),
    )

    def deed(asked: dict[str, Any]) -> Done:
        found = desk.republish(
            number=number,
            effective_from=asked["effective_from"],
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
        return Done(_published(found, visit), address("policies"))

    form = SinceForm(visit.pack.calendar.zone, visit.as_of, sent(request))
    return run(request, visit, page, form, deed)


@require_safe
@staff_page
def templates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The notices of the policy, filled in with an example."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    pack = visit.pack
    shown = [
        (each, *pack.render(each.key, _samples(pack, f"{each.subject} {each.text}")))
        for each in pack.templates
    ]
    context = {"templates": shown, "reply_templates_url": address("templates")}
    return show_admin(request, visit, "web/admin/templates.html", context)


def _samples(pack: Pack, text: str) -> dict[str, str]:
    known = {
        **SAMPLES,
        "empresa": pack.company.name,
        "firma": pack.mail.signature,
        "mesa": pack.desks[0].name,
        "categoria": pack.categories[0].customer_words,
        "compromiso": pack.categories[0].commitments[0].name.lower(),
        "estado": pack.statuses.label("in_progress"),
    }
    return {name: known.get(name, f"‹{PLACEHOLDERS[name]}›") for name in placeholders_in(text)}


def _review(
    request: HttpRequest,
    visit: Visit,
    pack: Pack,
    form: PublishForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    page = FormPage(
        title=_("Publicar «%(name)s»") % {"name": pack.name},
        verb=_("Publicar"),
        icon="paper-airplane",
        back_url=address("policies"),
        back_name=_("Política"),
        consequences=_consequences(),
    )
    context = {
        "page": page,
        "form": form,
        "refusal": refusal_view(refusal) if refusal else None,
        **review_context(visit, pack),
    }
    return show_admin(request, visit, "web/admin/review.html", context, status)


def _consequences() -> tuple[str, ...]:
    return (
        _("Los casos que se abran desde esa fecha se atienden bajo la versión nueva."),
        _("Los casos en curso no cambian: conservan la versión con la que se abrieron."),
        _("Una versión publicada no se edita ni se borra; se publica otra."),
    )


def _read(form: UploadForm | PublishForm, text: str) -> Pack | None:
    """The pack of a text; what is wrong in it stands beside the file, each with its line."""
    try:
        return loads(text, file=_("política"))
    except PackInvalid as invalid:
        form.full_clean()
        for problem in invalid.problems:
            form.add_error("file" if "file" in form.fields else None, str(problem))
    return None


def _published(found: PolicyVersion, visit: Visit) -> str:
    since = format_moment(found.effective_from.astimezone(visit.pack.calendar.zone))
    if found.published_at < visit.as_of:
        return _("Esa política ya es la versión %(number)s y rige desde el %(since)s") % {
            "number": found.number,
            "since": since,
        }
    return _("Publicada la versión %(number)s; rige desde el %(since)s") % {
        "number": found.number,
        "since": since,
    }


def _version(visit: Visit, number: int) -> PolicyVersion:
    found = version_numbered(visit.policy.pack, min(number, LARGEST_NUMBER))
    if found is None:
        raise Http404
    return found
