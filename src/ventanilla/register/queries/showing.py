"""What the pages show of cases: each function is one query, whatever the number of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left

from ventanilla.register.models import Case, Commitment, LedgerEntry, Message, Remark
from ventanilla.register.queries.finding import family

EXCERPT = 200


def messages(case: Case, *, limit: int | None = None) -> list[Message]:
    """What was said in a case and in those merged into it, in order; with a limit the last ones."""
    rows = Message.objects.filter(case__in=family(case)).select_related("author_staff")
    if limit is None:
        return list(rows.order_by("at", "id"))
    return list(rows.order_by("-at", "-id")[:limit])[::-1]


def message_of(case: Case, message_id: int) -> Message | None:
    """One message of this case; an id of another case's message finds nothing."""
    return Message.objects.filter(case=case, pk=message_id).first()


def entries(case: Case, *, since_seq: int = 0) -> list[LedgerEntry]:
    """The record of a case from behind a sequence number on, in order."""
    return list(LedgerEntry.objects.filter(case=case, seq__gt=since_seq).order_by("seq"))


def remarks(case: Case, *, since_seq: int = 0) -> dict[int, str]:
    """The words that belong to entries, by sequence number; erased ones are left out."""
    rows = Remark.objects.filter(case=case, seq__gt=since_seq).exclude(text="")
    return dict(rows.values_list("seq", "text"))


def last_words(case_ids: Sequence[int]) -> dict[int, str]:
    """How the last message between the person and us begins, by case."""
    said = Message.objects.filter(case=OuterRef("pk"), automatic=False).exclude(
        direction=Message.Direction.NOTE
    )
    begins = said.order_by("-at", "-id").values(begins=Left("text", EXCERPT))[:1]
    rows = Case.objects.filter(pk__in=case_ids).annotate(last=Subquery(begins))
    return {pk: text or "" for pk, text in rows.values_list("pk", "last")}


def open_promises(case_ids: Sequence[int]) -> dict[int, list[Commitment]]:
    """The promises that wait for their event, by case."""
    rows = Commitment.objects.filter(
        Q(case__in=case_ids), met_at__isnull=True, cancelled_at__isnull=True
    )
    found: dict[int, list[Commitment]] = defaultdict(list)
    for row in rows.order_by("due_at", "id"):
        found[row.case_id].append(row)
    return dict(found)


def seq_of(folio: str) -> tuple[str, int] | None:
    """Desk and last sequence number of a case: what asks whether something happened to it."""
    return Case.objects.filter(folio=folio).values_list("desk", "ledger_seq").first()
