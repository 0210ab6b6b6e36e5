"""Texts and sequences that a team uses again and again."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ReplyTemplate(models.Model):
    """A text with placeholders to begin an answer with; with ``then`` or ``deeds`` it is a macro.

    ``deeds`` are what happens besides the text, ``[{"noun": "prioridad", "priority": "high"}]``,
    each checked and carried out like the form of the same noun. An empty ``desk`` or ``category``
    means any. ``revision`` counts the changes, so that nobody writes over a colleague's.
    """

    name = models.CharField("nombre", max_length=120)
    desk = models.SlugField(max_length=40, blank=True)
    category = models.SlugField(max_length=60, blank=True)
    text = models.TextField("texto", blank=True)
    then = models.CharField(max_length=24, blank=True)
    deeds = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1, db_default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["name", "desk"], name="reply_template_once"),
        )

    def __str__(self) -> str:
        return self.name
