"""What a person can do with a case, each a form, a permission and one call to the desk."""

from ventanilla.web.actions.answering import ANSWERING, NOTE, PROGRESS, REPLY
from ventanilla.web.actions.base import Action, Steady
from ventanilla.web.actions.ending import ENDING, RESOLVE
from ventanilla.web.actions.steering import ASSESS, ASSIGN, RESUME, STEERING
from ventanilla.web.actions.structure import FILE, LINK, STRUCTURE, UNLINK

ACTIONS: dict[str, Action] = {
    each.noun: each for each in (*ANSWERING, *STEERING, *ENDING, *STRUCTURE)
}
"""By their noun in the address."""

__all__ = [
    "ACTIONS",
    "ASSESS",
    "ASSIGN",
    "FILE",
    "LINK",
    "NOTE",
    "PROGRESS",
    "REPLY",
    "RESOLVE",
    "RESUME",
    "UNLINK",
    "Action",
    "Steady",
]
