"""Everything on the page of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from ventanilla.channels.reading import delivery_states
from ventanilla.crm import queries as crm
from ventanilla.desk.citing import KIND as CITING
from ventanilla.desk.citing import citations_in
from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.queries import items_of_all
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import queries
from ventanilla.register.models import Case, Message
from ventanilla.register.policies import promises_of
from ventanilla.register.queries import Moment as Told
from ventanilla.register.queries.surrounding import surroundings
from ventanilla.web.actions import FILE, LINK, UNLINK, Action
from ventanilla.web.addresses import address
from ventanilla.web.grouping import files_by_message
from ventanilla.web.offering import ActionView, link_of, links, offered, primary_of
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.composer import composer
from ventanilla.web.presenters.case import case_facts, case_view, person_view
from ventanilla.web.presenters.promises import promises
from ventanilla.web.presenters.record import stream_of
from ventanilla.web.presenters.stream import EventView, MessageView, StreamFacts
from ventanilla.web.presenters.surrounding import (
    evidence_views,
    participant_views,
    related_views,
)
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
    around = surroundings(case, desks=visit.desks)
    files = _files(case)
    can = offered(visit, case)
    primary = primary_of(can)
    told = queries.timeline(case, limit=_limit(request), promises=rows)
    folios = {case.pk: case.folio} | {each.id: each.folio for each in around.related}
    stream = stream_of(told, _facts(visit, case, told, files, folios))
    related, others = related_views(around.related, desks=visit.desks, pack_of=_pack_of)
    return {
        "case": case_view(case, rows, pack, as_of),
        "back": {"url": address("home-queue"), "name": "Cola"},
        "primary": link_of(case, primary) if primary else None,
        "promises": promises(rows, pack, as_of, folio=case.folio),
        "actions": links(case, can),
        "facts": list(case_facts(case, pack, as_of)),
        "writes_from": _writes_from(stream),
        "person_url": address("case-person", case.folio),
        "files": evidence_views(
            files,
            folios=folios,
            messages={each.message.pk: each.message for each in told if each.message is not None},
            pack=pack,
            as_of=as_of,
        ),
        "may_file": _may_do(can, FILE, case),
        "participants": participant_views(around.participants),
        "related": related,
        "other_cases": others,
        "may_link": _may_do(can, LINK, case),
        "may_unlink": _may_do(can, UNLINK, case),
        "continues": next(
            (each for each in related if case.merged_into_id and each.is_where), None
        ),
        "composer": composer(visit, case, can, written, clash),
        "stream": stream,
        "left_out": len(told) >= SHOWN and _limit(request) == SHOWN,
    }


def _writes_from(stream: list[MessageView | EventView]) -> str:
    """The address of their last message: what one wants to see without opening the file.

    Never that of somebody outside the case, whom one could then take for the customer.
    """
    said = (each for each in reversed(stream) if isinstance(each, MessageView))
    theirs = (each for each in said if each.side == "theirs" and not each.outsider)
    return next((each.address for each in theirs if each.address), "")


def _limit(request: HttpRequest) -> int:
    return MOST_SHOWN if "todo" in request.GET else SHOWN


def _files(case: Case) -> list[EvidenceItem]:
    """Those of the case and of the cases merged into it, whose messages are shown too."""
    merged = getattr(case, "has_merged", True)
    return items_of_all(queries.family(case) if merged else [case.pk])


def _pack_of(version_id: int) -> Pack:
    return promises_of(version_id).pack


def _may_do(can: list[Action], action: Action, case: Case) -> str:
    """The address of an action that has its own place on the page; empty when not offered."""
    return address("case-action", case.folio, action.noun) if action in can else ""


def _facts(
    visit: Visit, case: Case, told: list[Told], files: list[EvidenceItem], folios: Mapping[int, str]
) -> StreamFacts:
    pack = pack_for(case)
    ours = [
        each.message.pk
        for each in told
        if each.message is not None and each.message.direction == Message.Direction.OUT
    ]
    return StreamFacts(
        folio=case.folio,
        zone=pack.calendar.zone,
        as_of=visit.as_of,
        company=pack.company.name,
        files=files_by_message(files),
        folios=folios,
        deliveries=delivery_states(ours) if ours else {},
        cited=citations_in(case) if _may_cite(case, told) else {},
        case=case,
    )


def _may_cite(case: Case, told: list[Told]) -> bool:
    """What came from another case left the note of its articles there."""
    is_from_elsewhere = case.split_from_id is not None or getattr(case, "has_merged", True)
    return is_from_elsewhere or any(
        each.entry is not None and each.entry.kind == CITING for each in told
    )


def person_context(visit: Visit, case: Case) -> dict[str, Any]:
    """Who is served, how to reach them, and what passed before."""
    pack = pack_for(case)
    history = crm.history(person_id=case.person_id, limit=HISTORY_SHOWN).lines
    addresses = crm.addresses_of(person_id=case.person_id)
    return {
        "case": case_view(case, (), pack, visit.as_of),
        "person": person_view(case, addresses, history, pack, visit.as_of),
    }
