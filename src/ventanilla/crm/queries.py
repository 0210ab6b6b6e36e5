"""Every read of the CRM that is more than one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ventanilla.crm.models import ContactPoint, Interaction, Person
from ventanilla.crm.rules import AddressNotUnderstood, normalise_email


@dataclass(frozen=True, slots=True)
class HistoryKey:
    """Where a page of history ended: the next one starts behind it."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some lines of a person's history, newest first, and the key of the next page if any."""

    lines: tuple[Interaction, ...]
    next_key: HistoryKey | None


def history(*, person_id: int, after: HistoryKey | None = None, limit: int = 50) -> HistoryPage:
    """A page of what passed between a person and the company, newest first."""
    lines = Interaction.objects.filter(person_id=person_id)
    if after is not None:
        behind = Q(at__lt=after.at) | Q(at=after.at, id__lt=after.id)
        # The first condition says nothing new; it is the one the index can start from.
        lines = lines.filter(behind, at__lte=after.at)
    found = tuple(lines.order_by("-at", "-id")[: limit + 1])
    shown = found[:limit]
    more = len(found) > limit
    return HistoryPage(shown, HistoryKey(shown[-1].at, shown[-1].pk) if more else None)


def person_at(*, value: str) -> Person | None:
    """The person behind an e-mail address, or None for a stranger or a text that is no address."""
    try:
        address = normalise_email(value)
    except AddressNotUnderstood:
        return None
    return Person.objects.filter(
        contact_points__kind=ContactPoint.Kind.EMAIL, contact_points__value=address
    ).first()


def call_nameless(people: Iterable[Person]) -> None:
    """Give those who have no name an address to be called by; no query when all have one."""
    nameless = [each for each in people if not each.name]
    if not nameless:
        return
    points = ContactPoint.objects.filter(person__in={each.pk for each in nameless})
    # The last one of a person stays: the first by kind and age.
    first = dict(points.order_by("-kind", "-id").values_list("person_id", "value"))
    for each in nameless:
        each.address = first.get(each.pk, "")


def bounced_among(addresses: Iterable[str]) -> frozenset[str]:
    """Those of the addresses (in normal spelling) to which mail does not arrive any more."""
    marked = ContactPoint.objects.filter(
        kind=ContactPoint.Kind.EMAIL, value__in=list(addresses), bounced_at__isnull=False
    )
    return frozenset(marked.values_list("value", flat=True))


def addresses_of(*, person_id: int) -> list[ContactPoint]:
    """The addresses of a person, oldest first."""
    return list(ContactPoint.objects.filter(person_id=person_id).order_by("id"))
