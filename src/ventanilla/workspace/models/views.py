"""Queues that somebody put together, and what was done to many cases at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A queue with filters under a name; a shared one is offered to everybody.

    ``filters`` is what the filter form sends: lists of values by name. What somebody may not see
    stays unseen, whoever made the view.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField("nombre", max_length=80)
    filters = models.JSONField(default=dict)
    shared = models.BooleanField("compartida", default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once"),)

    def __str__(self) -> str:
        return self.name


class BulkDeed(models.Model):
    """One thing done to several cases in one go, with what it takes to undo it.

    ``before`` holds, by case id, what stood there and the ledger number right after the deed: a
    case that moved since is not touched by the undoing. ``refused`` and ``kept`` hold by case id why
    the deed and its undoing left a case as it was; no reason means that it was not come to.
    ``undone`` lists the cases that were put back.
    """

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    request_key = models.UUIDField(unique=True)
    noun = models.SlugField(max_length=40)
    before = models.JSONField(default=dict)
    refused = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)
    undone = models.JSONField(default=list, db_default=[])
    done_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["staff", "-done_at", "-id"], name="bulk_deed_of_staff"),)

    def __str__(self) -> str:
        return f"{self.noun} × {len(self.before)}"
