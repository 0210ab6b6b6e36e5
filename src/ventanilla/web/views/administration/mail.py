"""The channels: a test mail out, a test mail in, and doing again what went wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.channels import queries, reading
from ventanilla.channels.models import Delivery, Fate
from ventanilla.core.config import config
from ventanilla.core.refusals import Refusal
from ventanilla.desk import intake, outbox, testing
from ventanilla.web.addresses import address
from ventanilla.web.forms.channels import InboundTestForm, ReasonForm, SendTestForm
from ventanilla.web.limits import Limit, is_over
from ventanilla.web.presenters.channels import FATES, STATES
from ventanilla.web.presenters.fates import reason_words
from ventanilla.web.presenters.refusals import refusal_view
from ventanilla.web.presenters.signs import Sign
from ventanilla.web.visit import Visit, staff_page

from .base import Done, FormPage, run, sent, show_admin

FORM = ("GET", "HEAD", "POST")
TESTS_PER_PERSON = Limit("channel-tests", times=10, seconds=60 * 60)
CONNECTED = frozenset({"email"})
"""The channels of a policy that bring something in by themselves."""
RETRIABLE = {Delivery.FAILED.value: Delivery.FAILED, Delivery.HELD.value: Delivery.HELD}


class TestedTooOften(Refusal):
    """Ya hizo varias pruebas en la última hora. Espere un poco antes de hacer otra."""


@require_safe
@staff_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The channels of the house, how they stand, and their tests."""
    visit.demand(Permission.VIEW_ADMINISTRATION)
    return _page(request, visit)


@require_POST
@staff_page
def test_out(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Send a test mail now; its page says how that went."""
    visit.demand(Permission.TEST_CHANNEL)
    form = SendTestForm(sent(request))
    if not form.is_valid():
        return _page(request, visit, out=form, status=422)
    try:
        _brake(visit)
        row = testing.send_test(
            to=form.cleaned_data["to"], acting_user=visit.actor, as_of=visit.as_of
        )
    except Refusal as refusal:
        return _page(request, visit, out=form, refusal=refusal, status=409)
    told = _("Se hizo la prueba; abajo está lo que respondió el servidor.")
    messages.info(request, told, extra_tags="taken")
    return redirect("outbound", item_id=row.pk)


@require_POST
@staff_page
def test_in(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Hand a test mail to our own listener; its page says what became of it."""
    visit.demand(Permission.TEST_CHANNEL)
    form = InboundTestForm(visit.pack.desks, sent(request))
    if not form.is_valid():
        return _page(request, visit, inbound=form, status=422)
    try:
        _brake(visit)
        item = testing.send_inbound_test(
            desk=form.cleaned_data["desk"], acting_user=visit.actor, as_of=visit.as_of
        )
    except Refusal as refusal:
        return _page(request, visit, inbound=form, refusal=refusal, status=409)
    told = _("La prueba entró. En unos segundos dice que salió de aquí mismo.")
    messages.info(request, told, extra_tags="taken")
    return redirect("inbound-item", item_id=item.pk)


@require_POST
@staff_page
def retry(request: HttpRequest, visit: Visit, item_id: int) -> HttpResponse:
    """Try one message again."""
    visit.demand(Permission.VIEW_OUTBOX)
    if reading.outbound_item(item_id, desks=visit.desks) is None:
        raise Http404
    try:
        outbox.retry(outbound_id=item_id, acting_user=visit.actor, as_of=visit.as_of)
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="refused")
    else:
        messages.success(request, _("Se intentará de nuevo enseguida."), extra_tags="kept")
    return redirect("outbound", item_id=item_id)


@require_http_methods(FORM)
@staff_page
def retry_all(request: HttpRequest, visit: Visit, state: str) -> HttpResponse:
    """Try everything that failed, or everything that is held, again."""
    visit.demand(Permission.RETRY_DELIVERY)
    chosen = RETRIABLE.get(state)
    if chosen is None:
        raise Http404
    count = min(queries.counted_troubles(visit.desks)[chosen], outbox.RETRIED_AT_ONCE)
    page = FormPage(
        title=_("Reintentar: %(state)s") % {"state": STATES[chosen].words},
        verb=_("Reintentar todos"),
        icon="arrow-path",
        back_url=f"{address('outbox')}?estado={state}",
        back_name=_("Salida"),
        consequences=(
            _("Se intenta de nuevo con %(count)s mensajes, los más antiguos primero.")
            % {"count": count},
            _("Cada uno va solo a quienes todavía no lo recibieron; nadie lo recibe dos veces."),
            _("Si el servidor los rechaza otra vez, quedan aquí con su respuesta."),
        ),
    )

    def deed(_asked: dict[str, Any]) -> Done:
        done = outbox.retry_all(state=chosen, acting_user=visit.actor, as_of=visit.as_of)
        return Done(_("Se reintentan %(count)s mensajes.") % {"count": done}, address("outbox"))

    return run(request, visit, page, forms.Form(sent(request)), deed)


@require_http_methods(FORM)
@staff_page
def replay_all(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Process everything in quarantine for one reason again."""
    visit.demand(Permission.REPLAY_INBOUND)
    reasons = [
        (code, f"{reason_words(code) or code} ({count})")
        for code, count in queries.quarantine_reasons(visit.desks)
    ]
    page = FormPage(
        title=_("Procesar de nuevo lo que está en cuarentena"),
        verb=_("Procesar de nuevo"),
        icon="arrow-path",
        back_url=f"{address('inbound')}?estado={Fate.QUARANTINE.value}",
        back_name=_("Entrada"),
        danger=True,
        consequences=(
            _(
                "Los correos de ese motivo se procesan como si alguien los hubiera mirado uno a uno."
            ),
            _("Los que ahora se entiendan abren casos o siguen uno, y su remitente recibe acuse."),
            _("Son %(most)s como mucho de una vez; los demás siguen en cuarentena.")
            % {"most": intake.REPLAYED_AT_ONCE},
        ),
    )

    def deed(asked: dict[str, Any]) -> Done:
        done = intake.replay_all(reason=asked["reason"], acting_user=visit.actor, as_of=visit.as_of)
        words = _("Se procesan de nuevo %(count)s correos.") % {"count": done}
        return Done(words, address("inbound"))

    return run(request, visit, page, ReasonForm(reasons, sent(request)), deed)


def _toned(sign: Sign, count: int) -> Sign:
    """What there is none of needs no colour."""
    return sign if count else replace(sign, tone="plain")


def _brake(visit: Visit) -> None:
    if is_over(TESTS_PER_PERSON, str(visit.staff.pk)):
        raise TestedTooOften


def _page(
    request: HttpRequest,
    visit: Visit,
    *,
    out: SendTestForm | None = None,
    inbound: InboundTestForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    settings = config()
    relay = settings.relay
    fates, troubles = queries.counted_fates(visit.desks), queries.counted_troubles(visit.desks)
    context = {
        "channels": visit.pack.channels,
        "connected": CONNECTED,
        "relay": f"{relay.host}:{relay.port}" if relay else "",
        "listener": f"{settings.smtp_host}:{settings.smtp_port}" if settings.smtp_enabled else "",
        "is_smtp": settings.smtp_protocol == "smtp",
        "mailboxes": [f"{each.user}@{each.host}" for each in settings.imap_mailboxes],
        "troubles": queries.mailbox_troubles(),
        "fates": [(_toned(FATES[each], fates[each]), fates[each], each.value) for each in Fate],
        "held": [
            (_toned(STATES[each], count), count, each.value) for each, count in troubles.items()
        ],
        "most": queries.MOST_COUNTED,
        "may_test": visit.may(Permission.TEST_CHANNEL),
        "may_replay": visit.may(Permission.REPLAY_INBOUND),
        "may_retry": visit.may(Permission.RETRY_DELIVERY),
        "out": out or SendTestForm(initial={"to": visit.staff.email}),
        "inbound": inbound or InboundTestForm(visit.pack.desks),
        "refusal": refusal_view(refusal) if refusal else None,
    }
    return show_admin(request, visit, "web/admin/channels.html", context, status)
