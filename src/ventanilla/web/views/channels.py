"""What arrived and what became of it; what goes out and how that went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ventanilla.accounts.permissions import Permission
from ventanilla.channels import queries, reading
from ventanilla.channels.models import Delivery, Fate, InboundItem
from ventanilla.core.refusals import Refusal
from ventanilla.core.words import screen
from ventanilla.desk import intake
from ventanilla.web.addresses import address
from ventanilla.web.paging import page_number
from ventanilla.web.presenters.channels import (
    FATES,
    STATES,
    attempt_view,
    inbound_facts,
    inbound_row,
    outbound_facts,
    outbound_row,
)
from ventanilla.web.presenters.fates import reason_words
from ventanilla.web.presenters.masking import masked
from ventanilla.web.presenters.menu import Item
from ventanilla.web.presenters.queue import NO_SUBJECT
from ventanilla.web.presenters.refusals import refusal_view
from ventanilla.web.visit import Visit, show, staff_page

OUTBOX_EMPTY = {
    "icon": "paper-airplane",
    "title": screen("Nada por aquí"),
    "text": screen(
        "Los acuses y respuestas aparecen aquí en cuanto se escriben, aunque todavía no "
        "hayan salido."
    ),
}
INBOUND_EMPTY = {
    "icon": "inbox-arrow-down",
    "title": screen("Nada por aquí"),
    "text": screen("Todo lo que llega queda aquí tal como llegó, con lo que se hizo con ello."),
}


@require_safe
@staff_page
def outbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was sent, waits or failed, newest first."""
    visit.demand(Permission.VIEW_OUTBOX)
    state = _choice(Delivery, request.GET.get("estado"))
    after = page_number(request.GET.get("despues"))
    found = queries.outbox(desks=visit.desks, state=state, after=after, limit=queries.PAGE + 1)
    zone = visit.pack.calendar.zone
    rows = [outbound_row(each, zone, visit.as_of) for each in found[: queries.PAGE]]
    context = {
        "heading": _("Salida"),
        "rows": rows,
        "filters": _filters("outbox", STATES, state, queries.counted_troubles(visit.desks)),
        "again_url": _again(visit, state),
        "empty": OUTBOX_EMPTY,
        "next_url": _next("outbox", state, found),
    }
    return _listing(request, visit, context)


@require_safe
@staff_page
def inbound_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What arrived, newest first."""
    visit.demand(Permission.VIEW_INBOUND)
    fate = _choice(Fate, request.GET.get("estado"))
    after = page_number(request.GET.get("despues"))
    found = queries.inbound(desks=visit.desks, fate=fate, after=after, limit=queries.PAGE + 1)
    zone = visit.pack.calendar.zone
    context = {
        "heading": _("Entrada"),
        "rows": [inbound_row(each, zone, visit.as_of) for each in found[: queries.PAGE]],
        "filters": _filters("inbound", FATES, fate, queries.counted_fates(visit.desks)),
        "again_url": address("inbound-replay-all")
        if fate == Fate.QUARANTINE and found and visit.may(Permission.REPLAY_INBOUND)
        else "",
        "empty": INBOUND_EMPTY,
        "next_url": _next("inbound", fate, found),
    }
    return _listing(request, visit, context)


def _listing(request: HttpRequest, visit: Visit, context: dict[str, Any]) -> HttpResponse:
    if request.headers.get("HX-Request") and request.GET.get("despues"):
        return show(request, visit, "web/channels/rows.html", context)
    return show(request, visit, "web/channels/list.html", context)


def _choice(kind: Any, word: str | None) -> Any:
    return kind(word) if word in kind.values else None


def _again(visit: Visit, state: Delivery | None) -> str:
    """Where everything that failed or is held is tried again, for who may."""
    is_stuck = state in (Delivery.FAILED, Delivery.HELD)
    if not is_stuck or state is None or not visit.may(Permission.RETRY_DELIVERY):
        return ""
    return address("outbox-retry-all", state.value)


def _filters(
    where: str, signs: dict[str, Any], chosen: str | None, counts: Mapping[Any, int]
) -> list[Item]:
    """The filters of a list, each with how many there are where that was counted."""
    url = address(where)
    found = [Item(_("todo"), url, "", current=chosen is None)]
    for state, sign in signs.items():
        name = f"{sign.words} · {_counted(counts[state])}" if counts.get(state) else sign.words
        found.append(Item(name, f"{url}?estado={state}", sign.icon, state == chosen))
    return found


def _counted(count: int) -> str:
    return f"{count}+" if count >= queries.MOST_COUNTED else str(count)


def _next(where: str, chosen: str | None, found: list[Any]) -> str:
    if len(found) <= queries.PAGE:
        return ""
    kept = f"&estado={chosen}" if chosen else ""
    return f"{address(where)}?despues={found[queries.PAGE - 1].pk}{kept}"


@require_safe
@staff_page
def outbound(request: HttpRequest, visit: Visit, item_id: int) -> HttpResponse:
    """One message with its text and every try."""
    visit.demand(Permission.VIEW_OUTBOX)
    item = reading.outbound_item(item_id, desks=visit.desks)
    if item is None:
        raise Http404
    zone, as_of = visit.pack.calendar.zone, visit.as_of
    shown = {
        "subject": item.subject or NO_SUBJECT,
        "text": masked(item.text, item.case),
        "reason": _(item.state_reason),
        "sign": STATES[item.state],
        "retry_url": address("outbound-retry", item.pk),
    }
    is_stuck = item.state in (Delivery.FAILED, Delivery.HELD)
    context = {
        "item": shown,
        "facts": list(outbound_facts(item, zone, as_of)),
        "may_retry": is_stuck and visit.may(Permission.RETRY_DELIVERY),
        "attempts": [attempt_view(each, zone, as_of) for each in reading.attempts_of(item)],
    }
    return show(request, visit, "web/channels/outbound.html", context)


@require_safe
@staff_page
def inbound_item(request: HttpRequest, visit: Visit, item_id: int) -> HttpResponse:
    """One item with its fate."""
    return _inbound_page(request, visit, _inbound(visit, item_id))


@require_safe
@staff_page
def raw(request: HttpRequest, visit: Visit, item_id: int) -> HttpResponse:
    """The bytes as they arrived, as a file that nothing opens by itself.

    They may quote a mail of ours with the code that opens a case to its person, and nothing can be
    masked in them: they are for those who may take the whole record with them.
    """
    visit.demand(Permission.EXPORT_RECORD)
    response = HttpResponse(
        reading.raw_of(_inbound(visit, item_id)), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = f'attachment; filename="entrada-{item_id}.eml"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@staff_page
def replay(request: HttpRequest, visit: Visit, item_id: int) -> HttpResponse:
    """Process a quarantined item again."""
    item = _inbound(visit, item_id)
    try:
        intake.replay(item_id=item.pk, acting_user=visit.actor, as_of=visit.as_of)
    except Refusal as refusal:
        return _inbound_page(request, visit, item, refusal)
    messages.success(request, _("Se volvió a procesar."), extra_tags="kept")
    return redirect("inbound-item", item_id=item_id)


def _inbound(visit: Visit, item_id: int) -> InboundItem:
    visit.demand(Permission.VIEW_INBOUND)
    item = reading.inbound_item(item_id, desks=visit.desks)
    if item is None:
        raise Http404
    return item


def _inbound_page(
    request: HttpRequest, visit: Visit, item: InboundItem, refusal: Refusal | None = None
) -> HttpResponse:
    is_pending = item.fate == Fate.PENDING
    shown = {
        "subject": item.subject or (_("Correo por leer") if is_pending else NO_SUBJECT),
        "is_pending": is_pending,
        "url": address("inbound-item", item.pk),
        "sign": FATES[item.fate],
        "reason": reason_words(item.fate_reason),
        "detail": item.fate_detail,
        "replay_url": address("inbound-replay", item.pk),
        "raw_url": address("inbound-raw", item.pk) if visit.may(Permission.EXPORT_RECORD) else "",
        # While it is read here every two seconds, the worker is about to read it once for all.
        "text": "" if is_pending else masked(reading.text_of(item), item.case),
    }
    may_replay = item.fate == Fate.QUARANTINE and visit.may(Permission.REPLAY_INBOUND)
    context = {
        "item": shown,
        "facts": list(inbound_facts(item, visit.pack.calendar.zone, visit.as_of)),
        "may_replay": may_replay,
        "refusal": refusal_view(refusal) if refusal else None,
    }
    status = 409 if refusal else 200
    return show(request, visit, "web/channels/inbound.html", context, status=status)
