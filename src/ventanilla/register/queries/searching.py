"""Finding cases by words that were said in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db import connection

from ventanilla.register.models import Case
from ventanilla.register.models.message import SEARCH_CONFIG, WORD_SEPARATORS
from ventanilla.register.queries.finding import JOINED

CANDIDATES = 1_000
"""Newest messages with the words that are looked at; who needs more says another word."""
WINDOWS = (100_000, 1_000_000, None)
"""How far back each look goes, in messages; None is to the beginning.

Two common words stand together in tens of thousands of messages, and fetching all of them to show
the newest fifty is what makes a search slow. Recent ones come first, so a look at the newest
messages is mostly enough; rare words cost little however far back one looks.
"""
LONGEST_QUERY = 200
# As the texts were when they were indexed; only a hyphen before a word is left, which excludes it.
_SEPARATORS = re.compile(f"(?<=\\S)-|[{re.escape(WORD_SEPARATORS.replace('-', ''))}]")

MATCHES = """
    WITH hit AS MATERIALIZED (
        SELECT id, case_id FROM register_message
         WHERE search @@ websearch_to_tsquery(%s::regconfig, %s) AND id > %s
    ), newest AS (SELECT id, case_id FROM hit ORDER BY id DESC LIMIT %s)
    SELECT case_id, max(id) AS last FROM newest GROUP BY case_id ORDER BY last DESC
"""
# Materialised: with the order and limit in the same query the planner may walk back through every
# message, which for a rare word means all of them.


def search(text: str, limit: int = 50, *, desks: list[str] | None = None) -> list[Case]:
    """Cases in whose messages all the words stand, the last spoken first.

    Accents, capitals and endings do not matter; "quoted words" stand together, ``-word`` excludes.
    ``desks`` are those somebody may see.
    """
    wanted = _SEPARATORS.sub(" ", text.strip()[:LONGEST_QUERY].replace("\0", " ")).strip()
    if not wanted:
        return []
    found: list[Case] = []
    for ids in _looks_back(wanted):
        found = _visible(ids, desks, limit)
        if len(found) >= limit:
            break
    return found


def _looks_back(wanted: str) -> Iterator[list[int]]:
    """Ids of cases, the last spoken first; each further look reaches further back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM register_message")
        (newest,) = cursor.fetchone()
        for window in WINDOWS:
            since = newest - window if window else 0
            cursor.execute(MATCHES, [SEARCH_CONFIG, wanted, since, CANDIDATES])
            yield [row[0] for row in cursor.fetchall()]
            if since <= 0:
                return


def _visible(ids: list[int], desks: list[str] | None, limit: int) -> list[Case]:
    """The first ``limit`` cases of those that somebody may see, in the given order."""
    if desks is not None:
        allowed = Case.objects.filter(pk__in=ids, desk__in=desks).values_list("pk", flat=True)
        seen = set(allowed)
        ids = [pk for pk in ids if pk in seen]
    shown = ids[:limit]
    by_id = Case.objects.select_related(*JOINED).in_bulk(shown)
    return [by_id[pk] for pk in shown]
