"""What a macro does, in which order, and what it cannot do."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from tests.desk import people
from tests.desk.mails import opened
from tests.desk.people import FRIDAY_3PM
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.desk import macros
from ventanilla.register.models import Case

pytestmark = pytest.mark.usefixtures("desk")

SUPPORT = {"noun": "categoria", "category": "support_query"}


def done(case: Case, *deeds: dict[str, Any]) -> Case:
    with transaction.atomic():
        macros.carry_out(
            case=case, deeds=deeds, acting_user=people.elena(), as_of=FRIDAY_3PM
        )  # fmt: skip
    return Case.objects.get(pk=case.pk)


def test_the_category_comes_first_and_who_is_responsible_last() -> None:
    case, carlos = opened(), people.carlos()
    given = {"noun": "asignacion", "assignee": str(carlos.id)}
    now = done(case, given, {"noun": "prioridad", "priority": "low"}, SUPPORT)
    assert (now.category, now.desk) == ("support_query", "soporte")
    assert (now.priority, now.assignee_id) == ("low", carlos.id)


def test_nobody_gets_a_case_that_went_to_a_desk_they_do_not_serve() -> None:
    case, carlos = opened(), people.carlos()
    back = {"noun": "categoria", "category": case.category}
    moved = done(case, SUPPORT)
    with pytest.raises(NotPermitted):
        done(moved, {"noun": "asignacion", "assignee": str(carlos.id)}, back)
    assert Case.objects.get(pk=case.pk).desk == "soporte", "all of it or nothing"
