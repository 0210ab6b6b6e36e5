"""Every write of the knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor, ActorKind
from ventanilla.core.refusals import Refusal
from ventanilla.intranet.models import (
    BODY_LENGTH,
    TITLE_LENGTH,
    Article,
    ArticleVersion,
    Audience,
)
from ventanilla.intranet.rules import (
    RESERVED,
    digest_of,
    form_digest_of,
    kinds_of,
    slug_of,
    tidy,
)
from ventanilla.policy.schema.pack import Pack

TRIES = 5
"""So often an address is looked for that somebody else does not take at the same moment."""


class ArticleIncomplete(Refusal):
    """Al artículo le falta {what}. Complételo; nada se guardó."""


class ArticleTooLong(Refusal):
    """El artículo es demasiado largo: {what} admite hasta {limit} caracteres. Divídalo en dos."""


class KindUnknown(Refusal):
    """La política no tiene artículos de la clase «{kind}». Escoja una de su lista."""


class ArticleMoved(Refusal):
    """{who} cambió este artículo mientras usted escribía. Su texto sigue aquí: compárelo con el
    actual y guarde de nuevo si corresponde."""


class AddressTaken(Refusal):
    """Otros artículos con el mismo título se crearon en este momento. Guarde de nuevo."""


class NothingToRetire(Refusal):
    """Este artículo no está publicado, así que no hay nada que retirar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an article says, of what kind it is, for whom, and what requests it helps with."""

    title: str
    body: str
    kind: str
    audience: str
    categories: Sequence[str] = ()

    def words(self) -> tuple[str, ...]:
        """All of it, to be compared."""
        return (self.title, self.body, self.kind, self.audience, *self.categories)


def create_article(
    *,
    content: Content,
    pack: Pack,
    slug: str = "",
    request_key: str = "",
    acting_user: Actor,
    as_of: datetime,
) -> Article:
    """Begin an article; nobody reads it before it is published.

    ``request_key`` names the form that was sent: the same form with the same words makes one
    article, and the second time returns the first. Raises NotPermitted, ArticleIncomplete,
    ArticleTooLong, KindUnknown, AddressTaken.
    """
    require(acting_user, Permission.MANAGE_ARTICLES)
    checked = _checked(content, pack, body_needed=False)
    form_digest = form_digest_of(request_key, *checked.words()) if request_key else None
    wanted = slug_of(slug or checked.title)
    for _try in range(TRIES):
        earlier = Article.objects.filter(form_digest=form_digest).first() if form_digest else None
        if earlier is not None:
            return earlier
        try:
            return _begun(checked, _free_slug(wanted), form_digest, acting_user, as_of)
        except IntegrityError:  # somebody took the address, or sent this form, at this moment
            continue
    raise AddressTaken


def _begun(
    checked: Content, slug: str, form_digest: str | None, acting_user: Actor, as_of: datetime
) -> Article:
    with transaction.atomic():
        return Article.objects.create(
            slug=slug,
            form_digest=form_digest,
            title=checked.title,
            body=checked.body,
            kind=checked.kind,
            audience=checked.audience,
            categories=list(checked.categories),
            created_at=as_of,
            changed_at=as_of,
            changed_by_id=_staff(acting_user),
        )


def edit_article(
    *,
    article: Article,
    content: Content,
    pack: Pack,
    expected_revision: int,
    acting_user: Actor,
    as_of: datetime,
) -> Article:
    """Change the working text; what people read stays as it is until it is published.

    The address never changes: people have it in their mails. Raises NotPermitted,
    ArticleIncomplete, ArticleTooLong, KindUnknown, ArticleMoved.
    """
    require(acting_user, Permission.MANAGE_ARTICLES)
    checked = _checked(content, pack, body_needed=False)
    with transaction.atomic():
        row = _locked(article, expected_revision)
        row.title, row.body, row.kind = checked.title, checked.body, checked.kind
        row.audience, row.categories = checked.audience, list(checked.categories)
        return _changed(row, acting_user, as_of)


def publish_article(
    *, article: Article, pack: Pack, expected_revision: int, acting_user: Actor, as_of: datetime
) -> ArticleVersion:
    """Publish the working text as the next version, for its audience, from now on.

    What equals the version that is read now is not published twice; that version is returned, and
    a retired article is read again. Raises NotPermitted, ArticleIncomplete, KindUnknown,
    ArticleMoved.
    """
    require(acting_user, Permission.MANAGE_ARTICLES)
    with transaction.atomic():
        row = _locked(article, expected_revision)
        checked = _checked(_content_of(row), pack, body_needed=True)
        version = _same_as_current(row, checked) or _version(row, checked, acting_user, as_of)
        if row.current_id != version.pk or row.state != Article.State.PUBLISHED:
            row.current, row.state = version, Article.State.PUBLISHED
            _changed(row, acting_user, as_of)
        return version


def retire_article(
    *, article: Article, expected_revision: int, acting_user: Actor, as_of: datetime
) -> Article:
    """Take an article out of lists and searches; its versions stay, for the answers that used them.

    Raises NotPermitted, ArticleMoved, NothingToRetire.
    """
    require(acting_user, Permission.MANAGE_ARTICLES)
    with transaction.atomic():
        row = _locked(article, expected_revision)
        if row.state != Article.State.PUBLISHED:
            raise NothingToRetire
        row.state = Article.State.RETIRED
        return _changed(row, acting_user, as_of)


def _checked(content: Content, pack: Pack, *, body_needed: bool) -> Content:
    title, body = " ".join(content.title.split()), tidy(content.body)
    if not title:
        raise ArticleIncomplete(what=_("el título"))
    if body_needed and not body.strip():
        raise ArticleIncomplete(what=_("el texto"))
    for what, text, limit in (
        (_("el título"), title, TITLE_LENGTH),
        (_("el texto"), body, BODY_LENGTH),
    ):
        if len(text) > limit:
            raise ArticleTooLong(what=what, limit=limit)
    if content.kind not in kinds_of(pack):
        raise KindUnknown(kind=content.kind[:40])
    known = {each.key for each in pack.categories}
    return Content(
        title=title,
        body=body,
        kind=content.kind,
        audience=Audience(content.audience).value,
        categories=tuple(each for each in dict.fromkeys(content.categories) if each in known),
    )


def _locked(article: Article, expected_revision: int) -> Article:
    rows = Article.objects.select_for_update(of=("self",)).select_related("current", "changed_by")
    row = rows.get(pk=article.pk)
    if row.revision != expected_revision:
        raise ArticleMoved(who=str(row.changed_by or _("El sistema")))
    return row


def _changed(row: Article, acting_user: Actor, as_of: datetime) -> Article:
    row.revision += 1
    row.changed_at, row.changed_by_id = as_of, _staff(acting_user)
    row.save()
    return row


def _content_of(row: Article) -> Content:
    return Content(
        title=row.title,
        body=row.body,
        kind=row.kind,
        audience=row.audience,
        categories=tuple(row.categories),
    )


def _same_as_current(row: Article, content: Content) -> ArticleVersion | None:
    now = row.current
    if now is None:
        return None
    said = (now.title, now.body, now.kind, now.audience, *now.categories)
    return now if said == content.words() else None


def _version(row: Article, content: Content, acting_user: Actor, as_of: datetime) -> ArticleVersion:
    last = row.versions.order_by("-number").values_list("number", flat=True).first()
    return ArticleVersion.objects.create(
        article=row,
        number=(last or 0) + 1,
        title=content.title,
        body=content.body,
        kind=content.kind,
        audience=content.audience,
        categories=list(content.categories),
        digest=digest_of(content.title, content.body),
        published_at=as_of,
        published_by_id=_staff(acting_user),
    )


def _free_slug(wanted: str) -> str:
    """The address itself, or with a number where it is taken; the unique index has the last word."""
    taken = set(Article.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    if wanted not in taken | RESERVED:
        return wanted
    return next(each for number in range(2, 10_000) if (each := f"{wanted}-{number}") not in taken)


def _staff(actor: Actor) -> int | None:
    return actor.id if actor.kind is ActorKind.STAFF else None
