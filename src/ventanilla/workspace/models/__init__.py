"""The tables of the workspace, one concept a file. None of them is part of the official record."""

from ventanilla.workspace.models.draft import Draft, DraftFile
from ventanilla.workspace.models.marks import Mention, ReadMark, Watch
from ventanilla.workspace.models.presence import Presence
from ventanilla.workspace.models.reply_template import ReplyTemplate
from ventanilla.workspace.models.views import BulkDeed, SavedView

__all__ = [
    "BulkDeed",
    "Draft",
    "DraftFile",
    "Mention",
    "Presence",
    "ReadMark",
    "ReplyTemplate",
    "SavedView",
    "Watch",
]
