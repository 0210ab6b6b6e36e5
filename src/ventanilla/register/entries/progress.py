"""How a case goes from status to status."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ventanilla.register.entries.base import NOTHING, Digest, Entry, Telling, Trace
from ventanilla.register.rules.chain import Stamp
from ventanilla.register.rules.state import CaseState, replace, with_status
from ventanilla.register.rules.statuses import Status


class Reasoned(Entry):
    """A kind with a reason or summary in free words, kept as a remark beside the chain."""

    reason_digest: Digest = ""

    def scrub(self) -> frozenset[Trace]:
        """The remark."""
        return frozenset({Trace.REMARK})


class WorkStarted(Entry):
    """Somebody began to work on it."""

    kind: ClassVar[str] = "work_started"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """In progress."""
        return with_status(state, Status.IN_PROGRESS, stamp.at)

    def sentence(self, telling: Telling) -> str:
        """The new status."""
        return _("Pasó a «%(status)s».") % {"status": telling.status(Status.IN_PROGRESS)}

    def scrub(self) -> frozenset[Trace]:
        """Nothing personal."""
        return NOTHING


class WaitBegan(Reasoned):
    """The case waits for the customer, an area or an authorization; some clocks stand still."""

    kind: ClassVar[str] = "wait_began"

    status: Status

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Waiting."""
        return with_status(state, self.status, stamp.at)

    def sentence(self, telling: Telling) -> str:
        """The new status."""
        return _("Pasó a «%(status)s».") % {"status": telling.status(self.status)}


class WaitEnded(Entry):
    """Work goes on; the clocks that stood still run again."""

    kind: ClassVar[str] = "wait_ended"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Back in progress."""
        return with_status(state, Status.IN_PROGRESS, stamp.at)

    def sentence(self, telling: Telling) -> str:
        """The new status."""
        status = telling.status(Status.IN_PROGRESS)
        return _("Terminó la espera: «%(status)s».") % {"status": status}

    def scrub(self) -> frozenset[Trace]:
        """Nothing personal."""
        return NOTHING


class CaseResolved(Reasoned):
    """A solution was given."""

    kind: ClassVar[str] = "case_resolved"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Resolved."""
        resolved = with_status(state, Status.RESOLVED, stamp.at)
        return replace(resolved, resolved_at=stamp.at)

    def sentence(self, telling: Telling) -> str:
        """The new status."""
        return _("Pasó a «%(status)s».") % {"status": telling.status(Status.RESOLVED)}


class CaseClosed(Entry):
    """Nothing more is expected."""

    kind: ClassVar[str] = "case_closed"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Closed, out of the queues."""
        return replace(with_status(state, Status.CLOSED, stamp.at), closed_at=stamp.at)

    def sentence(self, telling: Telling) -> str:
        """The new status."""
        return _("Pasó a «%(status)s».") % {"status": telling.status(Status.CLOSED)}

    def scrub(self) -> frozenset[Trace]:
        """Nothing personal."""
        return NOTHING


class CaseWithdrawn(Reasoned):
    """The person took the request back, or it fell away."""

    kind: ClassVar[str] = "case_withdrawn"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Withdrawn, out of the queues."""
        return replace(with_status(state, Status.WITHDRAWN, stamp.at), closed_at=stamp.at)

    def sentence(self, telling: Telling) -> str:
        """The new status."""
        return _("Pasó a «%(status)s».") % {"status": telling.status(Status.WITHDRAWN)}


class CaseReopened(Reasoned):
    """It was not over: work begins again, with a new promise of resolution."""

    kind: ClassVar[str] = "case_reopened"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """In progress again."""
        again = with_status(state, Status.IN_PROGRESS, stamp.at)
        return replace(
            again, resolved_at=None, closed_at=None, reopened_count=state.reopened_count + 1
        )

    def sentence(self, telling: Telling) -> str:
        """That it happened."""
        return _("Se reabrió el caso.")


class ComplexityMarked(Reasoned):
    """The case is complex, with a reason; from now on the person gets progress notices (G8)."""

    kind: ClassVar[str] = "complexity_marked"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Complex since this moment."""
        return replace(state, complex_since=stamp.at, complex_digest=self.reason_digest)

    def sentence(self, telling: Telling) -> str:
        """That it happened."""
        return _("Se marcó como caso complejo: habrá avisos de avance.")


class ComplexityUnmarked(Entry):
    """The case is no longer complex."""

    kind: ClassVar[str] = "complexity_unmarked"

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Not complex."""
        return replace(state, complex_since=None, complex_digest="")

    def sentence(self, telling: Telling) -> str:
        """That it happened."""
        return _("Dejó de ser un caso complejo.")

    def scrub(self) -> frozenset[Trace]:
        """Nothing personal."""
        return NOTHING


class ProgressNoticed(Entry):
    """The person was told how far it is (G8, G9)."""

    kind: ClassVar[str] = "progress_noticed"

    def sentence(self, telling: Telling) -> str:
        """That it happened."""
        return _("Se envió un aviso de avance.")

    def scrub(self) -> frozenset[Trace]:
        """Nothing personal."""
        return NOTHING


class DateCommitted(Reasoned):
    """A date of resolution was promised to the person, or changed (S9)."""

    kind: ClassVar[str] = "date_committed"

    committed_at: datetime

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Another date."""
        return replace(state, committed_at=self.committed_at)

    def sentence(self, telling: Telling) -> str:
        """The date."""
        moment = telling.moment(self.committed_at)  # which ends in «m.»
        return _("Fecha comprometida: %(moment)s") % {"moment": moment}


class CommitmentExcused(Reasoned):
    """An exception was justified: the promise no longer counts as broken by fault (S14)."""

    kind: ClassVar[str] = "commitment_excused"

    key: str

    def sentence(self, telling: Telling) -> str:
        """To which promise."""
        return _("Se justificó una excepción: %(promise)s.") % {
            "promise": telling.promise(self.key)
        }


DATED = {
    "reminder": gettext_noop("Recordatorio: %(promise)s; vence el %(moment)s"),
    "due": gettext_noop("Venció: %(promise)s; debía estar el %(moment)s"),
}
DATED_ESCALATION = gettext_noop("Se escaló: %(promise)s; debía estar el %(moment)s")
UNDATED = {
    "reminder": gettext_noop("Recordatorio: %(promise)s."),
    "due": gettext_noop("Venció sin cumplirse: %(promise)s."),
}
UNDATED_ESCALATION = gettext_noop("Se escaló, vencido: %(promise)s.")


class AlertFired(Entry):
    """A reminder or escalation about a promise went off, once."""

    kind: ClassVar[str] = "alert_fired"

    key: str
    step: str
    due_at: datetime | None = None
    """When it was due as it went off; entries of earlier versions do not say it."""

    def sentence(self, telling: Telling) -> str:
        """Which sort of warning, about what, due when."""
        sort = self.step.partition(":")[0]
        due_at = self.due_at or self._broken_at()
        facts = {"promise": telling.promise(self.key)}
        if due_at is None:
            return _(UNDATED.get(sort, UNDATED_ESCALATION)) % facts
        facts["moment"] = telling.moment(due_at)  # which ends in «m.»
        return _(DATED.get(sort, DATED_ESCALATION)) % facts

    def _broken_at(self) -> datetime | None:
        """The due moment that passed, where this entry is the one that noticed it."""
        own = (each for each in self.commitments if each.key == self.key)
        return next((each.broken_at for each in own if each.broken_at), None)

    def scrub(self) -> frozenset[Trace]:
        """Nothing personal."""
        return NOTHING
