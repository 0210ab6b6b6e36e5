from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.register import cast
from ventanilla.core.actors import SYSTEM
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment, FolioSeries, LedgerEntry
from ventanilla.register.operations import CategoryUnknown

pytestmark = pytest.mark.django_db


def promise(case: Case, key: str) -> Commitment:
    return Commitment.objects.get(case=case, key=key)


def test_S1_a_request_is_registered_at_once_with_folio_and_status() -> None:
    case = cast.opened()
    case.refresh_from_db()
    assert case.status == "registered"
    entry = LedgerEntry.objects.get(case=case)
    assert (entry.kind, entry.seq) == ("case_registered", 1)
    assert bytes(entry.digest) == bytes(case.ledger_head)
    assert case.participants.get().address == "lucia@cliente.example"


def test_G6_every_request_gets_the_next_tracking_number_of_its_year() -> None:
    folios = [cast.opened().folio for _ in range(3)]
    assert [folio[:14] for folio in folios] == [
        "GS-2026-000001", "GS-2026-000002", "GS-2026-000003",
    ]  # fmt: skip


def test_G6_the_series_turns_at_midnight_of_the_packs_zone() -> None:
    before = datetime(2027, 1, 1, 4, 59, tzinfo=UTC)  # 23:59 of 31 December in Bogotá
    after = datetime(2027, 1, 1, 5, 0, tzinfo=UTC)
    assert cast.opened(received_at=before).folio.startswith("GS-2026-")
    assert cast.opened(received_at=after).folio.startswith("GS-2027-000001-")
    assert set(FolioSeries.objects.values_list("name", "last_number")) == {
        ("radicados-2026", 1), ("radicados-2027", 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("category", "due"),
    [
        ("billing_query", cast.bogota(2026, 12, 7, 3, 0)),  # 12 hours round the clock, Fri to Mon
        ("urgent_problem", cast.bogota(2026, 12, 4, 18, 0)),  # 3 hours elapsed
        ("feature_question", cast.bogota(2026, 12, 14, 16, 0)),  # 5 business days, one holiday
    ],
)
def test_G3_each_category_makes_its_own_promise(category: str, due: datetime) -> None:
    case = cast.opened(category=category)
    assert promise(case, "first_response").due_at == due


def test_S6_the_first_response_runs_in_business_hours() -> None:
    monday = datetime(2026, 12, 7, 10, 0, tzinfo=cast.MEXICO)
    case = cast.opened(category="general_request", key="sion", received_at=monday)
    # 24 hours of a day of nine: 8 on Monday, 9 on Tuesday, 7 on Wednesday.
    assert promise(case, "first_response").due_at == datetime(
        2026, 12, 9, 16, 0, tzinfo=cast.MEXICO
    )


def test_the_promise_names_its_clause_and_the_next_due_moment_is_the_earliest() -> None:
    case = cast.opened()
    rows = list(case.commitments.all())
    assert {row.clause for row in rows} == {"G3", "G7", "G8"}
    assert case.next_due_at == min(row.due_at for row in rows)


def test_an_unknown_category_is_refused_and_takes_no_number() -> None:
    with pytest.raises(CategoryUnknown):
        register.open_case(
            person_id=cast.lucia().pk, policy_version=cast.policy(), category="magic",
            desk="atencion", priority="high", subject="", channel="email", received_at=cast.FRIDAY_3PM, acting_user=SYSTEM,
            as_of=cast.FRIDAY_3PM,
        )  # fmt: skip
    assert not FolioSeries.objects.exists()


def test_opening_with_its_message_takes_few_statements() -> None:
    cast.policy()
    cast.lucia()
    cast.opened()  # warm
    with CaptureQueriesContext(connection) as asked:
        case, message = cast.opened_with_message()
    writes = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    # number, case, promises with entries, participants, message
    assert len(writes) == 5 + len([sql for sql in writes if sql.startswith("SELECT")])
    assert (case.ledger_seq, message.ledger_seq) == (2, 2)


def test_publishing_the_same_pack_twice_gives_the_same_version() -> None:
    assert cast.policy().pk == cast.policy().pk


def test_there_is_a_migration_for_every_model() -> None:
    call_command("makemigrations", "register", check=True, dry_run=True, skip_checks=True)
