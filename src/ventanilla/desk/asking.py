"""A request that a person sends with the form of the portal: kept first, then served like a mail."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from ventanilla.channels.email.composing import AddressNotDeliverable, OutgoingFile
from ventanilla.channels.models import InboundItem
from ventanilla.core.refusals import Refusal
from ventanilla.crm.rules import AddressNotUnderstood, normalise_email
from ventanilla.desk import context, policies
from ventanilla.desk.enclosing import Upload
from ventanilla.desk.intake import submission
from ventanilla.desk.intake.accept import accept
from ventanilla.desk.intake.receiving import receive
from ventanilla.desk.intake.submission import PLAIN, Answer, Submission
from ventanilla.policy.schema import Category, Pack, StartEvent
from ventanilla.register.models import Case

MOST_FILES = 10
MOST_BYTES = 20 * 1024 * 1024
"""All files together: encoded they fit into what the intake takes as one message."""
KEY_LENGTH = 32
ADDRESS_LENGTH = 254

log = logging.getLogger(__name__)


class CategoryNotOffered(Refusal):
    """Ese tipo de solicitud ya no se ofrece. Vuelva a elegir de qué se trata; su texto sigue aquí."""


class NothingAsked(Refusal):
    """Falta contarnos qué necesita. Escriba el asunto y el texto de su solicitud."""


class AddressIsOurs(Refusal):
    """Esa dirección es nuestra. Escriba la suya, para que podamos responderle."""


class TooManyFiles(Refusal):
    """Son demasiados archivos: como máximo {most}, y entre todos {limit_mb} MB. Quite alguno;
    después podrá agregar más desde la página de seguimiento."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a request. ``case`` is None while it waits to be processed or looked at."""

    item_id: int
    case: Case | None
    due_at: datetime | None = None


def ask(
    *,
    category: str,
    name: str,
    email: str,
    subject: str,
    text: str,
    answers: Sequence[Answer] = (),
    files: Sequence[Upload] = (),
    follows: Case | None = None,
    request_key: str,
    remote: str = "",
    as_of: datetime,
) -> Asked:
    """Keep a request and open its case, with everything that a mail would have caused.

    When this returns nothing can be lost: the request is stored whole before anything else, and
    if its case cannot be opened now, a job goes on trying or a colleague finds it in quarantine.
    The same form (``request_key``) with the same words twice makes one case and gives the same
    answer; with other words it is another request. ``follows`` is an ended case that the caller
    has proved to hold. Raises CategoryNotOffered, NothingAsked, AddressNotUnderstood,
    AddressIsOurs, TooManyFiles; then nothing was kept.
    """
    pack = policies.pack_in_force(as_of)
    chosen = _offered(pack, category)
    request = Submission(
        category=chosen.key,
        name=_one_line(name),
        email=_own_address(pack, email),
        subject=_one_line(subject),
        text=text.strip(),
        answers=tuple(answers),
        follows=follows.folio if follows else "",
    )
    if not request.subject or not request.text:
        raise NothingAsked
    _check_files(files)
    item = _accept(pack, chosen, request, files, request_key, remote=remote, as_of=as_of)
    try:
        receive(item_id=item.pk, as_of=as_of)
    except Exception:
        log.exception("a request of the portal waits for its job", extra={"item_id": item.pk})
    return asked(item_id=item.pk)


def asked(*, item_id: int) -> Asked:
    """How a request stands now. Raises InboundItem.DoesNotExist."""
    items = InboundItem.objects.defer("raw").select_related("case__person", "case__policy_version")
    case = items.get(pk=item_id, gateway=submission.GATEWAY).case
    if case is None:
        return Asked(item_id, None)
    main = context.main_promise(case, context.pack_of(case))
    return Asked(item_id, case, main.due_at if main else None)


def link_of(case: Case) -> str:
    """The address of the page on which the person follows the case, code included."""
    return context.follow_link(case)


def promise_if_sent(pack: Pack, category: Category, *, as_of: datetime) -> datetime | None:
    """By when an answer would be promised to what is sent now; None where nothing is promised."""
    main = category.main_commitment
    if main is None or main.target.starts is not StartEvent.RECEIVED:
        return None
    return pack.calendar.due(as_of, main.target.term)


def may_cost_extra(pack: Pack, category: Category, *, as_of: datetime) -> bool:
    """Whether this would be served as an emergency outside opening hours, for which a surcharge
    may be quoted (never charged before it is accepted)."""
    rules = pack.emergency
    is_emergency = rules is not None and category.key in rules.categories and rules.surcharges
    return bool(is_emergency) and not pack.calendar.is_open(as_of)


def _accept(
    pack: Pack,
    category: Category,
    request: Submission,
    files: Sequence[Upload],
    request_key: str,
    *,
    remote: str,
    as_of: datetime,
) -> InboundItem:
    key = named(request_key, request.model_dump_json(), files)
    desk_address = pack.desk(category.desk).addresses[0]
    kept = [
        OutgoingFile(
            filename=_one_line(each.filename), media_type=each.declared_type or PLAIN,
            content=each.content,
        )
        for each in files
    ]  # fmt: skip
    try:
        raw = submission.write(
            request,
            kept,
            desk_address=desk_address,
            message_id=f"<web.{key}@{settings.VENTANILLA.mail_domain}>",
            at=as_of,
        )
    except AddressNotDeliverable as error:
        raise AddressNotUnderstood(value=request.email) from error
    return accept(
        raw=raw,
        gateway=submission.GATEWAY,
        envelope_from=request.email,
        recipients=[desk_address],
        remote=remote,
        source_key=f"web:{key}",
        as_of=as_of,
    )


def named(request_key: str, words: str, files: Sequence[Upload]) -> str:
    """Names this form with these words and files: gone back to and changed, it is another one."""
    told = hashlib.sha256(request_key.encode())
    told.update(b"\x00" + words.encode())
    for each in files:
        told.update(b"\x00" + each.filename.encode() + hashlib.sha256(each.content).digest())
    return told.hexdigest()[:KEY_LENGTH]


def _offered(pack: Pack, key: str) -> Category:
    for category in pack.categories:
        if category.key == key:
            return category
    raise CategoryNotOffered


def _own_address(pack: Pack, written: str) -> str:
    address = normalise_email(written)
    if len(address) > ADDRESS_LENGTH or not address.isascii():
        raise AddressNotUnderstood(value=written[:80])
    if pack.desk_for_address(address) is not None:
        raise AddressIsOurs
    return address


def _check_files(files: Sequence[Upload]) -> None:
    if len(files) > MOST_FILES or sum(len(each.content) for each in files) > MOST_BYTES:
        raise TooManyFiles(most=MOST_FILES, limit_mb=MOST_BYTES // 1024 // 1024)


def _one_line(text: str) -> str:
    """Without line breaks and control characters, which a header must not carry."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
