"""The door: passwords, throttling, sessions, mail; nobody learns who has an account."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from allauth.account import app_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk import people
from tests.web.cast import client_of
from tests.web.doors import PASSWORD, enter, member
from ventanilla.accounts import access
from ventanilla.accounts.models import Staff
from ventanilla.accounts.sessions import clear_expired_sessions
from ventanilla.channels.models import OutboundMessage
from ventanilla.web.sign_in.tokens import HourTokens

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
LINK = re.compile(r"https?://[^/\s]+(/cuenta/clave/olvidada/\S+)")


@pytest.mark.usefixtures("desk")
def test_one_enters_and_returns_to_where_one_was() -> None:
    staff = member()
    browser = Client()
    away = browser.get("/cola/todos/")
    assert away.headers["Location"] == "/cuenta/login/?next=/cola/todos/"
    back = enter(browser, staff, next="/cola/todos/")
    assert back.headers["Location"] == "/cola/todos/"
    assert browser.get("/cola/todos/").status_code == 200
    assert enter(Client(), staff, next="https://mala.example/").headers["Location"] == "/"


@pytest.mark.usefixtures("desk")
def test_a_region_of_an_ended_session_takes_the_window_to_the_door() -> None:
    answer = Client().get(
        "/cola/todos/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/cola/mia/?x=1"},
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/cuenta/login/?next=%2Fcola%2Fmia%2F"


@pytest.mark.usefixtures("desk")
def test_nobody_learns_who_has_an_account() -> None:
    staff = member()
    wrong = enter(Client(), staff, password="no es esta").content.decode()
    nobody = Client().post(
        "/cuenta/login/", {"login": "nadie@empresa.example", "password": "no es esta"}
    )
    for page in (wrong, nobody.content.decode()):
        assert "El correo o la contraseña no son correctos." in page
    known = Client().post("/cuenta/clave/olvidada/", {"email": staff.email})
    unknown = Client().post("/cuenta/clave/olvidada/", {"email": "nadie@empresa.example"})
    assert known.headers["Location"] == unknown.headers["Location"]
    mails = OutboundMessage.objects.filter(kind="account")
    assert [each.to for each in mails] == [[staff.email]]


@pytest.mark.usefixtures("desk")
def test_the_sixth_wrong_try_waits_even_with_the_right_password_and_says_how_long() -> None:
    staff = member()
    for _ in range(5):
        enter(Client(), staff, password="no es esta")
    locked = enter(Client(), staff)
    assert "Espere 5 minutos" in locked.content.decode()
    assert locked.status_code == 200
    other = member("otra@empresa.example")
    assert enter(Client(), other).status_code == 302


@pytest.mark.usefixtures("desk")
def test_too_many_tries_from_one_place_meet_our_page() -> None:
    answers = [
        Client().post("/cuenta/login/", {"login": f"n{n}@x.example", "password": "x"})
        for n in range(31)
    ]
    assert answers[-1].status_code == 429
    assert "espere 5 minutos" in answers[-1].content.decode()


@pytest.mark.usefixtures("desk")
def test_customers_find_where_to_ask_to_follow_and_to_read() -> None:
    page = Client().get("/cuenta/login/").content.decode()
    for place in ("/preguntar/", "/seguimiento/", "/ayuda/"):
        assert f'href="{place}"' in page


@pytest.mark.usefixtures("desk")
def test_nobody_signs_up() -> None:
    for url in ("/cuenta/signup/", "/cuenta/oidc/", "/cuenta/oidc/cuentas/"):
        assert Client().get(url).status_code == 403
        assert Client().post(url, {"email": "a@b.example"}).status_code in (403, 405)


@pytest.mark.usefixtures("desk")
def test_the_account_page_lists_sessions_and_one_ended_is_out_at_once() -> None:
    staff = member()
    here, there = Client(), Client(headers={"User-Agent": FIREFOX})
    enter(here, staff)
    enter(there, staff)
    page = here.get("/cuenta/").content.decode()
    assert "Firefox en Windows" in page
    assert page.count("esta sesión") == 1
    end = re.search(r'action="(/cuenta/sesiones/\d+/)"', page)
    assert end
    assert here.post(end[1]).status_code == 302
    assert there.get("/cola/todos/").status_code == 302
    assert here.get("/cola/todos/").status_code == 200
    assert len(access.sessions_of(staff, as_of=timezone.now())) == 1


@pytest.mark.usefixtures("desk")
def test_sessions_of_others_cannot_be_ended() -> None:
    staff, other = member(), member("otra@empresa.example")
    mine, theirs = Client(), Client()
    enter(mine, staff)
    enter(theirs, other)
    (session,) = access.sessions_of(other, as_of=timezone.now())
    mine.post(f"/cuenta/sesiones/{session.pk}/")
    assert theirs.get("/cola/todos/").status_code == 200


@pytest.mark.usefixtures("desk")
def test_ending_all_others_keeps_this_one() -> None:
    staff = member()
    browsers = [Client() for _ in range(3)]
    for each in browsers:
        enter(each, staff)
    assert browsers[0].post("/cuenta/sesiones/").status_code == 302
    assert [each.get("/cola/todos/").status_code for each in browsers] == [200, 302, 302]


@pytest.mark.usefixtures("desk")
def test_changing_the_password_ends_the_other_sessions_and_tells_the_owner() -> None:
    staff = member()
    here, there = Client(), Client()
    enter(here, staff)
    enter(there, staff)
    typed = {
        "oldpassword": PASSWORD,
        "password1": "otra frase larga",
        "password2": "otra frase larga",
    }
    assert here.post("/cuenta/clave/", typed | {"oldpassword": "no"}).status_code == 200
    assert here.post("/cuenta/clave/", typed).headers["Location"] == "/cuenta/"
    assert there.get("/cola/todos/").status_code == 302
    assert here.get("/cola/todos/").status_code == 200
    (mail,) = OutboundMessage.objects.filter(kind="account")
    assert mail.to == [staff.email]
    assert "Se cambió la contraseña" in mail.text
    assert enter(Client(), staff, password="otra frase larga").status_code == 302


@pytest.mark.usefixtures("desk")
def test_a_link_by_mail_sets_a_password_once_and_is_shown_to_no_colleague() -> None:
    staff = member()
    inside = Client()
    enter(inside, staff)
    visitor = Client()
    visitor.post("/cuenta/clave/olvidada/", {"email": staff.email.upper()})
    (mail,) = OutboundMessage.objects.filter(kind="account")
    link = LINK.search(mail.text)
    assert link, mail.text
    shown = client_of(people.octavio()).get(f"/salida/{mail.pk}/").content.decode()
    assert "/cuenta/clave/olvidada/····" in shown
    assert link[1] not in shown
    form = visitor.get(link[1], follow=True)
    action = form.redirect_chain[-1][0]
    typed = {"password1": "una frase nueva", "password2": "una frase nueva"}
    assert visitor.post(action, typed).status_code == 302
    assert inside.get("/cola/todos/").status_code == 302
    assert enter(Client(), staff, password="una frase nueva").status_code == 302
    again = Client().get(link[1], follow=True).content.decode()
    assert "El enlace ya no sirve" in again


@pytest.mark.usefixtures("desk")
def test_who_has_no_password_gets_none_by_mail() -> None:
    staff = member()
    staff.set_unusable_password()
    staff.save()
    Client().post("/cuenta/clave/olvidada/", {"email": staff.email})
    (mail,) = OutboundMessage.objects.filter(kind="account")
    assert "no tiene contraseña" in mail.text
    assert "olvidada" not in mail.text


@pytest.mark.usefixtures("desk")
def test_a_deactivated_member_is_out_at_once_and_stays_out() -> None:
    staff = member()
    browser = Client()
    enter(browser, staff)
    Staff.objects.filter(pk=staff.pk).update(is_active=False)
    assert browser.get("/cola/todos/").status_code == 302
    assert enter(Client(), staff).headers.get("Location") != "/"
    Client().post("/cuenta/clave/olvidada/", {"email": staff.email})
    assert not OutboundMessage.objects.filter(kind="account").exists()


@pytest.mark.usefixtures("desk")
def test_knowing_when_a_session_was_seen_costs_a_page_nothing() -> None:
    staff = member()
    browser = Client()
    enter(browser, staff)
    browser.get("/cuenta/")
    with CaptureQueriesContext(connection) as queries:
        browser.get("/buscar/")
    assert not [each for each in queries.captured_queries if "usersession" in each["sql"]]
    session = browser.session
    session["seen_at"] -= 400
    session.save()
    with CaptureQueriesContext(connection) as queries:
        browser.get("/buscar/")
    assert [each for each in queries.captured_queries if "usersession" in each["sql"]]


@pytest.mark.usefixtures("desk")
def test_expired_sessions_are_forgotten() -> None:
    staff = member()
    browser = Client()
    enter(browser, staff)
    soon = timezone.now()
    assert clear_expired_sessions(as_of=soon) == 0
    assert clear_expired_sessions(as_of=soon + timedelta(days=15)) == 1
    assert browser.get("/cola/todos/").status_code == 302


@pytest.mark.usefixtures("desk")
def test_one_changes_ones_own_name_and_language() -> None:
    staff = member()
    browser = Client()
    enter(browser, staff)
    bad = browser.post("/cuenta/", {"full_name": "", "language": "xx"})
    assert bad.status_code == 422
    good = browser.post("/cuenta/", {"full_name": "  Sara   Mena ", "language": "en"})
    assert good.status_code == 302
    staff.refresh_from_db()
    assert (staff.full_name, staff.language) == ("Sara Mena", "en")
    page = browser.get("/cuenta/")
    assert page.headers["Content-Language"] == "en"


@pytest.mark.usefixtures("desk")
def test_a_link_by_mail_is_void_after_an_hour() -> None:
    staff, now = member(), datetime.now()
    tokens = HourTokens()
    young = tokens._make_token_with_timestamp(staff, tokens._num_seconds(now) - 3500, tokens.secret)
    old = tokens._make_token_with_timestamp(staff, tokens._num_seconds(now) - 3700, tokens.secret)
    assert tokens.check_token(staff, young)
    assert not tokens.check_token(staff, old)
    assert not tokens.check_token(staff, "nada")
    assert app_settings.PASSWORD_RESET_TOKEN_GENERATOR is HourTokens
