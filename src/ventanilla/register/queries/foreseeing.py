"""What merging would do to promises, told before anybody does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ventanilla.register.models import Case, Commitment
from ventanilla.register.policies import promises_of
from ventanilla.register.projection import state_of
from ventanilla.register.rules.clocks import Clocks
from ventanilla.register.rules.merging import absorb
from ventanilla.register.rules.state import CaseState, CommitmentState


@dataclass(frozen=True, slots=True)
class MergeForeseen:
    """``ends`` stops being owed here; ``sooner`` and ``taken_over`` are promises of the other case.

    Of each pair the first is the promise as it is now, None for one the other does not owe yet.
    """

    ends: tuple[CommitmentState, ...]
    sooner: tuple[tuple[CommitmentState, CommitmentState], ...]
    taken_over: tuple[CommitmentState, ...]


def foresee_merge(case: Case, into: Case, *, as_of: datetime) -> MergeForeseen:
    """What ``merge`` would do at this moment; the same rules decide, nothing is written."""
    source, target = _state(case), _state(into)
    clocks = Clocks(target, promises_of)
    coming = list(source.commitments.values())
    _before, adopted = absorb(clocks, coming, source_id=case.pk, at=as_of)
    return MergeForeseen(
        ends=tuple(each for each in coming if each.is_open),
        sooner=tuple(
            (target.commitments[key], row)
            for key, row in clocks.rows.items()
            if key in target.commitments and row.due_at < target.commitments[key].due_at
        ),
        taken_over=tuple(clocks.rows[key] for key in adopted),
    )


def _state(case: Case) -> CaseState:
    row = Case.objects.get(pk=case.pk)
    return state_of(row, Commitment.objects.filter(case_id=row.pk).order_by("id"))
