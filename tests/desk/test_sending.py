"""Answers on their way: sent once, taken back whole."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.desk.handing_over import (
    DUE,
    MINUTE,
    NOW,
    PDF,
    TOMORROW,
    fired,
    jobs,
    over,
    sent,
    state,
)
from tests.desk.mails import opened
from tests.desk.people import FRIDAY_3PM, berta, elena
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.channels.models import OutboundMessage
from ventanilla.desk import (
    assessment,
    drafting,
    guiding,
    macros,
    queueing,
    replies,
    sending,
)
from ventanilla.desk.enclosing import Upload
from ventanilla.evidence.models import Blob, EvidenceItem
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment, LedgerEntry, Remark
from ventanilla.register.operations import StatusNotAllowed
from ventanilla.workspace import drafting as rows
from ventanilla.workspace.models import Draft

pytestmark = pytest.mark.usefixtures("desk")


def test_an_answer_waits_ten_seconds_and_then_goes_once() -> None:
    case = opened()
    draft = over(case)
    assert jobs() == [(draft.pk, DUE)]
    assert fired(draft, DUE - timedelta(seconds=1)) is None
    assert sent(case) == []
    message = fired(draft)
    assert message is not None
    assert sent(case) == ["Ya lo vemos."]
    assert not Draft.objects.exists()
    assert fired(draft) is None
    assert sent(case) == ["Ya lo vemos."]
    # Met at the moment at which it really left.
    assert Commitment.objects.get(case=case, key="first_response").met_at == DUE


def test_taken_back_in_time_it_is_a_draft_again_with_its_files() -> None:
    case, me = opened(), berta()
    drafting.attach(case=case, upload=PDF, acting_user=me, as_of=NOW)
    draft = over(case, then="")
    rows.save(case=case, kind="reply", text="Otra idea.", revision=0, acting_user=me, as_of=NOW)
    back = sending.take_back(draft_id=draft.pk, acting_user=me, as_of=DUE - MINUTE / 60)
    assert (back.state, back.text) == ("writing", "Ya lo vemos.\n\nOtra idea.")
    assert [each.filename for each in back.files.all()] == ["nota.pdf"]
    assert Draft.objects.count() == 1
    assert fired(draft) is None
    assert sent(case) == []
    twice = sending.take_back(draft_id=draft.pk, acting_user=me, as_of=DUE)
    assert (twice.pk, twice.text) == (back.pk, back.text), "the second click says the same"
    again = over(case, back.text, as_of=DUE)
    assert again.pk == back.pk
    assert fired(again, DUE + sending.UNDO_WINDOW) is not None


def test_too_late_to_take_back_is_said() -> None:
    case = opened()
    draft = over(case)
    fired(draft)
    with pytest.raises(sending.AlreadySent):
        sending.take_back(draft_id=draft.pk, acting_user=berta(), as_of=DUE)


def test_only_its_writer_takes_it_back_or_moves_it() -> None:
    draft = over(opened())
    with pytest.raises(NotPermitted):
        sending.take_back(draft_id=draft.pk, acting_user=elena(), as_of=NOW)
    with pytest.raises(NotPermitted):
        sending.reschedule(draft_id=draft.pk, send_at=TOMORROW, acting_user=elena(), as_of=NOW)


def test_its_files_become_evidence_when_it_leaves_and_not_before() -> None:
    case, me = opened(), berta()
    drafting.attach(case=case, upload=PDF, acting_user=me, as_of=NOW)
    draft = over(case, uploads=[Upload(filename="b.txt", content=b"hola")])
    assert not EvidenceItem.objects.exists()
    message = fired(draft)
    kept = EvidenceItem.objects.filter(message=message).order_by("id")
    assert [each.filename for each in kept] == ["nota.pdf", "b.txt"]
    row = OutboundMessage.objects.get(record_message=message)
    assert row.attachments[0]["media_type"] == "application/pdf"


def test_the_same_form_twice_is_one_answer_before_and_after_it_left() -> None:
    case, key = opened(), uuid4()
    seq = case.ledger_seq
    first = over(case, request_key=key, expected_seq=seq)
    assert over(case, request_key=key, expected_seq=seq).pk == first.pk
    message = fired(first)
    again = over(case, request_key=key, expected_seq=seq, as_of=DUE + MINUTE)
    assert again == message
    assert sent(case) == ["Ya lo vemos."]


def test_many_clicks_and_many_workers_at_once_make_one_answer() -> None:
    case, key, actor = opened(), uuid4(), berta()
    seq = case.ledger_seq
    found: list[Any] = []

    def in_threads(do: Any) -> None:
        def run() -> None:
            try:
                found.append(do())
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(30)

    in_threads(lambda: over(case, request_key=key, expected_seq=seq, acting_user=actor).pk)
    assert len(found) == 4
    assert len(set(found)) == 1
    draft = Draft.objects.get()
    found.clear()
    in_threads(lambda: fired(draft))
    assert len([each for each in found if each is not None]) == 1
    assert sent(case) == ["Ya lo vemos."]


@pytest.mark.parametrize("step", ["macros.carry_out", "replies.reply", "guiding.note_excuse"])
def test_whatever_fails_in_the_middle_leaves_it_to_the_next_look(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened()
    draft = over(case)
    module, name = step.split(".")
    true = getattr(getattr(sending, module), name)

    def dies(*given: Any, **facts: Any) -> None:
        true(*given, **facts)
        raise OSError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(getattr(sending, module), name, dies)
        with pytest.raises(OSError, match="power"):
            fired(draft)
    assert sent(case) == []
    assert state(draft).state == "sending"
    assert not OutboundMessage.objects.filter(kind="reply").exists()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert sending.sweep(as_of=DUE) == 1
    assert [pk for pk, _ in jobs()] == [draft.pk]
    assert fired(draft) is not None
    assert sent(case) == ["Ya lo vemos."]


def test_what_cannot_be_sent_is_refused_at_once_and_not_ten_seconds_later() -> None:
    case = opened()
    with pytest.raises(StatusNotAllowed):
        over(case, then="resolve")
    with pytest.raises(replies.NothingWritten):
        over(case, " \n ")
    with pytest.raises(sending.MomentTooSoon):
        over(case, send_at=NOW + timedelta(seconds=3))
    with pytest.raises(sending.MomentTooFar):
        over(case, send_at=NOW + timedelta(days=400))
    assert not Draft.objects.filter(state="sending").exists()


def test_resolving_along_with_it_happens_when_it_leaves() -> None:
    case = opened()
    assessment.assess(
        case=case, category=case.category, priority="high", asked="Devolver", acting_user=berta(),
        as_of=NOW,
    )  # fmt: skip
    draft = over(case, then="resolve")
    assert Case.objects.get(pk=case.pk).status != "resolved"
    fired(draft)
    assert Case.objects.get(pk=case.pk).status == "resolved"


def test_a_macro_is_done_whole_with_the_answer_or_told_at_once() -> None:
    case, me = opened(), berta()
    draft = rows.save(case=case, kind="reply", text="x", revision=0, acting_user=me, as_of=NOW)
    deeds = [{"noun": "asignacion", "assignee": "me"}, {"noun": "prioridad", "priority": "none"}]
    Draft.objects.filter(pk=draft.pk).update(deeds=deeds)
    with pytest.raises(macros.DeedUnknown, match="prioridad"):
        over(case)
    assert Case.objects.get(pk=case.pk).assignee_id is None
    deeds[1]["priority"] = "low"
    Draft.objects.filter(pk=draft.pk).update(deeds=deeds)
    seq = Case.objects.get(pk=case.pk).ledger_seq
    over(case)
    assert Case.objects.get(pk=case.pk).ledger_seq == seq, "the rehearsal left nothing"
    fired(draft)
    done = Case.objects.get(pk=case.pk)
    assert (done.assignee_id, done.priority) == (me.id, "low")
    assert sent(case) == ["Ya lo vemos."]


def test_markdown_leaves_as_typed_and_laid_out() -> None:
    case = opened()
    message = fired(over(case, "Hola:\n\n**Uno** y <b>dos</b>\n\nhttps://ayuda.example/a."))
    row = OutboundMessage.objects.get(record_message=message)
    assert row.text.startswith("Hola:\n\n**Uno**")
    assert "<strong>Uno</strong> y &lt;b&gt;dos&lt;/b&gt;" in row.html
    assert 'href="https://ayuda.example/a"' in row.html
    assert "salvo festivos." in row.html
    plain = fired(over(case, "Sin nada.", as_of=DUE), DUE + sending.UNDO_WINDOW)
    assert OutboundMessage.objects.get(record_message=plain).html == ""


def test_a_required_guideline_needs_a_reason_which_the_record_keeps(settings: Any) -> None:
    case = opened()
    document = register.pack_of(case.policy_version).to_document()
    document["knowledge"]["reply_guidelines"][5]["severity"] = "require"
    _republish(case, document)
    with pytest.raises(guiding.GuidelinesUnmet, match="cierran la puerta"):
        over(case, "No podemos hacer nada.")
    message = fired(over(case, "No podemos hacer nada.", excuse="Lo pidió por escrito."))
    assert message is not None
    fact = LedgerEntry.objects.get(case=case, kind="guidelines_excused")
    assert fact.payload["keys"] == ["no_blame"]
    assert Remark.objects.get(case=case, seq=fact.seq).text == "Lo pidió por escrito."


def _republish(case: Case, document: dict[str, Any]) -> None:
    from ventanilla.core.actors import SYSTEM
    from ventanilla.policy import Pack

    version = register.publish_policy(
        pack=Pack.from_document(document),
        effective_from=FRIDAY_3PM,
        acting_user=SYSTEM,
        as_of=FRIDAY_3PM,
    )
    Case.objects.filter(pk=case.pk).update(policy_version=version)
    case.refresh_from_db()


def test_contents_of_drafts_are_kept_and_those_of_nobody_go(monkeypatch: Any) -> None:
    from ventanilla.evidence.contents import store
    from ventanilla.evidence.rules import name_of
    from ventanilla.evidence.upkeep import remove_orphans

    case, me = opened(), berta()
    file = drafting.attach(case=case, upload=PDF, acting_user=me, as_of=NOW)
    later = NOW + timedelta(days=3)
    monkeypatch.setattr(type(store()), "get_modified_time", lambda *_: NOW - timedelta(days=3))
    drafting.clear(as_of=later)
    remove_orphans(as_of=later)
    assert store().exists(name_of(file.sha256))
    rows.remove_file(file_id=file.pk, acting_user=me)
    drafting.clear(as_of=later)
    assert not Blob.objects.filter(pk=file.sha256).exists()
    remove_orphans(as_of=later)
    assert not store().exists(name_of(file.sha256))
    assert not Draft.objects.exists(), "an empty draft goes too"


def test_two_versions_of_a_draft_are_both_kept() -> None:
    case, me = opened(), berta()
    facts: dict[str, Any] = {"case": case, "kind": "reply", "acting_user": me, "as_of": NOW}
    first = rows.save(text="Uno", revision=0, **facts)
    assert first.revision == 1
    assert rows.save(text="Uno", revision=0, **facts).revision == 1, "sent twice is no conflict"
    second = rows.save(text="Uno dos", revision=first.version, **facts)
    with pytest.raises(rows.DraftMoved) as moved:
        rows.save(text="Uno tres", revision=first.version, **facts)
    assert moved.value.draft.text == "Uno dos"
    assert rows.save(text="Uno tres", revision=second.version, **facts).text == "Uno tres"


def test_the_sweep_leaves_a_try_that_waits_after_a_failure() -> None:
    draft = over(opened())
    queueing.defer_send(draft.pk, at=TOMORROW)  # as the retry strategy would put it off
    assert sending.sweep(as_of=DUE) == 1
    assert jobs() == [(draft.pk, TOMORROW)]
