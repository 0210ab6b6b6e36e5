"""What was resolved and stayed quiet closes by itself, on the clock of the policy."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from tests.desk import people
from tests.register import cast
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import closing
from ventanilla.register import operations as register
from ventanilla.register.models import Case, LedgerEntry

pytestmark = pytest.mark.django_db(transaction=True)

RESOLVED = cast.bogota(2026, 12, 4, 15, 30)
# Five business days after that Friday, the holiday of the 8th left out: Monday 14, closing time.
CLOSES = cast.bogota(2026, 12, 14, 16, 0)


def resolved(at: datetime = RESOLVED) -> Case:
    case = cast.opened(received_at=at - timedelta(minutes=30))
    case = cast.assessed(case, at - timedelta(minutes=20))
    return register.resolve(
        case=case, summary="Se anuló el cobro.", acting_user=people.berta(), as_of=at
    )


def test_a_quiet_case_closes_at_the_moment_the_policy_says_and_the_person_is_told() -> None:
    case = resolved()
    assert closing.quiet_until(people.pack(), RESOLVED) == CLOSES

    assert closing.close_quiet(as_of=CLOSES - timedelta(seconds=1)) == 0
    assert closing.close_quiet(as_of=CLOSES) == 1
    assert closing.close_quiet(as_of=CLOSES) == 0

    case = Case.objects.get(pk=case.pk)
    assert (case.status, case.closed_at) == ("closed", CLOSES)
    notice = OutboundMessage.objects.get(case=case, kind="closed")
    assert notice.automatic
    assert case.folio in notice.subject
    entry = LedgerEntry.objects.get(case=case, kind="case_closed")
    assert (entry.actor_kind, entry.actor_id) == ("system", None)


def test_a_word_of_thanks_starts_the_quiet_period_again_and_holds_up_nobody_else() -> None:
    thankful, quiet = resolved(), resolved(RESOLVED + timedelta(minutes=10))
    with transaction.atomic():
        cast.wrote(thankful, cast.bogota(2026, 12, 9, 10, 0), "Muchas gracias.")
    assert closing.close_quiet(as_of=CLOSES) == 1
    assert Case.objects.get(pk=quiet.pk).status == "closed"
    assert Case.objects.get(pk=thankful.pk).status == "resolved"

    # Five business days after Wednesday the 9th: the 16th.
    assert closing.close_quiet(as_of=cast.bogota(2026, 12, 16, 15, 59)) == 0
    assert closing.close_quiet(as_of=cast.bogota(2026, 12, 16, 16, 0)) == 1


def test_only_resolved_cases_close_and_no_more_than_asked_at_once() -> None:
    open_case = cast.opened()
    for minute in range(3):
        resolved(RESOLVED + timedelta(minutes=minute))
    late = CLOSES + timedelta(days=30)
    assert closing.close_quiet(as_of=late, limit=2) == 2
    assert closing.close_quiet(as_of=late) == 1
    assert Case.objects.get(pk=open_case.pk).status == "registered"
