"""For which desk a mail is: also one that nobody can read, and one from before that was noted."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.desk import mails, people
from ventanilla.channels import queries
from ventanilla.channels.models import Fate, InboundItem
from ventanilla.register.models import PolicyVersion

NEITHER = b"From: ana@cliente.example\r\nSubject: hola\r\n\r\nHola.\r\n"
TO_SUPPORT = b"To: Soporte <soporte+x@generasoft.example>\r\n" + NEITHER
DEEP = b"".join(
    b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(40)
)


@pytest.mark.usefixtures("desk")
def test_a_mail_that_nobody_can_read_is_for_the_desk_of_its_envelope() -> None:
    for to, desk in (([people.SUPPORT], "soporte"), (["x@otra.example"], ""), ([], "")):
        item = mails.arrived(DEEP, recipients=to)
        assert (item.fate, item.fate_reason) == (Fate.QUARANTINE, "too_deeply_nested")
        assert item.desk == desk


@pytest.mark.usefixtures("desk")
def test_without_a_policy_in_force_an_unreadable_mail_is_put_aside_all_the_same() -> None:
    PolicyVersion.objects.update(effective_from=people.FRIDAY_3PM.replace(year=2090))
    item = mails.arrived(DEEP, recipients=[people.SUPPORT])
    assert (item.fate, item.desk) == (Fate.QUARANTINE, "")


@pytest.mark.usefixtures("desk")
def test_mail_of_a_small_desk_is_counted_behind_all_that_of_a_large_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    mails.arrived(DEEP, recipients=[people.SUPPORT])
    for _ in range(3):
        mails.arrived(DEEP, recipients=[people.CUSTOMERS])
    assert queries.counted_fates(["soporte"])[Fate.QUARANTINE] == 1
    assert queries.quarantine_reasons(["soporte"]) == [("too_deeply_nested", 1)]
    assert queries.counted_fates(["soporte", "atencion"])[Fate.QUARANTINE] == 2
    assert queries.counted_fates(None)[Fate.QUARANTINE] == 2
    assert queries.counted_fates([])[Fate.QUARANTINE] == 0


@pytest.mark.usefixtures("desk")
def test_mail_from_before_is_given_its_desk_a_batch_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    step = import_module("ventanilla.channels.migrations.0005_inbound_by_desk")
    monkeypatch.setattr(step, "BATCH", 2)
    expected = {
        mails.arrived(mails.mail()).pk: "atencion",
        mails.arrived(DEEP, recipients=[people.SUPPORT]).pk: "soporte",
        mails.arrived(DEEP, recipients=[]).pk: "",
        mails.arrived(TO_SUPPORT, recipients=[]).pk: "soporte",
        mails.arrived(NEITHER, recipients=["alias@otra.example"]).pk: "atencion",
        mails.stored(TO_SUPPORT, recipients=[people.SUPPORT]).pk: "",
    }
    assert dict(InboundItem.objects.values_list("pk", "desk")) == expected
    InboundItem.objects.update(desk="")
    MigrationExecutor(connection).migrate([("channels", "0004_inbound_desk")])
    at_once: list[bool] = []

    def watching(run: Any, sql: str, *given: Any) -> Any:
        if sql.startswith("UPDATE"):
            at_once.append(connection.in_atomic_block)
        return run(sql, *given)

    with connection.execute_wrapper(watching):
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert dict(InboundItem.objects.values_list("pk", "desk")) == expected
    assert len(at_once) > 2
    assert not any(at_once)
