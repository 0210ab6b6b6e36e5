"""S3: answers follow the published guides, and an answer records which article and version it used."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

from django.test import Client

from tests.desk.mails import mail
from tests.e2e.house import House, words
from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor
from ventanilla.desk import guiding
from ventanilla.intranet import operations
from ventanilla.intranet.models import Article, ArticleVersion
from ventanilla.intranet.operations import Content
from ventanilla.register import folio as folios
from ventanilla.register.models import Case, LedgerEntry, Message
from ventanilla.register.verification import verify

TO = "servicio@sion.example"


def lead() -> Staff:
    return Staff.objects.create_user("lider@sion.example", full_name="Lucía Lara", role=Role.LEAD)


def published(
    house: House, staff: Staff, body: str, article: Article | None = None
) -> ArticleVersion:
    content = Content(
        title="Tiempos de fabricación", body=body, kind="guide", audience="public",
        categories=("general_request",),
    )  # fmt: skip
    facts: dict[str, Any] = {
        "pack": house.pack,
        "acting_user": Actor.staff(staff.pk),
        "as_of": house.now,
    }
    row = (
        operations.edit_article(
            article=article, content=content, expected_revision=article.revision, **facts
        )
        if article
        else operations.create_article(content=content, **facts)
    )
    return operations.publish_article(article=row, expected_revision=row.revision, **facts)


def browser_of(staff: Staff) -> Client:
    browser = Client()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def unmet(case: Case, staff: Staff, *article_versions: int) -> set[str]:
    found = guiding.verdicts(
        case=case, text="Buen día.", staff=staff, article_versions=article_versions
    )  # fmt: skip
    return {each.guideline.key for each in found if each.met is False}


def hidden(page: str, action: str) -> dict[str, str]:
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
    return dict(found)


def test_s3_an_answer_records_the_article_and_the_version_it_used(sion: House) -> None:
    staff = lead()
    first = published(sion, staff, "Tres semanas para el acabado mate.")
    asked = mail("¿Cuánto tarda la fabricación del acabado mate?", subject="Tiempos", to=TO)
    case = sion.arrives(asked, to=TO)
    browser = browser_of(staff)

    # The guidelines of the policy ask for it, and are met once one is cited.
    assert "official" in unmet(case, staff)
    # It is offered beside the answer, and until one is chosen the policy's wish is told.
    region = f"/casos/{case.folio}/articulos/"
    offered = browser.get(region, headers={"HX-Request": "true"}).content.decode()
    assert "Tiempos de fabricación" in offered
    assert "La política pide" in offered
    chosen = browser.post(region, {"version": first.pk}, headers={"HX-Request": "true"})
    assert "Tiempos de fabricación, versión 1" in chosen.content.decode()
    assert "La política pide" not in chosen.content.decode()

    assert "official" not in unmet(case, staff, first.pk)

    page = browser.get(f"/casos/{case.folio}/").content.decode()
    url = f"/casos/{case.folio}/respuesta/"
    sent = browser.post(
        url,
        hidden(page, url)
        | {"text": "Buen día, Ana:\n\nSon tres semanas.\n\nCon gusto,\nLucía Lara", "then": "",
           "excuse": "Prueba."},
    )  # fmt: skip
    assert sent.status_code == 302
    sion.at(sion.now + timedelta(seconds=30))
    let_go(sion, case)

    said = Message.objects.get(case=case, direction="out", automatic=False)
    entry = LedgerEntry.objects.get(case=case, kind="articles_used")
    assert entry.seq > said.ledger_seq
    (used,) = entry.payload["articles"]
    assert (used["slug"], used["version"]) == ("tiempos-de-fabricacion", 1)
    assert used["digest"] == first.digest
    assert used["title_digest"] == hashlib.sha256(first.title.encode()).hexdigest()
    assert first.title not in str(entry.payload), "no words in the chain"

    # A later version changes nothing about what that answer used.
    second = published(sion, staff, "Cuatro semanas.", Article.objects.get(pk=first.article_id))
    assert second.number == 2
    shown = browser.get(f"/casos/{case.folio}/").content.decode()
    assert "Tiempos de fabricación, versión 1" in shown
    read = browser.get("/conocimiento/tiempos-de-fabricacion/versiones/1/").content.decode()
    assert "Tres semanas" in read
    assert first.digest in read

    person = Client()
    person.get(f"/seguimiento/{case.folio}/{folios.secret_of(case)}/")
    seen = person.get(f"/seguimiento/{case.folio}/").content.decode()
    assert "Según:" in seen
    assert "/ayuda/tiempos-de-fabricacion/" in seen
    assert not verify().findings


def let_go(house: House, case: Case) -> None:
    """What is handed over leaves after its moment, by the job that looks for it."""
    from ventanilla.desk import sending
    from ventanilla.workspace.models import Draft

    (draft,) = Draft.objects.filter(case=case, state=Draft.State.SENDING)
    sending.send_due(draft_id=draft.pk, as_of=house.now)
    house.work()
    mails = house.mails_to("ana@cliente.example")
    assert "tres semanas" in words(mails[-1])


def test_s3_the_guides_are_for_customers_only_once_published_for_them(sion: House) -> None:
    staff = lead()
    facts: dict[str, Any] = {
        "pack": sion.pack, "acting_user": Actor.staff(staff.pk), "as_of": sion.now,
    }  # fmt: skip
    script = operations.create_article(
        content=Content(title="Guion de llamada", body="Salude.", kind="script", audience="staff"),
        **facts,
    )
    operations.publish_article(article=script, expected_revision=1, **facts)
    draft = operations.create_article(
        content=Content(title="Garantía", body="Pronto.", kind="guide", audience="public"), **facts
    )
    for slug in (script.slug, draft.slug):
        assert Client().get(f"/ayuda/{slug}/").status_code == 404
    front = Client().get("/ayuda/").content.decode()
    assert "Guion de llamada" not in front
    assert browser_of(staff).get(f"/conocimiento/{script.slug}/").status_code == 200
    assert Client().get(f"/conocimiento/{script.slug}/").status_code == 302, "the team signs in"
