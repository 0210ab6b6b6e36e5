"""The record proves itself, and the database refuses to change it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from tests.emptying import superuser_connection
from tests.register import cast
from tests.register.cast import FRIDAY_3PM, hours
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Checkpoint, LedgerEntry
from ventanilla.register.rules.merkle import MerkleRoot
from ventanilla.register.verification import (
    CheckpointFile,
    CheckpointUnreadable,
    Fault,
    check_against,
    take_checkpoint,
    verify,
)


def faults(*, words: bool = False) -> set[Fault]:
    return {finding.fault for finding in verify(words=words).findings}


def a_worked_case() -> Case:
    case, _ = cast.opened_with_message()
    cast.answered(case, FRIDAY_3PM + hours(1))
    return cast.assessed(case, FRIDAY_3PM + hours(2))


REFUSED = [
    "UPDATE register_ledgerentry SET kind = 'case_closed'",
    "DELETE FROM register_ledgerentry",
    "TRUNCATE register_ledgerentry",
    "UPDATE register_checkpoint SET entries = 0",
    "DELETE FROM register_checkpoint",
    "TRUNCATE register_checkpoint",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_the_record(statement: str) -> None:
    cast.opened()
    take_checkpoint(FRIDAY_3PM)
    with connection.cursor() as cursor:  # deferred checks pending would refuse TRUNCATE first
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
    assert LedgerEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("seq", [3, 4])
def test_the_database_refuses_an_entry_that_does_not_follow(seq: int) -> None:
    case = cast.assessed(cast.opened(), FRIDAY_3PM)
    last = LedgerEntry.objects.get(case=case, seq=2)
    last.pk, last.seq, last._state.adding = None, seq, True
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        last.save(force_insert=True)


TAMPERINGS: list[tuple[str, Fault]] = [
    ("UPDATE register_ledgerentry SET at = at + interval '1 hour' WHERE seq = 2", Fault.ALTERED),
    ("UPDATE register_ledgerentry SET actor_id = 999 WHERE seq = 3", Fault.ALTERED),
    (
        """UPDATE register_ledgerentry SET payload = jsonb_set(payload, '{priority}', '"low"')
            WHERE seq = 1""",
        Fault.ALTERED,
    ),
    ("DELETE FROM register_ledgerentry WHERE seq = 2", Fault.GAP),
    ("DELETE FROM register_ledgerentry WHERE seq = 4", Fault.HEAD),
    ("DELETE FROM register_ledgerentry", Fault.NO_BEGINNING),
    ("UPDATE register_case SET priority = 'low'", Fault.PROJECTION),
    ("UPDATE register_case SET next_due_at = NULL", Fault.PROJECTION),
    ("UPDATE register_case SET subject = 'Otro asunto'", Fault.WORDS),
    ("UPDATE register_commitment SET due_at = due_at + interval '1 day'", Fault.PROMISE),
    ("DELETE FROM register_commitment WHERE key = 'resolution'", Fault.PROMISE),
    ("UPDATE register_message SET digest = repeat('0', 64)", Fault.WORDS),
    ("DELETE FROM register_message WHERE direction = 'out'", Fault.WORDS),
    ("UPDATE register_remark SET text = 'Otra cosa'", Fault.WORDS),
    ("UPDATE register_folioseries SET last_number = 7", Fault.FOLIO_GAP),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("statement", "fault"), TAMPERINGS)
def test_verify_finds_what_was_tampered_with(statement: str, fault: Fault) -> None:
    a_worked_case()
    assert faults(words=True) == set()
    with superuser_connection() as past_all_triggers:
        past_all_triggers.execute(statement.encode())
    assert fault in faults()


@pytest.mark.django_db(transaction=True)
def test_verify_finds_a_changed_text_and_passes_an_erased_one() -> None:
    case = a_worked_case()
    case.messages.filter(direction="in").update(segments=[{"kind": "new", "text": "Otra cosa"}])
    assert faults(words=True) == {Fault.WORDS}
    case.messages.filter(direction="in").update(segments=[], text="", subject="", html="")
    Case.objects.update(subject="")
    assert faults(words=True) == set()


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_kept_outside_shows_that_a_whole_case_was_dropped(tmp_path: Path) -> None:
    a_worked_case()
    last = a_worked_case()
    file = tmp_path / "punto.json"
    file.write_text(CheckpointFile.of(take_checkpoint(FRIDAY_3PM)).to_json())
    kept = CheckpointFile.read(file)
    cast.opened()  # the record goes on
    register.assign(
        case=last, assignee_id=cast.berta().pk, acting_user=cast.acting(cast.berta()),
        as_of=FRIDAY_3PM,
    )  # fmt: skip
    assert check_against(kept)
    assert verify(against=[kept]).is_clean
    with superuser_connection() as past_all_triggers:
        for table in ("ledgerentry", "message", "commitment", "caseparticipant", "remark"):
            past_all_triggers.execute(f"DELETE FROM register_{table} WHERE case_id = {last.pk}")
        past_all_triggers.execute(f"DELETE FROM register_case WHERE id = {last.pk}")
    assert not check_against(kept)
    assert Fault.CHECKPOINT in faults()


@pytest.mark.django_db
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    for text in ("", "{}", "[]", json.dumps({"format": "other"}), "ÿ"):
        file = tmp_path / "punto.json"
        file.write_text(text)
        with pytest.raises(CheckpointUnreadable):
            CheckpointFile.read(file)


def reference_root(leaves: list[bytes], node: Callable[[bytes, bytes], bytes]) -> bytes:
    """RFC 9162, section 2.1.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return node(reference_root(leaves[:cut], node), reference_root(leaves[cut:], node))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33])
def test_the_root_is_that_of_the_rfc(size: int) -> None:
    import hashlib

    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(size)]
    tree = MerkleRoot()
    for leaf in leaves:
        tree.add(leaf)
    expected = reference_root(leaves, lambda a, b: hashlib.sha256(b"\x01" + a + b).digest())
    assert tree.root == expected


@pytest.mark.django_db
def test_a_checkpoint_is_kept(tmp_path: Path) -> None:
    a_worked_case()
    row = take_checkpoint(FRIDAY_3PM)
    assert Checkpoint.objects.get() == row
    assert (row.cases, row.entries) == (1, 4)
