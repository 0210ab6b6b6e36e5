"""The one way into the record: lock, decide, apply, write.

An operation asks for a record of the case, lets pure rules decide, writes entries (each is applied
to the state as it is written) and saves. Row, promises and ledger can therefore not disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ventanilla.accounts.models import Staff
from ventanilla.core.actors import Actor, ActorKind
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import insert, locked
from ventanilla.register.announcing import moved
from ventanilla.register.entries.base import Entry, Telling, read_entry
from ventanilla.register.entries.facts import Fact
from ventanilla.register.entries.registration import CaseRegistered
from ventanilla.register.models import Case, Commitment, LedgerEntry, Remark
from ventanilla.register.policies import promises_of
from ventanilla.register.projection import case_columns, state_of
from ventanilla.register.promised import told_of
from ventanilla.register.rules.chain import Stamp, canonical, digest, digest_of_text, genesis
from ventanilla.register.rules.clocks import Clocks
from ventanilla.register.rules.promising import Promises
from ventanilla.register.rules.state import CaseState
from ventanilla.register.rules.statuses import Status, may_move
from ventanilla.register.writing import write_rows


class CaseMoved(Refusal):
    """Mientras usted trabajaba, {who} cambió el caso {folio}: {what} Revise el cambio y vuelva a
    confirmar; lo que escribió no se ha perdido."""


class StatusNotAllowed(Refusal):
    """El caso {folio} está en «{status}» y desde ahí no puede pasar a «{wanted}»."""


class CaseIsMerged(Refusal):
    """El caso {folio} está unido a otro y se sigue allí. Trabaje en ese caso, o deshaga la unión
    primero."""


def together() -> AbstractContextManager[object]:
    """The transaction of the caller, or one of its own where there is none.

    Without a savepoint: operations decide before they write, so a refusal leaves nothing behind,
    and whatever fails later ends the transaction of the desk.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


class Record:
    """One locked case while an operation works on it. Use inside a transaction, then ``save``."""

    def __init__(
        self, case: Case, state: CaseState, *, acting_user: Actor, as_of: datetime,
        opening: CaseRegistered | None = None,
    ) -> None:  # fmt: skip
        self.case = case
        self.state = state
        self.acting_user = acting_user
        self.as_of = as_of
        self._before = None if opening else state
        self._entries: list[LedgerEntry] = []
        self._remarks: list[Remark] = []
        self._reasons: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    @classmethod
    def of(
        cls, case: Case, *, acting_user: Actor, as_of: datetime, expected_seq: int | None = None,
        merged_too: bool = False,
    ) -> Record:  # fmt: skip
        """Lock the case and read where it stands.

        Raises CaseMoved when it is not where the actor last saw it, CaseIsMerged when it goes on
        under another folio (unless ``merged_too``).
        """
        row = locked(Case, case.pk)
        if expected_seq is not None and row.ledger_seq != expected_seq:
            _require_unmoved(row, expected_seq)
        if row.merged_into_id is not None and not merged_too:
            raise CaseIsMerged(folio=row.folio)
        state = state_of(row, Commitment.objects.filter(case_id=row.pk).order_by("id"))
        return cls(row, state, acting_user=acting_user, as_of=as_of)

    @property
    def promises(self) -> Promises:
        """The policy version the case is under."""
        return promises_of(self.state.policy_version_id)

    def clocks(self) -> Clocks:
        """The promises of the case, to be worked on by an operation."""
        return Clocks(self.state, promises_of)

    def require_move(self, wanted: Status) -> None:
        """Raises StatusNotAllowed when the case may not go to that status."""
        if not may_move(Status(self.state.status), wanted):
            label = self.promises.pack.statuses.label
            raise StatusNotAllowed(
                folio=self.state.folio, status=label(self.state.status), wanted=label(wanted)
            )

    def write(
        self, entry: Entry, *, at: datetime | None = None, channel: str = "", remark: str = ""
    ) -> LedgerEntry:
        """Apply an entry and add it to the chain; ``at`` is the moment of the event."""
        case, actor = self.case, self.acting_user
        seq = case.ledger_seq + 1
        stamp = Stamp(seq, at or self.as_of, actor.kind.value, actor.id, channel or self._channel())
        payload = entry.payload()
        canonical(payload)
        previous = bytes(case.ledger_head) or genesis(self.state.folio)
        head = digest(previous, entry.kind, stamp, payload)
        if not isinstance(entry, CaseRegistered):
            self.state = entry.apply(self.state, stamp)
        row = LedgerEntry(
            case=case, seq=seq, kind=entry.kind, at=stamp.at, actor_kind=stamp.actor_kind,
            actor_id=stamp.actor_id, channel=stamp.channel, payload=payload, previous=previous,
            digest=head,
        )  # fmt: skip
        case.ledger_seq, case.ledger_head = seq, head
        self._entries.append(row)
        if remark:
            self._remarks.append(Remark(case=case, seq=seq, text=remark))
        return row

    def keep_text(self, column: str, text: str) -> None:
        """Set a column of the case that holds words and so does not follow from the ledger."""
        self._texts[column] = text

    def keep_excuse(self, key: str, reason: str) -> None:
        """Set the words of an excuse on the row of a promise."""
        self._reasons[key] = reason

    def shown(self) -> Case:
        """The row with the columns it is going to have, not saved."""
        for name, value in (case_columns(self._before, self.state) | self._texts).items():
            setattr(self.case, name, value)
        return self.case

    def save(self) -> Case:
        """Write everything: one statement for the row, one for promises, remarks and entries."""
        columns = case_columns(self._before, self.state) | self._texts
        for name, value in columns.items():
            setattr(self.case, name, value)
        if self._before is None:
            insert(self.case)
        else:
            columns |= {"ledger_seq": self.case.ledger_seq, "ledger_head": self.case.ledger_head}
            Case.objects.filter(pk=self.case.pk).update(**columns)
        before = self._before.commitments if self._before else {}
        promises = self.state.commitments.items()
        write_rows(
            self.case.pk,
            promises=[state for key, state in promises if before.get(key) != state],
            remarks=self._remarks,
            entries=self._entries,
            announcement=moved(self.case, self._before, self.state),
        )
        for key, reason in self._reasons.items():
            Commitment.objects.filter(case=self.case, key=key).update(excused_reason=reason)
        self._before = self.state
        self._entries, self._remarks, self._reasons, self._texts = [], [], {}, {}
        return self.case

    def _channel(self) -> str:
        return {ActorKind.STAFF: "web", ActorKind.SYSTEM: "system"}.get(
            self.acting_user.kind, self.state.channel
        )


def reason_digest(reason: str) -> str:
    """The digest of a reason for the ledger; empty for no reason."""
    return digest_of_text(reason) if reason else ""


def _require_unmoved(case: Case, expected_seq: int) -> None:
    """Raises CaseMoved, unless all that came since are facts, which change nothing for anybody.

    Otherwise every delivery that the relay confirms would refuse the form of whoever writes.
    """
    facts = [kind for kind, found in Entry.kinds.items() if issubclass(found, Fact)]
    moving = case.ledger.filter(seq__gt=expected_seq).exclude(kind__in=facts).order_by("seq")
    if entries := list(moving):
        raise CaseMoved(folio=case.folio, **_what_moved(case, entries))


def _what_moved(case: Case, entries: Sequence[LedgerEntry]) -> dict[str, str]:
    staff_ids = {
        entry.actor_id
        for entry in entries
        if entry.actor_kind == ActorKind.STAFF and entry.actor_id is not None
    }
    names = {
        staff.pk: staff.full_name or staff.email for staff in Staff.objects.filter(pk__in=staff_ids)
    }
    told = told_of(Commitment.objects.filter(case=case))
    telling = Telling(promises_of(case.policy_version_id).pack, names, told)
    acting = {ActorKind.PERSON: _("la persona atendida"), ActorKind.SYSTEM: _("el sistema")}
    last = entries[-1] if entries else None
    who = _("alguien")
    if last is not None:
        kind = ActorKind(last.actor_kind)
        who = names.get(last.actor_id or 0, _("alguien del equipo"))
        who = acting.get(kind, who)
    what = " ".join(
        read_entry(entry.kind, entry.payload).sentence(telling) for entry in entries[-3:]
    )
    return {"who": who, "what": what}
