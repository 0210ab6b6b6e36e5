"""Finding a case by what people and mail know of it."""

from __future__ import annotations

from collections.abc import Sequence

from ventanilla.core.statements import read
from ventanilla.register.models import Case, CaseParticipant, Commitment, Message

JOINED = ("person", "assignee", "policy_version")
MOST_MERGES = 20
"""Merges in a row that a folio leads on through; more than a person ever makes."""
MOST_REFERENCES = 200
PROMISES = "SELECT c.* FROM register_commitment c WHERE c.case_id = %s ORDER BY c.id"
# As text: the ORM takes longer to write this statement than the server to answer it.


def case_by_folio(folio: str) -> Case | None:
    """The case with exactly this folio (see ``folio.normalise``); a merged one is found as itself."""
    cases = Case.objects.select_related(*JOINED).filter(folio=folio)
    # The document is large, and kept per process by ``promises_of``.
    return cases.defer("policy_version__document").first()


def case_by_id(case_id: int) -> Case:
    """The case with this id. Raises Case.DoesNotExist."""
    return Case.objects.select_related(*JOINED).get(pk=case_id)


def current(case: Case) -> Case:
    """Where a case goes on: itself, or the one it is merged into, however often."""
    for _ in range(MOST_MERGES):
        if case.merged_into_id is None:
            return case
        case = Case.objects.select_related(*JOINED).get(pk=case.merged_into_id)
    return case


def find_by_message_ids(ids: Sequence[str]) -> Case | None:
    """The case one of these Message-IDs was said in; the last named one that is known decides.

    Pass them as they stand in References, then In-Reply-To: the nearest parent comes last.
    """
    wanted = [each for each in ids if each][-MOST_REFERENCES:]
    if not wanted:
        return None
    known = dict(
        Message.objects.filter(message_id__in=wanted)
        .exclude(message_id="")
        .order_by("-id")
        .values_list("message_id", "case_id")
    )
    for each in reversed(wanted):
        if each in known:
            return case_by_id(known[each])
    return None


def family(case: Case) -> list[int]:
    """The ids of the case and of all cases merged into it."""
    found, layer = [case.pk], [case.pk]
    for _ in range(MOST_MERGES):
        layer = list(Case.objects.filter(merged_into__in=layer).values_list("pk", flat=True))
        if not layer:
            break
        found += layer
    return found


def origins(cases: Sequence[int]) -> list[int]:
    """The ids of the cases that these were split from, and of those they were split from."""
    found: list[int] = []
    layer = list(cases)
    for _ in range(MOST_MERGES):
        rows = Case.objects.filter(pk__in=layer, split_from__isnull=False)
        layer = list(rows.values_list("split_from_id", flat=True))
        if not layer:
            break
        found += layer
    return [each for each in dict.fromkeys(found) if each not in set(cases)]


def may_write(case: Case, address: str) -> bool:
    """Whether an address is on the case, or on one merged into it."""
    return CaseParticipant.objects.filter(
        case__in=family(case), address=address.strip().lower()
    ).exists()


def commitments(case: Case) -> list[Commitment]:
    """The promises of a case in the order in which they were made."""
    return read(Commitment, PROMISES, [case.pk])


def last_sent_message(case: Case) -> Message | None:
    """Our last word to the person that somebody wrote, not the system."""
    sent = case.messages.filter(direction=Message.Direction.OUT, automatic=False)
    return sent.order_by("-at", "-id").first()
