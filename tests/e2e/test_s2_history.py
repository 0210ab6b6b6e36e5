"""S2: the customer's file in the CRM gets a summary of each interaction with the folio."""

from __future__ import annotations

from datetime import timedelta

from tests.desk.mails import mail
from tests.desk.people import berta
from tests.e2e.house import House
from ventanilla.crm import queries as crm
from ventanilla.desk import replies

SERVICE = "servicio@sion.example"


def test_s2_the_customers_history_gets_each_interaction_with_its_folio(sion: House) -> None:
    case = sion.arrives(mail("¿Y mi pedido?", subject="Pedido", to=SERVICE), to=SERVICE)
    other = sion.arrives(mail("Otra cosa.", subject="Catálogo", to=SERVICE), to=SERVICE)
    assert other.person_id == case.person_id
    replies.reply(
        case=case, text="Sale mañana.", acting_user=berta(), as_of=sion.now + timedelta(hours=1)
    )
    lines = crm.history(person_id=case.person_id).lines
    assert [(each.direction, each.folio) for each in lines] == [
        ("out", case.folio), ("in", other.folio), ("in", case.folio)
    ]  # fmt: skip
    assert "Sale mañana." in lines[0].summary
