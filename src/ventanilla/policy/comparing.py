"""What differs between two policies, part by part, so that people can read it before it is in force.

Both are taken as documents. A list whose elements have a ``key`` or ``id`` is compared by it, so
that moving an element is no change; the words of a promise are told as a term and not as three
numbers. Everything in a pack is compared: a part added to the schema later is compared as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ventanilla.policy.clock import Basis, Term, Unit
from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.wording import format_term

GENERAL = "general"
NAMES = ("key", "id")
TITLES = ("name", "title", "subject")
NOT_COMPARED = frozenset({"implements"})
"""References from the pack to the requirements it was written from: they promise nothing."""
TERM = frozenset({"amount", "unit", "basis"})

Path = tuple[str, ...]


class Kind(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Detail:
    """One value that differs; ``path`` is its place within the part. None: it is not there."""

    path: Path
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs: a clause, a template, a category, a calendar."""

    section: str
    key: str
    title: str
    kind: Kind
    details: tuple[Detail, ...]


def compare(before: Pack, after: Pack) -> tuple[Change, ...]:
    """Every part that differs, in the order of the sections of a pack."""
    old, new = _parts(before), _parts(after)
    order = {section: at for at, section in enumerate((GENERAL, *type(after).model_fields))}
    keys = sorted({*old, *new}, key=lambda key: (order.get(key[0].rstrip("_"), len(order)), key[1]))
    return tuple(change for key in keys if (change := _change(key, old.get(key), new.get(key))))


def _parts(pack: Pack) -> dict[tuple[str, str], Any]:
    """The parts of a pack by section and key; what is no part of a section is general."""
    words = pack.vocabulary.calendar_days
    found: dict[tuple[str, str], Any] = {}
    for section, value in pack.to_document().items():
        named = _by_name(value)
        if named is not None:
            found |= {(section, key): each for key, each in named.items()}
        elif section == "calendars":
            found |= {(section, key): each for key, each in value.items()}
        elif isinstance(value, Mapping):
            found[section, ""] = value
        else:
            found.setdefault((GENERAL, ""), {})[section] = value
    return {key: _told(each, words) for key, each in found.items()}


def _told(value: Any, calendar_days: str) -> Any:
    """The value with every term in words and every named list as a mapping."""
    if isinstance(value, Mapping):
        kept = {name: each for name, each in value.items() if name not in NOT_COMPARED}
        if kept.keys() >= TERM:
            term = Term.of(kept["amount"], Unit(kept["unit"]), Basis(kept["basis"]))
            rest = {name: each for name, each in kept.items() if name not in TERM}
            kept = {"term": format_term(term, calendar_days=calendar_days), **rest}
        return {name: _told(each, calendar_days) for name, each in kept.items()}
    named = _by_name(value)
    if named is not None:
        return {key: _told(each, calendar_days) for key, each in named.items()}
    return value


def _by_name(value: Any) -> dict[str, Any] | None:
    """The elements of a list by their key or id; None for a list whose elements have none."""
    if not isinstance(value, list) or not value:
        return None
    for name in NAMES:
        if all(isinstance(each, Mapping) and isinstance(each.get(name), str) for each in value):
            return {each[name]: each for each in value}
    return None


def _change(key: tuple[str, str], old: Any, new: Any) -> Change | None:
    section, name = key
    title = _title(new if new is not None else old) or name
    before, after = dict(_leaves(old)), dict(_leaves(new))
    details = tuple(
        Detail(path, before.get(path), after.get(path))
        for path in [*before, *(each for each in after if each not in before)]
        if before.get(path) != after.get(path)
    )
    if not details:
        return None
    if old is None or new is None:
        return Change(section, name, title, Kind.ADDED if old is None else Kind.REMOVED, details)
    return Change(section, name, title, Kind.CHANGED, details)


def _title(part: Any) -> str:
    if not isinstance(part, Mapping):
        return ""
    return next((str(part[each]) for each in TITLES if part.get(each)), "")


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every value that is no mapping, as words, with its place. Empty ones say nothing."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, (*path, str(name)))
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value, 1):
            yield from _leaves(_told(each, ""), (*path, str(number)))
    elif value not in (None, "", [], ()):
        yield path, _words(value)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return str(value)
