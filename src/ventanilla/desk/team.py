"""Giving the cases of somebody who is away to a colleague, each case its own change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import changes
from ventanilla.register.models import Case

MOST = 100
"""Cases of one request: about a second of work."""


class TooManyAtOnce(Refusal):
    """Eligió {count} casos y de una vez se reparten hasta {most}. Elija menos."""


class NoneChosen(Refusal):
    """No eligió ningún caso. Marque los que quiere repartir."""


class Result(StrEnum):
    """What became of one case."""

    GIVEN = "given"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case and what became of it; ``reason`` says why not."""

    case: Case
    result: Result
    reason: str = ""


def reassign(
    *,
    case_ids: Iterable[int],
    from_id: int,
    to_id: int | None,
    acting_user: Actor,
    as_of: datetime,
) -> list[Outcome]:
    """Give these cases of one person to another, or back to the queue with None.

    Each is a change of its own: what is refused for one holds up no other. A second click finds
    them given and changes nothing; a case that went elsewhere meanwhile stays there. Raises
    NotPermitted, NoneChosen, TooManyAtOnce.
    """
    require(acting_user, Permission.ASSIGN_CASE)
    wanted = list(dict.fromkeys(case_ids))
    if not wanted:
        raise NoneChosen
    if len(wanted) > MOST:
        raise TooManyAtOnce(count=len(wanted), most=MOST)
    found = Case.objects.in_bulk(wanted)
    cases = [found[case_id] for case_id in wanted if case_id in found]
    return [_give(case, from_id, to_id, acting_user, as_of) for case in cases]


def _give(
    case: Case, from_id: int, to_id: int | None, acting_user: Actor, as_of: datetime
) -> Outcome:
    try:
        # Before anything is told about the case: whoever may not touch it learns nothing of it.
        require(acting_user, Permission.ASSIGN_CASE, case.desk)
        if case.assignee_id == to_id:
            return Outcome(case, Result.ALREADY)
        if case.assignee_id != from_id:
            return Outcome(
                case, Result.REFUSED, _("Mientras tanto pasó a otra persona; sigue con ella.")
            )
        given = changes.assign(
            case=case,
            assignee_id=to_id,
            expected_seq=case.ledger_seq,
            acting_user=acting_user,
            as_of=as_of,
        )
    except Refusal as refusal:
        return Outcome(case, Result.REFUSED, refusal.message)
    return Outcome(given, Result.GIVEN)
