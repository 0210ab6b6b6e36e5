"""Promises, remarks and entries of one operation, written in one statement.

An operation writes a handful of rows into three tables. Through the ORM that is three statements,
each compiled anew and each a round trip; here the rows travel as JSON in three parameters of one
statement whose text never changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from ventanilla.core.statements import execute
from ventanilla.register.announcing import CHANNEL
from ventanilla.register.models import LedgerEntry, Remark
from ventanilla.register.rules.chain import moment_text
from ventanilla.register.rules.state import CommitmentState

WRITE = """
    WITH promises AS (
        INSERT INTO register_commitment AS c (
            case_id, key, kind, clause, policy_version_id, target, started_at, due_at, pauses,
            paused_since, paused_for, met_at, broken_at, cancelled_at, cancelled_for,
            excused_digest, excused_reason, alerts, next_alert, next_alert_at)
        SELECT case_id, key, kind, clause, policy_version_id, target, started_at, due_at, pauses,
               paused_since, paused_for, met_at, broken_at, cancelled_at, cancelled_for,
               excused_digest, '', alerts, next_alert, next_alert_at
          FROM jsonb_populate_recordset(NULL::register_commitment, %s)
        ON CONFLICT (case_id, key) DO UPDATE SET
            clause = excluded.clause, policy_version_id = excluded.policy_version_id,
            target = excluded.target, started_at = excluded.started_at, due_at = excluded.due_at,
            pauses = excluded.pauses, paused_since = excluded.paused_since,
            paused_for = excluded.paused_for, met_at = excluded.met_at,
            broken_at = excluded.broken_at, cancelled_at = excluded.cancelled_at,
            cancelled_for = excluded.cancelled_for, excused_digest = excluded.excused_digest,
            alerts = excluded.alerts, next_alert = excluded.next_alert,
            next_alert_at = excluded.next_alert_at
    ), remarks AS (
        INSERT INTO register_remark (case_id, seq, text)
        SELECT case_id, seq, text FROM jsonb_populate_recordset(NULL::register_remark, %s)
    ), entries AS (
        INSERT INTO register_ledgerentry (
            case_id, seq, kind, at, actor_kind, actor_id, channel, payload, previous, digest)
        SELECT case_id, seq, kind, at, actor_kind, actor_id, channel, payload, previous, digest
          FROM jsonb_populate_recordset(NULL::register_ledgerentry, %s)
    )
    SELECT pg_notify(%s::text, %s::text)
"""


def write_rows(
    case_id: int,
    *,
    promises: Iterable[CommitmentState],
    remarks: Sequence[Remark],
    entries: Sequence[LedgerEntry],
    announcement: str,
) -> None:
    """Insert remarks and entries, insert or update promises. Entries come in their order.

    ``announcement`` is told to whoever listens once the transaction is committed.
    """
    execute(
        WRITE,
        [
            _json([_promise(case_id, each) for each in promises]),
            _json([_remark(case_id, each) for each in remarks]),
            _json([_entry(case_id, each) for each in entries]),
            CHANNEL,
            announcement,
        ],
    )


def _promise(case_id: int, state: CommitmentState) -> dict[str, Any]:
    row = {"case_id": case_id, **state.__dict__}
    row["target"] = dict(state.target)
    return row


def _remark(case_id: int, remark: Remark) -> dict[str, Any]:
    return {"case_id": case_id, "seq": remark.seq, "text": storable(remark.text)}


def _entry(case_id: int, entry: LedgerEntry) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "seq": entry.seq,
        "kind": entry.kind,
        "at": entry.at,
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "channel": entry.channel,
        "payload": entry.payload,
        "previous": f"\\x{bytes(entry.previous).hex()}",
        "digest": f"\\x{bytes(entry.digest).hex()}",
    }


def storable(text: str) -> str:
    """Without NUL and half surrogates, which PostgreSQL keeps in no text."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=moment_text)
