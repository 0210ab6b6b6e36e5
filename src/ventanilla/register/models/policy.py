"""Versions of the written policy."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class PolicyVersion(models.Model):
    """One published version of a pack. A case keeps the version under which it was opened."""

    pack = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["pack", "number"], name="policy_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.pack} v{self.number}"
