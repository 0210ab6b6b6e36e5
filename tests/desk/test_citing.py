"""Which answer cites which article, wherever the answer went since."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.desk import people
from tests.desk.mails import opened
from tests.desk.people import FRIDAY_3PM
from ventanilla.desk import citing, replies, structure
from ventanilla.intranet import operations
from ventanilla.intranet.models import ArticleVersion
from ventanilla.intranet.operations import Content
from ventanilla.register.models import Case, Message

pytestmark = pytest.mark.usefixtures("desk")
MINUTE = timedelta(minutes=1)


def published(title: str) -> ArticleVersion:
    doing: dict[str, Any] = {
        "pack": people.pack(), "acting_user": people.elena(), "as_of": FRIDAY_3PM,
    }  # fmt: skip
    content = Content(title=title, body="La factura.", kind="guide", audience="public")
    row = operations.create_article(content=content, **doing)
    return operations.publish_article(article=row, expected_revision=1, **doing)


def answered(case: Case, at: datetime, *versions: ArticleVersion, text: str = "Va.") -> Message:
    return replies.reply(
        case=case, text=text, article_versions=[each.pk for each in versions],
        request_key=f"{at:%H%M}", acting_user=people.berta(), as_of=at,
    )  # fmt: skip


def cited(case: Case) -> dict[int, list[str]]:
    case = Case.objects.get(pk=case.pk)
    return {key: [one.title for one in each] for key, each in citing.citations_in(case).items()}


def test_a_citation_goes_with_its_answer_to_the_case_that_is_split_off() -> None:
    case = opened()
    bill, key = published("La factura"), published("La contraseña")
    first = answered(case, FRIDAY_3PM + MINUTE, bill)
    second = answered(case, FRIDAY_3PM + 2 * MINUTE, key)
    assert cited(case) == {first.pk: ["La factura"], second.pk: ["La contraseña"]}
    new = structure.split(
        case=case, message_ids=[second.pk], subject="La contraseña",
        category="feature_question", acting_user=people.berta(), as_of=FRIDAY_3PM + 3 * MINUTE,
    )  # fmt: skip
    assert cited(case) == {first.pk: ["La factura"]}
    assert cited(new) == {second.pk: ["La contraseña"]}
    structure.merge(case=new, into=case, acting_user=people.elena(), as_of=FRIDAY_3PM + 4 * MINUTE)
    assert cited(case) == {first.pk: ["La factura"], second.pk: ["La contraseña"]}


def test_equal_answers_are_told_apart_by_their_moment() -> None:
    case = opened()
    bill, key = published("La factura"), published("La contraseña")
    first = answered(case, FRIDAY_3PM + MINUTE, bill)
    second = answered(case, FRIDAY_3PM + 2 * MINUTE, key)
    third = answered(case, FRIDAY_3PM + 3 * MINUTE)
    assert third.digest == second.digest == first.digest
    assert cited(case) == {first.pk: ["La factura"], second.pk: ["La contraseña"]}
