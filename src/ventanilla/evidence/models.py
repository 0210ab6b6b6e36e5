"""Files, once by content, and their references from the cases."""

from __future__ import annotations

from django.db import models


class Blob(models.Model):
    """One content, stored once under its SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class EvidenceItem(models.Model):
    """A file as it came with a case: its name, where it came from, what it claims to be."""

    case = models.ForeignKey("register.Case", on_delete=models.PROTECT, related_name="evidence")
    message = models.ForeignKey(
        "register.Message", on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="items")
    filename = models.CharField(max_length=255)
    declared_type = models.CharField(max_length=120, blank=True)
    content_id = models.CharField(max_length=250, blank=True)
    inline = models.BooleanField(default=False)
    suspicion = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["case", "id"], name="evidence_of_case"),)

    def __str__(self) -> str:
        return self.filename


class HeldContent(models.Model):
    """Room taken by a content that somebody outside uploaded and has not sent yet."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    source = models.CharField(max_length=64)
    held_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["held_at"], name="evidence_held_since"),)

    def __str__(self) -> str:
        return self.sha256
