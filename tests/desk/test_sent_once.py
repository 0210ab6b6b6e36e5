"""What went out of one tab does not go out of another: a text that was sent is no draft again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.desk.handing_over import DUE, NOW, TOMORROW, fired, over, sent
from tests.desk.mails import opened
from tests.desk.people import berta
from ventanilla.desk import sending
from ventanilla.desk.shown import Shown
from ventanilla.register.models import Case
from ventanilla.workspace import drafting as rows
from ventanilla.workspace.models import Draft

pytestmark = pytest.mark.usefixtures("desk")
TEXT = "Buen día, ya quedó."


def keep(case: Case, text: str, revision: int) -> Draft:
    return rows.save(
        case=case, kind="reply", text=text, revision=revision, acting_user=berta(), as_of=NOW
    )


def test_an_older_tab_does_not_save_anew_what_was_sent() -> None:
    case = opened()
    seen = keep(case, TEXT, 0).version
    first = over(case, TEXT, shown=Shown(revision=seen))
    with pytest.raises(rows.DraftGone):
        keep(case, f"{TEXT}.", seen)
    assert not Draft.objects.filter(state="writing").exists()
    fired(first)
    with pytest.raises(rows.DraftGone):
        keep(case, f"{TEXT}.", seen)
    assert keep(case, f"{TEXT}.", 0).text == f"{TEXT}.", "as a new text, by its writer's word"


def test_a_text_of_an_older_row_is_told_from_that_of_a_newer_one() -> None:
    case = opened()
    older = keep(case, TEXT, 0).version
    over(case, TEXT, shown=Shown(revision=older))
    newer = keep(case, "Otra cosa.", 0)
    assert newer.revision == 1
    with pytest.raises(rows.DraftMoved) as moved:
        keep(case, f"{TEXT}.", older)
    assert moved.value.draft.version == newer.version
    keep(case, "", newer.version)
    with pytest.raises(rows.DraftGone):
        keep(case, f"{TEXT}.", older)


@pytest.mark.parametrize("moment", [None, TOMORROW])
def test_ones_own_answer_on_its_way_is_told_and_the_second_leaves_only_knowingly(
    moment: Any,
) -> None:
    case = opened()
    first = over(case, TEXT, send_at=moment)
    soon = NOW + timedelta(seconds=3)
    with pytest.raises(sending.OwnAnswerLeaving) as told:
        over(case, f"{TEXT}.", as_of=soon)
    assert told.value.keys == (first.request_key,)
    assert Draft.objects.count() == 1
    second = over(case, f"{TEXT}.", aware_of=told.value.keys, as_of=soon)
    fired(second, DUE + timedelta(seconds=5))
    assert sent(case) == [f"{TEXT}."]
