"""Two cases of the same matter know of each other, without becoming one.

Unlike merging this touches no clock and no status: it says where else to look. Both ledgers say it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.register.entries.structure import CaseLinked, CaseUnlinked
from ventanilla.register.locking import lock_both
from ventanilla.register.models import Case
from ventanilla.register.recording import Record

MOST_LINKS = 50
"""A list that somebody still reads; a matter with more cases wants one case that holds them."""


class LinkedToItself(Refusal):
    """El caso {folio} no se relaciona consigo mismo. Elija otro caso."""


class AlreadyLinked(Refusal):
    """El caso {folio} ya está relacionado con {other}. No hubo que cambiar nada."""


class NotLinked(Refusal):
    """El caso {folio} no está relacionado con {other}; no hay nada que quitar."""


class TooManyLinks(Refusal):
    """El caso {folio} ya tiene {most} casos relacionados, que es el máximo. Quite alguno primero."""


def link(
    *, case: Case, other: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """Say that two cases belong to the same matter; each is shown on the page of the other.

    Ended cases may be linked too. Raises LinkedToItself, AlreadyLinked, TooManyLinks, CaseMoved,
    CaseIsMerged.
    """
    if case.pk == other.pk:
        raise LinkedToItself(folio=case.folio)
    with transaction.atomic():
        one, two = _both(case, other, acting_user, as_of, expected_seq)
        if other.pk in one.state.linked_ids:
            raise AlreadyLinked(folio=one.state.folio, other=two.state.folio)
        for each in (one, two):
            if len(each.state.linked_ids) >= MOST_LINKS:
                raise TooManyLinks(folio=each.state.folio, most=MOST_LINKS)
        one.write(CaseLinked(**_named(two)))
        two.write(CaseLinked(**_named(one)))
        two.save()
        return one.save()


def unlink(
    *, case: Case, other: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """Take a link back; both ledgers keep that it was there. Raises NotLinked, CaseMoved, CaseIsMerged."""
    with transaction.atomic():
        one, two = _both(case, other, acting_user, as_of, expected_seq)
        if other.pk not in one.state.linked_ids:
            raise NotLinked(folio=one.state.folio, other=two.state.folio)
        one.write(CaseUnlinked(**_named(two)))
        two.write(CaseUnlinked(**_named(one)))
        two.save()
        return one.save()


def _both(
    case: Case, other: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None
) -> tuple[Record, Record]:
    lock_both(case, other)
    one = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
    # The other case may have been merged away since: what is known of it stays true.
    two = Record.of(other, acting_user=acting_user, as_of=as_of, merged_too=True)
    return one, two


def _named(record: Record) -> dict[str, Any]:
    return {"other_id": record.case.pk, "other_folio": record.state.folio}
