"""Which articles an answer was written with: into the record, and back out of it (S3)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform

from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.intranet import queries as knowledge
from ventanilla.intranet.queries import Cited
from ventanilla.policy.schema import Pack
from ventanilla.policy.schema.guidelines import Guideline, GuidelineKind
from ventanilla.register import queries
from ventanilla.register.entries.conversation import MessageSent
from ventanilla.register.models import Case, LedgerEntry, Message
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft

KIND = "articles_used"
MOST_CITED = 20
Citations = dict[int, tuple[Cited, ...]]
"""By the id of the message."""


def facts_for(version_ids: Sequence[int]) -> dict[str, dict[str, object]]:
    """What the record keeps of the articles of an answer; empty when there are none.

    Address, number and digest of each version, and of its title only the digest: a title is
    words, and no words enter the chain.
    """
    found = knowledge.cited(version_ids)
    if not found:
        return {}
    articles = [
        {
            "slug": each.slug,
            "version": each.number,
            "digest": each.digest,
            "title_digest": hashlib.sha256(each.title.encode()).hexdigest(),
        }
        for each in found
    ]
    return {KIND: {"version_ids": [each.version_id for each in found], "articles": articles}}


def citations_in(case: Case, *, public: bool = False) -> Citations:
    """The articles that the answers of a case cite, also of those merged into it.

    ``public``: only those that everybody may read. An entry follows at once that of its message, and
    stays where it was written; the message may have gone to a case that was split from there, and is
    the one with the same moment and digest.
    """
    family = queries.family(case)
    entries = LedgerEntry.objects.filter(
        case__in=[*family, *queries.origins(family)], kind=KIND
    ).order_by("case_id", "seq")
    sent = LedgerEntry.objects.filter(
        case=OuterRef("case_id"), seq__lt=OuterRef("seq"), kind=MessageSent.kind
    ).order_by("-seq")
    rows = entries.annotate(
        said_at=Subquery(sent.values("at")[:1]),
        said=Subquery(sent.values(said=KeyTextTransform("digest", "payload"))[:1]),
    ).values_list("said_at", "said", "payload")
    found = list(rows)
    known = _ids_by_words(family, [digest for _, digest, _ in found])
    named = [(known.get((at, digest)), payload) for at, digest, payload in found]
    return _by_message(named, public=public)


def _ids_by_words(cases: Sequence[int], digests: Sequence[str]) -> dict[tuple[datetime, str], int]:
    """The answers in these cases with these digests: their ids by moment and digest."""
    if not digests:
        return {}
    rows = Message.objects.filter(
        case__in=cases, digest__in=digests, direction=Message.Direction.OUT
    ).values_list("at", "digest", "pk")
    return {(at, digest): pk for at, digest, pk in rows}


def _by_message(rows: Sequence[tuple[int | None, dict[str, Any]]], *, public: bool) -> Citations:
    wanted: dict[int, list[int]] = defaultdict(list)
    for message_id, payload in rows:
        if message_id is not None:
            wanted[message_id].extend(payload.get("version_ids", ()))
    known = {
        each.version_id: each
        for each in knowledge.cited([one for ids in wanted.values() for one in ids])
        if each.public or not public
    }
    found = {
        message_id: tuple(known[each] for each in dict.fromkeys(ids) if each in known)
        for message_id, ids in wanted.items()
    }
    return {message_id: cited for message_id, cited in found.items() if cited}


def cite(
    *, case: Case, version_id: int, cited: bool = True, acting_user: Actor, as_of: datetime
) -> Draft:
    """Put an article on the answer somebody is writing to a case, or take it off.

    With the answer it goes into the record. Raises NotPermitted; an unknown article changes nothing.
    """
    require(acting_user, Permission.REPLY_TO_PERSON, case.desk)
    with transaction.atomic(durable=True):
        draft = drafting.own(case, Draft.Kind.REPLY, acting_user, as_of=as_of)
        kept = [each for each in draft.article_versions if each != version_id]
        added = [version_id] if cited and knowledge.cited([version_id]) else []
        draft.article_versions = [*kept, *added][-MOST_CITED:]
        draft.updated_at = as_of
        draft.save(update_fields=["article_versions", "updated_at"])
    return draft


def on_draft(*, case: Case, staff_id: int) -> list[Cited]:
    """The articles on the answer that somebody is writing to a case."""
    rows = drafting.of_staff(staff_id).filter(
        case=case, kind=Draft.Kind.REPLY, state=Draft.State.WRITING
    )
    versions = rows.values_list("article_versions", flat=True).first()
    return knowledge.cited(versions or ())


def wants_article(pack: Pack) -> bool:
    """Whether the policy wants an article named in each answer: by a guideline, or by
    ``cite_article_in_answers``, which earlier packs say."""
    known = pack.knowledge
    return known is not None and (
        known.cite_article_in_answers
        or any(_asks_for_article(each) for each in known.reply_guidelines)
    )


def _asks_for_article(guideline: Guideline | str) -> bool:
    return isinstance(guideline, Guideline) and guideline.kind is GuidelineKind.ARTICLE


def lacks_article(version_ids: Sequence[int]) -> bool:
    """Whether an answer names no article that there is."""
    return not (version_ids and knowledge.cited(version_ids))
