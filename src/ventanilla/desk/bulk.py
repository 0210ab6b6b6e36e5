"""One thing done to several cases in one go, each in its own transaction; and its undoing.

Only what leaves nothing behind outside the house is done in bulk: a mail to a customer cannot be
taken back, so whatever writes one (waiting, category, closing) is done case by case.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import NotPermitted, Permission, visible_desks
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import changes
from ventanilla.register.models import Case
from ventanilla.workspace import bulk as book
from ventanilla.workspace import marking
from ventanilla.workspace.models import BulkDeed

MOST = 100
"""Three screens of rows; a second of work."""
UNDOING = "Se deshizo un cambio hecho en lote."
"""The reason in the record of a change that only puts back what stood there."""


class NothingChosen(Refusal):
    """No eligió ningún caso. Marque las casillas de los casos y vuelva a pedirlo."""


class TooManyChosen(Refusal):
    """Eligió {count} casos y de una vez se cambian hasta {most}. Elija menos."""


class AlreadySo(Refusal):
    """El caso {folio} ya estaba así."""


class CaseOutOfReach(Refusal):
    """No hay un caso con ese número a su alcance."""


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
        done = changes.assign(
            case=case,
            assignee_id=self.assignee_id,
            expected_seq=expected_seq,
            acting_user=steps.acting_user,
            as_of=steps.as_of,
        )
        return {"assignee": before, "seq": done.ledger_seq}

    @staticmethod
    def undo(case: Case, before: Mapping[str, Any], steps: Steps) -> None:
        """Give it back to whom it was taken from."""
        changes.assign(
            case=case,
            assignee_id=before["assignee"],
            expected_seq=before["seq"],
            acting_user=steps.acting_user,
            as_of=steps.as_of,
        )


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
        done = changes.change_priority(
            case=case,
            priority=self.priority,
            reason=self.reason,
            expected_seq=expected_seq,
            acting_user=steps.acting_user,
            as_of=steps.as_of,
        )
        return {"priority": before, "seq": done.ledger_seq}

    @staticmethod
    def undo(case: Case, before: Mapping[str, Any], steps: Steps) -> None:
        """The priority it had."""
        changes.change_priority(
            case=case,
            priority=before["priority"],
            reason=UNDOING,
            expected_seq=before["seq"],
            acting_user=steps.acting_user,
            as_of=steps.as_of,
        )


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


def carry_out(
    *,
    deed: Deed,
    chosen: Mapping[int, int],
    request_key: UUID,
    acting_user: Actor,
    as_of: datetime,
) -> BulkDeed:
    """Do it to each chosen case; ``chosen`` is the ledger number its chooser saw, by case id.

    A case that moved since, that the person may not see or may not change is left alone, and the
    deed says why. The same ``request_key`` again changes nothing and returns the first outcome.
    Raises NothingChosen, TooManyChosen.
    """
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST:
        raise TooManyChosen(count=len(chosen), most=MOST)
    written, is_first = book.begin(
        noun=deed.noun,
        case_ids=chosen,
        request_key=request_key,
        acting_user=acting_user,
        as_of=as_of,
    )
    if not is_first:
        return written
    steps = Steps(acting_user, as_of)
    for case_id, case in _reachable(chosen, acting_user):
        try:
            if case is None:
                raise CaseOutOfReach
            book.note_done(written, case_id, deed.do(case, chosen[case_id], steps))
        except Refusal as refusal:
            book.note_refused(written, case_id, refusal.message)
    return written


def undo(*, written: BulkDeed, acting_user: Actor, as_of: datetime) -> BulkDeed:
    """Put back what stood before, on every case that has not moved since; asked twice, done once.

    Raises NotPermitted for the deed of a colleague.
    """
    if written.staff_id != acting_user.id:
        raise NotPermitted(reason=_("Lo hizo otra persona; pídale que lo deshaga."))
    if not book.claim_undoing(written, as_of=as_of):
        return written
    steps, kind = Steps(acting_user, as_of), DEEDS[written.noun]
    for case_id, case in _reachable([int(each) for each in written.before], acting_user):
        try:
            if case is None:
                raise CaseOutOfReach
            kind.undo(case, written.before[str(case_id)], steps)
        except Refusal as refusal:
            book.note_kept(written, case_id, refusal.message)
    return written


def _reachable(
    case_ids: Mapping[int, int] | Sequence[int], acting_user: Actor
) -> Iterator[tuple[int, Case | None]]:
    """Each id with its case, or None where this person may not see one."""
    staff = Staff.objects.get(pk=acting_user.id or 0)
    cases = Case.objects.filter(pk__in=list(case_ids)).in_bulk()
    desks = visible_desks(staff)
    for case_id in case_ids:
        case = cases.get(case_id)
        is_seen = case is not None and (desks is None or case.desk in desks)
        yield case_id, case if is_seen else None


def _mark(case: Case, seq: int | None, steps: Steps) -> int | None:
    done = marking.set_marks(marks={case.pk: seq}, acting_user=steps.acting_user, as_of=steps.as_of)
    return done[case.pk]


def _watch(case: Case, steps: Steps, *, watched: bool) -> bool:
    """Whether anything changed."""
    change = marking.watch_all if watched else marking.unwatch_all
    return bool(change(case_ids=[case.pk], acting_user=steps.acting_user, as_of=steps.as_of))


__all__ = [
    "DEEDS",
    "MOST",
    "AlreadySo",
    "Assigning",
    "CaseMovedSince",
    "CaseOutOfReach",
    "Deed",
    "NothingChosen",
    "Prioritising",
    "Reading",
    "TooManyChosen",
    "Watching",
    "carry_out",
    "undo",
]
