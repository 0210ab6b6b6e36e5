"""Live updates through the real web server and the real database: who hears what, and when."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from tests.desk import mails, people
from tests.web.cast import a_case, url_of
from tests.web.serving import Server, cookie_of, database_url, serving
from ventanilla.accounts.models import Staff
from ventanilla.core.actors import Actor
from ventanilla.desk import replies
from ventanilla.register import operations as register
from ventanilla.register.announcing import CHANNEL
from ventanilla.register.models import Case, Message
from ventanilla.register.values import MessageIn
from ventanilla.workspace import presence
from ventanilla.workspace.models import Presence

pytestmark = pytest.mark.timeout(240)

SILENCE_S = 1.5
"""So long nothing must come; what comes at all comes within milliseconds."""
CHECKED_WITHIN_S = 45.0


class Undone(Exception):
    """Ends a transaction so that nothing of it remains."""


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    """One web server for all tests here: it holds nothing of a test but its open streams."""
    with django_db_blocker.unblock():
        url = database_url()
    with serving(DATABASE_URL=url) as running:
        yield running


def noted(case: Case, who: Actor, text: str = "Revisado.") -> int:
    """Write a note; the number of the last entry."""
    replies.note(case=case, text=text, acting_user=who, as_of=timezone.now())
    return last_seq(case)


def last_seq(case: Case) -> int:
    case.refresh_from_db()
    return case.ledger_seq


def announce(told: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(told)])


def names(detail: dict[str, Any]) -> list[str]:
    return [each["name"] for each in detail["people"]]


def a_support_case() -> Case:
    item = mails.arrived(mails.mail(subject="No abre el programa", to=people.SUPPORT))
    assert item.case is not None
    return item.case


@pytest.mark.usefixtures("desk")
def test_a_commit_is_told_and_a_rollback_is_not(server: Server) -> None:
    case, berta, elena = a_case(), people.berta(), people.elena()
    page = server.listen(cookie_of(berta), case.folio)
    before = last_seq(case)
    assert page.wait("case") == {"folio": case.folio, "seq": before}
    note = MessageIn(
        direction=Message.Direction.NOTE, channel="web", text="Nunca", at=timezone.now(),
        author_staff_id=elena.id,
    )  # fmt: skip
    with suppress(Undone), transaction.atomic():
        register.add_message(case=case, message=note, acting_user=elena, as_of=timezone.now())
        raise Undone
    time.sleep(SILENCE_S)
    assert [each["seq"] for each in page.told("case")] == [before]
    assert page.told("queue") == []
    seq = noted(case, elena)
    page.wait("case", lambda told: told["seq"] == seq)
    page.wait("queue", lambda told: told["folios"] == [case.folio])
    page.close()


@pytest.mark.usefixtures("desk")
def test_a_new_case_is_told_to_the_queue(server: Server) -> None:
    page = server.listen(cookie_of(people.berta()))
    case = a_case()
    told = page.wait("queue", lambda told: case.folio in told["folios"])
    assert told["mine"] is False
    page.close()


@pytest.mark.usefixtures("desk")
def test_strangers_and_hidden_cases_get_nothing(server: Server) -> None:
    case, carlos = a_case(), people.carlos()
    assert server.status("/vivo/") == 401
    assert server.status("/vivo/", "sessionid=invented") == 401
    assert server.status(f"/vivo/?caso={case.folio}", cookie_of(carlos)) == 404
    assert server.status("/vivo/?caso=GS-2026-999999-X", cookie_of(carlos)) == 404
    assert server.status("/vivo/?caso=GS%002026", cookie_of(carlos)) == 404
    assert server.status("/vivo/", cookie_of(carlos), "HEAD") == 200
    presence_url = url_of(case, "presencia")
    assert server.posts(presence_url, cookie_of(carlos), escribe="1") == 404
    assert server.posts(presence_url, cookie_of(people.berta()), escribe="1") == 204
    without_token = server.request("POST", presence_url, cookie_of(people.berta()), b"escribe=1")
    assert without_token.status == 403


@pytest.mark.usefixtures("desk")
def test_who_does_not_see_a_desk_hears_nothing_of_it(server: Server) -> None:
    case, elena = a_case(), people.elena()
    own = a_support_case()
    carlos = server.listen(cookie_of(people.carlos()), own.folio, case.folio)
    berta = server.listen(cookie_of(people.berta()))
    noted(case, elena)
    berta.wait("queue", lambda told: case.folio in told["folios"])
    time.sleep(SILENCE_S)
    assert carlos.told("queue") == []
    noted(own, elena)
    assert carlos.wait("queue")["folios"] == [own.folio]
    assert {each["folio"] for each in carlos.told("case")} == {own.folio}
    carlos.close()
    berta.close()


@pytest.mark.usefixtures("desk")
def test_a_case_that_moves_to_a_hidden_desk_leaves_its_page(server: Server) -> None:
    own, carlos = a_support_case(), people.carlos()
    page = server.listen(cookie_of(carlos), own.folio)
    page.wait("case")
    told = {"kind": "case", "case": own.pk, "folio": own.folio, "assignee": None, "seq": 90}
    announce(told | {"desk": "clientes", "was_desk": "soporte"})
    assert page.wait("gone") == {"folio": own.folio}
    page.wait("queue", lambda told: own.folio in told["folios"])
    announce(told | {"desk": "clientes", "seq": 91})
    time.sleep(SILENCE_S)
    assert all(each["seq"] < 90 for each in page.told("case"))
    page.close()


@pytest.mark.usefixtures("desk")
def test_many_changes_in_a_second_are_one_word(server: Server) -> None:
    case, other, elena = a_case(), a_case(subject="Otra cosa"), people.elena()
    page = server.listen(cookie_of(people.berta()))
    page.wait("hello")
    for turn in range(5):
        noted(case, elena, f"Nota {turn}")
        noted(other, elena, f"Nota {turn}")
    page.wait("queue")
    time.sleep(SILENCE_S)
    moments = [at for at, name, _ in page.events if name == "queue"]
    assert all(later - earlier > 0.9 for earlier, later in itertools.pairwise(moments))
    told = {folio for each in page.told("queue") for folio in each["folios"]}
    assert told == {case.folio, other.folio}
    page.close()


@pytest.mark.usefixtures("desk")
def test_what_happened_since_the_page_was_drawn_is_told(server: Server) -> None:
    case, berta = a_case(), people.berta()
    early = server.listen(cookie_of(berta))
    early.wait("hello")
    drawn_ms = int(time.time() * 1000)
    noted(case, people.elena())
    early.wait("queue")
    late = server.listen(cookie_of(berta), desde=str(drawn_ms))
    assert late.wait("queue")["folios"] == [case.folio]
    fresh = server.listen(cookie_of(berta), desde=str(int(time.time() * 1000)))
    time.sleep(SILENCE_S)
    assert fresh.told("queue") == []
    for page in (early, late, fresh):
        page.close()


@pytest.mark.usefixtures("desk")
def test_two_people_see_each_other_and_that_one_types(server: Server) -> None:
    case = a_case()
    berta = server.listen(cookie_of(people.berta()), case.folio)
    elena = server.listen(cookie_of(people.elena()), case.folio)
    berta.wait("presence", lambda told: names(told) == ["Elena Rojas"])
    elena.wait("presence", lambda told: names(told) == ["Berta Nieto"])
    cookie = cookie_of(people.berta())
    assert server.posts(url_of(case, "presencia"), cookie, escribe="1") == 204
    typing = [{"name": "Berta Nieto", "typing": True}]
    began = time.monotonic()
    elena.wait("presence", lambda told: told["people"] == typing)
    still = [{"name": "Berta Nieto", "typing": False}]
    while elena.told("presence")[-1]["people"] != still:
        assert time.monotonic() - began < 12.0, "typing is forgotten after eight seconds"
        time.sleep(0.05)
    assert time.monotonic() - began > 6.0
    stream = berta.wait("hello")["stream"]
    elena.events.clear()
    assert server.posts("/vivo/", cookie, cierre=stream) == 204
    elena.wait("presence", lambda told: told["people"] == [])
    assert berta.ended.wait(5)
    elena.close()


@pytest.mark.usefixtures("desk")
def test_presence_reaches_over_from_another_web_process(server: Server) -> None:
    case = a_case()
    here = server.listen(cookie_of(people.elena()), case.folio)
    with serving(DATABASE_URL=database_url()) as other:
        there = other.listen(cookie_of(people.berta()), case.folio)
        here.wait("presence", lambda told: names(told) == ["Berta Nieto"])
        there.wait("presence", lambda told: names(told) == ["Elena Rojas"])
        there.close()
    here.close()


@pytest.mark.usefixtures("desk")
def test_a_browser_that_was_killed_is_gone_soon(server: Server) -> None:
    case = a_case()
    elena = server.listen(cookie_of(people.elena()), case.folio)
    berta = server.listen(cookie_of(people.berta()), case.folio)
    elena.wait("presence", lambda told: names(told) == ["Berta Nieto"])
    elena.events.clear()
    berta.close()
    elena.wait("presence", lambda told: told["people"] == [], within_s=30.0)
    assert set(Presence.objects.values_list("staff_id", flat=True)) == {people.elena().id}
    elena.close()


@pytest.mark.usefixtures("desk")
def test_presence_of_a_process_that_was_killed_expires_and_is_pruned(server: Server) -> None:
    case, berta = a_case(), people.berta()
    assert berta.id is not None
    left = presence.OpenPage(uuid4(), case.pk, berta.id)
    now = timezone.now()
    presence.keep(pages=[left], as_of=now - presence.FRESH_FOR - timedelta(seconds=1))
    assert presence.who_is_here([case.pk], as_of=now) == []
    elena = server.listen(cookie_of(people.elena()), case.folio)
    assert elena.wait("presence")["people"] == []
    deadline = time.monotonic() + 20.0
    while Presence.objects.filter(connection=left.connection).exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    elena.close()


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("desk")
def test_who_was_deactivated_or_signed_out_loses_the_stream(server: Server) -> None:
    carlos, berta = people.carlos(), people.berta()
    of_carlos, cookie = server.listen(cookie_of(carlos)), cookie_of(berta)
    of_berta = server.listen(cookie)
    of_carlos.wait("hello")
    of_berta.wait("hello")
    Staff.objects.filter(email="carlos@generasoft.example").update(is_active=False)
    Session.objects.filter(pk=cookie.partition("=")[2]).delete()
    assert of_carlos.wait("end", within_s=CHECKED_WITHIN_S) == {"reason": "session"}
    assert of_carlos.ended.wait(5)
    assert of_berta.ended.wait(CHECKED_WITHIN_S)
    assert server.status("/vivo/", cookie) == 401


@pytest.mark.usefixtures("desk")
def test_one_person_may_open_twenty_and_no_more(server: Server) -> None:
    cookie = cookie_of(people.berta())
    pages = [server.listen(cookie) for _ in range(20)]
    refused = server.request("GET", "/vivo/", cookie)
    assert refused.status == 429
    assert refused.headers["Retry-After"]
    stream = pages[0].wait("hello")["stream"]
    again = server.listen(cookie, antes=stream)
    again.wait("hello")
    assert pages[0].ended.wait(5)
    for page in [*pages, again]:
        page.close()


@pytest.mark.usefixtures("desk")
def test_with_fifty_streams_pages_answer_and_all_hear(server: Server) -> None:
    case, elena = a_case(), people.elena()
    who = [people.berta(), elena, people.octavio()]
    cookies = [cookie_of(each) for each in who]
    pages = [server.listen(cookies[number % 3]) for number in range(50)]
    for page in pages:
        page.wait("hello")
    for _ in range(10):
        assert server.status(url_of(case), cookies[0]) == 200
    noted(case, elena)
    for page in pages:
        page.wait("queue", lambda told: case.folio in told["folios"])
    for page in pages:
        page.close()


@pytest.mark.usefixtures("desk")
def test_headers_keep_proxies_and_caches_out_of_the_way(server: Server) -> None:
    wanted = {"Accept-Encoding": "gzip, br"}
    answer = server.request("GET", "/vivo/", cookie_of(people.berta()), None, **wanted)
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert "Content-Encoding" not in answer.headers
    assert "no-transform" in answer.headers["Cache-Control"]
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.readline().startswith(b"retry: ")
    answer.close()
