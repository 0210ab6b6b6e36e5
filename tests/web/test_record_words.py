"""What the record says about promises: which, under which clause, due when, and who was told."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client

from tests.desk import people
from tests.web.cast import a_case, client_of, url_of
from ventanilla.desk import deadlines, structure
from ventanilla.desk.context import FOLLOW_PATH
from ventanilla.register import folio as folios
from ventanilla.register.entries import Telling, read_entry
from ventanilla.register.models import Case

PROMISE = "Respuesta (cláusula G3)"
DUE = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
AT = "lunes 7 de diciembre de 2026, 3:00 a. m."


def warned() -> Case:
    """A case whose first response was not given."""
    people.elena()
    case = a_case()
    deadlines.run(as_of=case.commitments.get(key="first_response").due_at)
    return case


def page_of(browser: Client, url: str) -> str:
    return unescape(browser.get(url).content.decode())


@pytest.mark.usefixtures("desk")
def test_the_case_and_its_record_say_which_promise_broke_and_who_was_told() -> None:
    case = warned()
    browser = client_of(people.elena())
    for url in (url_of(case), url_of(case, "registro")):
        page = page_of(browser, url)
        assert f"Venció: {PROMISE}; debía estar el {AT}" in page
        assert f"Se avisó a Elena Rojas: {PROMISE}." in page
    browser.cookies.load({"idioma": "en"})
    page = page_of(browser, url_of(case, "registro"))
    assert "Broken: Respuesta (clause G3); it was due on Monday 7 December 2026, 3:00 a.m." in page
    assert "Told Elena Rojas: Respuesta (clause G3)." in page


@pytest.mark.usefixtures("desk")
def test_a_case_that_took_another_in_tells_the_warnings_of_both() -> None:
    gone = a_case(subject="Otra cosa", text="Otra consulta.")
    stays = warned()
    structure.merge(case=gone, into=stays, acting_user=people.elena(), as_of=DUE)
    stays.refresh_from_db()
    page = page_of(client_of(people.elena()), url_of(stays))
    assessment = "Venció: Evaluación inicial (cláusula G7); debía estar el viernes 4 de diciembre"
    for at in ("11:00 p. m.", "7:00 p. m."):
        assert f"{assessment} de 2026, {at}" in page
    assert "un plazo" not in page


@pytest.mark.usefixtures("desk")
def test_the_person_reads_nothing_of_the_warnings() -> None:
    case = warned()
    browser = Client()
    link = FOLLOW_PATH.format(folio=case.folio, secret=folios.secret_of(case))
    page = unescape(browser.get(link, follow=True).content.decode())
    assert case.folio in page
    for inside in ("Venció:", "Se avisó", "Elena Rojas", "cláusula"):
        assert inside not in page


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"step": "reminder:1"}, f"Recordatorio: {PROMISE}."),
        ({"step": "escalation:1"}, f"Se escaló, vencido: {PROMISE}."),
        (
            {
                "step": "due",
                "commitments": [
                    {"did": "break", "key": "first_response", "broken_at": DUE.isoformat()}
                ],
            },
            f"Venció: {PROMISE}; debía estar el {AT}",
        ),
    ],
)
def test_what_an_older_entry_does_not_know_is_not_said(
    payload: dict[str, object], says: str
) -> None:
    telling = Telling(people.pack(), promises={"first_response": PROMISE})
    entry = read_entry("alert_fired", {"key": "first_response", **payload})
    assert entry.sentence(telling) == says
    assert entry.payload().keys() == {"key", *payload}


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"outbound_ids": [7]}, f"Se avisó al equipo: {PROMISE}."),
        ({"outbound_ids": []}, f"No hubo a quién avisar: {PROMISE}."),
        ({"outbound_ids": [7], "on_call": True}, f"Se avisó a la guardia: {PROMISE}."),
    ],
)
def test_who_was_told_is_said_as_far_as_it_is_known(payload: dict[str, object], says: str) -> None:
    telling = Telling(people.pack(), promises={"first_response": PROMISE})
    entry = read_entry("alert_sent", {"key": "first_response", "step": "due", **payload})
    assert entry.sentence(telling) == says


@pytest.mark.usefixtures("desk")
def test_the_palette_calls_the_number_what_the_country_calls_it() -> None:
    page = page_of(client_of(people.elena()), url_of(a_case()))
    assert 'placeholder="Comando, vista, número de radicado o palabras"' in page
