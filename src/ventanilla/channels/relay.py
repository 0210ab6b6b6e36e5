"""The conversation with the SMTP server that takes our outgoing mail."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from ventanilla.channels.ports import Envelope, HandedOver, Outcome, Reply
from ventanilla.core.mailboxes import Relay

TIMEOUT_S = 30
"""For every single answer of the relay; its queue id may come only after it has synced its disk."""

RESPONSE_LENGTH = 1000
MUTE_ADDRESS = "The relay does not support SMTPUTF8, which this address needs."


class _RelayUnusable(Exception):
    """The relay turned us away before it heard of any recipient."""

    def __init__(self, code: int | None, text: str) -> None:
        super().__init__(text)
        self.reply = Reply(Outcome.UNREACHABLE, code, text)


@dataclass(frozen=True, slots=True)
class RelayPort:
    """Hands mail over to a relay, one connection per mail.

    A relay that turns *us* away (no connection, no TLS, wrong password, a 5xx greeting) says
    nothing about the recipient, so it is never final: a wrong password typed on Monday must not
    bounce Monday's mail. A 5xx to the sender, a recipient or the content is final.
    """

    relay: Relay
    helo_name: str
    timeout_s: float = TIMEOUT_S

    def hand_over(self, envelope: Envelope) -> HandedOver:
        """Try once; what the relay did not answer counts as unreachable."""
        replies: dict[str, Reply] = {}
        try:
            with self._connection() as client:
                _converse(client, envelope, replies)
        except _RelayUnusable as refusal:
            rest = refusal.reply
        except smtplib.SMTPResponseException as error:
            rest = Reply(Outcome.UNREACHABLE, error.smtp_code, _text(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            rest = Reply(Outcome.UNREACHABLE, None, _text(str(error) or type(error).__name__))
        else:
            return HandedOver(replies)
        missing = [each for each in envelope.recipients if each not in replies]
        return HandedOver({**replies, **dict.fromkeys(missing, rest)})

    @contextlib.contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        client = self._open()
        try:
            self._introduce(client)
            yield client
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                client.quit()  # said or not, the mail is taken or refused by now
            client.close()

    def _open(self) -> smtplib.SMTP:
        relay = self.relay
        if relay.security == "tls":
            return smtplib.SMTP_SSL(
                relay.host,
                relay.port,
                local_hostname=self.helo_name,
                timeout=self.timeout_s,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(
            relay.host, relay.port, local_hostname=self.helo_name, timeout=self.timeout_s
        )

    def _introduce(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self.relay.security == "starttls":
            if not client.has_extn("starttls"):  # never fall back to plain text
                raise _RelayUnusable(None, "The relay does not offer STARTTLS.")
            client.starttls(context=ssl.create_default_context())
            client.ehlo()
        if self.relay.user and self.relay.password:
            client.login(self.relay.user, self.relay.password)


def _converse(client: smtplib.SMTP, envelope: Envelope, replies: dict[str, Reply]) -> None:
    """MAIL, RCPT for each, DATA; fills ``replies`` as answers come."""
    options = _options(client, envelope)
    sender = _reply(*client.mail(envelope.sender, options))
    if not sender.is_accepted:
        replies.update(dict.fromkeys(envelope.recipients, sender))
        return
    accepted = []
    for recipient in envelope.recipients:
        reply = _ask_for(client, recipient, speaks_utf8="SMTPUTF8" in options)
        if reply.is_accepted:
            accepted.append(recipient)
        else:
            replies[recipient] = reply
    if accepted:
        replies.update(dict.fromkeys(accepted, _send_content(client, envelope.content)))


def _options(client: smtplib.SMTP, envelope: Envelope) -> list[str]:
    options = []
    if client.has_extn("size"):
        options.append(f"SIZE={len(envelope.content)}")
    if client.has_extn("8bitmime") and not envelope.content.isascii():
        options.append("BODY=8BITMIME")
    addresses = (envelope.sender, *envelope.recipients)
    if client.has_extn("smtputf8") and not all(map(str.isascii, addresses)):
        options.append("SMTPUTF8")
        client.command_encoding = "utf-8"
    return options


def _ask_for(client: smtplib.SMTP, recipient: str, *, speaks_utf8: bool) -> Reply:
    if not recipient.isascii() and not speaks_utf8:
        return Reply(Outcome.PERMANENT, None, MUTE_ADDRESS)
    return _reply(*client.rcpt(recipient))


def _send_content(client: smtplib.SMTP, content: bytes) -> Reply:
    try:
        return _reply(*client.data(content))
    except smtplib.SMTPDataError as refusal:
        return _reply(refusal.smtp_code, refusal.smtp_error)


def _reply(code: int, said: bytes | str) -> Reply:
    if 200 <= code < 300:
        return Reply(Outcome.ACCEPTED, code, _text(said))
    final = 500 <= code < 600
    return Reply(Outcome.PERMANENT if final else Outcome.TEMPORARY, code, _text(said))


def _text(said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return text.replace("\0", "")[:RESPONSE_LENGTH]
