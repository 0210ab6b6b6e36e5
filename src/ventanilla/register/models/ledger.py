"""The append-only record and its checkpoints."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class LedgerEntry(models.Model):
    """One thing that happened to a case. The database refuses to change or remove it.

    ``digest`` is SHA-256 over the previous digest and the canonical form of this entry, so no
    entry can be altered, dropped or inserted without every later one showing it. Personal text is
    never in ``payload``: only its SHA-256 is, so a person can be erased and the chain verifies.
    ``at`` is the moment of the event, ``recorded_at`` the database's clock when it was written.
    """

    case = models.ForeignKey("register.Case", on_delete=models.PROTECT, related_name="ledger")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    # The database's own clock, to be compared with the moment of the event; no rule reads it.
    recorded_at = models.DateTimeField(
        db_default=Now(),  # house: no-clock-below-faces - as said above
    )
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True, blank=True)
    channel = models.CharField(max_length=16)
    payload = models.JSONField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "seq"], name="ledger_seq_once"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Remark(models.Model):
    """The words that belong to an entry: a reason, a summary.

    They stand beside the chain, which holds only their digest, so that they can be erased with a
    person and the chain still verifies. An erased remark is empty.
    """

    case = models.ForeignKey("register.Case", on_delete=models.PROTECT, related_name="remarks")
    seq = models.PositiveIntegerField()
    text = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "seq"], name="remark_once"),)

    def __str__(self) -> str:
        return f"{self.seq}"


class Checkpoint(models.Model):
    """A Merkle root over the heads of all chains at one moment, to be kept outside.

    It covers every entry up to ``last_entry_id``, so it can be computed again at any later time.
    """

    taken_at = models.DateTimeField()
    last_entry_id = models.PositiveBigIntegerField()
    cases = models.PositiveBigIntegerField()
    entries = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d %H:%M} · {self.cases}"
