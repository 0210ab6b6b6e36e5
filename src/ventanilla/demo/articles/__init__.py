"""The articles with which a demonstration begins, written by us, one file for each policy."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from ventanilla.core.actors import Actor
from ventanilla.intranet import operations
from ventanilla.intranet.models import ArticleVersion, Audience
from ventanilla.intranet.operations import Content
from ventanilla.policy import Pack


def publish_articles(*, pack: Pack, acting_user: Actor, as_of: datetime) -> list[ArticleVersion]:
    """Publish the articles of a policy; none where we wrote none for it."""
    return [
        _publish(told, pack=pack, acting_user=acting_user, as_of=as_of) for told in _told(pack.key)
    ]


def for_category(versions: list[ArticleVersion], category: str) -> list[int]:
    """The ids of the public articles about a category, the first one only."""
    about = (
        each.pk
        for each in versions
        if category in each.categories and each.audience == Audience.PUBLIC
    )
    return list(about)[:1]


def _told(pack_key: str) -> list[dict[str, Any]]:
    file = resources.files(__package__ or "") / f"{pack_key}.yaml"
    if not file.is_file():
        return []
    found: list[dict[str, Any]] = YAML(typ="safe").load(file.read_text("utf-8"))
    return found


def _publish(
    told: dict[str, Any], *, pack: Pack, acting_user: Actor, as_of: datetime
) -> ArticleVersion:
    article = operations.create_article(
        content=Content(**told), pack=pack, acting_user=acting_user, as_of=as_of
    )
    return operations.publish_article(
        article=article,
        pack=pack,
        expected_revision=article.revision,
        acting_user=acting_user,
        as_of=as_of,
    )
