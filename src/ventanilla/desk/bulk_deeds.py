"""What can be done to several cases in one go, to one of them, and how it is taken back.

Only what leaves nothing behind outside the house: a mail to a customer cannot be taken back, so
whatever writes one (waiting, category, closing) is done case by case. Each is done inside a
transaction of ``bulk``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ventanilla.accounts.permissions import Permission
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import changes
from ventanilla.register.models import Case
from ventanilla.workspace import bulk as book
from ventanilla.workspace import marking

UNDOING = "Se deshizo un cambio hecho en lote."
"""The reason in the record of a change that only puts back what stood there."""


class AlreadySo(Refusal):
    """El caso {folio} ya estaba así."""


class CaseMovedSince(Refusal):
    """El caso {folio} cambió después del lote; se dejó como está."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Who does it and when, the same for every case."""

    acting_user: Actor
    as_of: datetime


class Deed(ABC):
    """What is done to each case, and how it is taken back from each."""

    noun: ClassVar[str]
    permission: ClassVar[Permission]

    @abstractmethod
    def do(self, case: Case, expected_seq: int, steps: Steps) -> book.Before:
        """Do it to one case; what it takes to restore it. Raises Refusal."""

    @staticmethod
    @abstractmethod
    def undo(case: Case, before: Mapping[str, Any], steps: Steps) -> None:
        """Put back what stood there. Raises Refusal, CaseMoved among them."""


@dataclass(frozen=True, slots=True)
class Assigning(Deed):
    """Give the cases to a colleague, or back to nobody with None."""

    noun: ClassVar[str] = "asignacion"
    permission: ClassVar[Permission] = Permission.ASSIGN_CASE
    assignee_id: int | None

    def do(self, case: Case, expected_seq: int, steps: Steps) -> book.Before:
        """Assign one case."""
        before = case.assignee_id
        if before == self.assignee_id:
            raise AlreadySo(folio=case.folio)
        return {"assignee": before, "seq": _assign(case, self.assignee_id, expected_seq, steps)}

    @staticmethod
    def undo(case: Case, before: Mapping[str, Any], steps: Steps) -> None:
        """Give it back to whom it was taken from."""
        _assign(case, before["assignee"], before["seq"], steps)


@dataclass(frozen=True, slots=True)
class Prioritising(Deed):
    """Change the priority of the cases, for one reason."""

    noun: ClassVar[str] = "prioridad"
    permission: ClassVar[Permission] = Permission.CHANGE_PRIORITY
    priority: str
    reason: str

    def do(self, case: Case, expected_seq: int, steps: Steps) -> book.Before:
        """Change that of one case."""
        before = case.priority
        if before == self.priority:
            raise AlreadySo(folio=case.folio)
        seq = _prioritise(case, self.priority, self.reason, expected_seq, steps)
        return {"priority": before, "seq": seq}

    @staticmethod
    def undo(case: Case, before: Mapping[str, Any], steps: Steps) -> None:
        """The priority it had."""
        _prioritise(case, before["priority"], UNDOING, before["seq"], steps)


@dataclass(frozen=True, slots=True)
class Reading(Deed):
    """Mark the cases as read up to what one saw, or as not read."""

    noun: ClassVar[str] = "lectura"
    permission: ClassVar[Permission] = Permission.VIEW_CASES
    read: bool

    def do(self, case: Case, expected_seq: int, steps: Steps) -> book.Before:
        """Mark one case; the record knows nothing of it."""
        wanted = expected_seq if self.read else marking.UNREAD
        return {"mark": _mark(case, wanted, steps), "now": wanted}

    @staticmethod
    def undo(case: Case, before: Mapping[str, Any], steps: Steps) -> None:
        """The mark it had, unless it was opened or marked since."""
        staff_id = steps.acting_user.id or 0
        if marking.marks_of([case.pk], staff_id=staff_id).get(case.pk) != before["now"]:
            raise CaseMovedSince(folio=case.folio)
        _mark(case, before["mark"], steps)


@dataclass(frozen=True, slots=True)
class Watching(Deed):
    """Follow the cases, or follow them no longer."""

    noun: ClassVar[str] = "vigilancia"
    permission: ClassVar[Permission] = Permission.VIEW_CASES
    watched: bool

    def do(
        self,
        case: Case,
        expected_seq: int,  # noqa: ARG002 - the record plays no part in it
        steps: Steps,
    ) -> book.Before:
        """Follow one case or stop to."""
        if not _watch(case, steps, watched=self.watched):
            raise AlreadySo(folio=case.folio)
        return {"watched": not self.watched}

    @staticmethod
    def undo(case: Case, before: Mapping[str, Any], steps: Steps) -> None:
        """As it was before."""
        if not _watch(case, steps, watched=before["watched"]):
            raise CaseMovedSince(folio=case.folio)


DEEDS: dict[str, type[Deed]] = {
    each.noun: each for each in (Assigning, Prioritising, Reading, Watching)
}
"""By the noun under which they are written down."""


def _assign(case: Case, assignee_id: int | None, expected_seq: int, steps: Steps) -> int:
    """The ledger number of the case afterwards."""
    done = changes.assign(
        case=case,
        assignee_id=assignee_id,
        expected_seq=expected_seq,
        acting_user=steps.acting_user,
        as_of=steps.as_of,
    )
    return done.ledger_seq


def _prioritise(case: Case, priority: str, reason: str, expected_seq: int, steps: Steps) -> int:
    """The ledger number of the case afterwards."""
    done = changes.change_priority(
        case=case,
        priority=priority,
        reason=reason,
        expected_seq=expected_seq,
        acting_user=steps.acting_user,
        as_of=steps.as_of,
    )
    return done.ledger_seq


def _mark(case: Case, seq: int | None, steps: Steps) -> int | None:
    done = marking.set_marks(marks={case.pk: seq}, acting_user=steps.acting_user, as_of=steps.as_of)
    return done[case.pk]


def _watch(case: Case, steps: Steps, *, watched: bool) -> bool:
    """Whether anything changed."""
    change = marking.watch_all if watched else marking.unwatch_all
    return bool(change(case_ids=[case.pk], acting_user=steps.acting_user, as_of=steps.as_of))
