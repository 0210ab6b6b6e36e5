"""Cases become one, or one becomes two. What each does to the clocks: docs/commitments.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.register.beginning import begin_case, category_of, keep_participants
from ventanilla.register.entries.base import read_entry
from ventanilla.register.entries.conversation import MessageTakenOver
from ventanilla.register.entries.structure import (
    CaseAbsorbed,
    CaseMerged,
    CaseReleased,
    CaseSplit,
    CaseUnmerged,
)
from ventanilla.register.locking import lock_both
from ventanilla.register.models import Case, Commitment, LedgerEntry, Message
from ventanilla.register.operations.assessing import CaseEnded
from ventanilla.register.recording import Record
from ventanilla.register.rules.clocks import Clocks
from ventanilla.register.rules.conversing import hear
from ventanilla.register.rules.merging import absorb, give_back, leave_behind, let_go, take_back
from ventanilla.register.rules.state import CaseState, Wait, replace
from ventanilla.register.rules.statuses import WORKING, Status
from ventanilla.register.speaking import said_of_row
from ventanilla.register.values import ParticipantIn


class SameCase(Refusal):
    """El caso {folio} no se puede unir consigo mismo. Elija otro caso."""


class AlreadyMerged(Refusal):
    """El caso {folio} ya está unido a otro. Deshaga primero esa unión."""


class NotMerged(Refusal):
    """El caso {folio} no está unido a ninguno; no hay nada que deshacer."""


class NothingToSplit(Refusal):
    """Elija al menos un mensaje del caso {folio} para separarlo, y deje al menos uno."""


def merge(
    *, case: Case, into: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """Go on with this case in another one; its folio keeps working and leads there.

    Messages stay where they are, so that undoing is exact; the other case shows them with its own.
    Raises SameCase, AlreadyMerged, CaseIsMerged and CaseEnded (of the other), CaseMoved.
    """
    if case.pk == into.pk:
        raise SameCase(folio=case.folio)
    with transaction.atomic():
        lock_both(case, into)
        source = Record.of(
            case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq, merged_too=True
        )
        if source.state.merged_into_id is not None:
            raise AlreadyMerged(folio=source.state.folio)
        target = Record.of(into, acting_user=acting_user, as_of=as_of)
        if Status(target.state.status) not in WORKING:
            raise CaseEnded(folio=target.state.folio)
        coming = list(source.state.commitments.values())
        clocks = source.clocks()
        keys = let_go(clocks, as_of)
        source.write(
            CaseMerged(
                into_id=into.pk, into_folio=into.folio, status_before=Status(source.state.status),
                closed_before=source.state.closed_at, cancelled_keys=keys,
                commitments=clocks.changes(),
            )
        )  # fmt: skip
        joint = target.clocks()
        before, adopted = absorb(joint, coming, source_id=case.pk, at=as_of)
        _keep_excuses(target, joint, adopted, source_id=case.pk)
        target.write(
            CaseAbsorbed(
                source_id=case.pk, source_folio=case.folio, before=before, adopted_keys=adopted,
                commitments=joint.changes(),
            )
        )  # fmt: skip
        target.save()
        return source.save()


def _keep_excuses(target: Record, joint: Clocks, adopted: Sequence[str], *, source_id: int) -> None:
    """Bring the words of an exception along with its promise; the ledger holds their digest."""
    excused = {key: joint.rows[key].excused_digest for key in adopted}
    if not any(excused.values()):
        return
    told = Commitment.objects.filter(case_id=source_id).exclude(excused_reason="")
    reasons = dict(told.values_list("excused_digest", "excused_reason"))
    for key, digest in excused.items():
        if digest in reasons:
            target.keep_excuse(key, reasons[digest])


def unmerge(
    *, case: Case, acting_user: Actor, as_of: datetime, expected_seq: int | None = None
) -> Case:
    """Undo a merging: status and promises are back, and the other case has its own terms again.

    Raises NotMerged, CaseMoved.
    """
    with transaction.atomic():
        held = Case.objects.only("id", "folio", "merged_into_id").get(pk=case.pk)
        if held.merged_into_id is None:
            raise NotMerged(folio=held.folio)
        into = Case.objects.get(pk=held.merged_into_id)
        lock_both(case, into)
        source = Record.of(
            case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq, merged_too=True
        )
        if source.state.merged_into_id != into.pk:
            raise NotMerged(folio=held.folio)
        target = Record.of(into, acting_user=acting_user, as_of=as_of, merged_too=True)
        _release(target, case, as_of)
        row = _last(case, CaseMerged.kind)
        merging = read_entry(row.kind, row.payload)
        assert isinstance(merging, CaseMerged)
        waits = _waits_before(source.state, merging.status_before)
        clocks = Clocks(replace(source.state, waits=waits), source.clocks().book)
        take_back(clocks, merging.cancelled_keys, other=target.state, merged_at=row.at, at=as_of)
        source.write(
            CaseUnmerged(
                from_id=into.pk, from_folio=into.folio, status=merging.status_before,
                closed_at=merging.closed_before, waits=waits, commitments=clocks.changes(),
            )
        )  # fmt: skip
        return source.save()


def split(
    *, case: Case, message_ids: Sequence[int], subject: str, category: str, acting_user: Actor,
    as_of: datetime, expected_seq: int | None = None,
) -> Case:  # fmt: skip
    """Make a case of its own of some messages; its clocks start when the first of them arrived.

    Person, participants and policy version are the same. Returns the new case. Raises
    NothingToSplit, CategoryUnknown, CaseMoved, CaseIsMerged.
    """
    with transaction.atomic():
        origin = Record.of(case, acting_user=acting_user, as_of=as_of, expected_seq=expected_seq)
        messages = list(origin.case.messages.order_by("at", "id"))
        wanted = set(message_ids)
        moving = [each for each in messages if each.pk in wanted]
        if not moving or len(moving) == len(messages) or len(moving) != len(wanted):
            raise NothingToSplit(folio=origin.state.folio)
        chosen = category_of(origin.promises, category)
        arrived = [each.at for each in moving if each.direction == Message.Direction.IN]
        people = [
            ParticipantIn(address=each.address, name=each.name, role=each.role)
            for each in origin.case.participants.all()
        ]
        branch = begin_case(
            person_id=origin.state.person_id, policy_version=origin.case.policy_version,
            desk=chosen.desk, category=category, priority=chosen.priority, subject=subject,
            channel=origin.state.channel, received_at=min(arrived or [moving[0].at]),
            participants=people, split_from=origin.case, acting_user=acting_user, as_of=as_of,
        )  # fmt: skip
        for message in moving:
            _take_over(branch, message, origin.case)
        new = branch.save()
        keep_participants(new, people, as_of)
        for message in moving:
            message.case = new
        Message.objects.bulk_update(moving, ["case", "ledger_seq"])
        _let_leave(origin, new, moving, [each for each in messages if each not in moving])
    return new


def _take_over(branch: Record, message: Message, origin: Case) -> None:
    clocks = branch.clocks()
    hear(clocks, said_of_row(message))
    entry = MessageTakenOver(
        channel=message.channel, digest=message.digest, automatic=message.automatic,
        from_case_id=origin.pk, direction=message.direction, commitments=clocks.changes(),
    )  # fmt: skip
    message.ledger_seq = branch.write(entry, at=message.at, channel=message.channel).seq


def _let_leave(
    origin: Record, new: Case, moving: Sequence[Message], staying: Sequence[Message]
) -> None:
    clocks = origin.clocks()
    gone = [said_of_row(each) for each in moving]
    leave_behind(clocks, gone, [said_of_row(each) for each in staying], at=origin.as_of)
    entry = CaseSplit(
        new_case_id=new.pk, new_folio=new.folio,
        message_digests=tuple(each.digest for each in moving), commitments=clocks.changes(),
    )  # fmt: skip
    origin.write(entry)
    origin.save()


def _release(target: Record, source: Case, as_of: datetime) -> None:
    row = _last(target.case, CaseAbsorbed.kind, source_id=source.pk)
    absorbing = read_entry(row.kind, row.payload)
    assert isinstance(absorbing, CaseAbsorbed)
    clocks = target.clocks()
    give_back(clocks, absorbing.before, absorbing.adopted_keys, at=as_of)
    entry = CaseReleased(
        source_id=source.pk, source_folio=source.folio, commitments=clocks.changes()
    )
    target.write(entry)
    target.save()


def _waits_before(state: CaseState, status: Status) -> tuple[Wait, ...]:
    """The waits with the last one going on again, if the case was waiting when it was merged."""
    if state.waits and state.waits[-1].status == status:
        return (*state.waits[:-1], state.waits[-1]._replace(until=None))
    return state.waits


def _last(case: Case, kind: str, **facts: int) -> LedgerEntry:
    found = case.ledger.filter(kind=kind)
    if facts:
        found = found.filter(payload__contains=facts)
    row = found.order_by("-seq").first()
    assert row is not None, "the row says merged, so the ledger has the entry"
    return row
