"""A mail's bytes to a value. The only door in: `parse`.

It raises nothing but the refusals of `refusals.py`. What a mail does wrong short of that becomes
a defect code on the value: mail is what people send, not what the standards say.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ventanilla.channels.email import attachments, bodies, headers, markup, structure, tnef
from ventanilla.channels.email.addresses import addresses
from ventanilla.channels.email.refusals import DEFAULT_LIMITS, Limits, MailRefused, Unparseable
from ventanilla.channels.email.signals import signals_of
from ventanilla.channels.email.structure import Part
from ventanilla.channels.email.values import Address, Attachment, EmbeddedMail, ParsedEmail

_UNIQUE = ("from", "subject", "message-id", "date", "in-reply-to", "references", "to", "cc")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
#: A sender's clock may run ahead, or be set to another zone.
_AHEAD = timedelta(days=2)
#: Mails inside a mail beyond these are kept, but not read for what they say.
EMBEDDED_READ = 10


def parse(
    raw: bytes, *, limits: Limits = DEFAULT_LIMITS, received_at: datetime | None = None
) -> ParsedEmail:
    """The mail in `raw`. With `received_at` (aware), a `Date` days ahead of it counts as absurd.

    Raises `MessageTooLarge`, `HeaderTooLarge`, `TooManyParts`, `TooDeeplyNested` or `Unparseable`.
    """
    return _guarded(raw, limits, received_at, embedded_depth=0)


def words_of(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> str:
    """What the mail in `raw` says as text. Its files are not looked at; `raw` may break off.

    Raises what `parse` raises.
    """
    with _refusing():
        contents = bodies.Contents(limits=limits)
        contents.walk(structure.read_structure(raw, limits))
        return _body(contents.pieces, limits).text


def _guarded(
    raw: bytes, limits: Limits, received_at: datetime | None, *, embedded_depth: int
) -> ParsedEmail:
    with _refusing():
        return _parse(raw, limits, received_at, embedded_depth)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except MailRefused:
        raise
    except Exception as problem:
        # Whatever the parser trips over belongs in quarantine with its reason, never in a crash
        # that stops the mails behind it.
        raise Unparseable(reason=type(problem).__name__) from problem


def _parse(
    raw: bytes, limits: Limits, received_at: datetime | None, embedded_depth: int
) -> ParsedEmail:
    root = structure.read_structure(raw, limits)
    found = _Headers(root)
    contents = bodies.Contents(limits=limits)
    contents.walk(root)
    files = _files(contents, limits, embedded_depth)
    body = _body(contents.pieces, limits)
    files += body.files
    date, date_defect = _date(found.first("date"), received_at)
    defects = [*found.defects(), date_defect, *contents.defects, *body.defects]
    senders = found.addresses("from")
    return ParsedEmail(
        message_id=next(iter(headers.message_ids(found.first("message-id"))), None),
        in_reply_to=next(iter(headers.message_ids(found.first("in-reply-to"))), None),
        references=headers.message_ids(found.first("references")),
        subject=headers.clean(found.first("subject")),
        from_=senders[0] if senders else None,
        sender=next(iter(found.addresses("sender")), None),
        reply_to=found.addresses("reply-to"),
        to=found.addresses("to"),
        cc=found.addresses("cc"),
        delivered_to=found.addresses("delivered-to", "x-original-to", "envelope-to"),
        date=date,
        text=body.text,
        html=body.html,
        blocked_images=body.blocked_images,
        attachments=attachments.mark_total(tuple(files), limits),
        signals=signals_of(found.values, found.raw, root),
        authentication_results=tuple(
            headers.clean(value, limit=4_000)
            for value in found.raw.get("authentication-results", ())
        ),
        signed=contents.signed,
        encrypted=contents.encrypted or "-----BEGIN PGP MESSAGE-----" in body.text,
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
        defects=tuple(dict.fromkeys(one for one in defects if one)),
    )


class _Headers:
    """The top headers by lower-cased name, in order."""

    def __init__(self, root: Part) -> None:
        self.raw: dict[str, list[str]] = {}
        for name, value in root.raw_items():
            self.raw.setdefault(name.strip().lower(), []).append(value)
        self._parser_defects = tuple(type(defect).__name__ for defect in root.defects)

    def first(self, name: str) -> str:
        return next(iter(self.raw.get(name, ())), "")

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(headers.clean(value) for value in self.raw.get(name, ())[:100])

    def addresses(self, *names: str) -> tuple[Address, ...]:
        seen = {one.email: one for name in reversed(names) for one in addresses(self.first(name))}
        return tuple(seen.values())

    def defects(self) -> Iterable[str | None]:
        senders = self.addresses("from")
        yield "from_missing" if not senders else None
        yield "address_invalid" if self.first("from") and not senders else None
        yield "from_multiple" if len(senders) > 1 else None
        yield "duplicate_header" if any(len(self.raw.get(n, ())) > 1 for n in _UNIQUE) else None
        yield None if headers.message_ids(self.first("message-id")) else "message_id_missing"
        eight_bit = any(not self.first(name).isascii() for name in ("from", "subject", "to"))
        yield "header_eight_bit" if eight_bit else None
        broken = {"MissingHeaderBodySeparatorDefect", "FirstHeaderLineIsContinuationDefect"}
        yield "header_broken" if broken & set(self._parser_defects) else None


def _date(value: str, received_at: datetime | None) -> tuple[datetime | None, str | None]:
    if not value.strip():
        return None, "date_missing"
    try:
        date = parsedate_to_datetime(headers.clean(value, limit=200))
        aware = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, "date_absurd"
    latest = received_at + _AHEAD if received_at else _LATEST
    return (aware, None) if _EARLIEST <= aware <= latest else (None, "date_absurd")


def _files(contents: bodies.Contents, limits: Limits, embedded_depth: int) -> list[Attachment]:
    out: list[Attachment] = []
    embedded = 0
    for part in contents.files:
        made = attachments.attachment_of(part, position=len(out) + 1, limits=limits)
        if tnef.is_tnef(made):
            out += _opened(made, contents, limits, position=len(out) + 1)
        elif part.media_type in {"message/rfc822", "message/global"}:
            embedded += 1
            read = embedded <= EMBEDDED_READ
            out.append(_embedded(made, part, limits, embedded_depth) if read else made)
        else:
            out.append(made)
    return out


def _opened(
    winmail: Attachment, contents: bodies.Contents, limits: Limits, *, position: int
) -> list[Attachment]:
    """What Outlook wrapped; the wrapping itself stays when it cannot be opened."""
    opened = tnef.open_tnef(winmail.content, limits)
    if opened is None:
        contents.defects.append("tnef_unreadable")
        return [replace(winmail, suspicious=(*winmail.suspicious, "tnef_unreadable"))]
    if not contents.pieces and (opened.text or opened.html):
        contents.pieces.append(bodies.Piece(text=opened.text, html=opened.html))
    return [
        attachments.make(
            content=content,
            name=name,
            declared_type="application/octet-stream",
            position=position + at,
            limits=limits,
        )
        for at, (name, content) in enumerate(opened.files)
    ]


def _embedded(made: Attachment, part: Part, limits: Limits, embedded_depth: int) -> Attachment:
    """A mail inside the mail: kept whole, and read for what it says, a few levels deep."""
    if embedded_depth >= limits.embedded_depth:
        return made
    source = made.content
    if part.first("content-transfer-encoding").strip().lower() in {"base64", "quoted-printable"}:
        # Forbidden by the standard, done all the same: the mail is what is inside.
        source = part.content()[0]
        made = replace(
            attachments.make(
                content=source,
                name=made.filename,
                declared_type=made.declared_type,
                position=1,
                limits=limits,
            ),
            inline=made.inline,
        )
    try:
        inner = _guarded(source, _inner(limits), None, embedded_depth=embedded_depth + 1)
    except MailRefused:
        return made
    return attachments.with_embedded(
        made,
        EmbeddedMail(
            message_id=inner.message_id,
            from_=inner.from_,
            subject=inner.subject,
            date=inner.date,
            text=inner.text,
        ),
    )


def _inner(limits: Limits) -> Limits:
    """What a mail inside may cost: there may be many, one inside the other."""
    return replace(limits, parts=limits.parts // 4, html_bytes=limits.html_bytes // 8)


@dataclass(frozen=True, kw_only=True)
class _Body:
    text: str
    html: str | None
    blocked_images: int
    files: list[Attachment]
    defects: list[str]


def _body(pieces: list[bodies.Piece], limits: Limits) -> _Body:
    texts: list[str] = []
    htmls: list[str] = []
    blocked = 0
    defects: list[str] = []
    room = limits.html_bytes
    for piece in pieces:
        given = markup.without_data(piece.html) if piece.html else ""
        room -= len(given)
        fits = given and room >= 0
        safe = markup.sanitise(given, most_depth=limits.html_depth) if fits else None
        if piece.html and safe is None:
            defects.append("html_too_complex")
        blocked += safe.blocked_images if safe else 0
        text = piece.text or (markup.html_to_text(safe.html) if safe else markup.strip_tags(given))
        texts.append(text)
        htmls.append(safe.html if safe else markup.text_to_html(text))
    has_html = any(piece.html for piece in pieces)
    text = "\n".join(texts)
    files = []
    if len(text) > limits.text_chars:
        files.append(_overlong(text, limits))
        text, has_html = text[: limits.text_chars], False
        defects.append("text_truncated")
    html = "\n".join(htmls) if has_html else None
    return _Body(text=text, html=html, blocked_images=blocked, files=files, defects=defects)


def _overlong(text: str, limits: Limits) -> Attachment:
    return attachments.make(
        content=text.encode(),
        name="texto-completo.txt",
        declared_type="text/plain",
        position=1,
        limits=limits,
    )
