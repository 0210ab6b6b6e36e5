"""What arrived, raw, and what became of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Fate(models.TextChoices):
    """What became of an inbound item; it has exactly one."""

    PENDING = "pending", _("pendiente")
    CASE = "case", _("caso nuevo")
    FOLLOW_UP = "follow_up", _("seguimiento")
    BOUNCE = "bounce", _("rebote")
    AUTOMATIC = "automatic", _("automático")
    DUPLICATE = "duplicate", _("duplicado")
    QUARANTINE = "quarantine", _("cuarentena")


class InboundItem(models.Model):
    """One delivery of something from outside: stored raw before anything else is done with it.

    ``source_key`` names its place in a mailbox (mailbox, UIDVALIDITY, UID), so that a poller never
    takes the same one twice. ``dedupe_key`` names the message itself, whichever way it came; among
    the items that had an effect it is unique.
    """

    gateway = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    envelope_from = models.CharField(max_length=320, blank=True)
    recipients = ArrayField(models.CharField(max_length=320), default=list, blank=True)
    remote = models.CharField(max_length=100, blank=True)
    source_key = models.CharField(max_length=400, null=True, blank=True, unique=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField()
    subject = models.CharField(max_length=300, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    dedupe_key = models.CharField(max_length=64, blank=True)
    # Whom it was addressed to, as far as it could be read: who sees it while it has no case.
    desk = models.CharField(max_length=40, blank=True, default="", db_default="")
    fate = models.CharField(max_length=12, choices=Fate.choices, default=Fate.PENDING)
    fate_reason = models.CharField(max_length=60, blank=True)
    fate_detail = models.TextField(blank=True)
    fate_at = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey(
        "register.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    replays = models.PositiveSmallIntegerField(default=0)
    # Tries that ended in an unexpected error; meanwhile fate_detail holds the last one.
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["dedupe_key"],
                name="inbound_effect_once",
                condition=models.Q(fate__in=["case", "follow_up", "bounce", "automatic"])
                & ~models.Q(dedupe_key=""),
            ),
            models.CheckConstraint(
                condition=models.Q(fate__in=Fate.values), name="inbound_fate_known"
            ),
        )
        indexes = (
            models.Index(
                fields=["received_at", "id"],
                name="inbound_pending",
                condition=models.Q(fate="pending"),
            ),
            models.Index(fields=["fate", "-id"], name="inbound_by_fate"),
            models.Index(fields=["fate", "desk", "-id"], name="inbound_by_desk"),
        )

    def __str__(self) -> str:
        return f"{self.gateway} {self.sha256[:12]} {self.fate}"


class MailboxCursor(models.Model):
    """How far an IMAP mailbox has been read: by UID, within one UIDVALIDITY."""

    mailbox = models.CharField(max_length=300, unique=True)
    uidvalidity = models.PositiveBigIntegerField()
    last_uid = models.PositiveBigIntegerField(default=0)
    polled_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.mailbox} {self.last_uid}"
