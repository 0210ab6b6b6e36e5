"""What a policy version promises, asked by the register in its own terms. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ventanilla.policy.clock import Basis, Interval, Term, Unit
from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.schema.promise import Commitment as Definition
from ventanilla.policy.schema.promise import MeetEvent, StartEvent
from ventanilla.register.rules.state import CommitmentState, Pause, replace

DUE = "due"
COMMITTED_DATE = "committed_date"
NUMBERED_FROM_ONE = frozenset(
    {StartEvent.CUSTOMER_MESSAGE, StartEvent.MARKED_COMPLEX, StartEvent.LAST_NOTICE}
)
"""Promises made again and again in one case: their keys carry a number from the first one on."""


class Step(NamedTuple):
    """One warning about a promise: its name, when it falls, and whom the pack wants told."""

    name: str
    at: datetime
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promises:
    """One policy version, as the register asks it."""

    version_id: int
    pack: Pack

    def starting_on(self, category: str, event: StartEvent) -> list[Definition]:
        """The promises of a category whose clock starts with an event."""
        found = [
            each for each in self.pack.category(category).commitments if each.target.starts is event
        ]
        if event in (StartEvent.MARKED_COMPLEX, StartEvent.LAST_NOTICE):
            notice = self.pack.complexity.progress_notice
            # The first notice counts from the marking, each further one from the last notice.
            if (
                notice.target.starts is event
                or notice.repeats
                or event is StartEvent.MARKED_COMPLEX
            ):
                found.append(notice)
        return found

    def definition(self, commitment: CommitmentState) -> Definition | None:
        """Where in the pack a promise comes from; None for a committed date, which a person made."""
        base = base_of(commitment.key)
        notice = self.pack.complexity.progress_notice
        if base == notice.key:
            return notice
        if base == COMMITTED_DATE:
            return None
        return self.pack.category(commitment.target["category"]).commitment(base)

    def made(
        self, definition: Definition, *, key: str, category: str, at: datetime
    ) -> CommitmentState:
        """A promise whose clock starts with something that happened at a moment."""
        return CommitmentState(
            key=key,
            kind=definition.kind.value,
            clause=definition.clause,
            policy_version_id=self.version_id,
            target=target_of(definition, category),
            started_at=at,
            due_at=self._moment(at, definition.target.term, ()),
        )

    def due(self, commitment: CommitmentState) -> datetime:
        """When a promise falls due, its finished pauses left out."""
        return self._moment(commitment.started_at, term_of(commitment.target), commitment.pauses)

    def steps(self, commitment: CommitmentState) -> list[Step]:
        """The warnings about a promise in the order of their moments.

        There is always one at the due moment. A reminder that would fall at or before the start
        is left out: it would tell nobody anything.
        """
        definition = self.definition(commitment)
        found = list(self._warnings(commitment, definition)) if definition else []
        if all(step.name != DUE for step in found):
            found.append(Step(DUE, commitment.due_at, ("assignee",)))
        return sorted(found, key=lambda step: step.at)

    def window_ends(self, category: str, resolved_at: datetime) -> datetime:
        """Until when a case of a category can be reopened."""
        return self._moment(resolved_at, self.pack.reopening_window(category), ())

    def _warnings(self, commitment: CommitmentState, definition: Definition) -> Iterator[Step]:
        start, pauses = commitment.started_at, commitment.pauses
        for number, (each, term) in enumerate(
            zip(definition.reminders, definition.reminder_terms(), strict=True), 1
        ):
            at = self._moment(start, term, pauses)
            if start < at < commitment.due_at:
                yield Step(f"reminder:{number}", at, _names(each.to))
        number = 0
        for late, term in zip(definition.escalations, definition.escalation_terms(), strict=True):
            if late.after.amount == 0:
                yield Step(DUE, commitment.due_at, _names(late.to))
                continue
            number += 1
            at = max(self._moment(start, term, pauses), commitment.due_at)
            yield Step(f"escalation:{number}", at, _names(late.to))

    def _moment(self, start: datetime, term: Term, pauses: Iterable[Pause]) -> datetime:
        breaks = [Interval(pause.since, pause.until) for pause in pauses]
        return self.pack.calendar.due(start, term, breaks).astimezone(UTC)


Book = Callable[[int], Promises]
"""Finds a policy version by id."""


def base_of(key: str) -> str:
    """The key in the pack behind the key of a row: ``progress_notice:2`` → ``progress_notice``."""
    return key.partition(":")[0]


def target_of(definition: Definition, category: str) -> dict[str, Any]:
    """The target as it is stored with the promise, and the category it was read from."""
    target = definition.target
    return {
        "amount": target.amount,
        "unit": target.unit.value,
        "basis": target.basis.value,
        "starts": target.starts.value,
        "met_by": target.met_by.value,
        "paused_in": sorted(status.value for status in target.paused_in),
        "category": category,
    }


def term_of(target: Mapping[str, Any]) -> Term:
    """The arithmetic half of a stored target."""
    return Term.of(target["amount"], Unit(target["unit"]), Basis(target["basis"]))


def committed_date(
    *, key: str, clause: str, version_id: int, at: datetime, committed_at: datetime
) -> CommitmentState:
    """The promise of a date that a person of ours gave; it stands still in no status."""
    return CommitmentState(
        key=key,
        kind=COMMITTED_DATE,
        clause=clause,
        policy_version_id=version_id,
        target={
            "amount": max(0, (committed_at - at) // timedelta(minutes=1)),
            "unit": Unit.MINUTES.value,
            "basis": Basis.ELAPSED.value,
            "starts": "date_committed",
            "met_by": MeetEvent.RESOLVED.value,
            "paused_in": [],
        },
        started_at=at,
        due_at=committed_at,
    )


def armed(commitment: CommitmentState, book: Book) -> CommitmentState:
    """The promise with its next warning written down, or none while nobody needs one."""
    step = next_step(commitment, book)
    return replace(
        commitment,
        next_alert=step.name if step else "",
        next_alert_at=step.at if step else None,
    )


def next_step(
    commitment: CommitmentState, book: Book, *, as_of: datetime | None = None
) -> Step | None:
    """The next warning that has not gone off. Once it is due, missed reminders are passed over."""
    if not commitment.presses:
        return None
    fired = {alert.step for alert in commitment.alerts}
    overdue = DUE in fired or (as_of is not None and as_of >= commitment.due_at)
    for step in book(commitment.policy_version_id).steps(commitment):
        if step.name not in fired and not (overdue and step.name.startswith("reminder")):
            return step
    return None


def _names(audiences: Iterable[Any]) -> tuple[str, ...]:
    return tuple(each.value for each in audiences)
