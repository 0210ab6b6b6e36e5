"""S14: complaints are resolved within 5 business days; an exception is justified in the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.desk.mails import mail
from tests.desk.people import berta, elena
from tests.e2e.house import House
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.desk import assessment, changes, resolution
from ventanilla.register.models import Case, Commitment, LedgerEntry, Remark

COMPLAINTS = "quejas@sion.example"
DUE = datetime(2026, 11, 30, 18, 0, tzinfo=ZoneInfo("America/Mexico_City"))
"""Monday the 23rd is not counted; the fifth business day after it is Monday the 30th."""


def complaint(house: House) -> Case:
    case = house.arrives(mail("Llegó roto.", subject="Producto", to=COMPLAINTS), to=COMPLAINTS)
    return assessment.assess(
        case=case, category=case.category, priority=case.priority, asked="Reponer",
        acting_user=berta(), as_of=house.now + timedelta(minutes=5),
    )  # fmt: skip


def test_s14_resolved_by_closing_time_of_the_fifth_business_day_it_is_kept(sion: House) -> None:
    case = complaint(sion)
    promise = Commitment.objects.get(case=case, key="resolution")
    assert (promise.due_at, promise.clause) == (DUE, "S14")
    resolution.resolve(case=case, text="Repusimos la pieza.", acting_user=berta(), as_of=DUE)
    promise.refresh_from_db()
    assert (promise.met_at, promise.broken_at) == (DUE, None)


def test_s14_an_exception_is_justified_by_the_lead_with_its_reason(sion: House) -> None:
    case = complaint(sion)
    reason = "La pieza se fabrica sobre pedido."
    facts: dict[str, Any] = {"case": case, "key": "resolution", "reason": reason}
    with pytest.raises(NotPermitted):
        changes.excuse(**facts, acting_user=berta(), as_of=DUE)
    changes.excuse(**facts, acting_user=elena(), as_of=DUE - timedelta(hours=1))
    resolution.resolve(
        case=case, text="Repusimos la pieza.", acting_user=berta(), as_of=DUE + timedelta(days=2)
    )
    promise = Commitment.objects.get(case=case, key="resolution")
    assert promise.excused_reason == reason
    assert promise.broken_at == DUE
    assert LedgerEntry.objects.filter(case=case, kind="commitment_excused").exists()
    assert Remark.objects.filter(case=case, text=reason).exists()
