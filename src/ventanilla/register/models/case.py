"""The case: today's state of one request, a projection of its ledger."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from ventanilla.register.rules.statuses import Status


class FolioSeries(models.Model):
    """The last number given in one series of folios; its row lock makes the series gapless."""

    name = models.CharField(max_length=60, primary_key=True)
    last_number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last_number}"


class Case(models.Model):
    """One request of one person, from its registration to its closing.

    Every column but ``subject`` and ``complex_reason`` follows from the ledger: replaying the
    entries gives the same row; of those two the ledger holds the digests. ``waits`` are the
    stretches in which the case waited for somebody, ``[status, since, until]``; ``linked_ids`` are
    cases that a person said belong to the same matter, each of which names this one.
    ``next_due_at`` and ``last_activity_at`` are kept here so that a queue is one index range scan.
    """

    folio = models.CharField(max_length=40, unique=True)
    secret_generation = models.PositiveSmallIntegerField(default=1)
    person = models.ForeignKey("crm.Person", on_delete=models.PROTECT, related_name="cases")
    policy_version = models.ForeignKey(
        "register.PolicyVersion", on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(max_length=300, blank=True)
    subject_digest = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=16)
    desk = models.SlugField(max_length=40)
    category = models.SlugField(max_length=60)
    priority = models.SlugField(max_length=20)
    status = models.CharField(max_length=24, choices=[(s.value, s.value) for s in Status])
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_cases",
    )
    emergency = models.BooleanField(default=False)
    complex_since = models.DateTimeField(null=True, blank=True)
    complex_reason = models.CharField(max_length=300, blank=True)
    complex_digest = models.CharField(max_length=64, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    assessed_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_cases"
    )
    split_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="split_cases"
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    linked_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    waits = models.JSONField(default=list, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    last_activity_at = models.DateTimeField()
    ledger_seq = models.PositiveIntegerField(default=0)
    ledger_head = models.BinaryField(max_length=32, default=bytes)

    class Meta:
        indexes = (
            # The queues: open cases in the order of their next due moment, whole and per desk.
            models.Index(
                models.F("next_due_at").asc(nulls_last=True),
                "id",
                name="case_queue",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                "desk",
                models.F("next_due_at").asc(nulls_last=True),
                "id",
                name="case_queue_of_desk",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(
                "assignee",
                models.F("next_due_at").asc(nulls_last=True),
                "id",
                name="case_queue_of_staff",
                condition=models.Q(closed_at__isnull=True),
            ),
            # "IS NULL" in front of an index does not keep its order, so nobody's cases have their own.
            models.Index(
                models.F("next_due_at").asc(nulls_last=True),
                "id",
                name="case_queue_unassigned",
                condition=models.Q(closed_at__isnull=True, assignee__isnull=True),
            ),
            # What nobody took for too long.
            models.Index(
                fields=["received_at", "id"],
                name="case_untaken",
                condition=models.Q(closed_at__isnull=True, assignee__isnull=True),
            ),
            models.Index(
                fields=["resolved_at"],
                name="case_quiet",
                condition=models.Q(status=Status.RESOLVED.value),
            ),
            models.Index(fields=["person", "-opened_at", "-id"], name="case_of_person"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in Status]), name="case_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="case_not_into_itself"
            ),
        )

    def __str__(self) -> str:
        return self.folio


class CaseParticipant(models.Model):
    """An address that may write into a case: the requester, or somebody they put in copy."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participants")
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=10)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "address"], name="participant_once"),
        )

    def __str__(self) -> str:
        return self.address
