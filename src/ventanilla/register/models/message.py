"""What was said."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Left

SEARCH_LENGTH = 200_000
"""Characters of a text that can be found; PostgreSQL refuses search vectors over 1 MB."""
SEARCH_CONFIG = "ventanilla_es"
"""Spanish stemming without accents; created by the first migration."""
BUCKET = 16_384
"""So many messages in a row share a bucket of the text index: a search that asks for the newest
buckets leaves the others alone, also those messages in them that have the words."""
WORD_SEPARATORS = "<>/._-@:&=~+%#?"
"""Signs that are spaces to the search. PostgreSQL's parser looks for addresses, paths and tags at
each of them, as far as the text goes: 200 KB of ``<!--`` or ``a_`` took it minutes."""


def _words(text: str | Left) -> Func:
    spaces = " " * len(WORD_SEPARATORS)
    return Func(text, Value(WORD_SEPARATORS), Value(spaces), function="TRANSLATE")


class Message(models.Model):
    """One item of the conversation: what the person wrote, what we answered, an internal note.

    ``text`` is what the author newly wrote; ``segments`` is the whole, in order, as
    ``[{"kind": "new|quote|signature|forward", "text": …}]``, so that quotes fold and nothing is
    deleted. ``digest`` is the SHA-256 of subject and segments that the ledger entry holds.
    """

    class Direction(models.TextChoices):
        """Whose word it is."""

        IN = "in", "recibido"
        OUT = "out", "enviado"
        NOTE = "note", "nota interna"

    case = models.ForeignKey("register.Case", on_delete=models.PROTECT, related_name="messages")
    ledger_seq = models.PositiveIntegerField()
    direction = models.CharField(max_length=4, choices=Direction.choices)
    channel = models.CharField(max_length=16)
    automatic = models.BooleanField(default=False)
    outsider = models.BooleanField(default=False)
    author_person = models.ForeignKey(
        "crm.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=200, blank=True)
    author_address = models.CharField(max_length=320, blank=True)
    at = models.DateTimeField()
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    segments = models.JSONField(default=list, blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=998, blank=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = ArrayField(models.CharField(max_length=998), default=list, blank=True)
    inbound_item_id = models.BigIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    search = models.GeneratedField(
        expression=SearchVector(
            _words("subject"), _words(Left("text", SEARCH_LENGTH)), config=SEARCH_CONFIG
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = (
            models.Index(fields=["case", "at", "id"], name="message_stream"),
            models.Index(
                fields=["message_id"],
                name="message_by_id",
                condition=~models.Q(message_id=""),
            ),
            GinIndex("search", models.F("id") / BUCKET, name="message_search"),
        )

    def __str__(self) -> str:
        return f"{self.direction} {self.at:%Y-%m-%d %H:%M}"
