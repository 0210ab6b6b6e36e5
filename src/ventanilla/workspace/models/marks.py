"""What somebody has read, watches, or was called to."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ReadMark(models.Model):
    """How far a member of staff has read a case; what moved later shows as unread."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("register.Case", on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["staff", "case"], name="read_mark_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} ≤ {self.seq}"


class Watch(models.Model):
    """A case that somebody follows without being responsible for it."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("register.Case", on_delete=models.CASCADE, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["staff", "case"], name="watch_once"),)

    def __str__(self) -> str:
        return f"{self.staff_id} → {self.case_id}"


class Mention(models.Model):
    """Somebody was called by name in an internal note."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("register.Case", on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey("register.Message", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["message", "staff"], name="mention_once"),)
        indexes = (
            models.Index(
                fields=["staff", "-at", "-id"],
                name="mention_unseen",
                condition=models.Q(seen_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"@{self.staff_id}"
