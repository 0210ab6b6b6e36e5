"""Mail as it arrives, and the shortest way to let it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr

from tests.desk.people import ANA, CUSTOMERS, FRIDAY_3PM
from ventanilla.channels.models import Fate, InboundItem, OutboundMessage
from ventanilla.desk import intake
from ventanilla.register.models import Case

_numbers = itertools.count(1)
LATER = timedelta(seconds=5)
BILL = "Cobro repetido en la factura"
BILL_TEXT = "Buenas tardes:\n\nMe cobraron dos veces la factura de noviembre.\n\nAna\n"


def mail(
    text: str = BILL_TEXT,
    *,
    subject: str | None = BILL,
    sender: str = ANA,
    to: str = CUSTOMERS,
    message_id: str | None = "new",
    **headers: str,
) -> EmailMessage:
    """A plain mail. ``in_reply_to="<…>"`` becomes a header; ``message_id=None`` leaves it out."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    if subject is not None:
        message["Subject"] = subject
    message["Date"] = "Fri, 04 Dec 2026 15:00:00 -0500"
    if message_id is not None:
        unique = f"<m{next(_numbers)}@cliente.example>"
        message["Message-ID"] = unique if message_id == "new" else message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def answer_to(sent: OutboundMessage, text: str, **changes: str) -> EmailMessage:
    """What a mail program sends when the person presses «reply»."""
    facts = {"subject": f"Re: {sent.subject}", "to": sent.reply_to, "in_reply_to": sent.message_id}
    references = " ".join([*sent.references, sent.message_id])
    return mail(text, references=references, **(facts | changes))


def stored(
    raw: EmailMessage | bytes,
    *,
    at: datetime = FRIDAY_3PM,
    recipients: Sequence[str] | None = None,
    envelope_from: str | None = None,
    gateway: str = "smtp",
) -> InboundItem:
    """Accepted, with its job deferred, not processed."""
    content = raw if isinstance(raw, bytes) else raw.as_bytes()
    written = ANA if isinstance(raw, bytes) else str(raw["From"] or "")
    to = [] if isinstance(raw, bytes) else [parseaddr(str(raw["To"]))[1]]
    return intake.accept(
        raw=content,
        gateway=gateway,
        envelope_from=parseaddr(written)[1] if envelope_from is None else envelope_from,
        recipients=to if recipients is None else recipients,
        remote="192.0.2.7",
        as_of=at,
    )


def arrived(
    raw: EmailMessage | bytes, *, at: datetime = FRIDAY_3PM, **facts: object
) -> InboundItem:
    """Accepted and carried the whole way."""
    item = stored(raw, at=at, **facts)  # type: ignore[arg-type]  # passed on as they are
    intake.receive(item_id=item.pk, as_of=at + LATER)
    item.refresh_from_db()
    return item


def opened(raw: EmailMessage | None = None, *, at: datetime = FRIDAY_3PM, **facts: object) -> Case:
    """The case that a new mail opened."""
    item = arrived(raw or mail(), at=at, **facts)
    assert item.fate == Fate.CASE, (item.fate, item.fate_reason, item.fate_detail)
    assert item.case is not None
    return item.case


def acknowledgement_of(case: Case) -> OutboundMessage:
    """The receipt that was queued for a case."""
    return OutboundMessage.objects.get(case=case, kind="acknowledgement")
