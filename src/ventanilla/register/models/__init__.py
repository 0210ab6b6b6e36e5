"""The tables of the official record, one concept a file."""

from ventanilla.register.models.case import Case, CaseParticipant, FolioSeries
from ventanilla.register.models.commitment import Commitment
from ventanilla.register.models.ledger import Checkpoint, LedgerEntry, Remark
from ventanilla.register.models.message import Message
from ventanilla.register.models.policy import PolicyVersion

__all__ = [
    "Case",
    "CaseParticipant",
    "Checkpoint",
    "Commitment",
    "FolioSeries",
    "LedgerEntry",
    "Message",
    "PolicyVersion",
    "Remark",
]
