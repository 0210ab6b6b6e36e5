"""The mails of the demonstration, as bytes that came from somewhere else."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from ventanilla.demo.people import Customer


def first_mail(
    *,
    customer: Customer,
    to: str,
    subject: str,
    body: str,
    attachment: str,
    at: datetime,
    number: int,
) -> bytes:
    """A new request, signed by its author, with a small file where the story has one."""
    mail = _mail(customer=customer, to=to, subject=subject, at=at, number=number)
    mail.set_content(f"Buen día.\n\n{body}\n\n--\n{customer.name}\n")
    if attachment:
        mail.add_attachment(
            f"Documento de muestra de {customer.name}.\n".encode(),
            maintype="text",
            subtype="plain",
            filename=attachment,
        )
    return bytes(mail)


def answer_mail(
    *, customer: Customer, to: str, subject: str, body: str, parent: str, at: datetime, number: int
) -> bytes:
    """An answer to our mail, threaded as mail programs do."""
    mail = _mail(customer=customer, to=to, subject=f"Re: {subject}", at=at, number=number)
    mail["In-Reply-To"] = parent
    mail["References"] = parent
    mail.set_content(f"{body}\n\n{customer.name}\n")
    return bytes(mail)


def _mail(*, customer: Customer, to: str, subject: str, at: datetime, number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f'"{customer.name}" <{customer.email}>'
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<demo-{number}-{at:%Y%m%d%H%M%S}@{customer.email.partition('@')[2]}>"
    return mail
