"""Articles: written, published by version, found, cited; a published word stays said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.desk import people
from tests.desk.people import FRIDAY_3PM
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.core.actors import Actor
from ventanilla.intranet import operations, queries
from ventanilla.intranet.models import Article, ArticleVersion
from ventanilla.intranet.operations import (
    ArticleIncomplete,
    ArticleMoved,
    ArticleTooLong,
    Content,
    KindUnknown,
    NothingToRetire,
)
from ventanilla.intranet.rules import compare, digest_of, slug_of, tidy

pytestmark = pytest.mark.django_db


def content(**changes: Any) -> Content:
    facts: dict[str, Any] = {
        "title": "Cómo leer su factura",
        "body": "La **factura** trae el valor y el período.\r\n\r\n- Valor\r\n- Período  \r\n",
        "kind": "guide",
        "audience": "public",
        "categories": ("billing_query", "nada"),
    }
    return Content(**(facts | changes))


def created(actor: Actor | None = None, **changes: Any) -> Article:
    return operations.create_article(
        content=content(**changes), pack=people.pack(), acting_user=actor or people.elena(),
        as_of=FRIDAY_3PM,
    )  # fmt: skip


def published(article: Article | None = None, **changes: Any) -> ArticleVersion:
    row = Article.objects.get(pk=(article or created(**changes)).pk)
    return operations.publish_article(
        article=row, pack=people.pack(), expected_revision=row.revision,
        acting_user=people.elena(), as_of=FRIDAY_3PM,
    )  # fmt: skip


def edited(article: Article, revision: int | None = None, **changes: Any) -> Article:
    row = Article.objects.get(pk=article.pk)
    return operations.edit_article(
        article=row, content=content(**changes), pack=people.pack(),
        expected_revision=revision or row.revision, acting_user=people.elena(),
        as_of=FRIDAY_3PM + timedelta(hours=1),
    )  # fmt: skip


def test_nobody_reads_a_draft_and_everybody_what_is_published() -> None:
    draft = created()
    assert (draft.slug, draft.categories) == ("como-leer-su-factura", ["billing_query"])
    assert queries.search("factura", public=False) == []
    first = published(draft)
    assert (first.number, first.digest) == (1, digest_of(first.title, first.body))
    assert queries.article_now("como-leer-su-factura", public=True) == first


def test_a_change_is_read_only_after_it_is_published_and_the_same_is_not_published_twice() -> None:
    article = created()
    first = published(article)
    edited(article, body="Otro texto.")
    now = queries.article_now(article.slug, public=True)
    assert now is not None
    assert now.body == first.body
    second = published(article)
    assert second.number == 2
    assert published(article) == second
    assert [each.number for each in queries.versions_of(article)] == [2, 1]


def test_going_from_the_team_to_the_public_takes_a_publication() -> None:
    article = created(audience="staff")
    published(article)
    edited(article, audience="public")
    assert queries.article_now(article.slug, public=True) is None
    published(article)
    assert queries.article_now(article.slug, public=True) is not None


def test_a_retired_article_is_gone_but_its_versions_stay() -> None:
    article = created()
    version = published(article)
    row = Article.objects.get(pk=article.pk)
    facts: dict[str, Any] = {"acting_user": people.elena(), "as_of": FRIDAY_3PM}
    operations.retire_article(article=row, expected_revision=row.revision, **facts)
    assert queries.article_now(article.slug, public=False) is None
    assert queries.version_of(article.slug, 1) == version
    row.refresh_from_db()
    with pytest.raises(NothingToRetire):
        operations.retire_article(article=row, expected_revision=row.revision, **facts)
    assert published(article) == version
    assert queries.article_now(article.slug, public=True) == version


def test_the_database_refuses_to_change_what_was_published() -> None:
    version = published()
    for statement in (
        "UPDATE intranet_articleversion SET body = 'otra cosa' WHERE id = %s",
        "DELETE FROM intranet_articleversion WHERE id = %s",
    ):
        with (
            pytest.raises(IntegrityError, match="no se cambia"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [version.pk])
    version.refresh_from_db()
    assert version.body.startswith("La **factura**")


def test_who_may_write_and_who_may_not() -> None:
    for actor in (people.berta(), people.octavio(), Actor.person(1)):
        with pytest.raises(NotPermitted):
            created(actor)
    assert not Article.objects.exists()


def test_two_at_once_do_not_write_over_each_other() -> None:
    article = created()
    edited(article, revision=1, body="La primera.")
    with pytest.raises(ArticleMoved, match="Elena Rojas"):
        edited(article, revision=1, body="La segunda.")
    assert Article.objects.get(pk=article.pk).body == "La primera."


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": "  \n"}, ArticleIncomplete),
        ({"title": "x" * 161}, ArticleTooLong),
        ({"body": "x" * 60_001}, ArticleTooLong),
        ({"kind": "nada"}, KindUnknown),
        ({"kind": "x" * 10_000}, KindUnknown),
    ],
)
def test_what_cannot_be_an_article_is_refused(
    changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        created(**changes)
    assert not Article.objects.exists()


def test_an_empty_text_may_wait_but_not_be_published() -> None:
    article = created(body="  ")
    with pytest.raises(ArticleIncomplete):
        published(article)


def test_equal_titles_get_addresses_of_their_own() -> None:
    assert [created().slug, created().slug] == ["como-leer-su-factura", "como-leer-su-factura-2"]
    assert created(title="¿?").slug == "articulo"


def test_the_same_form_makes_one_article_and_other_words_another() -> None:
    def sent(**changes: Any) -> Article:
        return operations.create_article(
            content=content(**changes), pack=people.pack(), request_key="una",
            acting_user=people.elena(), as_of=FRIDAY_3PM,
        )  # fmt: skip

    first = sent()
    assert sent() == first
    assert sent(body="Otro texto.").slug == "como-leer-su-factura-2"
    assert Article.objects.count() == 2


def test_an_address_that_somebody_takes_at_the_same_moment_is_not_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    created()
    stale = iter(["como-leer-su-factura", "como-leer-su-factura-2"])
    monkeypatch.setattr(operations, "_free_slug", lambda _wanted: next(stale))
    assert created().slug == "como-leer-su-factura-2"
    monkeypatch.setattr(operations, "_free_slug", lambda _wanted: "como-leer-su-factura")
    with pytest.raises(operations.AddressTaken):
        created()


def test_search_does_not_mind_accents_capitals_and_endings() -> None:
    bill = published()
    other = published(title="Cambiar la contraseña", body="Desde el menú.", categories=())
    staff = published(title="Guion de facturas", body="Solo nosotros.", audience="staff")
    assert queries.search("FACTURAS", public=True) == [bill]
    assert set(queries.search("facturas", public=False)) == {bill, staff}
    assert queries.search("contrasena", public=True) == [other]
    assert queries.search("menu zapato", public=True) == [other], "any word where none has all"
    assert queries.search("", public=True, category="billing_query") == [bill]
    assert queries.search("factura -periodo", public=True) == []
    for hostile in ("' | !&:*(", "\0", "\\", "x" * 5000, "<script>", "''", ":*"):
        queries.search(hostile, public=True)
        queries.offered_for(hostile, public=True)


def test_what_is_offered_while_writing_is_about_it() -> None:
    bill = published()
    published(title="Cambiar la contraseña", body="Desde el menú de usuarios.", categories=())
    text = "Buen día, no entiendo el valor de la factura de este mes"
    assert queries.offered_for(text, public=True) == [bill]
    assert queries.offered_for("factura", public=True) == [], "one word may be chance"
    assert queries.offered_for("factura", public=True, category="billing_query") == [bill]
    assert queries.offered_for("y de la que", public=True) == []


def test_what_an_answer_cites() -> None:
    first = published()
    second = published(title="Otra guía", audience="staff")
    (one, two) = queries.cited([second.pk, first.pk, second.pk, 999_999])
    assert (one.slug, one.number, one.public) == ("otra-guia", 1, False)
    assert (two.title, two.digest) == (first.title, first.digest)


def test_rules() -> None:
    assert slug_of("¿Cómo pagar? " * 20).startswith("como-pagar-como")
    assert len(slug_of("a" * 500)) <= 70
    assert tidy("a  \r\nb \r\n\r\n") == "a  \nb"
    lines = [(each.how, each.text) for each in compare("a\nb", "a\nc")]
    assert lines == [("same", "a"), ("removed", "b"), ("added", "c")]


def test_what_is_offered_and_listed_costs_one_statement_and_no_whole_text() -> None:
    for number in range(12):
        published(title=f"Factura {number}", body="La factura trae el valor. " * 200)
    published(title="Solo nuestra", body="La factura trae el valor.", audience="staff")
    text = "no entiendo el valor de la factura"
    readers: tuple[Callable[[], Sequence[Any]], ...] = (
        lambda: queries.offered_for(text, public=True, category="billing_query"),
        lambda: queries.search("zapato factura", public=True),
        lambda: queries.of_category("billing_query", public=True),
        queries.articles,
    )
    for asked_for in readers:
        with CaptureQueriesContext(connection) as asked:
            found = asked_for()
        assert found
        assert len(asked) <= (2 if "zapat" in str(asked.captured_queries) else 1)
        assert {"body", "search"} & found[0].get_deferred_fields(), "the text stays where it is"
        assert found[0].opening.startswith("La factura")
        assert len(found[0].opening) <= queries.OPENING


def test_hostile_words_are_words() -> None:
    bill = published(title="O'Brien y C:\\datos", body="La ruta C:\\datos\\x y 'comillas'.")
    for text in ("zapato O'Brien's C:\\datos", "comillas' | zapato & !ruta", "\\' datos"):
        assert queries.search(text.replace(" -", " "), public=True) == [bill], text
        assert queries.offered_for(text, public=True, category="billing_query") == [bill], text
