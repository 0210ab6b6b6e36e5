"""Reading the whole record in one snapshot, in windows of cases, so memory stays small."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction

from ventanilla.register.models import Case, Commitment, LedgerEntry
from ventanilla.register.verification.replaying import StoredEntry

WINDOW = 1_000
ENTRY_COLUMNS = (
    "case_id", "id", "seq", "kind", "at", "actor_kind", "actor_id", "channel", "payload",
    "previous", "digest",
)  # fmt: skip


class StoredCase(NamedTuple):
    """A case as its rows say it, and its entries."""

    case: Case
    commitments: list[Commitment]
    entries: list[StoredEntry]


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Everything inside reads the same moment, while others go on writing.

    Inside a transaction that has begun already, that transaction's view is taken as it is.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def stored_cases() -> Iterator[StoredCase]:
    """Every case with its promises and entries, by id."""
    last = 0
    while window := list(Case.objects.filter(pk__gt=last).order_by("pk")[:WINDOW]):
        first, last = window[0].pk, window[-1].pk
        promises: dict[int, list[Commitment]] = {}
        for row in Commitment.objects.filter(case__gte=first, case__lte=last).order_by("id"):
            promises.setdefault(row.case_id, []).append(row)
        chains = _chains(first, last)
        case_id, entries = next(chains, (0, []))
        for case in window:
            mine: list[StoredEntry] = []
            if case_id == case.pk:
                mine = entries
                case_id, entries = next(chains, (0, []))
            yield StoredCase(case, promises.get(case.pk, []), mine)


def _chains(first: int, last: int) -> Iterator[tuple[int, list[StoredEntry]]]:
    rows = (
        LedgerEntry.objects.filter(case__gte=first, case__lte=last)
        .order_by("case_id", "seq")
        .values_list(*ENTRY_COLUMNS)
    )
    current, entries = 0, list[StoredEntry]()
    for case_id, entry_id, seq, kind, at, actor_kind, actor_id, channel, payload, previous, own in (
        rows.iterator(chunk_size=5_000)
    ):
        if case_id != current:
            if entries:
                yield current, entries
            current, entries = case_id, []
        entries.append(
            StoredEntry(
                entry_id, seq, kind, at, actor_kind, actor_id, channel, payload, bytes(previous),
                bytes(own),
            )
        )  # fmt: skip
    if entries:
        yield current, entries
