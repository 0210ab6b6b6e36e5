"""The articles of the demonstration: enough of them, for both readers, about what is asked."""

from __future__ import annotations

import pytest

from tests.desk import people
from ventanilla.demo.articles import for_category, publish_articles
from ventanilla.intranet import queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["generasoft", "sion"])
def test_each_policy_has_its_articles(key: str) -> None:
    pack = people.pack(key)
    made = publish_articles(pack=pack, acting_user=people.elena(), as_of=people.FRIDAY_3PM)
    assert 5 <= len(made) <= 8
    known = {each.key for each in pack.categories}
    for each in made:
        assert set(each.categories) <= known
        assert "!" not in each.title + each.body.replace("![", "")
    public = list(queries.read_now(public=True))
    assert 3 <= len(public) < len(made)
    for category in ("billing_query", "feature_question") if key == "generasoft" else ():
        assert for_category(made, category)


def test_a_policy_of_ones_own_begins_without() -> None:
    pack = people.pack().model_copy(update={"key": "propia"})
    facts = {"acting_user": people.elena(), "as_of": people.FRIDAY_3PM}
    assert publish_articles(pack=pack, **facts) == []  # type: ignore[arg-type]  # actor and moment
