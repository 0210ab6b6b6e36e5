"""Who has a case open right now."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Presence(models.Model):
    """One open page of one member of staff on one case.

    A row that was not refreshed for a while means nothing: its page is gone. The table is unlogged:
    what a crash takes from it is said anew within seconds.
    """

    connection = models.UUIDField(primary_key=True)
    case = models.ForeignKey("register.Case", on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    typing_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["case", "seen_at"], name="presence_on_case"),)

    def __str__(self) -> str:
        return f"{self.staff_id} · {self.case_id}"
