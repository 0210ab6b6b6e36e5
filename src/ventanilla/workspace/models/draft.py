"""What somebody is writing on a case, from the first letter until it is sent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_TEXTS = 2**20
"""More revisions than one row can come to; a version stays a whole number in a script all the same."""


class Draft(models.Model):
    """One text of one member of staff on one case.

    ``writing``: being written; at most one per person, case and kind. ``sending``: handed over, to
    be sent at ``send_at`` unless it is taken back before. ``held``: it was due, but the case had
    changed in a way its writer has to see first (``held_reason``). A sent draft is deleted: its
    words are a message of the record from then on.

    ``expected_seq`` is the place in the ledger that its writer had read when handing it over, and
    ``scheduled`` says that a moment was chosen for it. ``aware_of`` names the answers of colleagues
    (their request keys) that its writer knew were on their way and did not want to wait for.
    ``excused`` is ``{"keys": […], "reason": …}``: required guidelines it does not meet, and why.
    ``deeds`` are what a macro does along with it (see ``ReplyTemplate``). ``failures`` counts the
    tries to send it that ended with an error nobody foresaw. ``revision`` counts the texts of the
    row; what pages remember of it is ``version``.
    """

    class Kind(models.TextChoices):
        """What it becomes."""

        REPLY = "reply", _("Respuesta")
        NOTE = "note", _("Nota interna")
        PROGRESS = "progress", _("Aviso de avance")
        RESOLVE = "resolve", _("Resolución")

    class State(models.TextChoices):
        """How far it is."""

        WRITING = "writing", _("escribiéndose")
        SENDING = "sending", _("por enviar")
        HELD = "held", _("detenido")

    case = models.ForeignKey("register.Case", on_delete=models.CASCADE, related_name="drafts")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WRITING)
    text = models.TextField(blank=True)
    then = models.CharField(max_length=24, blank=True)
    article_versions = ArrayField(models.BigIntegerField(), default=list, blank=True)
    expected_seq = models.PositiveIntegerField(null=True, blank=True)
    request_key = models.UUIDField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True, blank=True)
    held_reason = models.CharField(max_length=500, blank=True)
    scheduled = models.BooleanField(default=False)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    aware_of = ArrayField(models.UUIDField(), default=list, blank=True)
    excused = models.JSONField(default=dict, blank=True)
    deeds = models.JSONField(default=list, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(
                fields=["case", "staff", "kind"],
                name="draft_written_once",
                condition=models.Q(state="writing"),
            ),
            models.UniqueConstraint(
                fields=["request_key"],
                name="draft_sent_once",
                condition=models.Q(request_key__isnull=False),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(send_at__isnull=False),
                name="draft_sending_has_moment",
            ),
        )
        indexes = (
            models.Index(
                fields=["send_at", "id"], name="draft_due", condition=models.Q(state="sending")
            ),
            models.Index(fields=["staff", "-updated_at", "-id"], name="draft_of_staff"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def version(self) -> int:
        """The text of the row as it stands, told from all others; 0 before a first one is kept.

        A row that is made anew for the same case and person never has a version of the one before.
        """
        return self.pk * MOST_TEXTS + self.revision if self.revision else 0

    def is_row_of(self, version: int) -> bool:
        """Whether a version is one of this row's."""
        return version // MOST_TEXTS == self.pk


class DraftFile(models.Model):
    """A file put on a draft; its content is already kept under its SHA-256."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255)
    declared_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["sha256"], name="draft_file_content"),)

    def __str__(self) -> str:
        return self.filename
