"""What a person adds in the portal: each form once, nothing swallowed, also beside others' deeds."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.desk.mails import mail, opened
from tests.desk.people import FRIDAY_3PM, berta
from ventanilla.desk import assessment, portal, structure
from ventanilla.desk.enclosing import Upload
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Message

pytestmark = pytest.mark.usefixtures("desk")
LATER = FRIDAY_3PM + timedelta(minutes=9)


def said(case: Case, text: str, *files: bytes, key: str = "formulario-1") -> Message:
    return portal.add_message(
        case=case,
        text=text,
        files=[Upload(filename="a.txt", content=each) for each in files],
        request_key=key,
        as_of=LATER,
    )


def test_the_same_form_twice_is_one_message_and_with_other_words_or_files_another() -> None:
    case = opened()
    first = said(case, "Falta el anexo.")
    assert said(case, " Falta el anexo. ").pk == first.pk
    others = [
        said(case, "Falta el anexo, y algo más."),
        said(case, "Falta el anexo.", b"uno"),
        said(case, "Falta el anexo.", b"dos"),
    ]
    assert len({first.pk, *(each.pk for each in others)}) == 4
    assert said(case, "Falta el anexo.", b"uno").pk == others[1].pk
    assert Message.objects.filter(case=case, channel="web").count() == 4


def two_cases() -> tuple[Case, Case]:
    return opened(), opened(mail("Otra cosa.", subject="Otra cosa"))


def test_sent_again_after_its_case_went_on_in_another_it_is_still_one() -> None:
    case, into = two_cases()
    first = said(case, "Falta el anexo.")
    structure.merge(case=case, into=into, acting_user=berta(), as_of=LATER)
    assert said(Case.objects.get(pk=case.pk), "Falta el anexo.").pk == first.pk
    second = said(Case.objects.get(pk=case.pk), "Y otra cosa.")
    assert second.case_id == into.pk


def test_what_is_written_while_the_other_case_is_resolved_reopens_it() -> None:
    case, into = two_cases()
    assessment.assess(
        case=into, category=into.category, priority=into.priority, asked="Que se corrija.",
        acting_user=berta(), as_of=FRIDAY_3PM,
    )  # fmt: skip
    into.refresh_from_db()
    structure.merge(case=case, into=into, acting_user=berta(), as_of=LATER)
    is_resolved, may_end = threading.Event(), threading.Event()

    def resolving() -> None:
        try:
            with transaction.atomic():
                target = Case.objects.get(pk=into.pk)
                register.resolve(case=target, summary="Listo.", acting_user=berta(), as_of=LATER)
                is_resolved.set()
                assert may_end.wait(timeout=20)
        finally:
            connection.close()

    def writing() -> Any:
        try:
            return said(Case.objects.get(pk=case.pk), "No está listo.")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        ending = pool.submit(resolving)
        assert is_resolved.wait(timeout=20)
        written = pool.submit(writing)
        with pytest.raises(TimeoutError):
            written.result(timeout=0.7)
        may_end.set()
        ending.result(timeout=20)
        assert written.result(timeout=20).case_id == into.pk
    assert Case.objects.get(pk=into.pk).status == "in_progress"
