"""Who takes part in a case, which cases belong to it, and the files kept under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from ventanilla.core.words import screen
from ventanilla.desk.intake.submission import holds_answers
from ventanilla.evidence.models import EvidenceItem
from ventanilla.evidence.rules import how_to_serve
from ventanilla.policy.schema.pack import Pack
from ventanilla.register.models import Message
from ventanilla.register.queries.surrounding import Participant, RelatedCase, Relation
from ventanilla.web.addresses import address

from .moments import short_day
from .queue import NO_SUBJECT
from .stream import FileView, author_of, file_view

SHOWN_AS_PICTURE = 1024 * 1024
"""Octets up to which a picture is shown small; a larger one would cost more than it shows."""
BEFORE: dict[Relation, str] = {
    Relation.MERGED_INTO: screen("Se sigue en"),
    Relation.ABSORBED: screen("Se unió aquí"),
    Relation.SPLIT_FROM: screen("Viene de dividir"),
    Relation.SPLIT_INTO: screen("Se dividió en"),
    Relation.FOLLOWS: screen("Continúa"),
    Relation.FOLLOWED_BY: screen("Sigue en"),
    Relation.LINKED: screen("Relacionado"),
    Relation.OTHER: "",
}
ROLES = {"requester": screen("solicita"), "copy": screen("en copia")}


@dataclass(frozen=True, slots=True)
class RelatedView:
    """Another case; without ``url`` it is of a desk that the reader does not see."""

    before: str
    folio: str
    subject: str
    status: str
    url: str
    is_where: bool = False
    """The case goes on there."""


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """Somebody who may write into the case."""

    name: str
    address: str
    role: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A file of the case, small as a picture where that is safe, and where it came from."""

    file: FileView
    picture: bool
    origin: str
    anchor: str


def related_views(
    rows: Iterable[RelatedCase], *, desks: Sequence[str] | None, pack_of: Callable[[int], Pack]
) -> tuple[list[RelatedView], list[RelatedView]]:
    """The cases that belong to this one, and the other open ones of the person."""
    rows = list(rows)
    known = {each.id for each in rows if each.how is not Relation.OTHER}
    views = [(each, _related(each, desks, pack_of)) for each in rows]
    return (
        [view for row, view in views if row.how is not Relation.OTHER],
        [view for row, view in views if row.how is Relation.OTHER and row.id not in known],
    )


def _related(
    row: RelatedCase, desks: Sequence[str] | None, pack_of: Callable[[int], Pack]
) -> RelatedView:
    seen = desks is None or row.desk in desks
    return RelatedView(
        before=str(BEFORE[row.how]),
        folio=row.folio,
        subject=(row.subject or str(NO_SUBJECT)) if seen else _("de otra mesa"),
        status=pack_of(row.policy_version_id).statuses.label(row.status) if seen else "",
        url=address("case", row.folio) if seen else "",
        is_where=row.how is Relation.MERGED_INTO,
    )


def participant_views(people: Iterable[Participant]) -> list[ParticipantView]:
    """Who asked first, then who is kept in copy."""
    return [
        ParticipantView(each.name, each.address, str(ROLES.get(each.role, ""))) for each in people
    ]


def evidence_views(
    items: Iterable[EvidenceItem],
    *,
    folios: Mapping[int, str],
    messages: Mapping[int, Message],
    pack: Pack,
    as_of: datetime,
) -> list[EvidenceView]:
    """The files, each with the message that brought it; pictures inside a text are left to it.

    The answers of a form come last: people read them in the message.
    """
    zone = pack.calendar.zone
    views = []
    for item in sorted((each for each in items if not each.inline), key=holds_answers):
        message = messages.get(item.message_id or 0)
        day = short_day(item.added_at, zone, as_of)
        who = author_of(message, pack.company.name) if message else _("añadido por el equipo")
        views.append(
            EvidenceView(
                file=_named(item, file_view(item, folios.get(item.case_id, ""))),
                picture=is_picture(item),
                origin=f"{who}, {day}" if message or item.message_id is None else day,
                anchor=f"#m{item.message_id}" if message else "",
            )
        )
    return views


def _named(item: EvidenceItem, file: FileView) -> FileView:
    name = _("Lo que se llenó en el formulario")
    return replace(file, name=name) if holds_answers(item) else file


def is_picture(item: EvidenceItem) -> bool:
    """Whether the content itself is a picture that is shown as such, and a small one."""
    serving = how_to_serve(media_type=item.blob.media_type, suspicion=item.suspicion)
    shown = serving.inline and serving.content_type.startswith("image/")
    return shown and item.blob.size <= SHOWN_AS_PICTURE
