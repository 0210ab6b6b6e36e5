"""Where one answers and notes, at the foot of the conversation.

Its two forms are drawn by their template and not field by field: they stand on every page of a
case, and Django's widgets, each a template of its own, would cost as much as the whole conversation.
What is sent is checked by the forms like any other. What is kept of them on the server is read with
one statement, and its files with a second one where there are any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TYPE_CHECKING
from uuid import uuid4

from ventanilla.desk import guiding, macros
from ventanilla.desk.shown import mark_of
from ventanilla.intranet import queries as knowledge
from ventanilla.intranet.queries import Cited
from ventanilla.register.models import Case
from ventanilla.web.actions import NOTE, PROGRESS, REPLY, RESOLVE, Action
from ventanilla.web.addresses import address
from ventanilla.web.forms.case import CaseForm, Reply
from ventanilla.web.offering import ActionView
from ventanilla.web.packs import pack_for
from ventanilla.web.presenters.drafts import (
    Checklist,
    DraftFileView,
    Later,
    Leaving,
    checklist,
    excerpt,
    file_views,
    is_heavy,
    later_choices,
    leaving_view,
    saved_words,
)
from ventanilla.web.presenters.moments import Moment, moment
from ventanilla.web.presenters.refusals import RefusalView
from ventanilla.web.visit import Visit
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft as Row

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS = {
    REPLY.noun: Row.Kind.REPLY,
    NOTE.noun: Row.Kind.NOTE,
    PROGRESS.noun: Row.Kind.PROGRESS,
    RESOLVE.noun: Row.Kind.RESOLVE,
}
"""The noun of a form → the kind of its draft."""
NOUNS = {kind.value: noun for noun, kind in KINDS.items()}
IN_PLACE = frozenset({REPLY.noun, NOTE.noun})
"""Forms that stand on the page of the case itself."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One of the two forms: as it was kept, or as it came back. ``other`` is the text it clashes with."""

    url: str
    draft: str
    name: str
    kind: str
    expected_seq: str
    request_key: str
    text: str = ""
    then: str = ""
    revision: int = 0
    saved: str = ""
    aware_of: str = ""
    excuse: str = ""
    when_at: str = ""
    files: tuple[DraftFileView, ...] = ()
    heavy: bool = False
    guidelines: Checklist | None = None
    deeds: tuple[str, ...] = ()
    deeds_mark: str = ""
    articles: tuple[Cited, ...] = ()
    problems: tuple[str, ...] = ()
    refusal: RefusalView | None = None
    other: str | None = None
    other_saved: str = ""


@dataclass(frozen=True, slots=True)
class Composer:
    """Both forms and what is leaving; a form this person may not use is None."""

    reply: Draft | None
    note: Draft | None
    open: str
    leaving: tuple[Leaving, ...]
    later: tuple[Later, ...]
    urls: dict[str, str]
    server_ms: int
    choices: tuple[tuple[str, StrOrPromise], ...] = Reply.AFTERWARDS


def composer(
    visit: Visit,
    case: Case,
    can: list[Action],
    written: ActionView | None,
    clash: Row | None = None,
) -> Composer | None:
    """The reply and the note; ``written`` came back and stands open with what was typed.

    ``clash`` is what another tab kept meanwhile.
    """
    nouns = [
        each
        for each in (REPLY, NOTE)
        if each in can or (written is not None and written.noun == each.noun)
    ]
    if not nouns:
        return None
    rows = drafting.on_case(case, visit.staff.pk)
    pack = pack_for(case)
    found = {each.noun: _draft(visit, case, each, rows, written) for each in nouns}
    if clash is not None and written is not None:
        zone = pack.calendar.zone
        found[written.noun] = replace(
            found[written.noun],
            other=clash.text,
            other_saved=saved_words(clash.updated_at, zone),
            revision=clash.version,
        )
    opened = next((noun for noun, draft in found.items() if draft.text), next(iter(found)))
    return Composer(
        reply=found.get(REPLY.noun),
        note=found.get(NOTE.noun),
        open=written.noun if written is not None and written.noun in found else opened,
        leaving=leaving_of(visit, case, pack.calendar.zone, rows),
        later=later_choices(pack, visit.as_of),
        urls=_urls(case),
        server_ms=int(visit.as_of.timestamp() * 1000),
    )


def leaving_of(visit: Visit, case: Case, zone: tzinfo, rows: Sequence[Row]) -> tuple[Leaving, ...]:
    """What is on its way on this case, of the visitor and of colleagues."""
    return tuple(
        leaving_view(each, folio=case.folio, zone=zone, staff_id=visit.staff.pk, as_of=visit.as_of)
        for each in rows
        if each.state != Row.State.WRITING
    )


def guidelines_of(
    visit: Visit, case: Case, text: str, article_versions: Sequence[int]
) -> Checklist | None:
    """The checklist for what is written so far and the articles it cites."""
    pack = pack_for(case)
    sentences = [
        each
        for each in (pack.knowledge.reply_guidelines if pack.knowledge else ())
        if isinstance(each, str)
    ]
    asked = guiding.verdicts(
        case=case,
        text=text,
        staff=visit.staff,
        article_versions=article_versions,
    )
    return checklist(asked, sentences)


@dataclass(frozen=True, slots=True)
class ListedDraft:
    """One line of the page of one's drafts. ``whole`` is a text whose form may not be offered again."""

    id: int
    url: str
    folio: str
    subject: str
    person: str
    kind: str
    excerpt: str
    whole: str
    saved: Moment
    files: int
    leaving: Leaving | None


def writing_url(case: Case, kind: str) -> str:
    """Where one goes on with a draft."""
    noun = NOUNS[kind]
    if noun in IN_PLACE:
        return f"{address('case', case.folio)}#responder"
    return address("case-action", case.folio, noun)


def listed_draft(row: Row, visit: Visit) -> ListedDraft:
    """A draft with the case it is for."""
    case, zone = row.case, pack_for(row.case).calendar.zone
    on_its_way = row.state != Row.State.WRITING
    return ListedDraft(
        id=row.pk,
        url=writing_url(case, row.kind),
        folio=case.folio,
        subject=case.subject,
        person=case.person.name,
        kind=str(Row.Kind(row.kind).label),
        excerpt=excerpt(row.text),
        whole="" if NOUNS[row.kind] in IN_PLACE else row.text,
        saved=moment(row.updated_at, zone, visit.as_of),
        files=len(row.files.all()),
        leaving=leaving_view(
            row, folio=case.folio, zone=zone, staff_id=visit.staff.pk, as_of=visit.as_of
        )
        if on_its_way
        else None,
    )


def _urls(case: Case) -> dict[str, str]:
    return {
        "save": address("draft", case.folio),
        "files": address("draft-files", case.folio),
        "preview": address("draft-preview", case.folio),
        "leaving": address("leaving-list", case.folio),
        "templates": address("case-templates", case.folio),
        "colleagues": address("colleagues", case.folio),
    }


def _draft(
    visit: Visit,
    case: Case,
    action: Action,
    rows: Sequence[Row],
    written: ActionView | None,
) -> Draft:
    kind = KINDS[action.noun]
    row = next(
        (each for each in rows if each.kind == kind and each.state == Row.State.WRITING), None
    )
    empty = Draft(
        url=address("case-action", case.folio, action.noun),
        draft=f"{case.folio}/{action.noun}",
        name=action.title,
        kind=kind.value,
        expected_seq=str(case.ledger_seq),
        request_key=str(uuid4()),
    )
    kept = _kept(visit, case, empty, row) if row is not None else empty
    if written is None or written.noun != action.noun or written.form is None:
        return kept
    return _came_back(visit, case, kept, written, written.form)


def _kept(visit: Visit, case: Case, empty: Draft, row: Row) -> Draft:
    pack = pack_for(case)
    is_reply = row.kind == Row.Kind.REPLY
    files = drafting.files_of_reply(case, visit.staff.pk) if is_reply else []
    deeds = macros.shown(row.deeds, pack)
    return replace(
        empty,
        text=row.text,
        then=row.then,
        revision=row.version,
        saved=saved_words(row.updated_at, pack.calendar.zone) if row.text else "",
        files=file_views(case.folio, files),
        heavy=is_heavy(files),
        guidelines=guidelines_of(visit, case, row.text, row.article_versions)
        if is_reply and row.text
        else None,
        deeds=tuple(deeds),
        deeds_mark=mark_of(row.deeds),
        articles=tuple(knowledge.cited(row.article_versions)) if row.article_versions else (),
    )


def _came_back(visit: Visit, case: Case, kept: Draft, written: ActionView, form: CaseForm) -> Draft:
    text = _typed(form, "text")
    is_reply = kept.kind == Row.Kind.REPLY.value
    return replace(
        kept,
        expected_seq=_typed(form, "expected_seq"),
        request_key=_typed(form, "request_key"),
        text=text,
        then=_typed(form, "then"),
        aware_of=_typed(form, "aware_of"),
        excuse=_typed(form, "excuse"),
        when_at=_typed(form, "when_at"),
        guidelines=guidelines_of(visit, case, text, [each.version_id for each in kept.articles])
        if is_reply and text
        else None,
        problems=tuple(str(each) for errors in form.errors.values() for each in errors),
        refusal=written.refusal,
    )


def _typed(form: CaseForm, name: str) -> str:
    return str(form[name].value() or "") if name in form.fields else ""
