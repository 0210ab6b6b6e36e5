"""One thing a person can do with a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from inspect import signature
from typing import Any, TypedDict

from ventanilla.accounts.permissions import Permission
from ventanilla.core.actors import Actor
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import ENDED, WORKING, Status
from ventanilla.web.forms.case import CaseForm, Confirmation


class Steady(TypedDict):
    """What every call to the desk is given besides its own facts."""

    case: Case
    expected_seq: int | None
    acting_user: Actor
    as_of: datetime


Deed = Callable[[Steady, dict[str, Any]], object]
"""One call to the desk with the cleaned fields of the form."""


class Passing:
    """The deed that hands these fields of the form to one function of the desk, as they are named."""

    def __init__(self, call: Callable[..., object], *fields: str) -> None:
        self._call = call
        self._fields = fields

    def __call__(self, steady: Steady, asked: dict[str, Any]) -> object:
        """Call it."""
        return self._call(**{name: asked[name] for name in self._fields}, **steady)

    def check(self, form: type[CaseForm]) -> None:
        """Names are compared here and not by the type checker. Raises DeedMisfits."""
        # A field that a form makes for its case stands in the order of its fields.
        unknown = set(self._fields) - {*form.base_fields, *(form.field_order or ())}
        given = dict.fromkeys([*self._fields, *Steady.__annotations__])
        try:
            signature(self._call).bind(**given)
        except TypeError as problem:
            raise DeedMisfits(DeedMisfits.__doc__, self._call, str(problem)) from problem
        if unknown:
            raise DeedMisfits(DeedMisfits.__doc__, form, unknown)


class DeedMisfits(TypeError):
    """What a form asks is not what the function of the desk takes."""


def always(case: Case) -> bool:
    """Whatever the status; a merged case is left alone."""
    return case.merged_into_id is None


def in_work(case: Case) -> bool:
    """Before its resolution."""
    return always(case) and Status(case.status) in WORKING


def not_ended(case: Case) -> bool:
    """Open or resolved, not closed."""
    return always(case) and Status(case.status) not in ENDED


@dataclass(frozen=True, slots=True)
class Action:
    """``noun`` is its place under the address of the case; ``fits`` says when it makes sense.

    The desk decides again: ``fits`` and ``permission`` only keep a page from offering what would
    be refused.
    """

    noun: str
    title: str
    verb: str
    icon: str
    permission: Permission
    do: Deed
    done: str
    form: type[CaseForm] = Confirmation
    fits: Callable[[Case], bool] = in_work
    intro: str = ""
    consequences: tuple[str, ...] = ()
    danger: bool = False
    short: str = ""
    draft: bool = False
    lands: Callable[[object], Case | None] | None = None
    """The case on whose page one is afterwards; without it, the one that was acted on."""
    say: Callable[[object], str] | None = None
    """What is told of what came of it, where ``done`` does not fit every time."""

    def __post_init__(self) -> None:
        """Raises DeedMisfits, when the module is imported."""
        if isinstance(self.do, Passing):
            self.do.check(self.form)

    @property
    def name(self) -> str:
        """The words on its button."""
        return self.short or self.title
