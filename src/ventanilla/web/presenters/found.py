"""What a search found: cases with the words marked, and people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ventanilla.crm.finding import FoundPerson
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case, Message
from ventanilla.register.queries.found import FoundCase, SeenPerson
from ventanilla.web.addresses import address
from ventanilla.web.markup import filled

from .excerpts import excerpt, marked
from .masking import masked
from .moments import short_day
from .people import name_or_address
from .queue import NO_SUBJECT, case_sign

ROW = (
    '<li class="row found {}"><div class="row-top"><a class="row-title" href="{}"><bdi>{}</bdi></a>'
    '{}</div>{}<div class="row-low"><span class="row-text"><b><bdi>{}</bdi></b> · '
    '<span class="mono">{}</span></span><span class="row-facts"><span>{}</span>'
    '<span class="wide">{}</span></span></div></li>'
)
"""As the rows of a queue, with the words that were found between its two lines."""
SAID = '<p class="row-said">{}<bdi>{}</bdi></p>'
WHO = '<span class="row-who">{}, {}:</span> '


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known besides the rows."""

    pack_of: Callable[[Case], Pack]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who may be meant."""

    name: str
    address: str
    url: str
    words: str


def found_rows(found: Iterable[FoundCase], listing: Listing) -> list[SafeString]:
    """The rows in their order."""
    return [_row(each, listing) for each in found]


def _row(found: FoundCase, listing: Listing) -> SafeString:
    case, pack = found.case, listing.pack_of(found.case)
    sign = case_sign(case, found.standing.promise, pack, listing.as_of)
    return filled(
        ROW,
        sign.tone,
        address("case", case.folio),
        marked(case.subject, found.stems) if case.subject else NO_SUBJECT,
        sign.html,
        _said(found, pack, listing.as_of),
        name_or_address(case.person.name, found.address),
        case.folio,
        # The sign of an ended case names its status already.
        "" if case.closed_at or case.resolved_at else pack.statuses.label(case.status),
        str(case.assignee) if case.assignee else "",
    )


def _said(found: FoundCase, pack: Pack, as_of: datetime) -> SafeString | str:
    message = found.message
    text = excerpt(masked(message.text, found.case), found.stems)
    if message.at is None or not text:
        return ""
    day = short_day(message.at, pack.calendar.zone, as_of)
    return filled(SAID, filled(WHO, _speaker(found), day), text)


def _speaker(found: FoundCase) -> str:
    message = found.message
    if message.direction == Message.Direction.NOTE:
        return _("nota interna")
    if message.direction == Message.Direction.OUT:
        return _("respuesta")
    return message.author or name_or_address(found.case.person.name, found.address)


def person_rows(
    seen: Sequence[SeenPerson], people: Mapping[int, FoundPerson], *, search_url: str
) -> list[PersonRow]:
    """The people of whom the reader may see a case."""
    return [
        PersonRow(
            name=name_or_address(people[each.person_id].name, people[each.person_id].address),
            address=people[each.person_id].address if people[each.person_id].name else "",
            url=f"{search_url}?{urlencode({'persona': each.person_id})}",
            words=_counted(each),
        )
        for each in seen
    ]


def _counted(seen: SeenPerson) -> str:
    cases = ngettext("%(n)s caso", "%(n)s casos", seen.cases) % {"n": seen.cases}
    if not seen.open:
        return cases
    return _("%(cases)s, %(open)s sin cerrar") % {"cases": cases, "open": seen.open}
