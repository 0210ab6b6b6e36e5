"""What the portal offers to ask, and what became of what was asked, in a person's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import slugify

from ventanilla.desk.asking import may_cost_extra, promise_if_sent
from ventanilla.policy.schema import Category, Pack
from ventanilla.web.addresses import address
from ventanilla.web.presenters.hours import next_opening

from .moments import Moment, moment


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of request to choose."""

    name: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """By when we answer what is sent now; ``at`` None where nothing is promised."""

    at: Moment | None
    may_cost_extra: bool
    is_open: bool
    opens: str


def slug_of(category: Category) -> str:
    """The part of an address that names a kind of request, in the customer's words."""
    return slugify(category.offered_as)[:60].strip("-") or category.key


def category_at(pack: Pack, slug: str) -> Category | None:
    """The kind of request behind an address; also by its key, which no rewording changes."""
    found = (each for each in pack.categories if slug in (slug_of(each), each.key))
    return next(found, None)


def choices(pack: Pack) -> Iterator[Choice]:
    """Everything that can be asked, in the order of the policy."""
    for each in pack.categories:
        yield Choice(each.offered_as, each.customer_description, address("ask", slug_of(each)))


def promise_view(pack: Pack, category: Category, as_of: datetime) -> PromiseView:
    """The promise for what is sent now, on the policy's own clock."""
    due = promise_if_sent(pack, category, as_of=as_of)
    is_open = pack.calendar.is_open(as_of)
    opens = "" if is_open else next_opening(pack, as_of)
    return PromiseView(
        at=moment(due, pack.calendar.zone, as_of) if due else None,
        may_cost_extra=may_cost_extra(pack, category, as_of=as_of),
        is_open=is_open,
        opens=opens,
    )
