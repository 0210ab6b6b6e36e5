"""A case as the person it belongs to sees it: no notes, no record, of the staff only names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ventanilla.evidence.models import EvidenceItem
from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.schema.promise import CommitmentKind
from ventanilla.register.models import Case, Commitment, Message
from ventanilla.register.rules.statuses import ENDED, Status

from .case import StatusView, status_view
from .moments import moment, size
from .promises import is_open, name_of, sign_of
from .queue import NO_SUBJECT
from .signs import Sign
from .stream import FileView, MessageView, author_of, parts_of, side_of

TOLD = frozenset(
    {
        CommitmentKind.FIRST_RESPONSE.value,
        CommitmentKind.NEXT_RESPONSE.value,
        CommitmentKind.RESOLUTION.value,
        CommitmentKind.PROGRESS_NOTICE.value,
    }
)
"""The promises that are made to the person; the others are our own housekeeping."""
STATE_WORDS = {
    Status.REGISTERED: "Recibimos su solicitud.",
    Status.ASSESSED: "Ya revisamos qué necesita y la estamos atendiendo.",
    Status.IN_PROGRESS: "Estamos trabajando en su solicitud.",
    Status.WAITING_CUSTOMER: "Esperamos su respuesta para continuar.",
    Status.WAITING_AREA: "Otra área nuestra está revisando una parte.",
    Status.WAITING_AUTHORIZATION: "Esperamos una autorización nuestra para continuar.",
    Status.RESOLVED: "Su solicitud está resuelta.",
    Status.CLOSED: "Su solicitud está cerrada.",
    Status.WITHDRAWN: "Usted retiró esta solicitud.",
}
NOTHING_TO_WAIT_FOR = ENDED | {Status.RESOLVED, Status.WAITING_CUSTOMER}
"""Here no moment of ours comes first: we are done, or it is their turn."""
VIA = {
    "email": "por correo",
    "web": "en esta página",
    "phone": "por teléfono",
    "whatsapp": "por WhatsApp",
}


@dataclass(frozen=True, slots=True)
class Promised:
    """The moment that matters most, in full."""

    lead: str
    iso: str
    full: str


@dataclass(frozen=True, slots=True)
class PortalPromise:
    """One promise to the person."""

    name: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class PortalCase:
    """The head of the page."""

    folio: str
    subject: str
    status: StatusView
    promised: Promised | None
    state_words: str
    promises: tuple[PortalPromise, ...]


def portal_case(case: Case, rows: Iterable[Commitment], pack: Pack, as_of: datetime) -> PortalCase:
    """Status and promised moment first."""
    told = [each for each in rows if each.kind in TOLD and each.cancelled_at is None]
    waiting = sorted((each for each in told if is_open(each)), key=lambda each: each.due_at)
    kept = [each for each in told if not is_open(each)]
    promised = _promised(case, waiting, pack, as_of)
    if promised is not None and case.committed_at is None:
        waiting = waiting[1:]  # it stands above in full
    return PortalCase(
        folio=case.folio,
        subject=case.subject or NO_SUBJECT,
        status=status_view(case.status, pack),
        promised=promised,
        state_words=STATE_WORDS[Status(case.status)],
        promises=tuple(
            PortalPromise(name_of(each, pack), sign_of(each, pack, as_of))
            for each in [*waiting, *kept]
        ),
    )


def _promised(
    case: Case, waiting: Sequence[Commitment], pack: Pack, as_of: datetime
) -> Promised | None:
    """The committed date if there is one; else what we owe next. Nothing while we wait."""
    if Status(case.status) in NOTHING_TO_WAIT_FOR:
        return None
    zone = pack.calendar.zone
    if case.committed_at is not None:
        told = moment(case.committed_at, zone, as_of)
        return Promised("Fecha comprometida para resolverla:", told.iso, told.full)
    if not waiting:
        return None
    told = moment(waiting[0].due_at, zone, as_of)
    return Promised(f"{name_of(waiting[0], pack)}, a más tardar:", told.iso, told.full)


def portal_stream(
    messages: Iterable[Message],
    files: Mapping[int, Sequence[EvidenceItem]],
    pack: Pack,
    as_of: datetime,
) -> Iterator[MessageView]:
    """What was said between the two sides; what others wrote or we noted is left out."""
    for message in messages:
        if message.direction == Message.Direction.NOTE or message.outsider:
            continue
        yield MessageView(
            id=message.pk,
            side="ours" if side_of(message) == "theirs" else "theirs",
            automatic=message.automatic,
            author=_author(message, pack),
            via=VIA.get(message.channel, ""),
            at=moment(message.at, pack.calendar.zone, as_of),
            parts=parts_of(message.text, message.segments),
            long=False,
            files=tuple(
                FileView(each.filename, size(each.blob.size)) for each in files.get(message.pk, ())
            ),
        )


def _author(message: Message, pack: Pack) -> str:
    if message.direction == Message.Direction.IN:
        return "Usted"
    return pack.company.name if message.automatic else author_of(message, pack.company.name)
