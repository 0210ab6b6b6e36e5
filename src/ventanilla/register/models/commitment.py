"""A promise is a row."""

from __future__ import annotations

from django.db import models


class Commitment(models.Model):
    """One promise of the policy on one case, with its clause, its clock and its outcome.

    ``due_at`` already contains the finished pauses; an open pause is ``paused_since``. ``met_at``
    and ``broken_at`` are moments of events, never of the poll that noticed them; ``broken_at``
    equals the due moment that passed unmet. A commitment may be both broken and, later, met.
    """

    case = models.ForeignKey("register.Case", on_delete=models.PROTECT, related_name="commitments")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    clause = models.CharField(max_length=40)
    policy_version = models.ForeignKey(
        "register.PolicyVersion", on_delete=models.PROTECT, related_name="+"
    )
    target = models.JSONField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    pauses = models.JSONField(default=list, blank=True)
    paused_since = models.DateTimeField(null=True, blank=True)
    paused_for = models.CharField(max_length=24, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_for = models.CharField(max_length=24, blank=True)
    excused_reason = models.CharField(max_length=300, blank=True)
    excused_digest = models.CharField(max_length=64, blank=True)
    alerts = models.JSONField(default=list, blank=True)
    next_alert = models.CharField(max_length=24, blank=True)
    next_alert_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "key"], name="commitment_once"),
            # Whoever writes twice before we answer waits for one answer.
            models.UniqueConstraint(
                fields=["case"],
                name="commitment_one_next_response",
                condition=models.Q(
                    kind="next_response", met_at__isnull=True, cancelled_at__isnull=True
                ),
            ),
        )
        indexes = (
            models.Index(
                fields=["next_alert_at", "id"],
                name="commitment_alerts",
                condition=models.Q(next_alert_at__isnull=False),
            ),
            # What is promised for a day.
            models.Index(fields=["due_at", "id"], name="commitment_by_due"),
        )

    def __str__(self) -> str:
        return f"{self.key} → {self.due_at:%Y-%m-%d %H:%M}"
