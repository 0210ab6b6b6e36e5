"""Where one answers and notes, at the foot of the conversation.

Its two forms are drawn by their template and not field by field: they stand on every page of a
case, and Django's widgets, each a template of its own, would cost as much as the whole conversation.
What is sent is checked by the forms like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from ventanilla.register.models import Case
from ventanilla.web.actions import NOTE, REPLY, Action
from ventanilla.web.addresses import address
from ventanilla.web.forms.case import CaseForm, Reply
from ventanilla.web.offering import ActionView
from ventanilla.web.presenters.refusals import RefusalView


@dataclass(frozen=True, slots=True)
class Draft:
    """One of the two forms, empty or as it came back."""

    url: str
    draft: str
    name: str
    expected_seq: str
    request_key: str
    text: str = ""
    then: str = ""
    problems: tuple[str, ...] = ()
    refusal: RefusalView | None = None


@dataclass(frozen=True, slots=True)
class Composer:
    """Both forms; a form this person may not use is None."""

    reply: Draft | None
    note: Draft | None
    open: str
    choices: tuple[tuple[str, str], ...] = Reply.AFTERWARDS


def composer(case: Case, can: list[Action], written: ActionView | None) -> Composer | None:
    """The reply and the note; ``written`` came back and stands open with what was typed."""
    found = {
        each.noun: _draft(case, each, written)
        for each in (REPLY, NOTE)
        if each in can or (written is not None and written.noun == each.noun)
    }
    if not found:
        return None
    opened = written.noun if written is not None and written.noun in found else next(iter(found))
    return Composer(found.get(REPLY.noun), found.get(NOTE.noun), opened)


def _draft(case: Case, action: Action, written: ActionView | None) -> Draft:
    url = address("case-action", case.folio, action.noun)
    draft = f"{case.folio}/{action.noun}"
    if written is None or written.noun != action.noun or written.form is None:
        return Draft(url, draft, action.title, str(case.ledger_seq), str(uuid4()))
    form = written.form
    return Draft(
        url,
        draft,
        action.title,
        _typed(form, "expected_seq"),
        _typed(form, "request_key"),
        text=_typed(form, "text"),
        then=_typed(form, "then"),
        problems=tuple(str(each) for errors in form.errors.values() for each in errors),
        refusal=written.refusal,
    )


def _typed(form: CaseForm, name: str) -> str:
    return str(form[name].value() or "") if name in form.fields else ""
