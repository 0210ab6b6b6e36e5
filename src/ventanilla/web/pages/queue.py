"""Everything on the page of a queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from ventanilla.accounts.permissions import Permission
from ventanilla.accounts.queries import names_of
from ventanilla.core.numbers import number_in
from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.queries import View
from ventanilla.web.addresses import address
from ventanilla.web.forms.queue import DUE
from ventanilla.web.packs import pack_for
from ventanilla.web.paging import write_key
from ventanilla.web.presenters.menu import VIEWS
from ventanilla.web.presenters.moments import moment
from ventanilla.web.presenters.queue import QueueRow, RowFacts, queue_rows, row_of
from ventanilla.web.queues import BASE, MYSELF, NOBODY, Choices, Queue
from ventanilla.web.visit import Visit
from ventanilla.workspace import marking
from ventanilla.workspace.models import Mention

PAGE = 30
"""Two screens of rows; the following ones come when their end is scrolled to."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, and the queue without it."""

    words: str
    url: str


def rows_of(visit: Visit, cases: Sequence[Case], *, pick: bool = False) -> list[QueueRow]:
    """The cases as rows: two more reads, however many there are."""
    return queue_rows(cases, _facts(visit, cases, pick=pick))


def _facts(visit: Visit, cases: Sequence[Case], *, pick: bool) -> RowFacts:
    ids = [case.pk for case in cases]
    return RowFacts(
        standings=queries.standings(ids),
        pack_of=pack_for,
        as_of=visit.as_of,
        unread=marking.unread_among(ids, staff_id=visit.staff.pk),
        pick=pick,
    )


def queue_context(visit: Visit, queue: Queue, found: list[Case]) -> dict[str, Any]:
    """A page of a queue; ``found`` holds one case more than it shows, if there are more."""
    last = found[PAGE - 1] if len(found) > PAGE else None
    return {
        "queue": queue,
        "heading": queue.name,
        "rows": rows_of(visit, found[:PAGE], pick=True),
        "next_url": queue.behind(write_key(queries.key_of(last))) if last else "",
        "first_url": queue.url,
        "chips": list(chips(queue, visit)),
        "filter_url": _filter_url(queue),
        "save_url": _save_url(queue),
        **tools(visit),
    }


def mentions_context(visit: Visit, queue: Queue, found: list[Mention]) -> dict[str, Any]:
    """The notes in which somebody was called, as rows of their cases."""
    last = found[PAGE - 1] if len(found) > PAGE else None
    shown = found[:PAGE]
    facts = _facts(visit, [each.case for each in shown], pick=False)
    return {
        "queue": queue,
        "heading": queue.name,
        "rows": [row_of(each.case, facts, said=_called(each, visit)) for each in shown],
        "next_url": queue.behind(write_key((last.at, last.pk))) if last else "",
        "first_url": queue.url,
    }


def _called(mention: Mention, visit: Visit) -> str:
    when = moment(mention.at, pack_for(mention.case).calendar.zone, visit.as_of).short
    said = {"who": str(mention.by), "when": when, "text": mention.message.text[:200]}
    return _("%(who)s le llamó, %(when)s: %(text)s") % said


def _filter_url(queue: Queue) -> str:
    """The address of the filter form, filled in with what is on."""
    return queue.with_choices(queue.choices).replace(queue.path, f"{queue.path}filtros/", 1)


def _save_url(queue: Queue) -> str:
    """The address of the form that keeps what is on; a desk's queue is one more filter."""
    chosen = {**queue.choices, **({"mesa": [queue.desk]} if queue.desk else {})}
    base = "todos" if queue.desk else VIEWS[queue.view][0]
    at = Queue(queue.view, address("new-view"), queue.name)
    return f"{at.with_choices(chosen)}&{BASE}={base}"


def tools(visit: Visit) -> dict[str, Any]:
    """What can be done to chosen cases."""
    return {
        "request_key": uuid4(),
        "may_assign": visit.may(Permission.ASSIGN_CASE),
        "may_prioritise": visit.may(Permission.CHANGE_PRIORITY),
    }


def chips(queue: Queue, visit: Visit) -> Iterator[Chip]:
    """The filters that are on, each with the address that takes it off."""
    named = _Named(visit.pack, queue.choices)
    path = address("queue", "todos") if queue.saved else queue.path
    bare = Queue(queue.view, path, queue.name)
    if queue.saved and queue.view != View.ALL:
        yield Chip(str(VIEWS[queue.view][1]), path)
    for name, values in queue.choices.items():
        for value in values:
            left = {**queue.choices, name: [each for each in values if each != value]}
            yield Chip(named.words(name, value), bare.with_choices(left))


class _Named:
    """The values of filters in the words of the pack; one that it has no word for stands as it is."""

    def __init__(self, pack: Pack, choices: Choices) -> None:
        self._pack = pack
        self._people = _people(choices)

    def words(self, name: str, value: str) -> str:
        """«Prioridad: Alta»."""
        try:
            return self._words(name, value)
        except (PolicyError, ValueError, LookupError):
            return f"{name}: {value}"

    def _words(self, name: str, value: str) -> str:
        pack = self._pack
        said = {
            "mesa": lambda: pack.desk(value).name,
            "categoria": lambda: _("Categoría: %s") % pack.category(value).name,
            "prioridad": lambda: _("Prioridad: %s") % pack.priority(value).name,
            "estado": lambda: pack.statuses.label(value),
            "canal": lambda: _("Canal: %s") % _name_at(pack.channels, value),
            "responsable": lambda: _("Responsable: %s") % self._people[value],
            "emergencia": lambda: _("Emergencias"),
            "complejo": lambda: _("Casos complejos"),
            "vence": lambda: _("Vence: %s") % str(dict(DUE)[value]).lower(),
            "asunto": lambda: f"«{value}»",
        }
        return said[name]()


def _name_at(parts: Sequence[Any], key: str) -> str:
    return {each.key: str(each.name) for each in parts}[key]


def _people(choices: Choices) -> dict[str, str]:
    """Names of the people who stand in the filters; asked only when some do."""
    asked = choices.get("responsable", ())
    ids = [number for each in asked if (number := number_in(each))]
    found = {str(staff_id): name for staff_id, name in names_of(ids).items()} if ids else {}
    return {MYSELF: _("yo"), NOBODY: _("nadie"), **found}
