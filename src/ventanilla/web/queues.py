"""Which queue an address asks for: a view or a desk, narrowed by filters; and reading it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict

from ventanilla.core.numbers import number_in
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.queries import Filters, View
from ventanilla.web.addresses import address
from ventanilla.web.visit import Visit
from ventanilla.workspace import marking
from ventanilla.workspace.models import SavedView

MANY = ("mesa", "categoria", "prioridad", "estado", "responsable", "canal")
ONE = ("emergencia", "complejo", "vence", "asunto")
NAMES = (*MANY, *ONE)
"""What the filter form may say, in the order in which it is shown."""
BASE = "cola"
"""In a saved view: the queue that its filters narrow."""
MOST_OF_ONE_NAME = 20
LONGEST_VALUE = 80
NOBODY, MYSELF = "nadie", "yo"
WINDOWS = ("vencidos", "hoy", "manana", "semana")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
Choices = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Queue:
    """``path`` is its address without filters; ``saved`` the view it was kept as, if it was."""

    view: str
    path: str
    name: str
    desk: str = ""
    choices: Choices = field(default_factory=dict)
    saved: SavedView | None = None

    @property
    def url(self) -> str:
        """Its address with everything that narrows it."""
        return self.with_choices({} if self.saved else self.choices)

    def with_choices(self, choices: Mapping[str, Sequence[str]]) -> str:
        """The address of the same queue narrowed otherwise."""
        query = urlencode({name: choices[name] for name in NAMES if choices.get(name)}, doseq=True)
        return f"{self.path}?{query}" if query else self.path

    def behind(self, key: str) -> str:
        """The address of the page that begins behind a key."""
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode({'despues': key})}"


def choices_of(query: QueryDict | Mapping[str, Sequence[str]]) -> Choices:
    """What an address or a saved view asks for; what no form would send is left out."""
    asked: Choices = {}
    for name in NAMES:
        given = query.getlist(name) if isinstance(query, QueryDict) else query.get(name, ())
        values = [" ".join(_UNSEEN.sub(" ", each).split())[:LONGEST_VALUE] for each in given]
        kept = list(dict.fromkeys(each for each in values if each))
        if kept:
            asked[name] = kept[:MOST_OF_ONE_NAME] if name in MANY else kept[:1]
    return asked


def narrowed(queue: Queue, choices: Choices) -> Queue:
    """The same queue with these filters."""
    return replace(queue, choices=choices)


def read_queue(
    queue: Queue, visit: Visit, *, after: queries.Key | None = None, limit: int
) -> list[Case]:
    """A page of the queue as this person may see it, in the order of what falls due next."""
    desks = visit.desks
    if queue.view == View.MY_DESK:
        desks = visit.staff.desks or desks
    if queue.desk:
        desks = [queue.desk]
    watched = queue.view == View.WATCHED
    return queries.queue(
        view=queue.view,
        desks=desks,
        assignee=visit.staff.pk if queue.view == View.MINE else None,
        filters=filters_of(queue.choices, visit),
        among=marking.watched_ids(visit.staff.pk) if watched else None,
        after=after,
        as_of=visit.as_of,
        limit=limit,
    )


def filters_of(choices: Choices, visit: Visit) -> Filters:
    """What the register is asked. A name that nobody knows finds nothing, and breaks nothing."""
    if not choices:
        return queries.ANY
    people = choices.get("responsable", [])
    due_from, due_before = _window(choices.get("vence", [""])[0], visit)
    return Filters(
        desks=tuple(choices.get("mesa", ())),
        categories=tuple(choices.get("categoria", ())),
        priorities=tuple(choices.get("prioridad", ())),
        statuses=tuple(choices.get("estado", ())),
        channels=tuple(choices.get("canal", ())),
        assignees=tuple(_staff_ids(people, visit)),
        nobody=NOBODY in people,
        emergency="emergencia" in choices,
        complex="complejo" in choices,
        due_from=due_from,
        due_before=due_before,
        words=choices.get("asunto", [""])[0],
    )


def _staff_ids(people: Sequence[str], visit: Visit) -> list[int]:
    """Ids among the values; one that is none becomes 0, who is nobody's id."""
    ids = [
        visit.staff.pk if each == MYSELF else number_in(each) for each in people if each != NOBODY
    ]
    return sorted(set(ids))


def _window(name: str, visit: Visit) -> tuple[datetime | None, datetime | None]:
    """The stretch in which a case falls due, in days of the pack's zone; a week ends on Sunday."""
    if name not in WINDOWS:
        return None, None
    local = visit.as_of.astimezone(visit.pack.calendar.zone)
    midnight = datetime.combine(local.date(), time(), tzinfo=local.tzinfo)
    tomorrow = midnight + timedelta(days=1)
    return {
        "vencidos": (None, visit.as_of),
        "hoy": (visit.as_of, tomorrow),
        "manana": (tomorrow, tomorrow + timedelta(days=1)),
        "semana": (visit.as_of, midnight + timedelta(days=7 - local.weekday())),
    }[name]


def path_of(view_slug: str) -> str:
    """The address of a view."""
    return address("queue", view_slug)
