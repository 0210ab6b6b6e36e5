"""One message on its way through the intake: what arrived, what it says, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings

from ventanilla.channels.email.authentication import authentication
from ventanilla.channels.email.values import Address, Attachment, ParsedEmail, new_text
from ventanilla.channels.models import InboundItem
from ventanilla.desk.intake import submission
from ventanilla.desk.intake.submission import Submission
from ventanilla.policy.schema import Desk, Pack

DUPLICATE_REASON = "same_mail"


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """The item, the mail read from it, and the policy in force when it came.

    ``form`` is what was sent with the form of the portal, None for mail.

    ``trusted`` says that a colleague looked at it in quarantine and let it through.
    """

    item: InboundItem
    mail: ParsedEmail
    pack: Pack
    as_of: datetime
    trusted: bool = False
    form: Submission | None = None

    @property
    def channel(self) -> str:
        """How it came."""
        return "email" if self.form is None else "web"

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The files to keep."""
        mail = self.mail
        return mail.attachments if self.form is None else submission.files_of(mail, self.form)

    @property
    def received_at(self) -> datetime:
        """When we took it: the moment from which every promise counts.

        Not the mail's own Date: a sender's clock decides nothing.
        """
        return self.item.received_at

    @property
    def sender(self) -> Address | None:
        """Who wrote, as far as the mail says, or as the form was filled in."""
        return self.mail.from_ if self.form is None else Address(self.form.name, self.form.email)

    @property
    def is_wanted_again(self) -> bool:
        """Whether it was set aside as the same mail, and a colleague says that it is another."""
        return self.trusted and self.item.fate_reason == DUPLICATE_REASON

    @cached_property
    def is_disowned(self) -> bool:
        """Whether the sender's own domain says that the mail is forged (DMARC), as our server saw it."""
        return authentication(self.mail, authserv_id=settings.VENTANILLA.mail_domain).failed

    @cached_property
    def words(self) -> str:
        """What the person newly wrote, without quotes and signature."""
        return new_text(self.mail) if self.form is None else self.form.said

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """Every address it was sent to, those of the envelope first, each once."""
        mail = self.mail
        written = (*mail.delivered_to, *mail.to, *mail.cc)
        found = [*self.item.recipients, *(each.email for each in written)]
        return tuple(dict.fromkeys(each.strip().lower() for each in found))

    @cached_property
    def desk(self) -> Desk:
        """The desk that was written to. Of several the first in the pack: one mail, one case.

        A mail that names none of them (a blind copy, an alias) goes to the first desk.
        """
        return desk_addressed(self.pack, self.recipients) or self.pack.desks[0]

    @cached_property
    def dedupe_key(self) -> str:
        """What names this mail whichever way it came, 64 hexadecimal digits.

        The Message-ID alone would let anybody swallow somebody else's mail by sending one with
        the same Message-ID first; so sender and content belong to it. Without a Message-ID the
        exact bytes decide.
        """
        mail = self.mail
        if not mail.message_id:
            return mail.sha256
        sender = self.sender.email if self.sender else ""
        files = (each.sha256 for each in mail.attachments)
        parts = (mail.message_id, sender, mail.subject, mail.text, *files)
        return hashlib.sha256(b"\x00".join(each.encode() for each in parts)).hexdigest()

    def is_own_address(self, address: str) -> bool:
        """Whether mail to this address comes to us."""
        return self.pack.desk_for_address(address) is not None

    def copied(self) -> Iterator[Address]:
        """The people that the sender put in copy, ourselves left out."""
        for each in (*self.mail.to, *self.mail.cc):
            if not self.is_own_address(each.email) and each.email != getattr(
                self.sender, "email", None
            ):
                yield each


def desk_addressed(pack: Pack, recipients: Iterable[str]) -> Desk | None:
    """The first desk of the pack among those that these addresses name."""
    addressed = {pack.desk_for_address(each) for each in recipients}
    return next((each for each in pack.desks if each in addressed), None)
