"""Reading the whole record in one snapshot, in windows of cases, so memory stays small."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection, transaction

from ventanilla.register.models import Case, Commitment, LedgerEntry
from ventanilla.register.projection import read_alerts, read_pauses, read_waits
from ventanilla.register.rules.state import (
    CASE_FIELDS,
    COMMITMENT_FIELDS,
    CaseState,
    CommitmentState,
)
from ventanilla.register.verification.replaying import StoredEntry

WINDOW = 1_000
CASE_COLUMNS = ("id", "ledger_seq", "ledger_head", "subject", "complex_reason", *CASE_FIELDS)
ENTRY_COLUMNS = (
    "case_id", "id", "seq", "kind", "at", "actor_kind", "actor_id", "channel", "payload",
    "previous", "digest",
)  # fmt: skip


class StoredCase(NamedTuple):
    """A case as its rows say it, the words that stand outside its chain, and its entries."""

    id: int
    state: CaseState
    seq: int
    head: bytes
    words: dict[str, str]
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
    cases = Case.objects.order_by("pk").values_list(*CASE_COLUMNS)
    while window := list(cases.filter(pk__gt=last)[:WINDOW]):
        first, last = window[0][0], window[-1][0]
        promises = _promises(first, last)
        chains = _chains(first, last)
        case_id, entries = next(chains, (0, []))
        for row in window:
            mine: list[StoredEntry] = []
            if case_id == row[0]:
                mine = entries
                case_id, entries = next(chains, (0, []))
            yield _stored(row, promises.get(row[0], {}), mine)


def _stored(
    row: tuple[Any, ...], promises: dict[str, CommitmentState], entries: list[StoredEntry]
) -> StoredCase:
    case_id, seq, head, subject, complex_reason, *columns = row
    values = dict(zip(CASE_FIELDS, columns, strict=True))
    values["waits"] = read_waits(values["waits"])
    values["linked_ids"] = tuple(values["linked_ids"])
    words = {"subject_digest": subject, "complex_digest": complex_reason}
    state = CaseState(**values, commitments=promises)
    return StoredCase(case_id, state, seq, bytes(head), words, entries)


def _promises(first: int, last: int) -> dict[int, dict[str, CommitmentState]]:
    """The promises of some cases, by case and key."""
    found: dict[int, dict[str, CommitmentState]] = {}
    rows = Commitment.objects.filter(case__gte=first, case__lte=last).order_by("id")
    for case_id, *columns in rows.values_list("case_id", *COMMITMENT_FIELDS):
        values = dict(zip(COMMITMENT_FIELDS, columns, strict=True))
        values["pauses"] = read_pauses(values["pauses"])
        values["alerts"] = read_alerts(values["alerts"])
        found.setdefault(case_id, {})[values["key"]] = CommitmentState(**values)
    return found


def _chains(first: int, last: int) -> Iterator[tuple[int, list[StoredEntry]]]:
    rows = (
        LedgerEntry.objects.filter(case__gte=first, case__lte=last)
        .order_by("case_id", "seq")
        .values_list(*ENTRY_COLUMNS)
    )
    current, entries = 0, list[StoredEntry]()
    for (
        case_id,
        entry_id,
        seq,
        kind,
        at,
        actor_kind,
        actor_id,
        channel,
        payload,
        previous,
        own,
    ) in rows.iterator(chunk_size=5_000):
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
