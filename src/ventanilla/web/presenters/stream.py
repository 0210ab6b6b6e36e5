"""The conversation of a case: what was said, with what happened as thin lines between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any, ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ventanilla.channels.models import Delivery
from ventanilla.core.words import screen
from ventanilla.desk import lettering
from ventanilla.evidence.models import EvidenceItem
from ventanilla.intranet.queries import Cited
from ventanilla.register.models import Case, Message
from ventanilla.web.addresses import address

from .masking import masked
from .moments import Moment, moment, size
from .signs import Sign

LONG_TEXT = 4000
VIA = {
    "email": screen("por correo"),
    "web": screen("por la web"),
    "phone": screen("por teléfono"),
    "whatsapp": screen("por WhatsApp"),
    "system": screen("del sistema"),
}
FOLDS = {
    "quote": screen("texto citado"),
    "signature": screen("firma"),
    "forward": screen("mensaje reenviado"),
}
DELIVERIES: dict[str, Sign] = {
    Delivery.QUEUED: Sign("plain", "clock", screen("por salir")),
    Delivery.SENT: Sign("kept", "check", screen("entregado al servidor")),
    Delivery.FAILED: Sign("broken", "exclamation-triangle", screen("no se pudo entregar")),
    Delivery.HELD: Sign("near", "pause", screen("retenido: no hay servidor de salida")),
    Delivery.SUPPRESSED: Sign("near", "no-symbol", screen("no se envió")),
}
SUSPICIONS = screen("revise antes de abrir")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; with ``fold`` it is shown folded under that name."""

    text: str
    fold: str = ""
    html: SafeString | None = None
    """The same laid out, where a colleague wrote it and there is anything to lay out."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file and how to take it home; without ``url`` it is only named."""

    name: str
    size: str
    url: str = ""
    suspicion: str = ""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message. ``side`` is theirs, ours or note."""

    is_message: ClassVar[bool] = True

    id: int
    side: str
    automatic: bool
    author: str
    via: str
    at: Moment
    parts: tuple[Part, ...]
    long: bool
    files: tuple[FileView, ...] = ()
    delivery: Sign | None = None
    html_url: str = ""
    address: str = ""
    outsider: bool = False
    cited: tuple[tuple[str, int, str], ...] = ()
    """Title, version and address of the articles that an answer of ours was written with."""


@dataclass(frozen=True, slots=True)
class EventView:
    """One entry of the record."""

    is_message: ClassVar[bool] = False

    icon: str
    sentence: str
    who: str
    at: Moment


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What was read about the messages of a case, each in one query."""

    folio: str
    zone: tzinfo
    as_of: datetime
    company: str
    files: Mapping[int, list[EvidenceItem]] = field(default_factory=dict)
    folios: Mapping[int, str] = field(default_factory=dict)
    """Of this case and those merged into it: a file is fetched under the folio it came with."""
    deliveries: Mapping[int, str] = field(default_factory=dict)
    cited: Mapping[int, Sequence[Cited]] = field(default_factory=dict)
    case: Case | None = None
    """Whose access code is looked for in what was said."""


def message_view(message: Message, facts: StreamFacts, *, laid_out: bool) -> MessageView:
    """A message for the staff."""
    state = facts.deliveries.get(message.pk)
    html_url = address("message-html", facts.folio, message.pk) if laid_out else ""
    return MessageView(
        id=message.pk,
        side=side_of(message),
        automatic=message.automatic,
        author=author_of(message, facts.company),
        via=via_of(message),
        at=moment(message.at, facts.zone, facts.as_of),
        parts=_parts(message, facts.case),
        long=len(message.text) > LONG_TEXT,
        files=tuple(
            file_view(each, facts.folios.get(each.case_id, facts.folio))
            for each in facts.files.get(message.pk, ())
        ),
        delivery=DELIVERIES[state] if state else None,
        html_url=html_url,
        address=message.author_address,
        outsider=message.outsider,
        cited=tuple(
            (each.title, each.number, address("knowledge-version", each.slug, each.number))
            for each in facts.cited.get(message.pk, ())
        ),
    )


def _parts(message: Message, case: Case | None) -> tuple[Part, ...]:
    found = parts_of(message.text, message.segments, case)
    if message.author_staff_id is None or message.automatic:
        return found
    return tuple(laid_out(each) for each in found)


def laid_out(part: Part) -> Part:
    """What a colleague typed, as it was meant; what stays folded stays as it is."""
    if part.fold or not lettering.has_layout(part.text):
        return part
    return replace(part, html=lettering.shown(part.text))


def side_of(message: Message) -> str:
    """Whose word it is, as a CSS class."""
    sides = {"in": "theirs", "out": "ours", "note": "note"}
    return sides[message.direction]


def via_of(message: Message) -> str:
    """Over which channel; notes say that they are notes, outsiders that they are."""
    if message.direction == Message.Direction.NOTE:
        return _("nota interna")
    words = VIA.get(message.channel, message.channel)
    if message.outsider:
        return f"{words} · {_('persona ajena al caso')}"
    return f"{words} · {_('automático')}" if message.automatic else str(words)


def author_of(message: Message, company: str) -> str:
    """A name, never empty."""
    if message.author_staff is not None:
        return str(message.author_staff)
    if message.direction == Message.Direction.OUT:
        return message.author_name or company
    return message.author_name or message.author_address or _("Persona")


def parts_of(
    text: str, segments: Iterable[Mapping[str, Any]], case: Case | None = None
) -> tuple[Part, ...]:
    """The text in its order: what is new stands open, quotes and signatures are folded."""
    found = tuple(
        Part(masked(segment["text"].strip("\n"), case), FOLDS.get(segment["kind"], ""))
        for segment in segments
        if segment["text"].strip()
    )
    return found or ((Part(masked(text, case)),) if text.strip() else ())


def file_view(item: EvidenceItem, folio: str) -> FileView:
    """A file of the case."""
    return FileView(
        name=item.filename,
        size=size(item.blob.size),
        url=address("evidence", folio, item.pk),
        suspicion=SUSPICIONS if item.suspicion else "",
    )
