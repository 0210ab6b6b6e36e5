"""What the pages count about strangers."""

from __future__ import annotations

from django.db import models


class Tries(models.Model):
    """How much one subject used of one limit within one period.

    The key names limit and period and holds the subject as a digest. The table is unlogged and of
    its own: what strangers fill in here pushes nothing out that guards the door of the staff.
    """

    key = models.CharField(max_length=120, primary_key=True)
    used = models.BigIntegerField()
    until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["until"], name="web_tries_until"),)

    def __str__(self) -> str:
        return self.key
