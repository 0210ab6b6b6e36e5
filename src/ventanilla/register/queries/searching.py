"""Finding cases by words that were said in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from ventanilla.core.numbers import LARGEST_ID
from ventanilla.core.statements import execute
from ventanilla.register.models import Case
from ventanilla.register.models.message import BUCKET, SEARCH_CONFIG, WORD_SEPARATORS
from ventanilla.register.queries.finding import JOINED

CANDIDATES = 1_000
"""Newest messages with the words that one look fetches; who needs more says another word."""
CANDIDATES_NARROWED = 20_000
"""The same where most of what has the words may be of other desks, or filtered away."""
LOOKS = (2, 16, None)
"""How many buckets each look reaches back to; None is to the beginning.

Two common words stand together in tens of thousands of messages, and fetching all of them to show
the newest is what makes a search slow. The index knows the bucket of a message, so a look fetches
only messages of its own stretch; the newest are mostly enough, and rare words cost little however
far back one looks.
"""
LONGEST_QUERY = 200
# As the texts were when they were indexed; only a hyphen before a word is left, which excludes it.
_SEPARATORS = re.compile(f"(?<=\\S)-|[{re.escape(WORD_SEPARATORS.replace('-', ''))}]")

CONDITIONS = """
       (%(desks)s::text[] IS NULL OR c.desk = ANY(%(desks)s::text[]))
   AND (%(statuses)s::text[] IS NULL OR c.status = ANY(%(statuses)s::text[]))
   AND (%(category)s::text = '' OR c.category = %(category)s::text)
   AND (%(channel)s::text = '' OR c.channel = %(channel)s::text)
   AND (%(assignee_id)s::bigint IS NULL OR c.assignee_id = %(assignee_id)s::bigint)
   AND (NOT %(nobody)s::boolean OR c.assignee_id IS NULL)
   AND (%(since)s::timestamptz IS NULL OR c.opened_at >= %(since)s::timestamptz)
   AND (%(until)s::timestamptz IS NULL OR c.opened_at < %(until)s::timestamptz)
"""
# Materialised: with the order and limit in the same query the planner may walk back through every
# message, which for a rare word means all of them. A case stands where its last message with the
# words stands, so behind a key those are left out that were listed before it.
MATCHES = """
    WITH hit AS MATERIALIZED ({hits}),
    newest AS MATERIALIZED (SELECT id, case_id FROM hit ORDER BY id DESC LIMIT %(most)s),
    last AS MATERIALIZED (SELECT case_id, max(id) AS id FROM newest GROUP BY case_id)
    SELECT last.case_id, last.id FROM last JOIN register_case c ON c.id = last.case_id
     WHERE {conditions}
       AND NOT (%(is_later)s::boolean AND EXISTS (
           SELECT FROM register_message l
            WHERE l.case_id = last.case_id AND l.id >= %(before)s
              AND l.search @@ websearch_to_tsquery(%(config)s::regconfig, %(words)s)))
     ORDER BY last.id DESC LIMIT %(limit)s
"""
EVERY_HIT = """
        SELECT m.id, m.case_id FROM register_message m
         WHERE m.search @@ websearch_to_tsquery(%(config)s::regconfig, %(words)s)
           AND m.id < %(before)s"""
# One bucket at a time, so that each is asked of the index and not filtered from what it found.
HITS_OF_BUCKETS = """
        SELECT m.id, m.case_id FROM unnest(%(buckets)s::bigint[]) AS b (bucket)
         CROSS JOIN LATERAL ({hits} AND (m.id / {size}) = b.bucket OFFSET 0) AS m"""
IN_BUCKETS = MATCHES.format(
    hits=HITS_OF_BUCKETS.format(hits=EVERY_HIT, size=BUCKET), conditions=CONDITIONS
)
BEFORE_BUCKETS = MATCHES.format(hits=EVERY_HIT, conditions=CONDITIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What cases are looked for besides the words; ``desks`` are those somebody may see at most.

    ``since`` and ``until`` bound the moment of registration, half-open.
    """

    desks: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    category: str = ""
    channel: str = ""
    assignee_id: int | None = None
    nobody: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """For the statements that hold CONDITIONS."""
        facts = asdict(self)
        for name in ("desks", "statuses"):
            facts[name] = None if facts[name] is None else list(facts[name])
        return facts


EVERYWHERE = Narrowing()


@dataclass(frozen=True, slots=True)
class Hit:
    """A case, and the last of its messages in which the words stand; its id is the key of a page."""

    case_id: int
    message_id: int


def hits(
    text: str, *, narrowing: Narrowing = EVERYWHERE, before: int | None = None, limit: int = 20
) -> list[Hit]:
    """Cases in whose messages all the words stand, the last spoken first, each once.

    Accents, capitals and endings do not matter; "quoted words" stand together, ``-word`` excludes.
    ``before`` is the ``message_id`` of the last hit of the page before.
    """
    words = searched(text)
    if not words:
        return []
    facts = narrowing.parameters | {
        "config": SEARCH_CONFIG,
        "words": words,
        "limit": limit,
        "before": before or LARGEST_ID,
        "is_later": before is not None,
        "most": CANDIDATES if narrowing == EVERYWHERE else CANDIDATES_NARROWED,
    }
    found: dict[int, Hit] = {}
    for statement, stretch in _looks(before):
        with execute(statement, facts | stretch) as cursor:
            for case_id, message_id in cursor.fetchall():
                found.setdefault(case_id, Hit(case_id, message_id))
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def searched(text: str) -> str:
    """The words as they are asked for, in the form in which texts are indexed."""
    return _SEPARATORS.sub(" ", text.strip()[:LONGEST_QUERY].replace("\0", " ")).strip()


def search(text: str, limit: int = 50, *, desks: list[str] | None = None) -> list[Case]:
    """The cases of ``hits``. ``desks`` are those somebody may see."""
    narrowing = Narrowing(desks=None if desks is None else tuple(desks))
    found = [each.case_id for each in hits(text, narrowing=narrowing, limit=limit)]
    by_id = Case.objects.select_related(*JOINED).in_bulk(found)
    return [by_id[pk] for pk in found]


def _looks(before: int | None) -> Iterator[tuple[str, dict[str, object]]]:
    """Statements with the stretch each one looks at, from the newest messages to the first."""
    with execute("SELECT coalesce(max(id), 0) FROM register_message") as cursor:
        (newest,) = cursor.fetchone()
    top = min(newest, (before or LARGEST_ID) - 1) // BUCKET
    reached = top + 1
    for depth in LOOKS:
        if reached <= 0:
            return
        if depth is None:
            yield BEFORE_BUCKETS, {}
            return
        lowest = max(top - depth + 1, 0)
        yield IN_BUCKETS, {"buckets": list(range(lowest, reached))}
        reached = lowest
