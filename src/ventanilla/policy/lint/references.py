"""Keys that point nowhere, keys given twice, and clauses that nothing carries out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from ventanilla.policy.lint.finding import Finding, finding, parts_of
from ventanilla.policy.schema import Commitment, Pack


def duplicate_keys(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Every list of keyed parts gives each key once."""
    lists = {"clauses": [clause.id for clause in pack.clauses]}
    for name in type(pack).model_fields:
        value = getattr(pack, name)
        if name != "clauses" and isinstance(value, tuple) and value and hasattr(value[0], "key"):
            lists[name] = [part.key for part in value]
    for index, category in enumerate(pack.categories):
        keys = [commitment.key for commitment in category.commitments]
        lists[f"categories[{index}].commitments"] = keys
        lists[f"categories[{index}].fields"] = [field.key for field in category.fields]
    for path, keys in lists.items():
        for key, times in Counter(keys).items():
            if times > 1:
                yield finding("duplicate-key", path, f"La clave «{key}» está {times} veces.")


def unknown_references(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Every key and clause that is named exists."""
    for path, key, known in _references(pack):
        if key not in known:
            yield finding("unknown-reference", path, f"No existe «{key}».")


def _references(pack: Pack) -> Iterator[tuple[str, str, set[str]]]:
    desks, priorities = {each.key for each in pack.desks}, {each.key for each in pack.priorities}
    categories = {each.key for each in pack.categories}
    templates = {each.key for each in pack.templates}
    clauses = {each.id for each in pack.clauses}
    for index, category in enumerate(pack.categories):
        path = f"categories[{index}]"
        yield f"{path}.desk", category.desk, desks
        yield f"{path}.priority", category.priority, priorities
        yield f"{path}.acknowledgement", category.acknowledgement, templates
    for index, desk in enumerate(pack.desks):
        if desk.default_category is not None:
            yield f"desks[{index}].default_category", desk.default_category, categories
    if pack.emergency is not None:
        yield "emergency.priority", pack.emergency.priority, priorities
        for index, key in enumerate(pack.emergency.categories):
            yield f"emergency.categories[{index}]", key, categories
    for path, part in parts_of(pack):
        for index, clause in enumerate(part.implements):
            yield f"{path}.implements[{index}]", clause, clauses
        if isinstance(part, Commitment):
            yield f"{path}.clause", part.clause, clauses


def clauses_without_rule(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Every clause is carried out by a part of the pack or names the module that does it."""
    cited = set(pack.implements)
    for _, part in parts_of(pack):
        cited.update(part.implements)
        if isinstance(part, Commitment):
            cited.add(part.clause)
    for index, clause in enumerate(pack.clauses):
        if clause.id not in cited and not clause.enforced_by:
            yield finding(
                "clause-without-rule",
                f"clauses[{index}]",
                f"Nada en la política cumple la cláusula {clause.id}, «{clause.title}».",
            )


def our_decisions(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """What the written policy leaves unsaid and the pack decides."""
    for path, part in parts_of(pack):
        if part.decided:
            yield finding("decided", path, part.decided)
