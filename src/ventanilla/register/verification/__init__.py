"""Proving that the record is what was recorded."""

from ventanilla.register.verification.checkpoints import (
    CheckpointFile,
    CheckpointUnreadable,
    take_checkpoint,
)
from ventanilla.register.verification.findings import Fault, Finding, Report
from ventanilla.register.verification.verifying import check_against, verify

__all__ = [
    "CheckpointFile",
    "CheckpointUnreadable",
    "Fault",
    "Finding",
    "Report",
    "check_against",
    "take_checkpoint",
    "verify",
]
