"""Everything on the page of a case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from ventanilla.channels.reading import delivery_states
from ventanilla.crm import queries as crm
from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.queries import items_of
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import queries
from ventanilla.register.models import Case, Message
from ventanilla.web.addresses import address
from ventanilla.web.grouping import files_by_message
from ventanilla.web.offering import ActionView, link_of, links, offered, primary_of
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.composer import composer
from ventanilla.web.presenters.case import case_facts, case_view, person_view
from ventanilla.web.presenters.promises import promises
from ventanilla.web.presenters.record import stream_of
from ventanilla.web.presenters.stream import EventView, MessageView, StreamFacts, file_view
from ventanilla.web.visit import Visit
from ventanilla.workspace.models import Draft

SHOWN = 100
"""Lines of the conversation on the page at first; the others are one click away."""
MOST_SHOWN = 5000
HISTORY_SHOWN = 12


def case_context(
    request: HttpRequest,
    visit: Visit,
    case: Case,
    written: ActionView | None = None,
    clash: Draft | None = None,
) -> dict[str, Any]:
    """The context of the page. ``written`` is a form that came back with what was typed.

    ``clash`` is the draft that another tab kept meanwhile.
    """
    pack, as_of = pack_for(case), visit.as_of
    rows = queries.commitments(case)
    files = list(items_of(case))
    can = offered(visit, case)
    primary = primary_of(can)
    stream = _stream(request, visit, case, pack, files)
    return {
        "case": case_view(case, rows, pack, as_of),
        "back": {"url": address("home-queue"), "name": "Cola"},
        "primary": link_of(case, primary) if primary else None,
        "promises": promises(rows, pack, as_of, folio=case.folio),
        "actions": links(case, can),
        "facts": list(case_facts(case, pack, as_of)),
        "writes_from": _writes_from(stream["stream"]),
        "person_url": address("case-person", case.folio),
        "files": [file_view(each, case.folio) for each in files],
        "composer": composer(visit, case, can, written, clash),
        **stream,
    }


def _writes_from(stream: list[MessageView | EventView]) -> str:
    """The address of their last message: what one wants to see without opening the file.

    Never that of somebody outside the case, whom one could then take for the customer.
    """
    said = (each for each in reversed(stream) if isinstance(each, MessageView))
    theirs = (each for each in said if each.side == "theirs" and not each.outsider)
    return next((each.address for each in theirs if each.address), "")


def _stream(
    request: HttpRequest, visit: Visit, case: Case, pack: Pack, files: list[EvidenceItem]
) -> dict[str, Any]:
    limit = MOST_SHOWN if "todo" in request.GET else SHOWN
    told = queries.timeline(case, limit=limit)
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
        files=files_by_message(files),
        deliveries=delivery_states(ours) if ours else {},
    )
    return {"stream": stream_of(told, facts), "left_out": len(told) >= limit and limit == SHOWN}


def person_context(visit: Visit, case: Case) -> dict[str, Any]:
    """Who is served, how to reach them, and what passed before."""
    pack = pack_for(case)
    history = crm.history(person_id=case.person_id, limit=HISTORY_SHOWN).lines
    addresses = crm.addresses_of(person_id=case.person_id)
    return {
        "case": case_view(case, (), pack, visit.as_of),
        "person": person_view(case, addresses, history, pack, visit.as_of),
    }
