"""The pack a case runs under, without reading its version each time."""

from __future__ import annotations

from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Case, Commitment
from ventanilla.register.policies import promises_of


def pack_for(row: Case | Commitment) -> Pack:
    """The pack of the policy version of a case, or of one promise; kept per process."""
    return promises_of(row.policy_version_id).pack
