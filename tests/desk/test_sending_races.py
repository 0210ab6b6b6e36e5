"""One person in two tabs, and the worker, at the very same moment: on real connections."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.desk.handing_over import DUE, NOW, PDF, TOMORROW, fired, over, sent, state
from tests.desk.mails import opened
from tests.desk.people import berta
from tests.desk.waiting import Aside, before
from ventanilla.channels.models import OutboundMessage
from ventanilla.core.refusals import Refusal
from ventanilla.desk import (
    citing,
    drafting,
    holding,
    macros,
    outgoing,
    queueing,
    sending,
    templating,
)
from ventanilla.desk.patience import TRIES_OF_UNKNOWN
from ventanilla.register.models import Case
from ventanilla.workspace import drafting as rows
from ventanilla.workspace.models import Draft, DraftFile, ReplyTemplate

pytestmark = pytest.mark.usefixtures("desk")


def saved(case: Case, text: str = "Otra idea.") -> Draft:
    facts: dict[str, Any] = {"acting_user": berta(), "as_of": NOW}
    return rows.save(case=case, kind="reply", text=text, revision=0, **facts)


def attached(case: Case) -> Any:
    return drafting.attach(case=case, upload=PDF, acting_user=berta(), as_of=NOW)


def cited(case: Case) -> Any:
    return citing.cite(case=case, version_id=1, acting_user=berta(), as_of=NOW)


def used(case: Case) -> Any:
    row = ReplyTemplate.objects.create(name="Una", text="Hola", updated_at=NOW)
    facts: dict[str, Any] = {"acting_user": berta(), "as_of": NOW}
    return templating.use(case=case, template_id=row.pk, put_text=True, **facts)


@pytest.mark.parametrize("writing", [saved, attached, cited, used])
def test_writing_while_it_is_handed_over_makes_nobody_fail(
    writing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = opened(), berta()
    aside = Aside(lambda: writing(case))
    # The case is locked by now, and the draft is not there yet.
    before(monkeypatch, sending, "_require_nobody_answering", aside.start)
    handed = over(case, acting_user=other)
    aside.over()
    assert state(handed).state == "sending"
    assert Draft.objects.filter(state="writing").count() == 1
    assert fired(handed) is not None
    assert sent(case) == ["Ya lo vemos."]


def test_writing_while_it_is_taken_back_loses_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    case = opened()
    draft = over(case)
    back = Aside(lambda: sending.take_back(draft_id=draft.pk, acting_user=berta(), as_of=NOW))
    # The new row is there, and not committed.
    before(monkeypatch, rows, "require_unmoved", back.start)
    saved(case)
    back.over()
    assert Draft.objects.get().text == "Ya lo vemos.\n\nOtra idea."


def test_holding_and_rescheduling_do_not_stand_in_each_others_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken(Refusal):
        """No se puede."""

    def refuses(**facts: Any) -> None:
        raise Broken

    draft, me = over(opened()), berta()
    monkeypatch.setattr(macros, "carry_out", refuses)
    moved = Aside(
        lambda: sending.reschedule(
            draft_id=draft.pk, send_at=TOMORROW, acting_user=me, as_of=DUE
        )
    )  # fmt: skip
    before(monkeypatch, holding, "hold", moved.start)
    assert fired(draft) is None
    moved.over()
    assert (state(draft).state, state(draft).send_at) == ("sending", TOMORROW)


def discard(draft: Draft, _file: DraftFile) -> None:
    rows.discard(draft_id=draft.pk, acting_user=berta())


def take_off(_draft: Draft, file: DraftFile) -> None:
    rows.remove_file(file_id=file.pk, acting_user=berta())


def clear(_draft: Draft, _file: DraftFile) -> None:
    rows.clear(as_of=NOW + timedelta(days=400))


@pytest.mark.parametrize("removing", [discard, take_off, clear])
def test_what_is_handed_over_at_this_moment_is_not_thrown_away(
    removing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, me = opened(), berta()
    saved(case, "Ya lo vemos.")
    file = attached(case)
    draft = Draft.objects.get()
    if removing is clear:
        Case.objects.update(status="closed")
        with connection.cursor() as cursor:  # as long ago as it takes
            cursor.execute(
                "UPDATE workspace_draft SET updated_at = updated_at - interval '40 days'"
            )
    aside = Aside(lambda: removing(draft, file))
    before(monkeypatch, queueing, "defer_send", aside.start)
    over(case, acting_user=me)
    aside.over()
    assert state(draft).state == "sending"
    assert [each.pk for each in state(draft).files.all()] == [file.pk]


def test_an_error_nobody_foresaw_holds_it_after_some_tries_and_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = opened()
    draft = over(case)

    def breaks(**facts: Any) -> None:
        raise RuntimeError("odd")

    with monkeypatch.context() as patch:
        patch.setattr(macros, "carry_out", breaks)
        for tried in range(1, TRIES_OF_UNKNOWN + 1):
            assert state(draft).state == "sending"
            with pytest.raises(RuntimeError, match="odd"):
                fired(draft)
            assert state(draft).failures == tried
    held = state(draft)
    assert (held.state, held.text) == ("held", "Ya lo vemos.")
    assert "falló" in held.held_reason
    told = OutboundMessage.objects.get(kind="reply_held")
    assert held.held_reason in told.text
    assert sending.sweep(as_of=DUE) == 0, "nothing loops"
    sending.reschedule(draft_id=draft.pk, send_at=None, acting_user=berta(), as_of=DUE)
    assert state(draft).failures == 0
    assert fired(draft, DUE + sending.UNDO_WINDOW) is not None


def test_what_passes_by_itself_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = over(opened())

    def breaks(**facts: Any) -> None:
        raise OSError("disk away")

    monkeypatch.setattr(macros, "carry_out", breaks)
    for _ in range(TRIES_OF_UNKNOWN + 1):
        with pytest.raises(OSError, match="disk away"):
            fired(draft)
    assert (state(draft).state, state(draft).failures) == ("sending", 0)


def test_taking_back_keeps_the_newer_steps_and_few_articles() -> None:
    case, many = opened(), list(range(1, 31))
    draft = over(case, article_versions=many)
    assert state(draft).article_versions == many[: citing.MOST_CITED]
    saved(case)
    deeds = [{"noun": "prioridad", "priority": "low"}]
    newer = Draft.objects.filter(state="writing")
    newer.update(article_versions=list(range(101, 131)), deeds=deeds)
    back = sending.take_back(draft_id=draft.pk, acting_user=berta(), as_of=NOW)
    assert len(back.article_versions) == citing.MOST_CITED
    assert back.deeds == deeds, "what was chosen meanwhile is not lost"


def test_a_failure_that_cannot_be_counted_does_not_hide_the_first(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    draft = over(opened())

    def breaks(**facts: Any) -> None:
        raise RuntimeError("odd")

    def cannot(draft_id: int, as_of: Any) -> None:
        raise LookupError("the count")

    monkeypatch.setattr(macros, "carry_out", breaks)
    monkeypatch.setattr(sending, "_count_failure", cannot)
    with pytest.raises(RuntimeError, match="odd"):
        fired(draft)
    assert "could not be counted" in caplog.text
    assert state(draft).state == "sending"


def test_it_is_held_also_when_its_writer_cannot_be_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    draft = over(opened())

    def breaks(**facts: Any) -> None:
        raise RuntimeError("odd")

    def untold(**facts: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(macros, "carry_out", breaks)
    monkeypatch.setattr(outgoing, "tell_staff", untold)
    for _ in range(TRIES_OF_UNKNOWN):
        with pytest.raises(RuntimeError, match="odd"):
            fired(draft)
    assert (state(draft).state, state(draft).failures) == ("held", TRIES_OF_UNKNOWN)
    assert "could not be told" in caplog.text
