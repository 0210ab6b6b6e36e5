"""What went wrong in a job. Everything else the desk works on lives below it."""

from __future__ import annotations

from django.db import models


class JobTrouble(models.Model):
    """The last error of one job; the job engine itself keeps none.

    Kept beside the engine's rows, not in them: a job that is gone leaves its row for the night's
    cleaning. ``reason`` is for who keeps the house running; it may quote what the job worked on.
    """

    job_id = models.BigIntegerField(unique=True)
    task_name = models.CharField(max_length=128)
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000)

    class Meta:
        indexes = (models.Index(fields=["at", "id"], name="job_trouble_old"),)

    def __str__(self) -> str:
        return f"{self.task_name} {self.job_id}"
