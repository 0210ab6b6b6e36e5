"""What a person's message holds while it is added: one case, for no longer than its rows need."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.desk.people import berta
from tests.desk.test_portal_words import LATER, said, two_cases
from ventanilla.desk import portal, structure
from ventanilla.evidence.storage import DurableFileSystemStorage
from ventanilla.register import queries
from ventanilla.register.models import Case, Message

pytestmark = pytest.mark.usefixtures("desk")


def elsewhere(deed: Any, *given: Any) -> Any:
    """Done on a connection of its own."""

    def on_its_own() -> Any:
        try:
            return deed(*given)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(on_its_own).result(timeout=20)


def is_free(case: Case) -> bool:
    """Whether somebody else could take this case now."""

    def take() -> bool:
        try:
            with transaction.atomic():
                Case.objects.select_for_update(nowait=True).get(pk=case.pk)
        except DatabaseError:
            return False
        return True

    return bool(elsewhere(take))


def test_nobody_waits_for_the_disk_of_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    case, _other = two_cases()
    free = []
    save = DurableFileSystemStorage._save

    def slow(store: DurableFileSystemStorage, name: str, content: Any) -> str:
        free.append(is_free(case))
        return save(store, name, content)

    monkeypatch.setattr(DurableFileSystemStorage, "_save", slow)
    message = said(case, "Aquí están.", b"uno", b"dos")
    assert free == [True, True]
    assert message.files.count() == 2


def test_a_case_united_between_two_looks_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    case, into = two_cases()
    looked = queries.current
    added = portal._add
    looks, free = [], []

    def looking(seen: Case) -> Case:
        looks.append(seen.pk)
        found = looked(seen)
        if len(looks) == 1:  # united after the first look, before anything is held
            elsewhere(
                lambda: structure.merge(case=case, into=into, acting_user=berta(), as_of=LATER)
            )
        return found

    def adding(held: Case, *given: Any) -> Message:
        free.extend([is_free(case), is_free(into)])
        return added(held, *given)

    monkeypatch.setattr(queries, "current", looking)
    monkeypatch.setattr(portal, "_add", adding)
    assert said(Case.objects.get(pk=case.pk), "Falta el anexo.").case_id == into.pk
    assert free == [True, False]


def test_one_that_never_stands_still_is_given_up_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    case, other = two_cases()
    turns = [case, other] * portal.ROUNDS
    monkeypatch.setattr(queries, "current", lambda _: turns.pop())
    with pytest.raises(portal.CaseMoving):
        said(case, "Falta el anexo.")
    assert not Message.objects.filter(channel="web").exists()
