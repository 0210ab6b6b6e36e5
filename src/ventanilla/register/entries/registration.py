"""The first entry of every case, and what fixes who works on it and as what."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _

from ventanilla.register.entries.base import NOTHING, Digest, Entry, Telling, Trace, Word
from ventanilla.register.rules.chain import Stamp
from ventanilla.register.rules.changes import fold
from ventanilla.register.rules.state import CaseState, replace, settled
from ventanilla.register.rules.statuses import Status


class CaseRegistered(Entry):
    """A request was registered: folio, status and first promises (G6, S1)."""

    kind: ClassVar[str] = "case_registered"

    folio: str
    series: str
    number: int
    person_id: int
    policy_version_id: int
    subject_digest: Digest
    channel: Word
    desk: Word
    category: Word
    priority: Word
    received_at: datetime
    emergency: bool = False
    participants_digest: Digest = ""
    follows_id: int | None = None
    split_from_id: int | None = None

    def opening(self, stamp: Stamp) -> CaseState:
        """The state this entry begins a case with."""
        blank = CaseState(
            folio=self.folio,
            person_id=self.person_id,
            policy_version_id=self.policy_version_id,
            subject_digest=self.subject_digest,
            channel=self.channel,
            desk=self.desk,
            category=self.category,
            priority=self.priority,
            status=Status.REGISTERED.value,
            received_at=self.received_at,
            opened_at=stamp.at,
            last_activity_at=self.received_at,
            emergency=self.emergency,
            follows_id=self.follows_id,
            split_from_id=self.split_from_id,
        )
        return settled(fold(blank, self.commitments), stamp.at)

    def sentence(self, telling: Telling) -> str:
        """Folio and category."""
        urgent = _(
            "Se registró con el %(word)s %(folio)s como emergencia. Categoría: %(category)s."
        )
        plain = _("Se registró con el %(word)s %(folio)s. Categoría: %(category)s.")
        return (urgent if self.emergency else plain) % {
            "word": telling.pack.vocabulary.folio,
            "folio": self.folio,
            "category": telling.category(self.category),
        }

    def scrub(self) -> frozenset[Trace]:
        """The subject and the addresses are beside the chain."""
        return frozenset({Trace.SUBJECT, Trace.PARTICIPANTS})


class CaseAssessed(Entry):
    """Somebody read the request and confirmed category, priority and what is asked (G7)."""

    kind: ClassVar[str] = "case_assessed"

    category: Word
    desk: Word
    priority: Word
    asked_digest: Digest = ""

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Assessed, under the confirmed category."""
        return replace(
            state, status=Status.ASSESSED.value, assessed_at=stamp.at, category=self.category,
            desk=self.desk, priority=self.priority,
        )  # fmt: skip

    def sentence(self, telling: Telling) -> str:
        """What was confirmed."""
        return _("Evaluación inicial: %(category)s, prioridad %(priority)s.") % {
            "category": telling.category(self.category),
            "priority": telling.priority(self.priority),
        }

    def scrub(self) -> frozenset[Trace]:
        """What is asked is a remark."""
        return frozenset({Trace.REMARK})


class CaseAssigned(Entry):
    """The case was given to a staff member, or back to the queue."""

    kind: ClassVar[str] = "case_assigned"

    assignee_id: int | None

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Another assignee."""
        return replace(state, assignee_id=self.assignee_id)

    def sentence(self, telling: Telling) -> str:
        """To whom."""
        if self.assignee_id is None:
            return _("Volvió a la cola, sin persona asignada.")
        return _("Se asignó a %(name)s.") % {"name": telling.staff(self.assignee_id)}

    def scrub(self) -> frozenset[Trace]:
        """Only an id."""
        return NOTHING


class CategoryChanged(Entry):
    """The category was corrected; the promises were computed again from the original start."""

    kind: ClassVar[str] = "category_changed"

    category: Word
    desk: Word
    priority: Word
    reason_digest: Digest = ""

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Another category, with its desk and priority."""
        return replace(state, category=self.category, desk=self.desk, priority=self.priority)

    def sentence(self, telling: Telling) -> str:
        """The new category."""
        category = telling.category(self.category)
        return _("Cambió la categoría a %(category)s.") % {"category": category}

    def scrub(self) -> frozenset[Trace]:
        """The reason is a remark."""
        return frozenset({Trace.REMARK})


class PriorityChanged(Entry):
    """The priority was changed; promises hang on the category and stay."""

    kind: ClassVar[str] = "priority_changed"

    priority: Word
    reason_digest: Digest = ""

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Another priority."""
        return replace(state, priority=self.priority)

    def sentence(self, telling: Telling) -> str:
        """The new priority."""
        priority = telling.priority(self.priority)
        return _("Cambió la prioridad a %(priority)s.") % {"priority": priority}

    def scrub(self) -> frozenset[Trace]:
        """The reason is a remark."""
        return frozenset({Trace.REMARK})


class PolicyAdopted(Entry):
    """The case was put on another version of the policy; open promises were computed again."""

    kind: ClassVar[str] = "policy_adopted"

    policy_version_id: int
    reason_digest: Digest = ""

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """Another version."""
        return replace(state, policy_version_id=self.policy_version_id)

    def sentence(self, telling: Telling) -> str:
        """That it happened."""
        return _(
            "Se aplicó otra versión de la política; los plazos abiertos se calcularon de nuevo."
        )

    def scrub(self) -> frozenset[Trace]:
        """The reason is a remark."""
        return frozenset({Trace.REMARK})


class SecretRenewed(Entry):
    """The access code of the case was replaced; the former one opens nothing any more."""

    kind: ClassVar[str] = "secret_renewed"

    generation: int

    def change(self, state: CaseState, stamp: Stamp) -> CaseState:
        """The next generation."""
        return replace(state, secret_generation=self.generation)

    def sentence(self, telling: Telling) -> str:
        """That it happened."""
        return _("Se renovó la clave de consulta; la anterior dejó de servir.")

    def scrub(self) -> frozenset[Trace]:
        """Nothing personal."""
        return NOTHING
