"""G3: four categories, each with its own acknowledgement that greets by name and prints the moment."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, BOGOTA, CUSTOMERS, SUPPORT
from tests.e2e.house import House, words
from ventanilla.channels.models import OutboundMessage
from ventanilla.register.models import Commitment

CASES = [
    ("billing_query", CUSTOMERS, "Cobro repetido", "consulta de facturación",
     "lunes 7 de diciembre de 2026, 3:00 a. m.", datetime(2026, 12, 7, 3, 0, tzinfo=BOGOTA), "high"),
    ("general_information", CUSTOMERS, "Quiero información y precios", "información",
     "miércoles 9 de diciembre de 2026, 3:00 p. m.", datetime(2026, 12, 9, 15, 0, tzinfo=BOGOTA), "medium"),
    ("urgent_problem", SUPPORT, "Urgente: el sistema no abre", "problema",
     "viernes 4 de diciembre de 2026, 6:00 p. m.", datetime(2026, 12, 4, 18, 0, tzinfo=BOGOTA), "high"),
    ("feature_question", SUPPORT, "¿Cómo hago un reporte?", "funciones",
     "lunes 14 de diciembre de 2026, 4:00 p. m.", datetime(2026, 12, 14, 16, 0, tzinfo=BOGOTA), "low"),
]  # fmt: skip


@pytest.mark.parametrize(("category", "to", "subject", "own", "printed", "due", "priority"), CASES)
def test_g3_each_category_has_its_own_acknowledgement_with_name_and_moment(
    generasoft: House, category: str, to: str, subject: str, own: str, printed: str,
    due: datetime, priority: str,
) -> None:  # fmt: skip
    case = generasoft.arrives(mail("Buenas tardes. Ana", subject=subject, to=to), to=to)

    assert (case.category, case.priority) == (category, priority)
    (received,) = generasoft.mails_to(ANA_ADDRESS)
    text = words(received)
    assert "Ana Pérez:" in text
    assert own in text
    assert printed in " ".join(text.split())
    assert received["Auto-Submitted"] == "auto-replied"
    assert case.folio in received["Subject"]
    assert Commitment.objects.get(case=case, key="first_response").due_at == due
    assert OutboundMessage.objects.get(case=case).state == "sent"
