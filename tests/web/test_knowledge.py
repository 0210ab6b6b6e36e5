"""The knowledge base on screen: for the team, for everybody, and beside what is written."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk import people
from tests.web.cast import HOSTILE, a_case, client_of
from ventanilla.desk import citing
from ventanilla.intranet import operations, queries
from ventanilla.intranet.models import Article, ArticleVersion
from ventanilla.intranet.operations import Content
from ventanilla.policy.schema import Pack
from ventanilla.workspace.models import Draft

pytestmark = pytest.mark.usefixtures("desk")

WRITTEN = {
    "title": "Cómo leer su factura", "kind": "guide", "audience": "public",
    "categories": ["billing_query"], "body": "# Partes\n\nLa **factura** trae el valor.",
}  # fmt: skip


def published(**changes: Any) -> ArticleVersion:
    facts: dict[str, Any] = {"categories": ("billing_query",), "kind": "guide"}
    facts |= {"title": "Cómo leer su factura", "body": "La factura trae el valor."}
    facts |= {"audience": "public"} | changes
    doing: dict[str, Any] = {
        "pack": people.pack(), "acting_user": people.elena(), "as_of": timezone.now(),
    }  # fmt: skip
    row = operations.create_article(content=Content(**facts), **doing)
    return operations.publish_article(article=row, expected_revision=1, **doing)


def told(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_article_is_written_published_changed_compared_and_retired() -> None:
    lead = client_of(people.elena())
    answer: Any = lead.post("/conocimiento/nuevo/", WRITTEN | {"publicar": "1"}, follow=True)
    assert "Publicado como versión 1" in told(answer)
    url = "/conocimiento/como-leer-su-factura/"
    assert "<strong>factura</strong>" in told(Client().get("/ayuda/como-leer-su-factura/"))
    edit = told(lead.get(f"{url}edicion/"))
    (revision,) = re.findall(r'name="revision" value="(\d+)"', edit)
    changed = WRITTEN | {"body": "Otro texto.", "revision": revision}
    lead.post(f"{url}edicion/", changed | {"guardar": "1"})
    assert "Otro texto" not in told(Client().get("/ayuda/como-leer-su-factura/"))
    page = told(lead.get(url))
    assert "todavía nadie lee" in page
    (revision,) = set(re.findall(r'name="revision" value="(\d+)"', page))
    assert "versión 2" in told(lead.post(f"{url}publicacion/", {"revision": revision}, follow=True))
    compared = told(lead.get(f"{url}comparacion/?de=1&a=2"))
    assert 'class="removed"' in compared
    assert 'class="added"' in compared
    (revision,) = re.findall(r'name="revision" value="(\d+)"', told(lead.get(f"{url}retiro/")))
    lead.post(f"{url}retiro/", {"revision": revision})
    assert Client().get("/ayuda/como-leer-su-factura/").status_code == 404
    assert lead.get(f"{url}versiones/1/").status_code == 200


def test_a_colleagues_change_is_shown_and_nothing_typed_is_lost() -> None:
    version = published()
    lead = client_of(people.elena())
    url = f"/conocimiento/{version.article.slug}/edicion/"
    (revision,) = re.findall(r'name="revision" value="(\d+)"', told(lead.get(url)))
    first = lead.post(url, WRITTEN | {"body": "El primero.", "revision": revision})
    assert first.status_code == 302
    second = lead.post(url, WRITTEN | {"body": "El segundo.", "revision": revision})
    assert second.status_code == 409
    page = told(second)
    assert "El segundo." in page
    assert "El primero." in page
    (now,) = re.findall(r'name="revision" value="(\d+)"', page)
    assert lead.post(url, WRITTEN | {"body": "El segundo.", "revision": now}).status_code == 302


def test_a_mistyped_form_does_not_forget_which_text_its_writer_saw() -> None:
    version = published()
    lead = client_of(people.elena())
    url = f"/conocimiento/{version.article.slug}/edicion/"
    (seen,) = re.findall(r'name="revision" value="(\d+)"', told(lead.get(url)))
    lead.post(url, WRITTEN | {"body": "El de la colega.", "revision": seen})
    mistyped = lead.post(url, WRITTEN | {"title": "", "body": "El mío.", "revision": seen})
    assert mistyped.status_code == 422
    (carried,) = re.findall(r'name="revision" value="(\d+)"', told(mistyped))
    again = lead.post(url, WRITTEN | {"body": "El mío.", "revision": carried})
    assert again.status_code == 409
    assert "El de la colega." in told(again)
    assert Article.objects.get().body == "El de la colega."


def test_a_second_click_makes_no_second_article() -> None:
    lead = client_of(people.elena())
    (key,) = re.findall(
        r'name="request_key" value="([^"]+)"', told(lead.get("/conocimiento/nuevo/"))
    )
    for _ in range(2):
        answer = lead.post("/conocimiento/nuevo/", WRITTEN | {"request_key": key, "publicar": "1"})
        assert answer.headers["Location"] == "/conocimiento/como-leer-su-factura/"
    assert Article.objects.get().current == ArticleVersion.objects.get()


def test_who_only_reads_does_not_write() -> None:
    version = published()
    Article.objects.create(
        slug="secreto", title="Secreto", kind="guide", audience="staff",
        created_at=timezone.now(), changed_at=timezone.now(),
    )  # fmt: skip
    agent = client_of(people.berta())
    assert agent.get(f"/conocimiento/{version.article.slug}/").status_code == 200
    for url in (
        "nuevo/",
        "secreto/",
        f"{version.article.slug}/edicion/",
        f"{version.article.slug}/retiro/",
    ):
        assert agent.get(f"/conocimiento/{url}").status_code == 404, url
    for url in ("nuevo/", "vista/", f"{version.article.slug}/publicacion/"):
        assert agent.post(f"/conocimiento/{url}", WRITTEN).status_code == 404, url
    assert "Secreto" not in told(agent.get("/conocimiento/"))
    assert Client().get("/conocimiento/").status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "x" * 161},
        {"body": "x" * 60_001},
        {"kind": "nada"},
        {"audience": "todos"},
        {"categories": ["nada"]},
        {"title": "a\u202eb"},
        {"body": "a\0b"},
    ],
)
def test_what_is_wrong_is_told_and_kept(changes: dict[str, Any]) -> None:
    lead = client_of(people.elena())
    answer = lead.post("/conocimiento/nuevo/", WRITTEN | changes)
    assert answer.status_code == 422
    assert not Article.objects.exists()


def test_what_is_written_cannot_harm_who_reads_it() -> None:
    version = published(
        title=HOSTILE.replace("\u202e", "")[:150], body=f"{HOSTILE}\n\n[x](javascript:alert(1))"
    )
    case = a_case(at=timezone.now() - timedelta(hours=1))
    pages = [
        told(Client().get(f"/ayuda/{version.article.slug}/")),
        told(Client().get("/ayuda/buscar/?q=script")),
        told(client_of(people.elena()).get(f"/conocimiento/{version.article.slug}/")),
        told(client_of(people.elena()).get(f"/casos/{case.folio}/articulos/?q=script")),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


def test_articles_are_offered_while_one_asks() -> None:
    published()
    published(title="Solo nuestro", body="La factura por dentro.", audience="staff")
    url = "/preguntar/una-factura-o-un-cobro/articulos/"
    page = told(Client().get(url, {"q": "No entiendo mi factura"}))
    assert "¿Esto responde su pregunta?" in page
    assert "Cómo leer su factura" in page
    assert "Solo nuestro" not in page
    assert "<li>" not in told(Client().get(url, {"q": "zapatos verdes"}))
    assert Client().get(url, {"q": "x" * 9000}).status_code == 200


def test_an_article_goes_on_the_answer_and_off_it() -> None:
    version = published()
    case = a_case(at=timezone.now() - timedelta(hours=1))
    agent = client_of(people.berta())
    url = f"/casos/{case.folio}/articulos/"
    assert "/ayuda/como-leer-su-factura/" in told(agent.get(url))
    for _ in range(2):
        agent.post(url, {"version": version.pk})
    draft = Draft.objects.get(case=case)
    assert draft.article_versions == [version.pk]
    agent.post(url, {"version": version.pk, "quitar": "1"})
    draft.refresh_from_db()
    assert draft.article_versions == []
    for forged in ("999999", "x", "9" * 40, "-1", ""):
        assert agent.post(url, {"version": forged}).status_code == 302
    draft.refresh_from_db()
    assert draft.article_versions == []
    auditor = client_of(people.octavio())
    assert "no lo permite" in told(
        auditor.post(url, {"version": version.pk}, headers={"HX-Request": "true"})
    )


def test_the_policy_says_whether_an_answer_needs_an_article() -> None:
    assert not citing.wants_article(people.pack())
    assert citing.wants_article(people.pack("sion"))
    earlier = people.pack("generasoft").to_document()
    earlier["knowledge"]["cite_article_in_answers"] = True
    assert citing.wants_article(Pack.model_validate(earlier))
    version = published()
    assert citing.lacks_article([])
    assert citing.lacks_article([10**9])
    assert not citing.lacks_article([version.pk])


def test_the_pages_of_the_help_ask_little() -> None:
    for number in range(12):
        published(title=f"Artículo {number}")
    for url, most in (("/ayuda/", 3), ("/ayuda/buscar/?q=factura", 8), ("/ayuda/articulo-3/", 4)):
        Client().get(url)
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(url).status_code == 200
        assert len(asked) <= most, (url, len(asked))
    assert queries.read_now(public=True).count() == 12
