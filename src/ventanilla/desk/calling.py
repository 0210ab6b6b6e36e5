"""Telling a colleague that they were called by name in a note."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission, may
from ventanilla.desk import context, outgoing
from ventanilla.desk.warning import CASE_PATH
from ventanilla.register.models import Case, Message
from ventanilla.workspace import mentioning
from ventanilla.workspace.models import Presence

LOOKING = timedelta(seconds=60)
"""Whoever had the case open within so long sees the note arrive and gets no mail about it."""


def unreached(case: Case, text: str) -> list[tuple[str, bool]]:
    """The names called in a note that reached nobody; whether several colleagues bear it.

    One bearer who may not see the case is as good as none.
    """
    if "@" not in text:
        return []
    found = mentioning.calls_in(text, Staff.objects.filter(is_active=True).order_by("id"))
    missed = {
        said: len(bearers) > 1
        for said, bearers in found
        if len(bearers) != 1 or not may(bearers[0], Permission.VIEW_CASES, case.desk)
    }
    return list(missed.items())


def call(*, case: Case, note: Message, by_id: int, as_of: datetime) -> list[Staff]:
    """Write down who is called in a note and tell them; who cannot see the case is not called."""
    if "@" not in note.text:
        return []
    everybody = Staff.objects.filter(is_active=True).order_by("id")
    called = mentioning.called_in(note.text, everybody)
    able = [each for each in called if may(each, Permission.VIEW_CASES, case.desk)]
    fresh = mentioning.note_mentions(message=note, called=able, by_id=by_id, as_of=as_of)
    looking = Presence.objects.filter(case=case, seen_at__gt=as_of - LOOKING)
    there = set(looking.values_list("staff_id", flat=True))
    to = [each.email for each in fresh if each.pk not in there]
    if to:
        outgoing.tell_staff(
            case=case,
            pack=context.pack_of(case),
            kind="mention",
            key=f"mention:{note.pk}",
            to=to,
            subject=f"Lo mencionan en {case.folio}",
            text=(
                f"{note.author_staff or 'Un colega'} lo menciona en una nota de {case.folio}.\n\n"
                f"Asunto: {case.subject}\n\n{note.text}\n\n"
                f"{settings.VENTANILLA.public_url}{CASE_PATH.format(folio=case.folio)}\n"
            ),
            as_of=as_of,
        )
    return fresh
