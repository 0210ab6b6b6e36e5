"""G7: somebody reads the query and confirms category, priority and what is being asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, CUSTOMERS, FRIDAY_3PM, berta, octavio
from tests.e2e.house import House, words
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.desk import assessment
from ventanilla.register.models import Commitment, Remark

AT = FRIDAY_3PM + timedelta(minutes=20)


def test_g7_the_assessment_is_recorded_and_a_corrected_category_told(generasoft: House) -> None:
    case = generasoft.arrives(mail("Hay un problema.", subject="Ayuda"), to=CUSTOMERS)
    assert case.category == "general_query"
    case = assessment.assess(
        case=case, category="billing_query", priority="high", asked="Devolver un cobro.",
        expected_seq=case.ledger_seq, acting_user=berta(), as_of=AT,
    )  # fmt: skip
    generasoft.at(AT).work()

    assert (case.status, case.category) == ("assessed", "billing_query")
    met = Commitment.objects.filter(case=case, key="assessment", met_at__isnull=False).get()
    assert met.met_at == AT
    assert Remark.objects.filter(case=case, text="Devolver un cobro.").exists()
    told = words(generasoft.mails_to(ANA_ADDRESS)[-1])
    assert "su consulta de facturación" in told
    assert "lunes 7 de diciembre de 2026, 3:00 a. m." in " ".join(told.split())


def test_g7_who_may_not_assess_changes_nothing(generasoft: House) -> None:
    case = generasoft.arrives(mail(), to=CUSTOMERS)
    with pytest.raises(NotPermitted):
        assessment.assess(
            case=case, category="billing_query", priority="low", asked="?", acting_user=octavio(),
            as_of=AT,
        )  # fmt: skip
    before = case.ledger_seq
    case.refresh_from_db()
    assert (case.status, case.ledger_seq) == ("registered", before)
