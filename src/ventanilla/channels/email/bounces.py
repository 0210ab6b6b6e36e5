"""A bounce read: who could not be reached, for good or for now, and which mail of ours it was.

RFC 3464 where the report follows it; about half of the real ones do not, and tell in prose.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from ventanilla.channels.email import charsets, headers
from ventanilla.channels.email.addresses import addresses, normalise
from ventanilla.channels.email.values import ParsedEmail

Severity = Literal["hard", "soft", "unknown"]
_READ_CHARS = 50_000

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SMTP_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -](?=[#\w<'\"])")
_MESSAGE_ID = re.compile(
    r"^[> \t]{0,20}Message-ID:\s{0,4}(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE
)
_RECIPIENT = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,253}\w")
_FIELD = re.compile(r"^([\w-]{1,60}):[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_HARD_WORDS = re.compile(
    r"user unknown|unknown user|no such (?:user|mailbox|recipient)|does ?n[o']t exist|"
    r"mailbox (?:unavailable|not found|disabled)|recipient (?:rejected|not found|address rejected)|"
    r"invalid (?:recipient|mailbox)|host (?:unknown|not found)|domain not found|address not found|"
    r"no existe|usuario desconocido|no se encontr[oó]|buz[oó]n (?:inexistente|desactivado)|"
    r"n[aã]o existe|usu[aá]rio desconhecido",
    re.IGNORECASE,
)
_SOFT_WORDS = re.compile(
    r"over ?quota|quota exceeded|mailbox (?:is )?full|temporar|will (?:be )?retr|delayed|"
    r"greylist|too many|try again|buz[oó]n (?:est[aá] )?lleno|cuota|retrasad|caixa (?:postal )?cheia",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Bounce:
    """What a delivery failure says. `status` is the enhanced code of RFC 3463, such as 5.1.1."""

    severity: Severity
    failed_recipient: str | None
    status: str | None
    diagnostic: str | None
    original_message_id: str | None


def parse_bounce(parsed: ParsedEmail, *, own_addresses: Collection[str] = ()) -> Bounce:
    """The bounce in `parsed`; fields it does not tell are None.

    `own_addresses` are never taken for the failed recipient: reports name the sender too.
    """
    told = _delivery_status(parsed)
    diagnostic = told.get("diagnostic-code", "").partition(";")[2].strip()
    diagnostic = diagnostic or _prose_diagnostic(parsed.text)
    status = told.get("status") or next(iter(_STATUS.findall(diagnostic or "")), None)
    return Bounce(
        severity=_severity(status, told.get("action", ""), diagnostic or parsed.text[:_READ_CHARS]),
        failed_recipient=_failed_recipient(parsed, told, own_addresses),
        status=status,
        diagnostic=diagnostic or None,
        original_message_id=_original_message_id(parsed),
    )


def _delivery_status(parsed: ParsedEmail) -> dict[str, str]:
    """The fields of the report's first recipient that failed."""
    for one in parsed.attachments:
        if one.declared_type in {"message/delivery-status", "message/global-delivery-status"}:
            blocks = [_fields(block) for block in re.split(r"\n\s*\n", _text(one.content))]
            failed = [block for block in blocks if block.get("action") != "delivered"]
            recipients = [block for block in failed if "final-recipient" in block]
            return next(iter(recipients or failed), {})
    return {}


def _fields(block: str) -> dict[str, str]:
    found = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}
    if status := _STATUS.search(found.get("status", "")):
        found["status"] = status[1]
    else:
        found.pop("status", None)
    found["action"] = found.get("action", "").lower()
    return found


def _text(content: bytes) -> str:
    return charsets.guess(content[:_READ_CHARS]).replace("\r\n", "\n")


def _failed_recipient(
    parsed: ParsedEmail, told: dict[str, str], own_addresses: Collection[str]
) -> str | None:
    for candidate in _recipients(parsed, told):
        daemon = candidate.startswith(("mailer-daemon@", "postmaster@"))
        if candidate not in own_addresses and not daemon:
            return candidate
    return None


def _recipients(parsed: ParsedEmail, told: dict[str, str]) -> Iterator[str]:
    for name in ("original-recipient", "final-recipient"):
        if found := normalise(told.get(name, "").partition(";")[2].strip().strip("<>")):
            yield found
    yield from parsed.signals.failed_recipients
    for original in _originals(parsed):
        yield from (one.email for one in addresses(_fields(original).get("to", "")))
    for written in _RECIPIENT.findall(parsed.text[:_READ_CHARS]):
        if found := normalise(written):
            yield found


def _originals(parsed: ParsedEmail) -> Iterator[str]:
    """The head of the mail that bounced, as far as the report returns it."""
    for one in parsed.attachments:
        if one.declared_type in {"message/rfc822", "text/rfc822-headers", "message/global"}:
            yield _text(one.content).partition("\n\n")[0]


def _original_message_id(parsed: ParsedEmail) -> str | None:
    for source in (*_originals(parsed), parsed.text[:_READ_CHARS]):
        if match := _MESSAGE_ID.search(source):
            return match[1]
    referred = parsed.in_reply_to or next(reversed(parsed.references), None)
    return referred if referred and headers.message_ids(referred) else None


def _prose_diagnostic(text: str) -> str:
    for line in text[:_READ_CHARS].split("\n"):
        if len(line) < 1_000 and (_STATUS.search(line) or _SMTP_CODE.search(line)):
            return " ".join(line.split())
    return ""


def _severity(status: str | None, action: str, told: str) -> Severity:
    if action == "delayed":
        return "soft"
    if status and status[0] in "45":
        # A full mailbox is no reason to give an address up, whatever class the server chose.
        return "hard" if status.startswith("5.") and status != "5.2.2" else "soft"
    if code := _SMTP_CODE.search(told):
        return "hard" if code[1].startswith("5") else "soft"
    if _SOFT_WORDS.search(told):
        return "soft"
    return "hard" if _HARD_WORDS.search(told) else "unknown"
