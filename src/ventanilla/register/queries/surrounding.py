"""What stands around a case: who takes part in it, and which other cases belong to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ventanilla.core.statements import execute
from ventanilla.register.models import Case

MOST_SHOWN = 30
MOST_OTHERS = 5

# One statement for the whole panel: each part is one or two index probes.
SURROUNDINGS = """
    WITH here AS (SELECT * FROM register_case WHERE id = %(case)s),
    others AS (
        SELECT o.* FROM here, register_case o
         WHERE o.person_id = here.person_id AND o.id <> here.id AND o.closed_at IS NULL
           AND (%(desks)s::text[] IS NULL OR o.desk = ANY(%(desks)s::text[]))
         ORDER BY o.opened_at DESC, o.id DESC LIMIT %(others)s),
    related (how, id) AS (
        SELECT 'merged_into', merged_into_id FROM here
        UNION ALL SELECT 'split_from', split_from_id FROM here
        UNION ALL SELECT 'follows', follows_id FROM here
        UNION ALL SELECT 'linked', unnest(linked_ids) FROM here
        UNION ALL SELECT 'absorbed', id FROM register_case WHERE merged_into_id = %(case)s
        UNION ALL SELECT 'split_into', id FROM register_case WHERE split_from_id = %(case)s
        UNION ALL SELECT 'followed_by', id FROM register_case WHERE follows_id = %(case)s
        UNION ALL SELECT 'other', id FROM others)
    SELECT (SELECT coalesce(json_agg(row_to_json(p)), '[]') FROM (
                SELECT address, name, role FROM register_caseparticipant
                 WHERE case_id = %(case)s ORDER BY id LIMIT %(most)s) AS p),
           (SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (
                SELECT related.how, c.id, c.folio, c.subject, c.status, c.desk,
                       c.policy_version_id
                  FROM related JOIN register_case c ON c.id = related.id
                 ORDER BY related.how = 'other', c.opened_at DESC, c.id DESC LIMIT %(most)s) AS r)
"""


class Relation(StrEnum):
    """How another case belongs to one."""

    ABSORBED = "absorbed"
    FOLLOWED_BY = "followed_by"
    FOLLOWS = "follows"
    LINKED = "linked"
    MERGED_INTO = "merged_into"
    OTHER = "other"
    SPLIT_FROM = "split_from"
    SPLIT_INTO = "split_into"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody whose address may write into the case."""

    address: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """Another case; OTHER is an open one of the same person."""

    how: Relation
    id: int
    folio: str
    subject: str
    status: str
    desk: str
    policy_version_id: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """At most MOST_SHOWN of each."""

    participants: tuple[Participant, ...] = ()
    related: tuple[RelatedCase, ...] = ()


def surroundings(case: Case, *, desks: Sequence[str] | None) -> Surroundings:
    """Who takes part, and the other cases. Of the person's other cases only those of ``desks``;
    a related case of another desk is named, because the record of this one names it too.
    """
    facts = {
        "case": case.pk,
        "desks": None if desks is None else list(desks),
        "most": MOST_SHOWN,
        "others": MOST_OTHERS,
    }
    with execute(SURROUNDINGS, facts) as cursor:
        people, related = (_read(part) for part in cursor.fetchone())
    return Surroundings(
        tuple(Participant(**each) for each in people),
        tuple(RelatedCase(**each | {"how": Relation(each["how"])}) for each in related),
    )


def _read(part: Any) -> list[dict[str, Any]]:
    """JSON comes as text or read already, depending on who asked for the cursor."""
    found: list[dict[str, Any]] = json.loads(part) if isinstance(part, str) else part
    return found
