"""A file out of a mail: its safe name, its hash, what it is, what makes it suspicious."""

import hashlib
import re
import unicodedata
from dataclasses import replace

from ventanilla.channels.email import headers, sniffing
from ventanilla.channels.email.refusals import Limits
from ventanilla.channels.email.structure import Part
from ventanilla.channels.email.values import Attachment, EmbeddedMail

NAME_BYTES = 150
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f/\\]')
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-mime": ".p7m",
    "application/x-pkcs7-signature": ".p7s",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "message/delivery-status": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
}


def attachment_of(part: Part, *, position: int, limits: Limits) -> Attachment:
    """The part as a file; `position` numbers those without a name, from 1."""
    content = part.source() if part.media_type == "message/rfc822" else part.content()[0]
    content_id = headers.message_ids(part.first("content-id"))
    made = make(
        content=content,
        name=raw_name(part),
        declared_type=part.media_type,
        position=position,
        limits=limits,
    )
    return replace(
        made,
        content_id=content_id[0].strip("<>") if content_id else _bare_id(part),
        inline=disposition(part) == "inline"
        or (bool(part.first("content-id")) and in_related(part)),
    )


def make(
    *, content: bytes, name: str, declared_type: str, position: int, limits: Limits
) -> Attachment:
    """An attachment of bytes that stand already outside the mail (TNEF, an overlong body)."""
    sniffed = sniffing.sniff(content, name)
    filename = safe_name(name, fallback=_fallback(declared_type, sniffed, position))
    found = list(sniffing.suspicions(content, filename, sniffed, limits))
    if headers.has_direction_marks(name):
        found.append("hidden_name")
    if len(content) > limits.attachment_bytes:
        found.append("too_large")
    return Attachment(
        filename=filename,
        declared_type=declared_type,
        sniffed_type=sniffed,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        suspicious=tuple(found),
    )


def raw_name(part: Part) -> str:
    """The name as the sender wrote it, decoded; "" when there is none."""
    given = headers.parameters(part.first("content-disposition")).get("filename")
    return given or headers.parameters(part.first("content-type")).get("name") or ""


def disposition(part: Part) -> str:
    """`attachment`, `inline` or "" when the sender does not say."""
    return part.first("content-disposition").partition(";")[0].strip().lower()


def in_related(part: Part) -> bool:
    """Whether the part belongs to the HTML beside it."""
    return part.parent is not None and part.parent.media_type == "multipart/related"


def safe_name(name: str, *, fallback: str) -> str:
    """A name without folders, controls, direction marks or reserved words, 150 bytes at most."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", headers.without_controls(name)))[-1]
    kept = " ".join(_FORBIDDEN.sub("_", last).split()).strip(". ")
    if not kept:
        return fallback
    if _RESERVED.match(kept):
        kept = f"_{kept}"
    return _shortened(kept)


def mark_total(found: tuple[Attachment, ...], limits: Limits) -> tuple[Attachment, ...]:
    """Marks the files with which the mail passes its total."""
    total, out = 0, []
    for one in found:
        total += one.size
        over = total > limits.attachments_total_bytes
        out.append(replace(one, suspicious=(*one.suspicious, "total_too_large")) if over else one)
    return tuple(out)


def with_embedded(attachment: Attachment, embedded: EmbeddedMail) -> Attachment:
    """The attached mail with what it says, named by its subject when it had no name."""
    if not attachment.filename.startswith("adjunto-") or not embedded.subject:
        return replace(attachment, embedded=embedded)
    name = safe_name(f"{embedded.subject[:80]}.eml", fallback=attachment.filename)
    return replace(attachment, embedded=embedded, filename=name)


def _shortened(name: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    ending = sniffing.extension(name)[:20]
    room = NAME_BYTES - len(ending.encode())
    return name.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + ending


def _fallback(declared: str, sniffed: str | None, position: int) -> str:
    ending = _ENDINGS.get(declared) or _ENDINGS.get(sniffed or "") or ".bin"
    return f"adjunto-{position}{ending}"


def _bare_id(part: Part) -> str | None:
    return headers.clean(part.first("content-id"), limit=200).strip("<> ") or None
