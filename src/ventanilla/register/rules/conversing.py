"""What a message does to the promises of a case. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ventanilla.policy.schema.promise import MeetEvent, StartEvent
from ventanilla.register.rules.clocks import FIRST_RESPONSE, NEXT_RESPONSE, Clocks
from ventanilla.register.rules.state import CaseState
from ventanilla.register.rules.statuses import Status


@dataclass(frozen=True, slots=True)
class Said:
    """What counts about a message: who speaks to whom, and whether it says anything."""

    direction: str
    at: datetime
    says_something: bool
    outsider: bool = False
    automatic: bool = False
    by_staff: bool = True


def ends_wait(state: CaseState, said: Said) -> bool:
    """Whether the customer we wait for has answered. An automatic answer is no answer."""
    return (
        said.direction == "in"
        and state.status == Status.WAITING_CUSTOMER
        and not said.outsider
        and not said.automatic
    )


def hear(clocks: Clocks, said: Said) -> None:
    """Let the promises answer to a message, at the moment it was said.

    The person's message starts one promise of a next answer, unless one is owed already: the
    first response is an answer too, and who writes twice waits for one answer. A substantive
    message by a person of ours meets what is owed.
    """
    if ends_wait(clocks.state, said):
        clocks.resume(said.at)
    if said.outsider or not said.says_something:
        return
    if said.direction == "out" and said.by_staff:
        clocks.meet(MeetEvent.SUBSTANTIVE_REPLY, said.at)
    elif said.direction == "in" and not (
        clocks.has_open(FIRST_RESPONSE) or clocks.has_open(NEXT_RESPONSE)
    ):
        clocks.open(StartEvent.CUSTOMER_MESSAGE, said.at)
