"""Templates used on a case: filled with what is known of it, put into the draft with their steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import context, macros
from ventanilla.policy.schema import Pack
from ventanilla.register.models import Case
from ventanilla.workspace import drafting, templates
from ventanilla.workspace.models import Draft, ReplyTemplate


class TemplateNotOffered(Refusal):
    """Esta plantilla ya no se ofrece para este caso. Abra la lista de nuevo y escoja otra."""


@dataclass(frozen=True)
class Filled:
    """A template as it would stand in an answer to one case, and what it does besides, in words."""

    id: int
    name: str
    text: str
    then: str
    deeds: tuple[str, ...]


def offered(*, case: Case, staff: Staff) -> list[Filled]:
    """The templates for a case, filled; one whose steps its policy does not know is left out."""
    values, pack = values_of(case, staff), context.pack_of(case)
    rows = templates.offered(desk=case.desk, category=case.category)
    return [
        Filled(
            id=row.pk,
            name=row.name,
            text=templates.filled(row.text, values),
            then=row.then,
            deeds=tuple(macros.in_words(row.deeds, pack)),
        )
        for row in rows
        if _fits(row, pack)
    ]


def values_of(case: Case, staff: Staff) -> dict[str, str]:
    """The value of every placeholder that is known now; ``vence`` is what is still owed."""
    pack = context.pack_of(case)
    main = context.main_promise(case, pack)
    due_at = case.committed_at or (main.due_at if main and main.met_at is None else None)
    known = context.values_of(case, pack, due_at=due_at) | {"firma_agente": staff.full_name}
    return {name: known[name] for name in templates.PLACEHOLDERS}


def use(
    *, case: Case, template_id: int, put_text: bool, acting_user: Actor, as_of: datetime
) -> Draft:
    """Put a template into one's reply: its text below what is there, its steps instead of others.

    ``put_text`` is false for whoever puts the text in by themselves. Raises NotPermitted and
    TemplateNotOffered.
    """
    require(acting_user, Permission.REPLY_TO_PERSON, case.desk)
    staff = Staff.objects.get(pk=acting_user.id or 0)
    row = _offered_row(case, template_id)
    with transaction.atomic(durable=True):
        draft = drafting.own(case, Draft.Kind.REPLY, acting_user, as_of=as_of)
        if put_text:
            filled = templates.filled(row.text, values_of(case, staff))
            draft.text = drafting.joined([draft.text, filled])
            draft.revision += 1
        draft.then, draft.deeds, draft.updated_at = row.then or draft.then, row.deeds, as_of
        draft.save()
    return draft


def _offered_row(case: Case, template_id: int) -> ReplyTemplate:
    pack = context.pack_of(case)
    for row in templates.offered(desk=case.desk, category=case.category):
        if row.pk == template_id and _fits(row, pack):
            return row
    raise TemplateNotOffered


def _fits(row: ReplyTemplate, pack: Pack) -> bool:
    """Whether the policy of a case knows every step."""
    try:
        macros.in_words(row.deeds, pack)
    except macros.DeedUnknown:
        return False
    return True


def deeds_on_draft(*, case: Case, staff_id: int) -> list[macros.Deed]:
    """The steps of a macro on the answer that somebody is writing to a case."""
    rows = drafting.of_staff(staff_id).filter(
        case=case, kind=Draft.Kind.REPLY, state=Draft.State.WRITING
    )
    return list(rows.values_list("deeds", flat=True).first() or ())


def drop_deeds(*, case: Case, acting_user: Actor, as_of: datetime) -> Draft:
    """Take the steps of a macro off one's reply; its text stays."""
    with transaction.atomic(durable=True):
        draft = drafting.own(case, Draft.Kind.REPLY, acting_user, as_of=as_of)
        draft.deeds, draft.updated_at = [], as_of
        draft.save(update_fields=["deeds", "updated_at"])
    return draft
