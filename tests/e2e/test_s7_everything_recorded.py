"""S7: all progress and all communication with the customer is recorded until closing."""

from __future__ import annotations

from datetime import timedelta

from tests.desk.mails import answer_to, mail
from tests.desk.people import berta
from tests.e2e.house import House, outbox_of
from ventanilla.desk import assessment, replies, resolution
from ventanilla.register.models import LedgerEntry, Message
from ventanilla.register.verification import verify

SERVICE = "servicio@sion.example"
MINUTE = timedelta(minutes=1)


def test_s7_every_word_is_an_item_and_every_step_an_entry_and_the_chain_verifies(
    sion: House,
) -> None:
    case = sion.arrives(mail("¿Y mi pedido?", subject="Pedido", to=SERVICE), to=SERVICE)
    by, start = berta(), sion.now
    assessment.assess(
        case=case, category=case.category, priority=case.priority, asked="Fecha de entrega",
        acting_user=by, as_of=start + MINUTE,
    )  # fmt: skip
    replies.note(case=case, text="Preguntar a almacén.", acting_user=by, as_of=start + 2 * MINUTE)
    replies.reply(case=case, text="Sale mañana.", acting_user=by, as_of=start + 3 * MINUTE)
    sion.at(start + 4 * MINUTE).work()
    sion.arrives(answer_to(outbox_of(case)[-1], "¿A qué hora?"), to=outbox_of(case)[-1].reply_to)
    resolution.resolve(case=case, text="A las 10.", acting_user=by, as_of=start + 5 * MINUTE)
    resolution.close(case=case, acting_user=by, as_of=start + 6 * MINUTE)
    sion.at(start + 7 * MINUTE).work()

    said = list(
        Message.objects.filter(case=case).order_by("at", "id").values_list("direction", "text")
    )
    directions = [direction for direction, _ in said]
    assert directions == ["in", "out", "note", "out", "in", "out", "out"]
    entries = LedgerEntry.objects.filter(case=case).order_by("seq")
    assert [each.seq for each in entries] == list(range(1, len(entries) + 1))
    kinds = [each.kind for each in entries]
    for kind in ("case_registered", "case_assessed", "note_added", "case_resolved", "case_closed"):
        assert kind in kinds
    digests = {each.payload.get("digest") for each in entries}
    assert set(Message.objects.filter(case=case).values_list("digest", flat=True)) <= digests
    assert verify().is_clean
