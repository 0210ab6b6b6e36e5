"""How promises answer to what happens. Decisions by the moments of events, never by a poll."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from ventanilla.policy.schema.promise import MeetEvent, StartEvent
from ventanilla.register.rules.changes import Change, Deed, changes_between
from ventanilla.register.rules.promising import (
    NUMBERED_FROM_ONE,
    Book,
    Promises,
    armed,
    base_of,
)
from ventanilla.register.rules.state import CaseState, CommitmentState, Pause, Wait, replace

FIRST_RESPONSE = "first_response"
NEXT_RESPONSE = "next_response"
RESOLUTION = "resolution"


def lapsed(commitment: CommitmentState, at: datetime) -> CommitmentState:
    """Broken, if at this moment its due moment has passed unmet. Once broken it stays so."""
    if commitment.is_running and commitment.broken_at is None and commitment.due_at < at:
        return replace(commitment, broken_at=commitment.due_at)
    return commitment


def met(commitment: CommitmentState, at: datetime) -> CommitmentState:
    """Met by an event at this moment: kept when that is not after the due moment.

    An event recorded late counts at its own moment, so it may take back a break that an alert had
    noticed in between. During a pause the clock stands still: what is met then is kept.
    """
    pauses, paused_since = commitment.pauses, commitment.paused_since
    if paused_since is not None and paused_since < at:
        pauses = (*pauses, Pause(commitment.paused_for, paused_since, at))
    in_time = at <= commitment.due_at or paused_since is not None
    was_broken = commitment.broken_at is not None and at > commitment.due_at
    broken_at = commitment.due_at if was_broken or not in_time else None
    return replace(
        commitment, met_at=at, broken_at=broken_at, pauses=pauses, paused_since=None, paused_for=""
    )


def paused(commitment: CommitmentState, status: str, at: datetime) -> CommitmentState:
    """Standing still from this moment, if its target says so for this status."""
    if not commitment.is_running or status not in commitment.target["paused_in"]:
        return commitment
    return replace(
        lapsed(commitment, at), paused_since=max(at, commitment.started_at), paused_for=status
    )


def resumed(commitment: CommitmentState, at: datetime, promises: Promises) -> CommitmentState:
    """Running again: due later by the time it stood still, counted on its own clock.

    A broken promise keeps the due moment that passed: no later pause makes it whole.
    """
    if not commitment.is_open or commitment.paused_since is None:
        return commitment
    since = commitment.paused_since
    pauses = commitment.pauses
    if since < at:
        pauses = (*pauses, Pause(commitment.paused_for, since, at))
    running = replace(commitment, pauses=pauses, paused_since=None, paused_for="")
    if running.broken_at is not None:
        return running
    return replace(running, due_at=promises.due(running))


def cancelled(commitment: CommitmentState, at: datetime, why: str) -> CommitmentState:
    """No longer owed from this moment; what was already broken stays broken."""
    if not commitment.is_open:
        return commitment
    return replace(
        lapsed(commitment, at), cancelled_at=at, cancelled_for=why, paused_since=None, paused_for=""
    )


def placed(commitment: CommitmentState, waits: Iterable[Wait]) -> CommitmentState:
    """With its pauses rebuilt from the waits of the case, for a target that is new to it."""
    pauses: list[Pause] = []
    since, status = None, ""
    for wait in waits:
        if wait.status not in commitment.target["paused_in"]:
            continue
        start = max(wait.since, commitment.started_at)
        if wait.until is None:
            since, status = start, wait.status
        elif start < wait.until:
            pauses.append(Pause(wait.status, start, wait.until))
    return replace(commitment, pauses=tuple(pauses), paused_since=since, paused_for=status)


class Clocks:
    """The promises of one case while an operation works on them; ends as a list of changes."""

    def __init__(self, state: CaseState, book: Book) -> None:
        self.state = state
        self.book = book
        self.rows = dict(state.commitments)
        self.deeds: dict[str, Deed] = {}
        wait = state.waiting_since
        self.waiting_in = wait.status if wait else ""

    @property
    def promises(self) -> Promises:
        """The policy version the case is under."""
        return self.book(self.state.policy_version_id)

    def put(self, commitment: CommitmentState, did: Deed) -> None:
        """Set one promise, if it is different now."""
        if self.rows.get(commitment.key) != commitment:
            self.rows[commitment.key] = commitment
            self.deeds[commitment.key] = did

    def changes(self) -> tuple[Change, ...]:
        """What is different, each promise with its next warning written down."""
        for key in self.deeds:
            self.rows[key] = armed(self.rows[key], self.book)
        return changes_between(self.state.commitments, self.rows, deeds=self.deeds)

    def open(
        self,
        event: StartEvent,
        at: datetime,
        *,
        category: str | None = None,
        only: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Make the promises that start with an event; during a wait they may stand still at once."""
        category = category or self.state.category
        for definition in self.promises.starting_on(category, event):
            if not only(definition.key):
                continue
            key = self.next_key(definition.key, numbered=event in NUMBERED_FROM_ONE)
            made = self.promises.made(definition, key=key, category=category, at=at)
            self.put(paused(made, self.waiting_in, at), "open")

    def next_key(self, base: str, *, numbered: bool) -> str:
        """A key no row of the case has: ``resolution``, then ``resolution:2``."""
        count = sum(base_of(key) == base for key in self.rows) + 1
        return f"{base}:{count}" if numbered or count > 1 else base

    def meet(self, event: MeetEvent, at: datetime) -> None:
        """Meet what an event meets. Nothing is met by what happened before its clock started."""
        self.meet_word(event.value, at)

    def meet_word(self, event: str, at: datetime) -> None:
        """The same, for an event by its name in a target."""
        for row in list(self.rows.values()):
            if row.is_open and row.target["met_by"] == event and row.started_at <= at:
                self.put(met(row, at), "meet")

    def lapse(self, at: datetime) -> None:
        """Break what has fallen due by now."""
        for row in list(self.rows.values()):
            self.put(lapsed(row, at), "break")

    def pause(self, status: str, at: datetime) -> None:
        """Stop the clocks that a status stops."""
        self.waiting_in = status
        for row in list(self.rows.values()):
            self.put(paused(row, status, at), "pause")

    def resume(self, at: datetime) -> None:
        """Let the stopped clocks run on."""
        self.waiting_in = ""
        for row in list(self.rows.values()):
            self.put(resumed(row, at, self.book(row.policy_version_id)), "resume")

    def cancel(
        self, at: datetime, why: str, *, only: Callable[[CommitmentState], bool] = lambda _: True
    ) -> None:
        """Stop owing what is open."""
        for row in list(self.rows.values()):
            if only(row):
                self.put(cancelled(row, at, why), "cancel")

    def has_open(self, kind: str) -> bool:
        """Whether a promise of a kind waits for its event."""
        return any(row.is_open and row.kind == kind for row in self.rows.values())
