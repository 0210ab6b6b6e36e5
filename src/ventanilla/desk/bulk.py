"""One thing done to several cases in one go, each in its own transaction; and its undoing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ventanilla.accounts.permissions import NotPermitted, Permission, desks_of, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk.bulk_deeds import (
    DEEDS,
    UNDOING,
    AlreadySo,
    Assigning,
    CaseMovedSince,
    Deed,
    Prioritising,
    Reading,
    Steps,
    Watching,
)
from ventanilla.register.models import Case
from ventanilla.workspace import bulk as book
from ventanilla.workspace.models import BulkDeed

MOST = 100
"""Three screens of rows; a second of work."""


class NothingChosen(Refusal):
    """No eligió ningún caso. Marque las casillas de los casos y vuelva a pedirlo."""


class TooManyChosen(Refusal):
    """Eligió {count} casos y de una vez se cambian hasta {most}. Elija menos."""


class CaseOutOfReach(Refusal):
    """No hay un caso con ese número a su alcance."""


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
    deed says why. What is done to a case and the note of it are one transaction, so the same
    ``request_key`` again does only what a crash left, and otherwise returns the first outcome.
    Raises NothingChosen, TooManyChosen.
    """
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST:
        raise TooManyChosen(count=len(chosen), most=MOST)
    written = book.begin(
        noun=deed.noun,
        case_ids=chosen,
        request_key=request_key,
        acting_user=acting_user,
        as_of=as_of,
    )
    steps = Steps(acting_user, as_of)

    def do(case: Case) -> book.Before:
        return deed.do(case, chosen[case.pk], steps)

    return _each(written, book.DOING, do, deed.permission, acting_user)


def undo(*, written: BulkDeed, acting_user: Actor, as_of: datetime) -> BulkDeed:
    """Put back what stood before, on every case that has not moved since.

    Asked again it does only what a crash left. Raises NotPermitted for the deed of a colleague.
    """
    if written.staff_id != acting_user.id:
        raise NotPermitted(reason=_("Lo hizo otra persona; pídale que lo deshaga."))
    book.begin_undoing(written, as_of=as_of)
    kind, steps = DEEDS[written.noun], Steps(acting_user, as_of)

    def put_back(case: Case) -> None:
        kind.undo(case, written.before[str(case.pk)], steps)

    return _each(written, book.UNDOING, put_back, kind.permission, acting_user)


def _each(
    written: BulkDeed,
    pages: book.Pages,
    do: Callable[[Case], Any],
    permission: Permission,
    acting_user: Actor,
) -> BulkDeed:
    """Do it to each case that is left, with the note of how it ended in the same transaction.

    Two who do the same deed at once take turns: each looks anew at what is left.
    """
    for case_id, case in _reachable(pages.left(written), acting_user):
        with transaction.atomic(durable=True):
            written = book.taken(written)
            if case_id not in pages.left(written):
                continue
            try:
                with transaction.atomic():
                    if case is None:
                        raise CaseOutOfReach
                    require(acting_user, permission, case.desk)
                    outcome = do(case)
            except Refusal as refusal:
                pages.note_refused(written, case_id, refusal.message)
            else:
                pages.note_done(written, case_id, outcome)
    return written


def _reachable(case_ids: Sequence[int], acting_user: Actor) -> Iterator[tuple[int, Case | None]]:
    """Each id with its case, or None where this person may not see one."""
    cases = Case.objects.filter(pk__in=case_ids).in_bulk() if case_ids else {}
    desks = desks_of(acting_user)
    for case_id in case_ids:
        case = cases.get(case_id)
        is_seen = case is not None and (desks is None or case.desk in desks)
        yield case_id, case if is_seen else None


__all__ = [
    "DEEDS",
    "MOST",
    "UNDOING",
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
