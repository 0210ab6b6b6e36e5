"""What somebody asked the search for, as it stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ventanilla.accounts.queries import team_of
from ventanilla.crm.finding import find_people
from ventanilla.register.queries.found import seen_people
from ventanilla.register.queries.searching import LONGEST_QUERY, Narrowing
from ventanilla.register.rules.statuses import WORKING, Status
from ventanilla.web.addresses import address
from ventanilla.web.paging import page_number
from ventanilla.web.parameters import parameter
from ventanilla.web.presenters.found import PersonRow, person_rows
from ventanilla.web.presenters.stream import VIA
from ventanilla.web.visit import Visit

NOBODY, MYSELF = "nadie", "yo"
STATES: dict[str, tuple[str, ...]] = {
    "abiertos": tuple(sorted(WORKING)),
    "resueltos": (Status.RESOLVED.value,),
    "terminados": (Status.CLOSED.value, Status.WITHDRAWN.value),
}
NARROWING = ("mesa", "estado", "categoria", "canal", "responsable", "desde", "hasta")


@dataclass(frozen=True, slots=True)
class Asked:
    """``values`` are the filters as they were typed; a day that is none narrows nothing."""

    query: str
    values: Mapping[str, str]
    narrowing: Narrowing
    person_id: int | None
    after: str

    @property
    def is_later(self) -> bool:
        """Whether a page behind the first is asked for."""
        return bool(self.after)

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is set."""
        return any(self.values.values())

    def behind(self, key: str, *, person_id: int | None) -> str:
        """The same question, from behind a key on, of the cases of one person if it was those."""
        facts = {"q": self.query, **self.values, "persona": person_id or "", "antes": key}
        return urlencode({name: value for name, value in facts.items() if value})


@dataclass(frozen=True, slots=True)
class FilterField:
    """One filter: a choice, or a day when there are no choices."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


def asked_of(given: Mapping[str, str], visit: Visit) -> Asked:
    """What an address asks for. Desks that the visitor may not see are not to be chosen."""
    values = {name: parameter(given, name, most=60) for name in NARROWING}
    zone = ZoneInfo(visit.pack.zone)
    until = _day(values["hasta"], zone)
    return Asked(
        query=" ".join(parameter(given, "q", most=LONGEST_QUERY).split()),
        values=values,
        narrowing=Narrowing(
            desks=_desks(values["mesa"], visit),
            statuses=STATES.get(values["estado"]),
            category=values["categoria"],
            channel=values["canal"],
            assignee_id=_assignee(values["responsable"], visit),
            nobody=values["responsable"] == NOBODY,
            since=_day(values["desde"], zone),
            until=until + timedelta(days=1) if until else None,
        ),
        person_id=page_number(given.get("persona")),
        after=parameter(given, "antes", most=80),
    )


def people_of(visit: Visit, query: str, *, limit: int) -> tuple[list[int], list[PersonRow]]:
    """Those who may be meant and of whom the visitor may see a case: their ids and their rows."""
    people = {each.id: each for each in find_people(query)}
    seen = seen_people(list(people), desks=visit.desks, limit=limit)
    rows = person_rows(seen, people, search_url=address("search"))
    return [each.person_id for each in seen], rows


def _desks(chosen: str, visit: Visit) -> tuple[str, ...] | None:
    seen = visit.desks
    if chosen:
        return (chosen,) if seen is None or chosen in seen else ()
    return None if seen is None else tuple(seen)


def _assignee(chosen: str, visit: Visit) -> int | None:
    return int(visit.staff.pk) if chosen == MYSELF else page_number(chosen)


def _day(text: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day in the zone of the pack."""
    try:
        return datetime.combine(date.fromisoformat(text), time.min, zone)
    except ValueError:
        return None


def filter_fields(visit: Visit, asked: Asked) -> list[FilterField]:
    """The filters with what is chosen in them."""
    pack = visit.pack
    desks = [each for each in pack.desks if visit.desks is None or each.key in visit.desks]
    people = [(str(each.pk), str(each)) for each in team_of(visit.desks)]
    choices: dict[str, tuple[str, Iterable[tuple[str, str]]]] = {
        "mesa": (_("Mesa"), [(each.key, each.name) for each in desks]),
        "estado": (
            _("Estado"),
            [
                ("abiertos", _("Abiertos")),
                ("resueltos", _("Resueltos")),
                ("terminados", _("Terminados")),
            ],
        ),
        "categoria": (_("Categoría"), [(each.key, each.name) for each in pack.categories]),
        "canal": (_("Canal"), VIA.items()),
        "responsable": (_("Responsable"), [(MYSELF, _("Yo")), (NOBODY, _("Nadie")), *people]),
    }
    fields = [
        FilterField(name, label, asked.values[name], tuple(options))
        for name, (label, options) in choices.items()
    ]
    days = (("desde", _("Registrado desde")), ("hasta", _("Registrado hasta")))
    return fields + [FilterField(name, label, asked.values[name]) for name, label in days]
