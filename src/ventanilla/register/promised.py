"""What is promised, in words: as the pack calls it, and under which clause."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ventanilla.core.words import screen
from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.schema.promise import Commitment as Definition
from ventanilla.register.models import Commitment
from ventanilla.register.policies import promises_of
from ventanilla.register.rules.state import CommitmentState

COMMITTED_DATE = screen("Fecha comprometida")


def definition_of(row: Commitment | CommitmentState, pack: Pack) -> Definition | None:
    """Where in the pack it comes from; None for a date that a person of ours committed to."""
    base = row.key.partition(":")[0]
    notice = pack.complexity.progress_notice
    if base == notice.key:
        return notice
    category = row.target.get("category")
    return pack.category(category).commitment(base) if category else None


def kind_of(row: Commitment | CommitmentState, pack: Pack) -> str:
    """What is promised, as the pack calls it."""
    definition = definition_of(row, pack)
    return str(definition.name if definition else COMMITTED_DATE)


def name_of(row: Commitment | CommitmentState, pack: Pack) -> str:
    """What is promised; the second of a kind says so, for those who look at the whole record."""
    number = row.key.partition(":")[2]
    return f"{kind_of(row, pack)} ({number})" if number and number != "1" else kind_of(row, pack)


def told_of(rows: Iterable[Commitment]) -> dict[str, str]:
    """«Respuesta (cláusula G3)» for each promise of a case, by its key."""
    return {
        row.key: _("%(promise)s (cláusula %(clause)s)")
        % {"promise": name_of(row, promises_of(row.policy_version_id).pack), "clause": row.clause}
        for row in rows
    }
