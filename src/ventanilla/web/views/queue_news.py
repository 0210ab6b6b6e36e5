"""What changed in a queue since its page was drawn: announced in numbers, never pushed in."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.register.rules.statuses import WAITING, Status
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.queue import PAGE
from ventanilla.web.queues import Queue, read_queue
from ventanilla.web.visit import Visit

MOST_SEEN = 120
"""Rows a page compares; whoever scrolled further is told of the first ones."""
_SEEN = re.compile(r"(\d{1,18})\.(\d{1,9})")


def news_of(request: HttpRequest, visit: Visit, queue: Queue) -> HttpResponse:
    """How many rows are new or other, and what became of each that left, by case id.

    ``vistos`` is what the page shows, as ``id.seq`` with commas.
    """
    seen = {int(found[1]): int(found[2]) for found in _SEEN.finditer(request.GET.get("vistos", ""))}
    seen = dict(list(seen.items())[:MOST_SEEN])
    now = read_queue(queue, visit, limit=max(len(seen), PAGE))
    fresh = {case.pk: case for case in now}
    moved = [case for case in _in_sight(now, seen) if seen.get(case.pk) != case.ledger_seq]
    gone = seen.keys() - fresh.keys()
    left = queries.among(gone, desks=visit.desks, limit=MOST_SEEN) if gone else []
    rows = {str(case.pk): _left_words(case, visit) for case in left if _changed(case, seen)}
    rows |= {str(case.pk): _("Cambió") for case in moved if case.pk in seen}
    count = len(rows) + sum(case.pk not in seen for case in moved)
    words = ngettext("%(n)s cambio", "%(n)s cambios", count) % {"n": count}
    answer = JsonResponse({"count": count, "words": words, "rows": rows})
    answer["Cache-Control"] = "no-store"
    return answer


def _in_sight(now: list[Case], seen: dict[int, int]) -> list[Case]:
    """Without what only moved up from below the last row of a page that did not show everything."""
    if len(seen) < PAGE:
        return now
    shown = [at for at, case in enumerate(now) if case.pk in seen]
    return now[: shown[-1] + 1] if shown else now


def _changed(case: Case, seen: dict[int, int]) -> bool:
    """A row beyond the first ones has not left because it was not looked for."""
    return seen[case.pk] != case.ledger_seq


def _left_words(case: Case, visit: Visit) -> str:
    """Why a row is not in the queue any more, as far as the case tells."""
    status = Status(case.status)
    if case.closed_at is not None or status in WAITING or status is Status.RESOLVED:
        return pack_for(case).statuses.label(case.status)
    if case.assignee_id is not None and case.assignee_id != visit.staff.pk:
        return _("Lo tiene %(who)s") % {"who": str(case.assignee)}
    return _("Ya no está en esta cola")
