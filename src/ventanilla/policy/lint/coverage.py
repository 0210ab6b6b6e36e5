"""Desks, categories and words: whatever arrives must fall into one category with a promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from ventanilla.policy.classify import plain
from ventanilla.policy.lint.finding import Finding, finding
from ventanilla.policy.schema import Category, Pack


def uncovered_desks(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Every desk has a default category, and it is one of its own."""
    owner = {category.key: category.desk for category in pack.categories}
    for index, desk in enumerate(pack.desks):
        path = f"desks[{index}].default_category"
        if desk.default_category is None:
            yield finding(
                "uncovered-desk",
                path,
                f"Lo que no case con una regla en «{desk.name}» no cae en nada.",
            )
        elif owner.get(desk.default_category, desk.key) != desk.key:
            yield finding(
                "default-elsewhere",
                path,
                f"«{desk.default_category}» es de la mesa «{owner[desk.default_category]}».",
            )


def promises_missing(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Every category promises a response or a resolution."""
    for index, category in enumerate(pack.categories):
        if category.main_commitment is None:
            yield finding(
                "no-response-promise",
                f"categories[{index}].commitments",
                f"«{category.name}» no promete respuesta.",
            )


def unreachable_categories(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Every category has words that lead to it or is the default of its desk."""
    defaults = {desk.default_category for desk in pack.desks}
    for index, category in enumerate(pack.categories):
        words = category.match.subject + category.match.body
        if not words and category.key not in defaults:
            yield finding(
                "unreachable-category",
                f"categories[{index}].match",
                f"Nada lleva a «{category.name}» sin que una persona la escoja.",
            )


def overlapping_rules(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """No two categories of a desk are told by the same words."""
    for (_, one), (index, two) in combinations(enumerate(pack.categories), 2):
        if one.desk != two.desk:
            continue
        path, both = f"categories[{index}].match", f"«{one.name}» y «{two.name}»"
        mine, theirs = _words(one), _words(two)
        shared = sorted(f"{field}: {word}" for field, word in mine & theirs)
        if mine and mine == theirs:
            yield finding("same-rules", path, f"{both} tienen las mismas reglas.")
        elif shared:
            yield finding("shared-words", path, f"{both} comparten {', '.join(shared)}.")


def _words(category: Category) -> set[tuple[str, str]]:
    return {("asunto", plain(word)) for word in category.match.subject} | {
        ("cuerpo", plain(word)) for word in category.match.body
    }


def duplicate_addresses(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """An address leads to one desk."""
    seen: dict[str, str] = {}
    for index, desk in enumerate(pack.desks):
        for place, address in enumerate(desk.addresses):
            owner = seen.setdefault(address.lower(), f"desks[{index}]")
            path = f"desks[{index}].addresses[{place}]"
            if owner != f"desks[{index}]" or address.lower() in {
                each.lower() for each in desk.addresses[:place]
            }:
                yield finding("duplicate-address", path, f"«{address}» ya está en {owner}.")


def on_call_is_desk(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Calling out must not open a new case."""
    for index, address in enumerate(pack.emergency.on_call if pack.emergency else ()):
        if pack.desk_for_address(address) is not None:
            yield finding(
                "on-call-is-desk",
                f"emergency.on_call[{index}]",
                f"«{address}» es la dirección de una mesa.",
            )
