"""A house that serves under its own policy, given as a file: nothing knows it by the file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.desk import mails, people
from tests.e2e.house import House, open_house, words
from tests.e2e.test_g1_web_form import waited
from tests.web.cast import client_of
from ventanilla.core.actors import SYSTEM
from ventanilla.desk import account_mail, policies
from ventanilla.desk.intake import alarming
from ventanilla.register.models import Case, PolicyVersion
from ventanilla.web.presenters.asking import slug_of


@pytest.fixture
def own_pack(tmp_path: Path) -> str:
    """The policy of GeneraSoft under a key of its own, in a file called otherwise."""
    text = resources.files("ventanilla.policy.packs").joinpath("generasoft.yaml").read_text("utf-8")
    file = tmp_path / "nuestra-politica.yaml"
    file.write_text(text.replace("key: generasoft", "key: propia", 1), encoding="utf-8")
    return str(file)


@pytest.fixture
def own_house(
    transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, own_pack: str
) -> Iterator[House]:
    with open_house(settings, monkeypatch, pack=own_pack, now=people.FRIDAY_3PM) as house:
        yield house


def test_g1_a_house_with_its_pack_in_a_file_serves_mail_portal_and_colleagues(
    own_house: House,
) -> None:
    assert policies.ensure_published(acting_user=SYSTEM, as_of=own_house.now) is None
    assert PolicyVersion.objects.get().pack == "propia"

    case = own_house.arrives(mails.mail(), to=people.CUSTOMERS)
    (acknowledgement,) = own_house.mails_to(people.ANA_ADDRESS)
    assert case.folio in str(acknowledgement["Subject"])

    visitor = Client()
    link = re.search(r"https?://\S+/seguimiento/\S+", words(acknowledgement))
    assert link
    followed = visitor.get(urlsplit(link[0]).path, follow=True)
    assert case.folio in followed.content.decode()
    assert visitor.get("/ayuda/").status_code == 200
    _ask(visitor, own_house)
    own_house.work()
    assert Case.objects.count() == 2

    colleague = client_of(people.elena())
    assert case.folio in colleague.get("/cola/todos/").content.decode()
    for page in (f"/casos/{case.folio}/", "/politica/", "/equipo/", "/entrada/", "/salida/"):
        assert colleague.get(page).status_code == 200, page


def test_g1_what_the_house_writes_to_its_own_people_knows_the_policy_too(own_house: House) -> None:
    row = account_mail.write_about_account(
        to="elena@generasoft.example", subject="x", text="y", as_of=own_house.now
    )
    assert row.from_address == people.CUSTOMERS
    assert alarming.warn_of_stuck(as_of=own_house.now) == 0


def _ask(visitor: Client, house: House) -> None:
    url = f"/preguntar/{slug_of(house.pack.category('general_information'))}/"
    (token,) = re.findall(r'name="formulario" value="([^"]+)"', visitor.get(url).content.decode())
    facts = {
        "name": "Ana Pérez",
        "email": people.ANA_ADDRESS,
        "subject": "Otra",
        "text": "¿Cuándo?",
    }
    answer = visitor.post(url, facts | {"formulario": waited(token)})
    assert answer.status_code == 302, answer.content.decode()[:3000]
