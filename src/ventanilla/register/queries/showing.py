"""What the pages show of cases: each function is one query, whatever the number of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left

from ventanilla.register.models import Case, Commitment, LedgerEntry, Message, Remark
from ventanilla.register.queries.finding import family
from ventanilla.register.rules.chain import Stamp, digest, genesis

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


def cases_of_person(person_id: int, *, limit: int, desks: list[str] | None = None) -> list[Case]:
    """The cases of a person, latest first."""
    cases = Case.objects.filter(person=person_id).select_related("person", "assignee")
    if desks is not None:
        cases = cases.filter(desk__in=desks)
    return list(cases.order_by("-opened_at", "-id")[:limit])


def chain_problems(case: Case) -> list[str]:
    """What does not hold in the chain of a case, in Spanish; empty when all of it does."""
    head, seq = genesis(case.folio), 0
    for seq, entry in enumerate(LedgerEntry.objects.filter(case=case).order_by("seq"), 1):
        stamp = Stamp(entry.seq, entry.at, entry.actor_kind, entry.actor_id, entry.channel)
        if entry.seq != seq:
            return [f"Falta el asiento {seq}."]
        expected = digest(head, entry.kind, stamp, entry.payload)
        if bytes(entry.previous) != head or bytes(entry.digest) != expected:
            return [f"El asiento {seq} no corresponde a su huella."]
        head = expected
    if seq != case.ledger_seq or head != bytes(case.ledger_head):
        return [f"El caso dice tener {case.ledger_seq} asientos y hay {seq}."]
    return []
