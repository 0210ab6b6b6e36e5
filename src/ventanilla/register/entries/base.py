"""What every kind of ledger entry is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from ventanilla.policy.clock import PolicyError
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.rules.chain import Stamp
from ventanilla.register.rules.changes import Change, fold
from ventanilla.register.rules.state import CaseState, settled
from ventanilla.register.time_words import format_moment

Digest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
"""SHA-256 in hex of words that stay outside the chain; empty when there are none."""
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:+/-]*$", max_length=100)]
"""A technical word: no spaces, no @, so nothing a person said fits into it."""


class Trace(StrEnum):
    """Where words of a person lie that belong to an entry, outside the chain."""

    SUBJECT = "subject"
    MESSAGE = "message"
    REMARK = "remark"
    PARTICIPANTS = "participants"


class ScrubUndecided(NotImplementedError):
    """The kind of entry does not say yet what has to be erased with a person."""


class UnknownKind(LookupError):
    """The ledger holds a kind of entry that this version does not know."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a sentence needs besides the entry: the words of the pack, the names of the staff.

    ``promises`` are those of the case in words, by their keys.
    """

    pack: Pack
    staff_names: Mapping[int, str] = field(default_factory=dict)
    promises: Mapping[str, str] = field(default_factory=dict)

    def category(self, key: str) -> str:
        """The name of a category; its key when the pack no longer has it."""
        try:
            return self.pack.category(key).name
        except PolicyError:
            return key

    def priority(self, key: str) -> str:
        """The name of a priority; its key when the pack no longer has it."""
        try:
            return self.pack.priority(key).name.lower()
        except PolicyError:
            return key

    def status(self, status: str) -> str:
        """The label of a status."""
        return self.pack.statuses.label(status)

    def staff(self, staff_id: int) -> str:
        """The name of a staff member."""
        return self.staff_names.get(
            staff_id, _("persona del equipo n.º %(number)s") % {"number": staff_id}
        )

    def promise(self, key: str) -> str:
        """A promise of the case, with its clause."""
        return self.promises.get(key) or _("un plazo")

    def moment(self, moment: datetime) -> str:
        """Date and hour in the zone of the pack."""
        return format_moment(moment.astimezone(self.pack.calendar.zone))


class Entry(BaseModel):
    """One thing that happened to a case. A subclass is a kind.

    The fields are the payload. Only what is set is stored, so a default must never change.
    ``commitments`` are the changes of promises, already computed. Personal words never enter.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str] = ""
    kinds: ClassVar[dict[str, type[Entry]]] = {}

    commitments: tuple[Change, ...] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if cls.kind:
            Entry.kinds[cls.kind] = cls

    def apply(self, state: CaseState, stamp: Stamp) -> CaseState:
        """The state after this entry. Operations and replay both come through here."""
        return settled(fold(self.change(state, stamp), self.commitments), stamp.at)

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """What the kind does to the case besides its promises."""
        return state

    def sentence(self, telling: Telling) -> str:
        """What happened, in Spanish, for the timeline."""
        raise NotImplementedError

    def scrub(self) -> frozenset[Trace]:
        """Where words of a person lie that have to be erased with the person."""
        raise ScrubUndecided(type(self).__name__)

    def payload(self) -> dict[str, Any]:
        """The payload as it is stored and hashed."""
        return self.model_dump(mode="json", exclude_unset=True)


def read_entry(kind: str, payload: dict[str, Any]) -> Entry:
    """The entry behind a stored kind and payload. Raises UnknownKind and ValidationError."""
    try:
        found = Entry.kinds[kind]
    except KeyError:
        raise UnknownKind(kind) from None
    return found.model_validate(payload)


NOTHING: frozenset[Trace] = frozenset()
