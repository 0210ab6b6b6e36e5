"""What goes out: the outbox and every attempt to deliver."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Delivery(models.TextChoices):
    """Where an outbound message stands."""

    QUEUED = "queued", _("en cola")
    SENT = "sent", _("enviado")
    FAILED = "failed", _("no entregado")
    HELD = "held", _("retenido")
    SUPPRESSED = "suppressed", _("no se envía")


class OutboundMessage(models.Model):
    """One message to one or more people, written once and sent until it is taken or given up.

    ``key`` names what it is for ("ack:GS-2026-000417-K"), so that nothing is said twice. The
    Message-ID is fixed when the row is made: a retry sends the very same mail. ``html`` is the
    other half of a text that was laid out; without it the text itself is sent as simple HTML.
    ``attachments`` is ``[{"sha256", "filename", "media_type"}]`` into the evidence store.
    ``settled`` says of each recipient how it ended, ``{address: {"accepted", "code", "response",
    "at"}}``: a retry goes only to those that are missing in it. ``record_message`` is what the
    register holds of it.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=16)
    case = models.ForeignKey(
        "register.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="outbound"
    )
    record_message = models.OneToOneField(
        "register.Message", on_delete=models.PROTECT, null=True, blank=True, related_name="outbound"
    )
    automatic = models.BooleanField()
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=320)
    reply_to = models.CharField(max_length=320, blank=True)
    to = ArrayField(models.CharField(max_length=320))
    cc = ArrayField(models.CharField(max_length=320), default=list, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=998, unique=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = ArrayField(models.CharField(max_length=998), default=list, blank=True)
    attachments = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.QUEUED)
    state_reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=Delivery.values), name="outbound_state_known"
            ),
            # Whatever waits to be sent has a moment at which it is tried: no row is forgotten.
            models.CheckConstraint(
                condition=~models.Q(state="queued") | models.Q(next_attempt_at__isnull=False),
                name="outbound_queued_has_moment",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at", "id"],
                name="outbound_waiting",
                condition=models.Q(state="queued"),
            ),
            # What a person may have to look after, and what they look at last.
            models.Index(
                fields=["state", "-id"],
                name="outbound_trouble",
                condition=models.Q(state__in=["failed", "held", "suppressed"]),
            ),
            # The daily cap of automatic mail per address asks this one.
            models.Index(fields=["to", "created_at"], name="outbound_cap"),
        )

    def __str__(self) -> str:
        return self.key


class DeliveryAttempt(models.Model):
    """One try to hand a message over, and what the other side said.

    ``followed_at`` is when the desk did what follows from it (record, bounce marks, warnings).
    """

    class Outcome(models.TextChoices):
        """How a try ended."""

        ACCEPTED = "accepted", _("aceptado")
        TEMPORARY = "temporary", _("rechazo temporal")
        PERMANENT = "permanent", _("rechazo definitivo")
        UNREACHABLE = "unreachable", _("sin conexión")

    outbound = models.ForeignKey(
        OutboundMessage, on_delete=models.PROTECT, related_name="delivery_attempts"
    )
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    response = models.TextField(blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"
