"""Who acts. No operation guesses its actor from the surroundings: it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What sort of actor caused a change."""

    STAFF = "staff"
    PERSON = "person"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a change: a staff member, a person being served, or the system itself.

    ``id`` is the staff id or the person id, ``None`` for the system. Only kind and id enter the
    ledger; names live where they can be corrected or erased.
    """

    kind: ActorKind
    id: int | None = None

    @classmethod
    def staff(cls, staff_id: int) -> Actor:
        """The staff member with this id."""
        return cls(ActorKind.STAFF, staff_id)

    @classmethod
    def person(cls, person_id: int) -> Actor:
        """The person being served who has this id in the CRM."""
        return cls(ActorKind.PERSON, person_id)


SYSTEM = Actor(ActorKind.SYSTEM)
"""The system acting by itself: timers, acknowledgements, bounces."""
