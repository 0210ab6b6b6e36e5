"""Articles as people meet them: in lists, beside what they write, and whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from ventanilla.core.markdown import summary_of, to_html
from ventanilla.crm.rules import shorten
from ventanilla.intranet.models import ArticleVersion
from ventanilla.intranet.rules import kinds_of
from ventanilla.policy.schema import Pack
from ventanilla.web.addresses import address

from .asking import slug_of
from .moments import Moment, moment

EXCERPT = 140


@dataclass(frozen=True, slots=True)
class Offer:
    """An article in a list."""

    title: str
    excerpt: str
    url: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as it is read."""

    title: str
    html: SafeString
    kind: str
    published: Moment
    number: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles about one kind of request."""

    name: str
    ask_url: str
    offers: tuple[Offer, ...]


def offer_views(versions: Iterable[ArticleVersion], pack: Pack | None = None) -> list[Offer]:
    """Title, first words and address of each."""
    kinds = kinds_of(pack) if pack else {}
    return [
        Offer(
            title=each.title,
            excerpt=shorten(summary_of(each.opening), EXCERPT),
            url=address("help-article", each.article.slug),
            kind=kinds.get(each.kind, ""),
        )
        for each in versions
    ]


def article_view(version: ArticleVersion, pack: Pack, as_of: datetime) -> ArticleView:
    """The whole of a version, laid out."""
    return ArticleView(
        title=version.title,
        html=to_html(version.body),
        kind=kinds_of(pack).get(version.kind, version.kind),
        published=moment(version.published_at, pack.calendar.zone, as_of),
        number=version.number,
    )


def shelves(versions: Iterable[ArticleVersion], pack: Pack) -> Iterator[Shelf]:
    """Articles by what they are about, in the order of the policy; those about nothing come last.

    One that is about several kinds of request stands once, with the first of them.
    """
    known = list(versions)
    for category in pack.categories:
        about = [each for each in known if category.key in each.categories]
        known = [each for each in known if each not in about]
        if about:
            ask_url = address("ask", slug_of(category))
            yield Shelf(category.offered_as, ask_url, tuple(offer_views(about, pack)))
    if known:
        yield Shelf("", "", tuple(offer_views(known, pack)))
