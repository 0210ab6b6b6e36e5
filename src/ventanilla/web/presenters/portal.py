"""A case as the person it belongs to sees it: no notes, no record, of the staff only names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ventanilla.core.words import screen
from ventanilla.evidence.models import EvidenceItem
from ventanilla.intranet.queries import Cited
from ventanilla.policy.schema.pack import Pack
from ventanilla.policy.schema.promise import CommitmentKind
from ventanilla.register.models import Case, Commitment, Message
from ventanilla.register.promised import kind_of
from ventanilla.register.rules.statuses import ENDED, Status
from ventanilla.web.addresses import address

from .case import StatusView, status_view
from .moments import Moment, moment, size
from .promises import is_open, sign_of
from .queue import NO_SUBJECT
from .signs import Sign
from .stream import FileView, Part, author_of, parts_of, side_of

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
    Status.REGISTERED: screen("Recibimos su solicitud."),
    Status.ASSESSED: screen("Ya revisamos qué necesita y la estamos atendiendo."),
    Status.IN_PROGRESS: screen("Estamos trabajando en su solicitud."),
    Status.WAITING_CUSTOMER: screen("Esperamos su respuesta para continuar."),
    Status.WAITING_AREA: screen("Otra área nuestra está revisando una parte."),
    Status.WAITING_AUTHORIZATION: screen("Esperamos una autorización nuestra para continuar."),
    Status.RESOLVED: screen("Su solicitud está resuelta."),
    Status.CLOSED: screen("Su solicitud está cerrada."),
    Status.WITHDRAWN: screen("Usted retiró esta solicitud."),
}
_STEP_OF = {
    Status.REGISTERED: 0,
    Status.ASSESSED: 1,
    Status.IN_PROGRESS: 1,
    Status.WAITING_CUSTOMER: 1,
    Status.WAITING_AREA: 1,
    Status.WAITING_AUTHORIZATION: 1,
    Status.RESOLVED: 2,
    Status.CLOSED: 3,
}
NOTHING_TO_WAIT_FOR = ENDED | {Status.RESOLVED, Status.WAITING_CUSTOMER}
"""Here no moment of ours comes first: we are done, or it is their turn."""
VIA = {
    "email": screen("por correo"),
    "web": screen("en esta página"),
    "phone": screen("por teléfono"),
    "whatsapp": screen("por WhatsApp"),
}


@dataclass(frozen=True, slots=True)
class Promised:
    """The moment that matters most, in full."""

    lead: str
    iso: str
    full: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class PortalPromise:
    """One promise to the person."""

    name: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class PortalMessage:
    """One message. ``cited`` are title and address of the articles behind an answer of ours."""

    side: str
    automatic: bool
    author: str
    via: str
    at: Moment
    parts: tuple[Part, ...]
    files: tuple[FileView, ...]
    cited: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way of a request; ``state`` is done, now or ahead."""

    name: str
    state: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """What can be done about the end of a request."""

    may_withdraw: bool
    is_ended: bool
    is_over: bool
    until: Moment | None


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
            PortalPromise(kind_of(each, pack), sign_of(each, pack, as_of))
            for each in [*waiting, *kept]
        ),
    )


def steps_of(case: Case, pack: Pack, as_of: datetime) -> tuple[Step, ...]:
    """The way in four steps, so that one sees where it stands and what comes next."""
    zone = pack.calendar.zone
    status = Status(case.status)
    if status is Status.WITHDRAWN:
        ended = case.closed_at or case.last_activity_at
        return (
            Step(_("Recibida"), "done", moment(case.received_at, zone, as_of).short),
            Step(_("Retirada"), "now", moment(ended, zone, as_of).short),
        )
    here = _STEP_OF[status]
    names = (_("Recibida"), _("En atención"), _("Resuelta"), _("Cerrada"))
    moments = (case.received_at, None, case.resolved_at, case.closed_at)
    return tuple(
        Step(
            name,
            "done" if place < here else "now" if place == here else "ahead",
            moment(at, zone, as_of).short if at and place <= here else "",
        )
        for place, (name, at) in enumerate(zip(names, moments, strict=True))
    )


def may_withdraw(case: Case) -> bool:
    """Whether there is something to withdraw."""
    return Status(case.status) not in ENDED | {Status.RESOLVED}


def ending_view(case: Case, *, until: Moment | None, is_over: bool) -> Ending:
    """Withdraw what is open; have reopened what ended, while that is possible."""
    return Ending(may_withdraw(case), not may_withdraw(case), is_over, until)


def _promised(
    case: Case, waiting: Sequence[Commitment], pack: Pack, as_of: datetime
) -> Promised | None:
    """The committed date if there is one; else what we owe next. Nothing while we wait."""
    if Status(case.status) in NOTHING_TO_WAIT_FOR:
        return None
    zone = pack.calendar.zone
    if case.committed_at is not None:
        told = moment(case.committed_at, zone, as_of)
        lead = _("Fecha comprometida para resolverla:")
        return Promised(lead, told.iso, told.full, late=as_of > case.committed_at)
    if not waiting:
        return None
    told = moment(waiting[0].due_at, zone, as_of)
    lead = _("%(promise)s, a más tardar:") % {"promise": kind_of(waiting[0], pack)}
    return Promised(lead, told.iso, told.full, late=as_of > waiting[0].due_at)


def portal_stream(
    messages: Iterable[Message],
    files: Mapping[int, Sequence[EvidenceItem]],
    pack: Pack,
    as_of: datetime,
    *,
    folio: str,
    cited: Mapping[int, Sequence[Cited]],
) -> Iterator[PortalMessage]:
    """What was said between the two sides; what others wrote or we noted is left out."""
    for message in messages:
        if message.direction == Message.Direction.NOTE or message.outsider:
            continue
        yield PortalMessage(
            side="ours" if side_of(message) == "theirs" else "theirs",
            automatic=message.automatic,
            author=_author(message, pack),
            via=VIA.get(message.channel, ""),
            at=moment(message.at, pack.calendar.zone, as_of),
            parts=parts_of(message.text, message.segments),
            files=tuple(
                FileView(
                    each.filename,
                    size(each.blob.size),
                    address("portal-file", folio, each.pk)
                    if each.case_id == message.case_id
                    else "",
                )
                for each in files.get(message.pk, ())
            ),
            cited=tuple(
                (each.title, address("help-article", each.slug))
                for each in cited.get(message.pk, ())
            ),
        )


def _author(message: Message, pack: Pack) -> str:
    if message.direction == Message.Direction.IN:
        return _("Usted")
    return pack.company.name if message.automatic else author_of(message, pack.company.name)
