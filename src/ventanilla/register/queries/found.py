"""What a list of found cases shows: one statement, whatever was found and however."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ventanilla.core.numbers import LARGEST_ID
from ventanilla.core.statements import execute
from ventanilla.crm.models import Person
from ventanilla.register.models import Case
from ventanilla.register.models.message import SEARCH_CONFIG
from ventanilla.register.queries.searching import CONDITIONS, Hit, Narrowing, searched
from ventanilla.register.queries.showing import Standing, named_staff, standing_of

READ_OF_A_MESSAGE = 20_000
"""Characters of the found message among which the words are looked for, to be shown."""
CASE_COLUMNS = (
    "id", "folio", "secret_generation", "person_id", "policy_version_id", "subject", "desk",
    "category", "status", "assignee_id", "emergency", "opened_at", "resolved_at", "closed_at",
    "merged_into_id", "next_due_at", "ledger_seq",
)  # fmt: skip
"""What a row says, in the order of the model's columns."""
# Found without a word, a case shows how its last message of the two sides begins.
FOUND = """
    SELECT {columns},
           p.name, coalesce((SELECT value FROM crm_contactpoint k WHERE k.person_id = p.id
                              ORDER BY k.kind, k.id LIMIT 1), ''),
           s.full_name, s.email, coalesce(m.direction, ''), m.at, coalesce(m.author_name, ''),
           left(m.text, %(read)s),
           tsvector_to_array(to_tsvector(%(config)s::regconfig, %(words)s)),
           o.id, o.case_id, o.key, o.target, o.started_at, o.due_at, o.pauses, o.paused_since,
           o.paused_for, o.met_at, o.cancelled_at
      FROM unnest(%(cases)s::bigint[], %(messages)s::bigint[]) WITH ORDINALITY
           AS w (case_id, message_id, place)
      JOIN register_case c ON c.id = w.case_id
      JOIN crm_person p ON p.id = c.person_id
      LEFT JOIN accounts_staff s ON s.id = c.assignee_id
      LEFT JOIN register_message m ON m.id = coalesce(w.message_id, (
           SELECT l.id FROM register_message l
            WHERE l.case_id = c.id AND NOT l.automatic AND l.direction <> 'note'
            ORDER BY l.at DESC, l.id DESC LIMIT 1))
      LEFT JOIN LATERAL (
           SELECT * FROM register_commitment t
            WHERE t.case_id = c.id AND t.met_at IS NULL AND t.cancelled_at IS NULL
            ORDER BY t.paused_since IS NOT NULL, t.due_at, t.id LIMIT 1) AS o ON true
     ORDER BY w.place
"""
OF_PEOPLE = """
    SELECT c.id FROM unnest(%(people)s::bigint[]) AS w (person_id)
      CROSS JOIN LATERAL (
           SELECT c.id, c.opened_at FROM register_case c
            WHERE c.person_id = w.person_id
              AND (c.opened_at, c.id) < (%(opened)s::timestamptz, %(before)s)
              AND {conditions}
            ORDER BY c.opened_at DESC, c.id DESC LIMIT %(limit)s) AS c
     ORDER BY c.opened_at DESC, c.id DESC LIMIT %(limit)s
"""
MOST_COUNTED = 100
SEEN_OF_PEOPLE = """
    SELECT w.person_id, t.cases, t.open, t.last_at
      FROM unnest(%(people)s::bigint[]) AS w (person_id)
      CROSS JOIN LATERAL (
           SELECT count(*) AS cases, count(*) FILTER (WHERE n.closed_at IS NULL) AS open,
                  max(n.opened_at) AS last_at
             FROM (SELECT c.closed_at, c.opened_at FROM register_case c
                    WHERE c.person_id = w.person_id
                      AND (%(desks)s::text[] IS NULL OR c.desk = ANY(%(desks)s::text[]))
                    ORDER BY c.opened_at DESC, c.id DESC LIMIT %(most)s) AS n) AS t
     WHERE t.cases > 0
     ORDER BY t.last_at DESC, w.person_id DESC LIMIT %(limit)s
"""
WITH_FOLIOS = """
    SELECT c.id FROM unnest(%(folios)s::text[]) WITH ORDINALITY AS w (folio, place)
      JOIN register_case c ON c.folio = w.folio
     WHERE {conditions} ORDER BY w.place
"""
_WITH_FOLIOS = WITH_FOLIOS.format(conditions=CONDITIONS)
_FOUND = FOUND.format(columns=", ".join(f"c.{name}" for name in CASE_COLUMNS))
_OF_PEOPLE = OF_PEOPLE.format(conditions=CONDITIONS)


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """The message in which the words stand, or the last one; ``at`` is None where there is none."""

    direction: str
    at: datetime | None
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundCase:
    """One row of a list of found cases. ``stems`` are the words as the index knows them."""

    case: Case
    address: str
    message: FoundMessage
    stems: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """Of a person's cases that somebody may see: how many (MOST_COUNTED at most), how many open."""

    person_id: int
    cases: int
    open: int
    last_at: datetime


OpenedKey = tuple[datetime, int]


def found_cases(hits: Sequence[Hit], text: str = "") -> list[FoundCase]:
    """What a list shows of these cases, in their order; one statement."""
    if not hits:
        return []
    facts = {
        "cases": [each.case_id for each in hits],
        "messages": [each.message_id or None for each in hits],
        "words": searched(text),
        "config": SEARCH_CONFIG,
        "read": READ_OF_A_MESSAGE,
    }
    with execute(_FOUND, facts) as cursor:
        return [_found(row) for row in cursor.fetchall()]


def cases_of_people(
    person_ids: Sequence[int],
    *,
    narrowing: Narrowing,
    before: OpenedKey | None = None,
    limit: int = 20,
) -> list[Hit]:
    """Their cases, latest registered first; hits without a message."""
    opened, case_id = before or (None, LARGEST_ID)
    facts = narrowing.parameters | {
        "people": list(person_ids),
        "opened": opened or "infinity",
        "before": case_id,
        "limit": limit,
    }
    with execute(_OF_PEOPLE, facts) as cursor:
        return [Hit(row[0], 0) for row in cursor.fetchall()]


def with_folios(folios: Sequence[str], *, narrowing: Narrowing) -> list[Hit]:
    """The cases that bear one of these folios, in the order of the folios."""
    if not folios:
        return []
    with execute(_WITH_FOLIOS, narrowing.parameters | {"folios": list(folios)}) as cursor:
        return [Hit(row[0], 0) for row in cursor.fetchall()]


def seen_people(
    person_ids: Sequence[int], *, desks: Sequence[str] | None, limit: int = 20
) -> list[SeenPerson]:
    """Those of whom somebody may see a case, whose latest case is latest first."""
    if not person_ids:
        return []
    facts = {
        "people": list(person_ids),
        "desks": None if desks is None else list(desks),
        "most": MOST_COUNTED,
        "limit": limit,
    }
    with execute(SEEN_OF_PEOPLE, facts) as cursor:
        return [SeenPerson(*row) for row in cursor.fetchall()]


def _found(row: Sequence[Any]) -> FoundCase:
    end = len(CASE_COLUMNS)
    case = Case.from_db(None, CASE_COLUMNS, row[:end])
    name, address, staff_name, staff_email, direction, at, author, text, stems = row[end : end + 9]
    case.person = Person.from_db(None, ("id", "name"), (case.person_id, name))
    case.assignee = named_staff(case.assignee_id, staff_name, staff_email)
    return FoundCase(
        case=case,
        address=address,
        message=FoundMessage(direction, at, author, text or ""),
        stems=tuple(stems or ()),
        standing=standing_of(["", *row[end + 9 :]]),
    )
