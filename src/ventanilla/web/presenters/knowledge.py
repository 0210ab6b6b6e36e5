"""The knowledge base as the team sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.conf import settings
from django.utils.translation import gettext as _

from ventanilla.core.markdown import summary_of
from ventanilla.crm.rules import shorten
from ventanilla.intranet.models import Article, ArticleVersion, Audience
from ventanilla.intranet.rules import kinds_of
from ventanilla.policy.schema import Pack
from ventanilla.web.addresses import address

from .help import EXCERPT
from .moments import Moment, moment
from .signs import Sign


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article in a list."""

    title: str
    url: str
    excerpt: str
    kind: str
    sign: Sign
    audience: Sign
    at: Moment
    who: str
    changed: bool
    """There is a text that is not published yet."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One published version."""

    number: int
    url: str
    compare_url: str
    at: Moment
    who: str
    digest: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """An article beside the answer: what is put into it, and whether it is cited already."""

    version_id: int
    title: str
    url: str
    excerpt: str
    inserted: str
    public: bool
    number: int
    cited: bool


def state_sign(state: str) -> Sign:
    """How far an article is: a sign and a word."""
    signs = {
        Article.State.DRAFT: Sign("near", "pencil-square", _("borrador")),
        Article.State.PUBLISHED: Sign("kept", "check", _("publicado")),
        Article.State.RETIRED: Sign("plain", "archive-box", _("retirado")),
    }
    return signs[Article.State(state)]


def audience_sign(audience: str) -> Sign:
    """Who reads it: a sign and words."""
    if audience == Audience.PUBLIC:
        return Sign("plain", "globe-alt", _("clientes y equipo"))
    return Sign("plain", "lock-closed", _("solo el equipo"))


def article_rows(articles: Iterable[Article], pack: Pack, as_of: datetime) -> Iterator[ArticleRow]:
    """Articles for those who write them."""
    kinds, zone = kinds_of(pack), pack.calendar.zone
    for each in articles:
        yield ArticleRow(
            title=each.title,
            url=address("knowledge-article", each.slug),
            excerpt=shorten(summary_of(each.opening), EXCERPT),
            kind=kinds.get(each.kind, each.kind),
            sign=state_sign(each.state),
            audience=audience_sign(each.audience),
            at=moment(each.changed_at, zone, as_of),
            who=str(each.changed_by or ""),
            changed=each.is_changed,
        )


def read_rows(
    versions: Iterable[ArticleVersion], pack: Pack, as_of: datetime
) -> Iterator[ArticleRow]:
    """Articles for those who read them."""
    kinds, zone = kinds_of(pack), pack.calendar.zone
    for each in versions:
        yield ArticleRow(
            title=each.title,
            url=address("knowledge-article", each.article.slug),
            excerpt=shorten(summary_of(each.opening), EXCERPT),
            kind=kinds.get(each.kind, each.kind),
            sign=state_sign(Article.State.PUBLISHED),
            audience=audience_sign(each.audience),
            at=moment(each.published_at, zone, as_of),
            who="",
            changed=False,
        )


def version_rows(
    versions: Iterable[ArticleVersion], article: Article, zone: tzinfo, as_of: datetime
) -> Iterator[VersionRow]:
    """Every version, the newest first, each with the way to what changed in it."""
    for each in versions:
        compare_url = address("knowledge-compare", article.slug)
        yield VersionRow(
            number=each.number,
            url=address("knowledge-version", article.slug, each.number),
            compare_url=f"{compare_url}?de={each.number - 1}&a={each.number}"
            if each.number > 1
            else "",
            at=moment(each.published_at, zone, as_of),
            who=str(each.published_by or _("el sistema")),
            digest=each.digest[:12],
            is_current=each.pk == article.current_id,
        )


def picks(
    versions: Iterable[ArticleVersion], own: Mapping[int, str], cited: frozenset[int]
) -> Iterator[Pick]:
    """Articles to put into an answer: the address of a public one, the words of one of our own."""
    for each in versions:
        public = each.audience == Audience.PUBLIC
        reader = f"{settings.VENTANILLA.public_url}{address('help-article', each.article.slug)}"
        yield Pick(
            version_id=each.pk,
            title=each.title,
            url=address("knowledge-article", each.article.slug),
            excerpt=shorten(summary_of(each.opening), EXCERPT),
            inserted=f"[{_linkable(each.title)}]({reader})" if public else own[each.pk],
            public=public,
            number=each.number,
            cited=each.pk in cited,
        )


def _linkable(title: str) -> str:
    return title.replace("[", "(").replace("]", ")")
