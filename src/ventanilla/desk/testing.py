"""Trying the channels out with a mail that is real and concerns nobody."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Literal

from django.db import transaction

from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.permissions import Permission, require
from ventanilla.channels.email.composing import OutgoingEmail, compose
from ventanilla.channels.email.values import Address
from ventanilla.channels.models import InboundItem, OutboundMessage
from ventanilla.channels.operations import enqueue
from ventanilla.channels.ports import Envelope, HandedOver, HeldPort, Port
from ventanilla.channels.queries import last_inbound_id, latest_from
from ventanilla.channels.relay import RelayPort
from ventanilla.core.actors import Actor
from ventanilla.core.config import Config, config
from ventanilla.core.findings import reachable
from ventanilla.core.mailboxes import Relay
from ventanilla.core.refusals import Refusal
from ventanilla.desk import marks, outbox
from ventanilla.desk.policies import pack_in_force

KIND = "channel_test"
PATIENCE_S = 10
"""For each answer of a mail server: somebody is waiting for the page."""
SUBJECT = "Prueba de canal de Ventanilla"


class NoListener(Refusal):
    """Aquí no se escucha correo directo (VENTANILLA_SMTP_ENABLED), o se escucha por LMTP. Pruebe
    enviando un correo a una de las direcciones desde otro buzón."""


class ListenerRefused(Refusal):
    """El puerto de entrada {host}:{port} no recibió la prueba: {reason}"""


def send_test(
    *, to: str, port: Port | None = None, acting_user: Actor, as_of: datetime
) -> OutboundMessage:
    """Send a mail through the relay now, and come back with how that went.

    It goes through the outbox like every mail, so a refusal for now is tried again by itself and
    everything said about it is kept. Raises NotPermitted.
    """
    require(acting_user, Permission.TEST_CHANNEL)
    pack = pack_in_force(as_of)
    key = f"{KIND}:{uuid.uuid4().hex}"
    with transaction.atomic(durable=True):
        row = enqueue(
            key=key,
            kind=KIND,
            case=None,
            to=[to],
            subject=SUBJECT,
            text=(
                "Este mensaje prueba el envío de correo de Ventanilla. Si lo lee, el envío "
                "funciona. No hay que contestarlo.\n"
            ),
            automatic=True,
            from_address=pack.desks[0].addresses[0],
            from_name=pack.mail.from_name,
            reply_to="",
            message_id=marks.message_ids().mint(case_ref="staff", delivery_key=key),
            as_of=as_of,
        )
        facts = {"direction": "out", "outbound_id": row.pk}
        record(Act.CHANNEL_TESTED, facts, acting_user=acting_user, as_of=as_of)
    outbox.deliver(outbound_id=row.pk, port=port or _impatient_port(config()), as_of=as_of)
    row.refresh_from_db()
    return row


def send_inbound_test(
    *, desk: str, settings: Config | None = None, acting_user: Actor, as_of: datetime
) -> InboundItem:
    """Hand a mail to our own listener for a desk, as the world does; the item it became.

    It carries a Message-ID of ours, so it is processed the whole way and ends as our own mail that
    came back: it opens no case and is answered by nobody. Raises NotPermitted, NoListener,
    ListenerRefused, and UnknownKey for a desk that does not exist.
    """
    require(acting_user, Permission.TEST_CHANNEL)
    settings = settings or config()
    if not settings.smtp_enabled or settings.smtp_protocol != "smtp":
        raise NoListener
    to = pack_in_force(as_of).desk(desk).addresses[0]
    sender = f"prueba-{secrets.token_hex(8)}@{settings.mail_domain}"
    before = last_inbound_id()
    replies = _hand_to_listener(settings, sender, to, _test_mail(sender, to, as_of))
    item = latest_from(sender, after=before)
    if item is None:
        reason = "; ".join(each.text for each in replies.replies.values())
        raise ListenerRefused(host=settings.smtp_host, port=settings.smtp_port, reason=reason)
    facts = {"direction": "in", "inbound_id": item.pk}
    record(Act.CHANNEL_TESTED, facts, acting_user=acting_user, as_of=as_of)
    return item


def _impatient_port(settings: Config) -> Port:
    if settings.relay is None:
        return HeldPort()
    return RelayPort(settings.relay, helo_name=settings.mail_domain, timeout_s=PATIENCE_S)


def _test_mail(sender: str, to: str, as_of: datetime) -> bytes:
    key = f"{KIND}:{uuid.uuid4().hex}"
    return compose(
        OutgoingEmail(
            message_id=marks.message_ids().mint(case_ref="staff", delivery_key=key),
            date=as_of,
            from_=Address("Ventanilla", sender),
            to=(Address("", to),),
            subject=SUBJECT,
            text="Este mensaje prueba la entrada de correo. No abre ningún caso.\n",
            auto_submitted="auto-generated",
        )
    )


def _hand_to_listener(settings: Config, sender: str, to: str, content: bytes) -> HandedOver:
    security: Literal["starttls", "none"] = "starttls" if settings.smtp_tls_required else "none"
    own = Relay(reachable(settings.smtp_host), settings.smtp_port, security)
    port = RelayPort(own, helo_name=settings.mail_domain, timeout_s=PATIENCE_S)
    return port.hand_over(Envelope(sender=sender, recipients=[to], content=content))
