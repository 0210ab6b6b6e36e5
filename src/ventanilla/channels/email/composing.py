"""A value to a mail's bytes. The same value gives the same bytes, so a retry sends the same mail."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from hashlib import sha256
from io import BytesIO
from typing import Literal

from ventanilla.channels.email import markup
from ventanilla.channels.email.addresses import normalise
from ventanilla.channels.email.values import Address

AutoSubmitted = Literal["auto-replied", "auto-generated"]
#: The first tells the thread, the last ones the branch; RFC 5322 asks lines under 998.
REFERENCES_SENT = 20
_MESSAGE_ID = re.compile(r"^<[^<>\s@]{1,400}@[^<>\s@]{1,250}>$")
_HEADER_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9-]{0,60}$")
_MEDIA_TYPE = re.compile(r"^[a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*$")
_QUOTED_PRINTABLE = charset.Charset("utf-8")
_QUOTED_PRINTABLE.body_encoding = charset.QP


class HeaderInjection(ValueError):
    """Un dato del encabezado trae un salto de línea; el correo no se envía así."""


class AddressNotDeliverable(ValueError):
    """La dirección de destino no es válida y el correo no se puede enviar."""


class MessageIdInvalid(ValueError):
    """El identificador del correo no tiene la forma debida."""


class MomentWithoutZone(ValueError):
    """La fecha del correo no dice su zona horaria."""


@dataclass(frozen=True, kw_only=True)
class OutgoingFile:
    """A file to send along."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class OutgoingEmail:
    """A mail to be sent. `date` is aware; `references` are the parent's, oldest first."""

    message_id: str
    date: datetime
    from_: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    reply_to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    html: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: AutoSubmitted | None = None
    folio: str | None = None
    attachments: tuple[OutgoingFile, ...] = ()
    extra_headers: tuple[tuple[str, str], ...] = ()


def compose(mail: OutgoingEmail) -> bytes:
    """The mail as it goes over the wire: CRLF, 7-bit, text with its HTML alternative.

    Raises `HeaderInjection`, `AddressNotDeliverable`, `MessageIdInvalid`, `MomentWithoutZone`.
    """
    body = _body(mail)
    for name, value in _headers(mail):
        body[name] = value
    out = BytesIO()
    # Headers come folded: the generator would put a long Message-ID on a line of its own, which
    # some servers read as empty.
    policy = compat32.clone(linesep="\r\n", max_line_length=None)
    BytesGenerator(out, mangle_from_=False, policy=policy).flatten(body)
    return out.getvalue()


def thread_references(parent_references: tuple[str, ...], parent_id: str | None) -> tuple[str, ...]:
    """The References of an answer: the parent's and its Message-ID, the middle left out if long."""
    chain = tuple(dict.fromkeys((*parent_references, *((parent_id,) if parent_id else ()))))
    if len(chain) <= REFERENCES_SENT:
        return chain
    return chain[:1] + chain[-(REFERENCES_SENT - 1) :]


def _body(mail: OutgoingEmail) -> Message:
    html = mail.html if mail.html is not None else markup.text_to_html(mail.text)
    alternative = MIMEMultipart("alternative", _boundary(mail, "alternative"))
    alternative.attach(_text(mail.text, "plain"))
    alternative.attach(_text(_document(html), "html"))
    if not mail.attachments:
        return alternative
    mixed = MIMEMultipart("mixed", _boundary(mail, "mixed"))
    del alternative["MIME-Version"]
    mixed.attach(alternative)
    for file in mail.attachments:
        mixed.attach(_file(file))
    return mixed


def _boundary(mail: OutgoingEmail, role: str) -> str:
    # `=_` cannot occur in quoted-printable or base64, so no body can contain the boundary.
    return f"=_{role[:3]}_{sha256(f'{role}{mail.message_id}'.encode()).hexdigest()[:32]}"


def _text(text: str, subtype: str) -> MIMEText:
    part = MIMEText(text.replace("\r\n", "\n").replace("\r", "\n"), subtype, _QUOTED_PRINTABLE)  # type: ignore[arg-type]  # typeshed says str; the library takes a Charset, which chooses the encoding
    del part["MIME-Version"]
    return part


def _document(html: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{html}</body></html>\n'
    )


def _file(file: OutgoingFile) -> MIMEBase:
    main, _slash, sub = _file_type(file).partition("/")
    part = MIMEBase(main, sub)
    del part["MIME-Version"]
    part.set_payload(file.content)
    encode_base64(part)
    name = _one_line(file.filename, "filename")
    shown: str | tuple[str, str, str] = name if name.isascii() else ("utf-8", "", name)
    part.add_header("Content-Disposition", "attachment", filename=shown)
    return part


def _file_type(file: OutgoingFile) -> str:
    wanted = file.media_type.lower()
    # A mail or a multipart may not be base64: sent as bytes under its name.
    if not _MEDIA_TYPE.match(wanted) or wanted.startswith(("message/", "multipart/")):
        return "application/octet-stream"
    return wanted


def _headers(mail: OutgoingEmail) -> list[tuple[str, str]]:
    if mail.date.tzinfo is None:
        raise MomentWithoutZone(MomentWithoutZone.__doc__)
    references = [_message_id(one) for one in mail.references if _MESSAGE_ID.match(one)]
    optional = (
        ("Reply-To", ",\n ".join(map(_mailbox, mail.reply_to))),
        ("Cc", ",\n ".join(map(_mailbox, mail.cc))),
        ("In-Reply-To", mail.in_reply_to and _message_id(mail.in_reply_to)),
        ("References", "\n ".join(references)),
        ("Auto-Submitted", mail.auto_submitted),
        ("X-Auto-Response-Suppress", mail.auto_submitted and "All"),
        ("X-Ventanilla-Folio", mail.folio and _encoded(mail.folio, "X-Ventanilla-Folio")),
    )
    return [
        ("Message-ID", _message_id(mail.message_id)),
        ("Date", format_datetime(mail.date)),
        ("From", _mailbox(mail.from_)),
        ("To", ",\n ".join(map(_mailbox, mail.to)) or "undisclosed-recipients:;"),
        ("Subject", _encoded(mail.subject, "Subject")),
        *((name, value) for name, value in optional if value),
        *((_name(name), _encoded(value, name)) for name, value in mail.extra_headers),
    ]


def _name(name: str) -> str:
    if not _HEADER_NAME.match(name):
        raise HeaderInjection(HeaderInjection.__doc__)
    return name


def _message_id(value: str) -> str:
    if not _MESSAGE_ID.match(value) or not value.isascii():
        raise MessageIdInvalid(MessageIdInvalid.__doc__)
    return value


def _one_line(value: str, where: str) -> str:
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"} for char in value):
        problem = HeaderInjection(HeaderInjection.__doc__)
        problem.add_note(where)
        raise problem
    return value


def _encoded(value: str, name: str) -> str:
    _one_line(value, name)
    if value.isascii() and "=?" not in value:
        return Header(value, "us-ascii", header_name=name).encode(linesep="\n", maxlinelen=76)
    return Header(value, "utf-8", header_name=name).encode(linesep="\n", maxlinelen=76)


def _mailbox(address: Address) -> str:
    name, email = _one_line(address.name, "name"), normalise(_one_line(address.email, "email"))
    if email is None or not email.isascii():
        raise AddressNotDeliverable(AddressNotDeliverable.__doc__)
    if not name:
        return email
    if not name.isascii() or "=?" in name:
        return f"{Header(name, 'utf-8').encode(linesep=chr(10), maxlinelen=60)} <{email}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{email}>'
