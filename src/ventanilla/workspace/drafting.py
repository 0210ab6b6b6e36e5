"""What somebody is writing: saved while it is written, never two versions in one row.

Drafts are no part of the record: nobody else reads them, and nothing is promised by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.core.statements import execute, read
from ventanilla.crm.queries import call_nameless
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import ENDED
from ventanilla.workspace.models import Draft, DraftFile

MOST_FILES = 20
"""Files of one draft; a mail with more is not read by anybody."""
KEPT_EMPTY = timedelta(days=1)
KEPT_ENDED = timedelta(days=30)
"""How long a text that was never sent is kept once its case has ended and nobody touches it."""
NEEDED = {
    Draft.Kind.REPLY: Permission.REPLY_TO_PERSON,
    Draft.Kind.NOTE: Permission.ADD_NOTE,
    Draft.Kind.PROGRESS: Permission.SEND_PROGRESS_NOTICE,
    Draft.Kind.RESOLVE: Permission.RESOLVE_CASE,
}

# As text: it stands on every page of a case, and the ORM takes longer to write it than the server
# to answer.
ON_CASE = """
    SELECT d.*, s.full_name AS staff_name, s.email AS staff_email
      FROM workspace_draft d JOIN accounts_staff s ON s.id = d.staff_id
     WHERE d.case_id = %s AND (d.staff_id = %s OR d.state = 'sending')
     ORDER BY d.send_at, d.id
"""
# Who serves the case holds it alone; who writes on it shares it, and waits here and nowhere later.
SHARE_CASE = "SELECT 1 FROM register_case WHERE id = %s FOR KEY SHARE"


class DraftMoved(Refusal):
    """Este borrador cambió en otra pestaña u otro equipo. Los dos textos están guardados: escoja
    con cuál sigue."""

    def __init__(self, *, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


class DraftGone(Refusal):
    """Este texto ya no está entre sus borradores: se envió o se descartó desde otra pestaña. Mire la
    conversación y, si todavía quiere enviarlo, envíelo de nuevo."""


class TooManyFiles(Refusal):
    """Un mensaje lleva como mucho {limit} archivos. Quite alguno o envíelos en dos mensajes."""


def save(
    *,
    case: Case,
    kind: str,
    text: str,
    then: str = "",
    revision: int,
    acting_user: Actor,
    as_of: datetime,
) -> Draft:
    """Keep what somebody has written so far.

    ``revision`` is the ``version`` the writer began from, 0 for a text that was never saved. A text
    equal to the kept one is no conflict, so a save that was sent twice is harmless.
    Raises DraftMoved, DraftGone, NotPermitted.
    """
    kind = Draft.Kind(kind)
    require(acting_user, NEEDED[kind], case.desk)
    with transaction.atomic():
        draft = own(case, kind, acting_user, as_of=as_of)
        require_unmoved(draft, text=text, revision=revision)
        if draft.text != text or draft.then != then or not draft.revision:
            draft.text, draft.then = text, then
            draft.revision, draft.updated_at = draft.revision + 1, as_of
            draft.save(update_fields=["text", "then", "revision", "updated_at"])
    return draft


def require_unmoved(draft: Draft, *, text: str, revision: int) -> None:
    """That a locked draft is the one its writer began from, and holds no other text.

    An empty one is nothing to lose. Raises DraftMoved, DraftGone.
    """
    if revision and not draft.text.strip() and not draft.is_row_of(revision):
        raise DraftGone
    is_stale = draft.version not in (0, revision)
    if is_stale and draft.text.strip() and draft.text.split() != text.split():
        raise DraftMoved(draft=draft)


def own(case: Case, kind: str, acting_user: Actor, *, as_of: datetime) -> Draft:
    """The locked row in which somebody writes on a case; a new one, at revision 0, when there is none.

    The case is locked first: a new row refers to it, and whoever sends locks case, then draft.
    """
    assert acting_user.id is not None  # staff only: ``require`` has refused everybody else
    execute(SHARE_CASE, [case.pk])
    found = of_staff(acting_user.id).filter(case=case, kind=kind, state=Draft.State.WRITING)
    locked = found.select_for_update()
    if (draft := locked.first()) is not None:
        return draft
    try:
        with transaction.atomic():
            return Draft.objects.create(
                case=case, staff_id=acting_user.id, kind=kind, updated_at=as_of
            )
    except IntegrityError:  # another tab was faster
        return locked.get()


def use_up(*, case: Case, kind: str, text: str, revision: int | None, acting_user: Actor) -> None:
    """Take away the draft that a text grew from, in the transaction in which it becomes something.

    ``revision`` None is for whoever has no page and cannot have missed another text.
    Raises DraftMoved, DraftGone.
    """
    found = of_staff(acting_user.id or 0).filter(case=case, kind=kind, state=Draft.State.WRITING)
    draft = _locked(found)
    if draft is None:
        return
    if revision is not None:
        require_unmoved(draft, text=text, revision=revision)
    draft.delete()


def of_staff(staff_id: int) -> QuerySet[Draft]:
    """The drafts of one person."""
    return Draft.objects.filter(staff_id=staff_id)


def by_id(draft_id: int, *, case: Case, staff_id: int) -> Draft | None:
    """One of one's own drafts on a case, whatever its state."""
    return of_staff(staff_id).filter(pk=draft_id, case=case).first()


def listed(staff_id: int, *, limit: int = 200) -> list[Draft]:
    """What a person has begun and not sent, newest first, with case, person and files."""
    rows = of_staff(staff_id).exclude(_is_empty())
    joined = rows.select_related("case", "case__person").prefetch_related("files")
    found = list(joined.order_by("-updated_at", "-id")[:limit])
    call_nameless(each.case.person for each in found)
    return found


def on_case(case: Case, staff_id: int) -> list[Draft]:
    """What one person writes on a case, and what anybody is about to send there."""
    rows: list[Any] = list(read(Draft, ON_CASE, [case.pk, staff_id]))
    found = []
    for row in rows:
        names = (row.staff_id, row.staff_email, row.staff_name)  # in the order of the columns
        row.staff = Staff.from_db(None, ("id", "email", "full_name"), names)
        found.append(row)
    return found


def written(case: Case, kind: str, staff_id: int) -> Draft | None:
    """What one person is writing on a case, of one kind."""
    rows = of_staff(staff_id).filter(case=case, kind=kind, state=Draft.State.WRITING)
    return rows.first()


def files_of_reply(case: Case, staff_id: int) -> list[DraftFile]:
    """The files of the answer that somebody is writing on a case, in their order."""
    rows = DraftFile.objects.filter(
        draft__case=case,
        draft__staff_id=staff_id,
        draft__kind=Draft.Kind.REPLY,
        draft__state=Draft.State.WRITING,
    )
    return list(rows.order_by("id"))


def contents_held() -> QuerySet[Any, str]:
    """The contents, by SHA-256, that some draft still needs."""
    return DraftFile.objects.values_list("sha256", flat=True)


def add_file(
    *, draft: Draft, sha256: str, filename: str, declared_type: str, size: int, as_of: datetime
) -> DraftFile:
    """Put a file, whose content is kept already, on a draft. Raises TooManyFiles."""
    if draft.files.count() >= MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    Draft.objects.filter(pk=draft.pk).update(updated_at=as_of)
    return DraftFile.objects.create(
        draft=draft,
        sha256=sha256,
        filename=filename,
        declared_type=declared_type[:120],
        size=size,
        added_at=as_of,
    )


def remove_file(*, file_id: int, acting_user: Actor) -> DraftFile | None:
    """Take a file off one's own draft; None when it is not there. Its content goes at night."""
    mine = of_staff(acting_user.id or 0).filter(state=Draft.State.WRITING)
    with transaction.atomic():
        # Locked, so that what is handed over at this moment keeps what its page showed.
        found = DraftFile.objects.filter(pk=file_id).first()
        if found is None or _locked(mine.filter(pk=found.draft_id)) is None:
            return None
        found.delete()
    return found


def discard(*, draft_id: int, acting_user: Actor) -> None:
    """Throw one's own draft away; one that is on its way has to be taken back first."""
    mine = of_staff(acting_user.id or 0).exclude(state=Draft.State.SENDING)
    with transaction.atomic():
        if (draft := _locked(mine.filter(pk=draft_id))) is not None:
            draft.delete()


def _locked(found: QuerySet[Draft]) -> Draft | None:
    """The row, if it still is what was asked for once nobody else has it."""
    return found.select_for_update(of=("self",)).first()


def joined(texts: Sequence[str]) -> str:
    """Several texts one below the other; one that repeats an earlier one word by word is left out."""
    kept: list[str] = []
    for text in (each.strip() for each in texts):
        if text and text not in kept:
            kept.append(text)
    return "\n\n".join(kept)


def clear(*, as_of: datetime) -> int:
    """Delete drafts that nobody will miss: empty ones after a day, others long after their case's end."""
    idle = Draft.objects.filter(state=Draft.State.WRITING)
    ended = Q(case__status__in=[each.value for each in ENDED], updated_at__lt=as_of - KEPT_ENDED)
    empty = _is_empty() & Q(updated_at__lt=as_of - KEPT_EMPTY)
    unmissed = idle.filter(empty | ended).values_list("id", flat=True)
    return sum(_cleared(each, idle.filter(empty | ended)) for each in list(unmissed))


def _cleared(draft_id: int, unmissed: QuerySet[Draft]) -> int:
    with transaction.atomic():
        draft = _locked(unmissed.filter(pk=draft_id))
        return draft.delete()[0] if draft is not None else 0


def _is_empty() -> Q:
    has_file = Exists(DraftFile.objects.filter(draft=OuterRef("pk")))
    return Q(~has_file, text="", state=Draft.State.WRITING)
