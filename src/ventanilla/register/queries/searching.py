"""Finding cases by words that were said in them."""

from __future__ import annotations

import re

from django.db import connection

from ventanilla.register.models import Case
from ventanilla.register.models.message import SEARCH_CONFIG, WORD_SEPARATORS
from ventanilla.register.queries.finding import JOINED

CANDIDATES = 1_000
"""Newest messages with the words that are looked at; who needs more says another word."""
LONGEST_QUERY = 200
# As the texts were when they were indexed; only a hyphen before a word is left, which excludes it.
_SEPARATORS = re.compile(f"(?<=\\S)-|[{re.escape(WORD_SEPARATORS.replace('-', ''))}]")

MATCHES = """
    SELECT case_id, max(id) AS newest
      FROM (SELECT m.id, m.case_id FROM register_message m
             WHERE m.search @@ websearch_to_tsquery(%s::regconfig, %s)
             ORDER BY m.id DESC LIMIT %s) AS candidate
     GROUP BY case_id ORDER BY newest DESC LIMIT %s
"""


def search(text: str, limit: int = 50, *, desks: list[str] | None = None) -> list[Case]:
    """Cases in whose messages all the words stand, the last spoken first.

    Accents, capitals and endings do not matter; "quoted words" stand together, ``-word`` excludes.
    ``desks`` are those somebody may see.
    """
    wanted = _SEPARATORS.sub(" ", text.strip()[:LONGEST_QUERY].replace("\0", " ")).strip()
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(MATCHES, [SEARCH_CONFIG, wanted, CANDIDATES, CANDIDATES if desks else limit])
        ids = [row[0] for row in cursor.fetchall()]
    cases = Case.objects.select_related(*JOINED).filter(pk__in=ids)
    if desks is not None:
        cases = cases.filter(desk__in=desks)
    found = {case.pk: case for case in cases}
    return [found[pk] for pk in ids if pk in found][:limit]
