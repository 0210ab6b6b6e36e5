"""Choosing another case: the likely ones, those that a search finds, and what merging would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from ventanilla.policy.schema.pack import Pack
from ventanilla.register import folio as folios
from ventanilla.register.models import Case
from ventanilla.register.promised import name_of
from ventanilla.register.queries import found, searching
from ventanilla.register.queries.foreseeing import foresee_merge
from ventanilla.register.queries.found import FoundCase
from ventanilla.register.queries.searching import Hit, Narrowing
from ventanilla.register.queries.surrounding import RelatedCase, Relation, surroundings
from ventanilla.register.rules.state import CommitmentState
from ventanilla.register.time_words import format_moment
from ventanilla.web.cases import find_case
from ventanilla.web.forms.case import Candidate
from ventanilla.web.packs import pack_for
from ventanilla.web.presenters.people import name_or_address
from ventanilla.web.presenters.queue import NO_SUBJECT
from ventanilla.web.visit import Visit

MOST_OFFERED = 8


def likely_cases(visit: Visit, case: Case) -> list[Candidate]:
    """The other open cases of the person, and those that belong to this one already."""
    around = surroundings(case, desks=visit.desks).related
    rows = [each for each in around if visit.desks is None or each.desk in visit.desks]
    kept = {each.folio: each for each in rows if each.how is not Relation.MERGED_INTO}
    return [_related(each) for each in kept.values()][:MOST_OFFERED]


def linked_cases(visit: Visit, case: Case) -> list[Candidate]:
    """The cases that are related to this one by hand."""
    around = surroundings(case, desks=visit.desks).related
    return [_related(each) for each in around if each.how is Relation.LINKED]


def searched_cases(visit: Visit, case: Case, text: str) -> list[Candidate]:
    """Cases that a text may mean: a folio, also mistyped or only its number, or words."""
    hits = _hits(visit, text) if text.strip() else []
    shown = [each for each in found.found_cases(hits, text) if each.case.pk != case.pk]
    return [_found(each) for each in shown[:MOST_OFFERED]]


def _hits(visit: Visit, text: str) -> list[Hit]:
    narrowing = Narrowing(desks=None if visit.desks is None else tuple(visit.desks))
    try:
        exact = find_case(visit, text)
    except folios.FolioMistyped:
        return found.with_folios(folios.near(text, visit.pack), narrowing=narrowing)
    if exact is not None:
        return [Hit(exact.pk, 0)]
    given = folios.numbered(text, visit.pack, visit.as_of)
    numbered = found.with_folios(given, narrowing=narrowing)
    said = searching.hits(text, narrowing=narrowing, limit=MOST_OFFERED)
    return list({each.case_id: each for each in (*numbered, *said)}.values())


def _related(row: RelatedCase) -> Candidate:
    return Candidate(row.folio, f"{row.folio} · {row.subject or NO_SUBJECT}")


def _found(row: FoundCase) -> Candidate:
    who = name_or_address(row.case.person.name, row.address)
    return Candidate(row.case.folio, f"{row.case.folio} · {row.case.subject or NO_SUBJECT} · {who}")


def foreseen(case: Case, into: Case, *, as_of: datetime) -> list[str]:
    """What uniting these two would do, in words, promise by promise."""
    seen = foresee_merge(case, into, as_of=as_of)
    pack, other = pack_for(case), pack_for(into)
    zone = other.calendar.zone
    lines = []
    if seen.ends:
        names = _listed(_named(seen.ends, pack))
        lines.append(_("Dejan de correr aquí: %(names)s.") % {"names": names})
    for before, after in seen.sooner:
        facts = {
            "name": name_of(before, other),
            "after": format_moment(after.due_at.astimezone(zone)),
            "before": format_moment(before.due_at.astimezone(zone)),
        }
        lines.append(_("Allá «%(name)s» vence antes: %(after)s, no %(before)s") % facts)
    for row in seen.taken_over:
        facts = {"name": name_of(row, pack), "due": format_moment(row.due_at.astimezone(zone))}
        lines.append(_("Allá se debe además «%(name)s»: %(due)s") % facts)
    if not (seen.sooner or seen.taken_over):
        lines.append(_("Los compromisos del otro caso no cambian."))
    return lines


def _named(rows: Iterable[CommitmentState], pack: Pack) -> list[str]:
    return list(dict.fromkeys(f"«{name_of(each, pack)}»" for each in rows))


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
