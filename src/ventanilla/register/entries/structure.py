"""How cases become one and how one becomes two."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _

from ventanilla.register.entries.base import NOTHING, Entry, Telling, Trace, Word
from ventanilla.register.rules.chain import Stamp
from ventanilla.register.rules.changes import Change
from ventanilla.register.rules.state import CaseState, Wait, replace
from ventanilla.register.rules.statuses import Status


class Structural(Entry):
    """Kinds that name other cases; folios and ids only."""

    def scrub(self) -> frozenset[Trace]:
        """Nothing personal."""
        return NOTHING


class CaseMerged(Structural):
    """The case goes on under another folio; its own folio keeps working and leads there.

    ``before`` is what an undoing needs: the promises as they were, and the status.
    """

    kind: ClassVar[str] = "case_merged"

    into_id: int
    into_folio: str
    status_before: Status
    closed_before: datetime | None = None
    cancelled_keys: tuple[str, ...] = ()

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Out of the queues; its waits are over because nobody works on it here."""
        closed = replace(state, status=Status.CLOSED.value, merged_into_id=self.into_id)
        ended = with_ended_wait(closed, stamp.at)
        return replace(ended, closed_at=state.closed_at or stamp.at)

    def sentence(self, telling: Telling) -> str:
        """Where it goes on."""
        return _("Se unió al caso %(folio)s; se sigue allí.") % {"folio": self.into_folio}


class CaseUnmerged(Structural):
    """The merging was undone: status and promises are back."""

    kind: ClassVar[str] = "case_unmerged"

    from_id: int
    from_folio: str
    status: Status
    closed_at: datetime | None = None
    waits: tuple[Wait, ...] = ()

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """A case of its own again."""
        return replace(
            state, status=self.status.value, merged_into_id=None, closed_at=self.closed_at,
            waits=self.waits,
        )  # fmt: skip

    def sentence(self, telling: Telling) -> str:
        """From where it came back."""
        return _("Se separó de nuevo del caso %(folio)s.") % {"folio": self.from_folio}


class CaseAbsorbed(Structural):
    """Another case goes on in this one. ``before`` are the promises it changed, as they were."""

    kind: ClassVar[str] = "case_absorbed"

    source_id: int
    source_folio: str
    before: tuple[Change, ...] = ()
    adopted_keys: tuple[str, ...] = ()

    def sentence(self, telling: Telling) -> str:
        """Which one."""
        return _("Se unió aquí el caso %(folio)s.") % {"folio": self.source_folio}


class CaseReleased(Structural):
    """A case that was merged into this one goes its own way again."""

    kind: ClassVar[str] = "case_released"

    source_id: int
    source_folio: str

    def sentence(self, telling: Telling) -> str:
        """Which one."""
        return _("El caso %(folio)s se separó de nuevo.") % {"folio": self.source_folio}


class CaseSplit(Structural):
    """Some messages were about something else and became a case of their own."""

    kind: ClassVar[str] = "case_split"

    new_case_id: int
    new_folio: str
    message_digests: tuple[Word, ...]

    def sentence(self, telling: Telling) -> str:
        """The new folio."""
        return _("Parte de la conversación pasó al caso %(folio)s.") % {"folio": self.new_folio}


class Link(Structural):
    """Kinds that relate two cases without joining them; each ledger names the other case."""

    other_id: int
    other_folio: str


class CaseLinked(Link):
    """Somebody said that another case belongs to the same matter. Nothing else changes."""

    kind: ClassVar[str] = "case_linked"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """One more related case."""
        return replace(state, linked_ids=(*state.linked_ids, self.other_id))

    def sentence(self, telling: Telling) -> str:
        """Which one."""
        return _("Se relacionó con el caso %(folio)s.") % {"folio": self.other_folio}


class CaseUnlinked(Link):
    """The two cases have nothing to do with each other after all."""

    kind: ClassVar[str] = "case_unlinked"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """One related case fewer."""
        left = tuple(each for each in state.linked_ids if each != self.other_id)
        return replace(state, linked_ids=left)

    def sentence(self, telling: Telling) -> str:
        """Which one."""
        return _("Dejó de estar relacionado con el caso %(folio)s.") % {"folio": self.other_folio}


def with_ended_wait(state: CaseState, at: datetime) -> CaseState:
    """The state with the wait that goes on, if any, ended."""
    going_on = state.waiting_since
    if going_on is None:
        return state
    ended = going_on._replace(until=max(at, going_on.since))
    return replace(state, waits=(*state.waits[:-1], ended))
