"""Reading the knowledge base. ``public`` readers see what is published for them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchConfig, SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Left

from ventanilla.intranet.models import (
    PUBLISHED_FIELDS,
    SEARCH_CONFIG,
    Article,
    ArticleVersion,
    Audience,
)

LONGEST_QUERY = 300
LONGEST_READ = 2_000
"""Characters of what somebody is writing that are looked at for articles about it."""
MOST_FOUND = 50
FEWEST_SHARED = 2
"""Words that a text and an article must share before the article is offered."""
SAME_CATEGORY = 3.0
"""How many shared words it is worth that an article is about the same category."""
OPENING = 1_000
"""Characters of the text that a list reads; the whole may be sixty times that."""


class AnyWord(SearchQuery):
    """Any of the words of a text, as the index knows them; nothing where none says anything.

    Each is quoted, so that none of them is read as an operator.
    """

    template = (
        r"(SELECT string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''', ' | ')"
        "::tsquery FROM unnest(to_tsvector(%(expressions)s)))"
    )


def read_now(*, public: bool) -> QuerySet[ArticleVersion]:
    """The versions that are read now, the newest first, each with its ``opening``."""
    versions = ArticleVersion.objects.filter(
        pk=F("article__current_id"), article__state=Article.State.PUBLISHED
    )
    if public:
        versions = versions.filter(audience=Audience.PUBLIC)
    rows = versions.select_related("article").defer("body", "search", "article__body")
    return rows.annotate(read_opening=Left("body", OPENING)).order_by("-published_at", "-id")


def article_now(slug: str, *, public: bool) -> ArticleVersion | None:
    """What an article says now, or None for whom it does not exist."""
    rows = read_now(public=public).defer(None).defer("search", "article__body")
    return rows.filter(article__slug=slug).first()


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
    if found or is_exact:
        return found
    return _ranked(rows, AnyWord(wanted, config=SEARCH_CONFIG), limit)


def offered_for(
    text: str, *, public: bool, category: str = "", limit: int = 3
) -> list[ArticleVersion]:
    """The articles that may answer what somebody is writing, the best first.

    An article about the same category needs one of the words, any other two.
    """
    read = text[:LONGEST_READ].replace("\0", " ")
    words = AnyWord(read, config=SEARCH_CONFIG)
    is_about = Q(categories__contains=[category]) if category else Q(pk=None)
    rows = read_now(public=public).filter(search=words).annotate(
        shared=_shared_words(read),
        about=Case(When(is_about, then=Value(SAME_CATEGORY)), default=Value(0.0)),
    )  # fmt: skip
    near = rows.filter(Q(shared__gte=FEWEST_SHARED) | Q(about__gt=0))
    rank = Cast(SearchRank(F("search"), words), FloatField())
    return list(near.order_by((rank + F("shared") + F("about")).desc(), "-id")[:limit])


def of_category(category: str, *, public: bool, limit: int = 5) -> list[ArticleVersion]:
    """The newest articles about a category."""
    return list(read_now(public=public).filter(categories__contains=[category])[:limit])


def bodies_of(versions: Iterable[ArticleVersion]) -> dict[int, str]:
    """The whole text of those that a list named, by id."""
    ids = [each.pk for each in versions]
    rows = ArticleVersion.objects.filter(pk__in=ids).values_list("pk", "body") if ids else ()
    return dict(rows)


def articles(*, state: str = "") -> list[Article]:
    """Every article for those who write them, the last changed first, each with its ``opening``."""
    rows = (
        _told()
        .select_related("changed_by")
        .defer("body")
        .annotate(read_opening=Left("body", OPENING))
    )
    wanted = rows.filter(state=state) if state else rows
    return list(wanted.order_by("-changed_at", "-id"))


def article_by_slug(slug: str) -> Article | None:
    """One article, in whatever state."""
    rows = _told().select_related("current", "changed_by").defer("current__search")
    return rows.filter(slug=slug).first()


def versions_of(article: Article) -> list[ArticleVersion]:
    """Every version without its text, the newest first."""
    rows = article.versions.select_related("published_by").defer("body", "search")
    return list(rows.order_by("-number"))


def version_of(slug: str, number: int) -> ArticleVersion | None:
    """One version of an article, also of a retired one: answers refer to it."""
    rows = ArticleVersion.objects.select_related("article", "published_by")
    return rows.defer("search", "article__body").filter(article__slug=slug, number=number).first()


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
    versions = ArticleVersion.objects.select_related("article")
    rows = versions.defer("body", "search", "article__body").in_bulk(wanted)
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


def _shared_words(text: str) -> Combinable:
    """How many words of a text a version has: what its index loses when they are taken out."""
    said = Func(SearchConfig(SEARCH_CONFIG), Value(text), function="to_tsvector")
    words = Func(said, function="tsvector_to_array")
    return _length(F("search")) - _length(Func(F("search"), words, function="ts_delete"))


def _length(vector: Combinable) -> Combinable:
    return Func(vector, function="length", output_field=IntegerField())


def _told() -> QuerySet[Article]:
    """Articles that say whether the working text is another than the one people read."""
    same = {name: F(f"current__{name}") for name in PUBLISHED_FIELDS}
    return Article.objects.annotate(read_is_changed=Q(current=None) | ~Q(**same))


__all__ = [
    "Cited",
    "article_by_slug",
    "article_now",
    "articles",
    "bodies_of",
    "cited",
    "of_category",
    "offered_for",
    "read_now",
    "search",
    "version_of",
    "versions_of",
]
