"""G6: every query is registered and gets a tracking number, with which it can be followed."""

from __future__ import annotations

import re

from tests.desk.mails import mail
from tests.desk.people import ANA_ADDRESS, CUSTOMERS
from tests.e2e.house import House, words
from ventanilla.register import folio as folios
from ventanilla.register.models import Case


def test_g6_numbers_without_gaps_and_a_link_that_carries_the_secret(generasoft: House) -> None:
    cases = [generasoft.arrives(mail(f"Consulta {n}"), to=CUSTOMERS) for n in range(3)]

    numbers = [each.folio.split("-")[2] for each in cases]
    assert numbers == ["000001", "000002", "000003"]
    assert all(folios.check(each.folio, generasoft.pack) for each in cases)
    for case, received in zip(cases, generasoft.mails_to(ANA_ADDRESS), strict=True):
        assert case.folio in received["Subject"]
        link = re.search(r"https?://\S+/seguimiento/(\S+?)/(\S+?)/", words(received))
        assert link is not None
        assert link[1] == case.folio
        assert folios.matches_secret(case, link[2])
    assert not folios.matches_secret(cases[0], folios.secret_of(cases[1]))


def test_g6_the_same_mail_sent_twice_gets_one_number(generasoft: House) -> None:
    raw = mail()
    first = generasoft.arrives(raw, to=CUSTOMERS)
    again = generasoft.arrives(raw, to=CUSTOMERS)
    assert first.pk == again.pk
    assert Case.objects.count() == 1
    assert len(generasoft.mails_to(ANA_ADDRESS)) == 1


def test_g6_a_mistyped_folio_is_recognised_as_such(generasoft: House) -> None:
    case = generasoft.arrives(mail(), to=CUSTOMERS)
    wrong = case.folio.replace("000001", "000002")
    assert not folios.check(wrong, generasoft.pack)
    other = generasoft.arrives(mail("¿Y?", subject=f"Sobre {wrong}"), to=CUSTOMERS)
    assert other.pk != case.pk
