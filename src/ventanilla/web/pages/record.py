"""The record of a case and the reason of an hour."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from ventanilla.accounts.queries import names_of
from ventanilla.core.actors import ActorKind
from ventanilla.register import queries
from ventanilla.register.models import Case, Commitment
from ventanilla.register.queries import showing
from ventanilla.web.packs import pack_for
from ventanilla.web.presenters.accounts_of_time import why_view
from ventanilla.web.presenters.case import case_view
from ventanilla.web.presenters.record import RecordFacts, entry_views
from ventanilla.web.visit import Visit


def ledger_context(visit: Visit, case: Case) -> dict[str, Any]:
    """Every entry, and whether the chain of digests holds."""
    pack = pack_for(case)
    entries = showing.entries(case)
    staff = (each.actor_id for each in entries if each.actor_kind == ActorKind.STAFF)
    facts = RecordFacts(
        sentences=queries.sentences(case, entries),
        remarks=showing.remarks(case),
        names=names_of(each for each in staff if each is not None),
        zone=pack.calendar.zone,
        as_of=visit.as_of,
    )
    return {
        "case": case_view(case, (), pack, visit.as_of),
        "entries": list(entry_views(entries, facts)),
        "check": _check(case),
    }


def why_context(visit: Visit, case: Case, row: Commitment) -> dict[str, Any]:
    """The account of one promise."""
    pack = pack_for(row)
    why = why_view(row, pack, visit.as_of, folio=case.folio)
    view = case_view(case, (), pack_for(case), visit.as_of)
    return {"case": view, "why": why, "promise": why.promise}


def _check(case: Case) -> dict[str, Any]:
    broken = showing.chain_problems(case)
    if broken:
        return {"clean": False, "words": " ".join(broken)}
    return {"clean": True, "words": _said(case.ledger_seq)}


def _said(entries: int) -> str:
    """That all of them hold."""
    words = ngettext("El asiento encaja.", "Los %(n)s asientos encajan uno tras otro.", entries)
    return words % {"n": entries}
