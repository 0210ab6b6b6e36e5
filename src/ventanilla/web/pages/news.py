"""What happened to a case since a page of it was drawn: how much, and the lines themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ventanilla.channels.reading import delivery_states
from ventanilla.evidence.queries import items_of
from ventanilla.register import queries
from ventanilla.register.models import Case, Message
from ventanilla.register.queries import Moment
from ventanilla.web.addresses import address
from ventanilla.web.grouping import files_by_message
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.case import SHOWN, case_context
from ventanilla.web.presenters.record import UNTOLD, stream_of
from ventanilla.web.presenters.stream import StreamFacts
from ventanilla.web.visit import Visit


def news_context(case: Case, since: int) -> dict[str, Any]:
    """How much the conversation has grown; words are empty when it has not."""
    moved = case.ledger_seq > since
    url = f"{address('case-news', case.folio)}?desde={since}&mostrar=1"
    return {
        "words": news_words(fresh(case, since)) if moved else "",
        "show_url": url,
        "url": address("case", case.folio),
    }


def shown_context(request: HttpRequest, visit: Visit, case: Case, since: int) -> dict[str, Any]:
    """The new lines, and the parts of the page that tell how the case stands."""
    pack, told = pack_for(case), fresh(case, since)
    ours = [
        each.message.pk
        for each in told
        if each.message is not None and each.message.direction == Message.Direction.OUT
    ]
    facts = StreamFacts(
        folio=case.folio,
        zone=pack.calendar.zone,
        as_of=visit.as_of,
        company=pack.company.name,
        files=files_by_message(list(items_of(case))),
        deliveries=delivery_states(ours) if ours else {},
        case=case,
    )
    return {
        **case_context(request, visit, case),
        "stream": stream_of(told, facts),
        "left_out": False,
        "since": since,
        "is_fresh": True,
    }


def fresh(case: Case, since: int) -> list[Moment]:
    """The lines of the conversation after an entry; what it shows otherwise is left out."""
    return [
        each
        for each in queries.timeline(case, limit=SHOWN)
        if each.case_id == case.pk
        and each.seq > since
        and (each.entry is None or each.entry.kind not in UNTOLD)
    ]


def news_words(told: list[Moment]) -> str:
    """«2 mensajes nuevos», «1 cambio nuevo», or nothing."""
    messages = sum(each.message is not None for each in told)
    changes = len(told) - messages
    of_messages = ngettext("%(n)d mensaje nuevo", "%(n)d mensajes nuevos", messages)
    of_changes = ngettext("%(n)d cambio", "%(n)d cambios", changes)
    only_changes = ngettext("%(n)d cambio nuevo", "%(n)d cambios nuevos", changes)
    if messages and changes:
        both = {"messages": of_messages % {"n": messages}, "changes": of_changes % {"n": changes}}
        return _("%(messages)s y %(changes)s") % both
    if messages:
        return of_messages % {"n": messages}
    return only_changes % {"n": changes} if changes else ""
