"""Finding people by what somebody remembers of them. Bounded: a name that thousands bear gives some.

Whoever asks may not see every person: the room above keeps those who have cases that may be seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ventanilla.core.statements import execute

MOST_LOOKED_AT = 200
"""So many people of one name; beyond, somebody has to say another word of it."""
MOST_WORDS = 6
FEWEST_DIGITS = 6
"""Fewer last digits of a telephone number would be those of half a town."""
LAST_LETTER = "\U0010ffff"
PHONE = re.compile(r"[+\d][\d\s().\-/]+")
_WORD = re.compile(r"[^\W_]+")

# The inner query is materialised so that the planner weighs it without the limit: with it, it
# would sooner read every person than trust the index. It is read only as far as the limit goes.
NAMED = """
    WITH named AS MATERIALIZED (
        SELECT id, name FROM crm_person
         WHERE to_tsvector('ventanilla_names'::regconfig, coalesce(name, ''))
               @@ to_tsquery('ventanilla_names'::regconfig, %s)
    ), few AS (SELECT id, name FROM named LIMIT %s)
    SELECT few.id, few.name,
           coalesce((SELECT value FROM crm_contactpoint c WHERE c.person_id = few.id
                      ORDER BY c.kind, c.id LIMIT 1), '')
      FROM few
"""
ONE = """
    SELECT p.id, p.name,
           coalesce((SELECT value FROM crm_contactpoint c WHERE c.person_id = p.id
                      ORDER BY c.kind, c.id LIMIT 1), '')
      FROM crm_person p WHERE p.id = %s
"""
REACHED = """
    SELECT p.id, p.name, c.value
      FROM crm_contactpoint c JOIN crm_person p ON p.id = c.person_id
     WHERE {column} ~>=~ %s AND {column} ~<~ %s AND c.kind = %s
     ORDER BY {column} USING ~<~ LIMIT %s
"""
BEGINNING = REACHED.format(column="c.value")
END = REACHED.format(column="reverse(c.value)")


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody who may be meant, and one address of theirs."""

    id: int
    name: str
    address: str


def find_people(text: str) -> list[FoundPerson]:
    """People by the beginnings of their names, an e-mail address or its beginning, a domain
    («@empresa.example»), or the last six digits or more of a telephone number.

    Accents and capitals do not matter. At most MOST_LOOKED_AT, in no order.
    """
    text = text.strip().lower().replace("\0", "")
    digits = "".join(each for each in text if each.isdecimal() and each.isascii())
    if text.startswith("@") and len(text) > 3:
        return _reached(END, text[::-1], "email")
    if "@" in text:
        return _reached(BEGINNING, text, "email")
    if PHONE.fullmatch(text):
        return _reached(END, digits[::-1], "phone") if len(digits) >= FEWEST_DIGITS else []
    return _named(text)


def found_person(person_id: int) -> FoundPerson | None:
    """One person as a list shows them."""
    return next(iter(_rows(ONE, [person_id])), None)


def is_address(text: str) -> bool:
    """Whether a text asks for somebody by address or number, and so for nothing else."""
    return "@" in text or bool(PHONE.fullmatch(text.strip()))


def _named(text: str) -> list[FoundPerson]:
    words = _WORD.findall(text)[:MOST_WORDS]
    # One letter alone begins every second name.
    if not words or max(map(len, words)) < 2:
        return []
    return _rows(NAMED, [" & ".join(f"{each}:*" for each in words), MOST_LOOKED_AT])


def _reached(statement: str, beginning: str, kind: str) -> list[FoundPerson]:
    return _rows(statement, [beginning, beginning + LAST_LETTER, kind, MOST_LOOKED_AT])


def _rows(statement: str, parameters: Sequence[object]) -> list[FoundPerson]:
    with execute(statement, parameters) as cursor:
        found = {row[0]: FoundPerson(*row) for row in cursor.fetchall()}
    return list(found.values())
