"""Rows read in one query, put under what they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ventanilla.desk.intake.submission import holds_answers
from ventanilla.evidence.models import EvidenceItem


def files_by_message(items: Iterable[EvidenceItem]) -> dict[int, list[EvidenceItem]]:
    """The files that came with each message, for its readers.

    Pictures inside a text belong to the text; the answers of a form stand in it in words.
    """
    found: dict[int, list[EvidenceItem]] = defaultdict(list)
    for item in items:
        if item.message_id is not None and not (item.inline or holds_answers(item)):
            found[item.message_id].append(item)
    return found
