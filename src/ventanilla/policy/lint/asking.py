"""What the portal asks: options where there is something to choose, names that differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ventanilla.policy.classify import plain
from ventanilla.policy.lint.finding import Finding, finding
from ventanilla.policy.schema import FieldKind, Pack

FEWEST_CHOICES = 2


def choices(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """A field to choose from has options, and no other has."""
    for index, category in enumerate(pack.categories):
        for place, field in enumerate(category.fields):
            path = f"categories[{index}].fields[{place}].choices"
            if field.kind is FieldKind.CHOICE and len(set(field.choices)) < FEWEST_CHOICES:
                yield finding("choices-missing", path, f"«{field.label}» no deja escoger.")
            elif field.choices and field.kind is not FieldKind.CHOICE:
                yield finding("choices-unused", path, f"«{field.label}» no se responde así.")


def names(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """A person can tell the categories apart."""
    seen: dict[str, str] = {}
    for index, category in enumerate(pack.categories):
        other = seen.setdefault(plain(category.offered_as), category.name)
        if other != category.name:
            path = f"categories[{index}].customer_name"
            yield finding(
                "same-customer-name", path, f"«{category.name}» se ofrece igual que «{other}»."
            )
