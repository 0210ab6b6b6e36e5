"""Targets, reminders, priorities and calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import product

from ventanilla.policy.clock import Basis, Term, Unit
from ventanilla.policy.lint.finding import Finding, finding, parts_of
from ventanilla.policy.schema import Category, Commitment, CommitmentKind, Pack

_SAMPLE_DAYS = 28
_SAMPLE_TIMES = (time(0, 0), time(7, 0), time(10, 0), time(15, 30), time(22, 0))
_COMPARED = (CommitmentKind.FIRST_RESPONSE, CommitmentKind.RESOLUTION)
_READABLE_TWO_WAYS = (Basis.ELAPSED, Basis.BUSINESS_DAY_HOURS)


def commitments_of(pack: Pack) -> Iterator[tuple[str, Commitment]]:
    """Every commitment with its path."""
    for path, part in parts_of(pack):
        if isinstance(part, Commitment):
            yield path, part


def targets(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """No target is empty, and hours that can be read in several ways say why they are read so."""
    for path, commitment in commitments_of(pack):
        target = commitment.target
        if not target.amount:
            yield finding("empty-target", f"{path}.target.amount", "El plazo es cero.")
        explained = target.decided or commitment.decided
        hours = target.unit is Unit.HOURS and target.basis in _READABLE_TWO_WAYS
        if hours and not explained:
            yield finding(
                "ambiguous-basis",
                f"{path}.target.basis",
                f"«{target.amount} horas» se puede leer de varias maneras y aquí es {target.basis}.",
            )


def steps(pack: Pack, _as_of: date) -> Iterator[Finding]:
    """Reminders fall before the due moment, and no step is given twice."""
    for path, commitment in commitments_of(pack):
        whole = commitment.target.term
        for index, reminder in enumerate(commitment.reminders):
            if reminder.before.on(whole.basis).quantity >= whole.quantity:
                yield finding(
                    "reminder-not-before-due",
                    f"{path}.reminders[{index}].before",
                    f"Avisa {reminder.before.on(whole.basis)} antes en un plazo de {whole}.",
                )
        yield from _repeated(f"{path}.reminders", commitment.reminder_terms())
        yield from _repeated(f"{path}.escalations", commitment.escalation_terms())


def _repeated(path: str, terms: tuple[Term, ...]) -> Iterator[Finding]:
    for index, term in enumerate(terms):
        if term in terms[:index]:
            yield finding("repeated-step", f"{path}[{index}]", "Otro paso cae en el mismo momento.")


def priority_order(pack: Pack, as_of: date) -> Iterator[Finding]:
    """A higher priority is never due later than a lower one, whenever both arrive."""
    ranks = {priority.key: priority.rank for priority in pack.priorities}
    for (index, higher), lower in product(enumerate(pack.categories), pack.categories):
        if ranks.get(higher.priority, 0) >= ranks.get(lower.priority, 0):
            continue
        for kind in _COMPARED:
            arrival = _inversion(pack, as_of, _term(higher, kind), _term(lower, kind))
            if arrival is not None:
                yield finding(
                    "priority-contradiction",
                    f"categories[{index}].commitments",
                    f"«{higher.name}» va antes que «{lower.name}» pero vence después ({kind}) si "
                    f"llegan el {pack.format_moment(arrival)}",
                )


def assessments(pack: Pack, as_of: date) -> Iterator[Finding]:
    """Somebody reads a request before the answer to it is due."""
    for index, category in enumerate(pack.categories):
        assessment = _term(category, CommitmentKind.ASSESSMENT)
        response = _term(category, CommitmentKind.FIRST_RESPONSE)
        arrival = _inversion(pack, as_of, assessment, response)
        if arrival is not None:
            yield finding(
                "assessment-late",
                f"categories[{index}].commitments",
                f"En «{category.name}» la evaluación vence después de la respuesta si llega el "
                f"{pack.format_moment(arrival)}",
            )


def _term(category: Category, kind: CommitmentKind) -> Term | None:
    return next((each.target.term for each in category.commitments if each.kind is kind), None)


def _inversion(pack: Pack, as_of: date, sooner: Term | None, later: Term | None) -> datetime | None:
    """The first sample arrival at which what should be sooner is due later."""
    if sooner is None or later is None or sooner == later:
        return None
    calendar = pack.calendar
    for step, hour in product(range(_SAMPLE_DAYS), _SAMPLE_TIMES):
        day = as_of + timedelta(days=step)
        arrival = datetime.combine(day, hour, tzinfo=calendar.zone)
        if calendar.due(arrival, sooner) > calendar.due(arrival, later):
            return arrival
    return None


def holidays(pack: Pack, as_of: date) -> Iterator[Finding]:
    """Every calendar knows the holidays of next year."""
    year = as_of.year + 1
    days = [date(year, 1, 1) + timedelta(days=step) for step in range(365)]
    for key, part in pack.calendars.items():
        schedule = part.build(pack.zone).schedule
        if not any(schedule.holiday_name(day) is not None for day in days):
            yield finding(
                "holidays-next-year", f"calendars.{key}", f"No tiene ningún festivo en {year}."
            )
