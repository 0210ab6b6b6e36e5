"""Templates by their forms: nobody writes over a colleague, and only what is offered is used."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk import people
from tests.web.cast import client_of, url_of
from tests.web.test_composer import SCRIPT, now_case, page_of, save
from ventanilla.workspace.models import Draft, ReplyTemplate

pytestmark = pytest.mark.usefixtures("desk")


def test_a_template_somebody_else_changed_is_not_written_over() -> None:
    row = ReplyTemplate.objects.create(name="Una", text="Hola", updated_at=timezone.now())
    lead, url = client_of(people.elena()), f"/plantillas/{row.pk}/"
    facts = {"name": "Una", "text": "El primero.", "is_active": "on"} | hidden_revision(lead, url)
    assert lead.post(url, facts).status_code == 302
    mistyped = lead.post(url, facts | {"name": "", "text": "El segundo."})
    assert mistyped.status_code == 422
    carried = revision_in(mistyped.content.decode())
    again = lead.post(url, facts | {"text": "El segundo."} | carried)
    assert again.status_code == 409
    page = again.content.decode()
    assert "El primero." in page
    assert "El segundo." in page
    assert ReplyTemplate.objects.get().text == "El primero."
    assert lead.post(url, facts | {"text": "El segundo."} | revision_in(page)).status_code == 302
    assert lead.get("/plantillas/999999/").status_code == 404


def hidden_revision(browser: Client, url: str) -> dict[str, str]:
    return revision_in(browser.get(url).content.decode())


def revision_in(page: str) -> dict[str, str]:
    (found,) = re.findall(r'name="revision" value="(\d*)"', page.partition("<main")[2])
    return {"revision": found}


def test_steps_that_the_policy_no_longer_knows_are_shown_and_can_be_taken_off() -> None:
    case, agent = now_case(), client_of(people.berta())
    save(agent, case, "Va.")
    Draft.objects.update(deeds=[{"noun": "prioridad", "priority": "cosmic"}])
    assert "Un paso que la política no conoce: prioridad, cosmic" in page_of(agent, case)
    row = ReplyTemplate.objects.create(
        name="De otra mesa", text="x", desk="soporte", updated_at=timezone.now()
    )
    url = url_of(case, "plantillas")
    shown = agent.post(url, {"plantilla": row.pk}, **SCRIPT).content.decode()
    assert "ya no se ofrece" in shown
    assert "cosmic" in shown
    assert "cosmic" not in agent.post(url, {"plantilla": ""}, **SCRIPT).content.decode()
    assert "ya no se ofrece" in told_after(agent, agent.post(url, {"plantilla": row.pk}))


def told_after(browser: Client, answer: Any) -> str:
    return str(browser.get(answer.headers["Location"]).content.decode())
