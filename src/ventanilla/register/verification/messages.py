"""Holding the conversation against the ledger: every message recorded, none changed or gone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from ventanilla.register.models import Message
from ventanilla.register.speaking import message_digest
from ventanilla.register.verification.findings import Fault, Finding

CHANGED = """
    SELECT c.folio, m.ledger_seq
      FROM register_message m
      JOIN register_case c ON c.id = m.case_id
      LEFT JOIN register_ledgerentry e ON e.case_id = m.case_id AND e.seq = m.ledger_seq
     WHERE e.id IS NULL OR e.payload->>'digest' IS DISTINCT FROM m.digest
"""
# A message that a split took to another case is named in the entry of the split.
GONE = """
    SELECT c.folio, e.seq
      FROM register_ledgerentry e
      JOIN register_case c ON c.id = e.case_id
     WHERE e.kind IN ('message_received', 'message_sent', 'note_added', 'message_taken_over')
       AND NOT EXISTS (SELECT FROM register_message m
                        WHERE m.case_id = e.case_id AND m.ledger_seq = e.seq)
       AND NOT EXISTS (SELECT FROM register_ledgerentry s
                        WHERE s.case_id = e.case_id AND s.kind = 'case_split'
                          AND jsonb_exists(s.payload->'message_digests', e.payload->>'digest'))
"""
# The same digest that ``rules.chain.digest_of_text`` makes: the text framed by its length in bytes.
CHANGED_REMARK = """
    SELECT c.folio, r.seq
      FROM register_remark r
      JOIN register_case c ON c.id = r.case_id
      LEFT JOIN register_ledgerentry e ON e.case_id = r.case_id AND e.seq = r.seq
     WHERE r.text <> ''
       AND encode(sha256(convert_to(octet_length(r.text) || ':' || r.text, 'UTF8')), 'hex')
           IS DISTINCT FROM coalesce(e.payload->>'reason_digest', e.payload->>'asked_digest')
"""
CHECKS = (
    (CHANGED, "mensaje {}"), (GONE, "falta el mensaje {}"), (CHANGED_REMARK, "nota del asiento {}"),
)  # fmt: skip


def check_messages(*, words: bool) -> Iterator[Finding]:
    """Messages and remarks that differ from their entry, and entries whose message is gone.

    With ``words`` every text is hashed again; an erased one is empty and passes.
    """
    with connection.cursor() as cursor:
        for statement, told in CHECKS:
            cursor.execute(statement)
            for folio, seq in cursor.fetchall():
                yield Finding(Fault.WORDS, folio, seq, told.format(seq))
    if words:
        yield from _rehashed()


def _rehashed() -> Iterator[Finding]:
    rows = Message.objects.order_by("id").values_list(
        "case__folio", "ledger_seq", "subject", "text", "segments", "digest"
    )
    for folio, seq, subject, text, segments, digest in rows.iterator(chunk_size=1_000):
        is_erased = not text and not segments
        if not is_erased and message_digest(subject, segments) != digest:
            yield Finding(Fault.WORDS, folio, seq, f"mensaje {seq}")
