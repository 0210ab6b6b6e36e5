"""What the pages show of cases: each function is one query, whatever the number of cases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ventanilla.accounts.models import Staff
from ventanilla.core.statements import execute, read
from ventanilla.crm.models import Person
from ventanilla.register.models import Case, Commitment, LedgerEntry, Message, Remark
from ventanilla.register.queries.finding import family
from ventanilla.register.rules.chain import Stamp, digest, genesis

PROMISE_COLUMNS = (
    "id", "case_id", "key", "target", "started_at", "due_at", "pauses", "paused_since",
    "paused_for", "met_at", "cancelled_at",
)  # fmt: skip
"""What it takes to say how much is left of a promise, in the order of the model's columns."""
JSON_AT = (PROMISE_COLUMNS.index("target"), PROMISE_COLUMNS.index("pauses"))
# These are text because the ORM takes longer to write them than the server to answer.
SHOWN_CASE = """
    SELECT c.*, p.name AS person_name, s.full_name AS staff_name, s.email AS staff_email,
           EXISTS (SELECT 1 FROM register_case o WHERE o.merged_into_id = c.id) AS has_merged,
           CASE WHEN p.name = '' THEN (
               SELECT value FROM crm_contactpoint k WHERE k.person_id = p.id
                ORDER BY k.kind, k.id LIMIT 1) END AS person_address
      FROM register_case c
      JOIN crm_person p ON p.id = c.person_id
      LEFT JOIN accounts_staff s ON s.id = c.assignee_id
     WHERE c.folio = %s
"""
# Two index probes a case, whatever the size of the register: the planner cannot choose otherwise.
# The beginning of a message is longer than a row shows, so that no access code is cut at its end.
STANDINGS = """
    SELECT wanted.id,
           (SELECT left(m.text, 240) FROM register_message m
             WHERE m.case_id = wanted.id AND NOT m.automatic AND m.direction <> 'note'
             ORDER BY m.at DESC, m.id DESC LIMIT 1),
           p.id, p.case_id, p.key, p.target, p.started_at, p.due_at, p.pauses, p.paused_since,
           p.paused_for, p.met_at, p.cancelled_at
      FROM unnest(%s::bigint[]) AS wanted (id)
      LEFT JOIN LATERAL (
           SELECT * FROM register_commitment c
            WHERE c.case_id = wanted.id AND c.met_at IS NULL AND c.cancelled_at IS NULL
            ORDER BY c.paused_since IS NOT NULL, c.due_at, c.id LIMIT 1) AS p ON true
"""


def shown_case(folio: str) -> Case | None:
    """The case with this folio as a page shows it, with the names of its two people.

    ``has_merged`` on it says whether others were merged into it when it was read;
    ``person_address`` is how to call a person without a name.
    """
    found: Any = next(iter(read(Case, SHOWN_CASE, [folio])), None)  # with five columns more
    if found is None:
        return None
    found.person = Person.from_db(None, ("id", "name"), (found.person_id, found.person_name))
    found.assignee = named_staff(found.assignee_id, found.staff_name, found.staff_email)
    case: Case = found
    return case


def named_staff(staff_id: int | None, full_name: str, email: str) -> Staff | None:
    """A colleague of whom only the name was read; anything else is read when asked for."""
    if staff_id is None:
        return None
    # ``from_db`` takes the values in the order of the model's columns.
    return Staff.from_db(None, ("id", "email", "full_name"), (staff_id, email, full_name))


def messages(case: Case, *, limit: int | None = None) -> list[Message]:
    """What was said in a case and in those merged into it, in order; with a limit the last ones."""
    rows = Message.objects.filter(case__in=family(case)).select_related("author_staff")
    if limit is None:
        return list(rows.order_by("at", "id"))
    return list(rows.order_by("-at", "-id")[:limit])[::-1]


def message_of(case: Case, message_id: int) -> Message | None:
    """One message of this case; an id of another case's message finds nothing."""
    return Message.objects.filter(case=case, pk=message_id).first()


def entries(case: Case, *, since_seq: int = 0) -> list[LedgerEntry]:
    """The record of a case from behind a sequence number on, in order."""
    return list(LedgerEntry.objects.filter(case=case, seq__gt=since_seq).order_by("seq"))


def remarks(case: Case, *, since_seq: int = 0) -> dict[int, str]:
    """The words that belong to entries, by sequence number; erased ones are left out."""
    rows = Remark.objects.filter(case=case, seq__gt=since_seq).exclude(text="")
    return dict(rows.values_list("seq", "text"))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, for a row: what falls due next, and how the last message begins."""

    promise: Commitment | None
    excerpt: str


def standings(case_ids: Sequence[int]) -> dict[int, Standing]:
    """How each case stands. A paused promise shows only where none runs."""
    with execute(STANDINGS, [list(case_ids)]) as cursor:
        return {case_id: standing_of(rest) for case_id, *rest in cursor.fetchall()}


def standing_of(row: Sequence[Any]) -> Standing:
    """The standing in a row of excerpt and PROMISE_COLUMNS as the driver gives them."""
    excerpt, *promise = row
    if promise[0] is None:
        return Standing(None, excerpt or "")
    for column in JSON_AT:
        promise[column] = json.loads(promise[column])
    return Standing(Commitment.from_db(None, PROMISE_COLUMNS, promise), excerpt or "")


def cases_of_person(person_id: int, *, limit: int, desks: list[str] | None = None) -> list[Case]:
    """The cases of a person, latest first."""
    cases = Case.objects.filter(person=person_id).select_related("person", "assignee")
    if desks is not None:
        cases = cases.filter(desk__in=desks)
    return list(cases.order_by("-opened_at", "-id")[:limit])


def chain_problems(case: Case) -> list[str]:
    """What does not hold in the chain of a case, in words; empty when all of it does."""
    head, seq = genesis(case.folio), 0
    for seq, entry in enumerate(LedgerEntry.objects.filter(case=case).order_by("seq"), 1):
        stamp = Stamp(entry.seq, entry.at, entry.actor_kind, entry.actor_id, entry.channel)
        if entry.seq != seq:
            return [_("Falta el asiento %(seq)s.") % {"seq": seq}]
        expected = digest(head, entry.kind, stamp, entry.payload)
        if bytes(entry.previous) != head or bytes(entry.digest) != expected:
            return [_("El asiento %(seq)s no corresponde a su huella.") % {"seq": seq}]
        head = expected
    if seq != case.ledger_seq or head != bytes(case.ledger_head):
        said = _("El caso dice tener %(said)s asientos y hay %(found)s.")
        return [said % {"said": case.ledger_seq, "found": seq}]
    return []
