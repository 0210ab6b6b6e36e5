"""Reading the knowledge base. ``public`` readers see what is published for them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, QuerySet

from ventanilla.intranet.models import SEARCH_CONFIG, Article, ArticleVersion, Audience

LONGEST_QUERY = 300
LONGEST_READ = 2_000
"""Characters of what somebody is writing that are looked at for articles about it."""
MOST_FOUND = 50
FEWEST_SHARED = 2
"""Words that a text and an article must share before the article is offered."""
SAME_CATEGORY = 0.3
"""What an article about the same category has before any of its words are found."""
_WORDS = "SELECT lexeme FROM unnest(to_tsvector(%s::regconfig, %s))"


def read_now(*, public: bool) -> QuerySet[ArticleVersion]:
    """The versions that are read now, the newest first."""
    versions = ArticleVersion.objects.filter(
        pk=F("article__current_id"), article__state=Article.State.PUBLISHED
    ).select_related("article")
    if public:
        versions = versions.filter(audience=Audience.PUBLIC)
    return versions.order_by("-published_at", "-id")


def article_now(slug: str, *, public: bool) -> ArticleVersion | None:
    """What an article says now, or None for whom it does not exist."""
    return read_now(public=public).filter(article__slug=slug).first()


def search(
    text: str, *, public: bool, category: str = "", limit: int = MOST_FOUND
) -> list[ArticleVersion]:
    """The articles with all the words, the best first; with any of them where none has all.

    Accents, capitals and endings do not matter; "quoted words" stand together and ``-word``
    excludes, and then nothing else is shown. Without words: the newest.
    """
    wanted = text.strip()[:LONGEST_QUERY].replace("\0", " ")
    rows = read_now(public=public)
    if category:
        rows = rows.filter(categories__contains=[category])
    if not wanted:
        return list(rows[:limit])
    found = _ranked(rows, SearchQuery(wanted, config=SEARCH_CONFIG, search_type="websearch"), limit)
    is_exact = '"' in wanted or f" {wanted}".find(" -") >= 0
    if found or is_exact or not (words := _words_of(wanted)):
        return found
    return _ranked(rows, _any_of(words), limit)


def offered_for(
    text: str, *, public: bool, category: str = "", limit: int = 3
) -> list[ArticleVersion]:
    """The articles that may answer what somebody is writing, the best first.

    An article about the same category needs one of the words, any other two.
    """
    words = _words_of(text[:LONGEST_READ].replace("\0", " "))
    if not words:
        return []
    found = _ranked(read_now(public=public), _any_of(words), MOST_FOUND)
    scored = [(_score(each, words, category), each) for each in found]
    good = [(score, each) for score, each in scored if score > 0]
    return [each for _, each in sorted(good, key=lambda pair: (-pair[0], -pair[1].pk))[:limit]]


def of_category(category: str, *, public: bool, limit: int = 5) -> list[ArticleVersion]:
    """The newest articles about a category."""
    return list(read_now(public=public).filter(categories__contains=[category])[:limit])


def articles(*, state: str = "") -> list[Article]:
    """Every article for those who write them, the last changed first."""
    rows = Article.objects.select_related("current", "changed_by").order_by("-changed_at", "-id")
    return list(rows.filter(state=state) if state else rows)


def article_by_slug(slug: str) -> Article | None:
    """One article, in whatever state."""
    return Article.objects.select_related("current", "changed_by").filter(slug=slug).first()


def versions_of(article: Article) -> list[ArticleVersion]:
    """Every version, the newest first."""
    return list(article.versions.select_related("published_by").order_by("-number"))


def version_of(slug: str, number: int) -> ArticleVersion | None:
    """One version of an article, also of a retired one: answers refer to it."""
    rows = ArticleVersion.objects.select_related("article", "published_by")
    return rows.filter(article__slug=slug, number=number).first()


@dataclass(frozen=True, slots=True)
class Cited:
    """An article as an answer refers to it."""

    version_id: int
    slug: str
    number: int
    title: str
    digest: str
    public: bool


def cited(version_ids: Iterable[int]) -> list[Cited]:
    """The versions with these ids, in the order in which they are named; unknown ones are left out."""
    wanted = list(dict.fromkeys(version_ids))
    rows = ArticleVersion.objects.select_related("article").in_bulk(wanted)
    return [
        Cited(
            version_id=row.pk,
            slug=row.article.slug,
            number=row.number,
            title=row.title,
            digest=row.digest,
            public=row.audience == Audience.PUBLIC,
        )
        for row in (rows[each] for each in wanted if each in rows)
    ]


def _ranked(rows: QuerySet[ArticleVersion], query: SearchQuery, limit: int) -> list[ArticleVersion]:
    found = rows.filter(search=query).annotate(rank=SearchRank(F("search"), query))
    return list(found.order_by("-rank", "-published_at", "-id")[:limit])


def _words_of(text: str) -> list[str]:
    """The words of a text as the index knows them, without those that say nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [SEARCH_CONFIG, text])
        return [row[0] for row in cursor.fetchall()]


def _any_of(words: Sequence[str]) -> SearchQuery:
    """A query for any of these lexemes, quoted so that none of them is read as an operator."""
    quoted = ("'" + each.replace("\\", "\\\\").replace("'", "''") + "'" for each in words)
    return SearchQuery(" | ".join(quoted), config="simple", search_type="raw")


def _score(version: ArticleVersion, words: Sequence[str], category: str) -> float:
    about = bool(category) and category in version.categories
    own = set(_words_of(f"{version.title} {version.body}"))
    shared = len(own & set(words))
    if shared < (1 if about else FEWEST_SHARED):
        return 0.0
    return float(getattr(version, "rank", 0.0)) + shared + (SAME_CATEGORY * 10 if about else 0.0)


__all__ = [
    "Cited",
    "article_by_slug",
    "article_now",
    "articles",
    "cited",
    "of_category",
    "offered_for",
    "read_now",
    "search",
    "version_of",
    "versions_of",
]
