"""Every form of every page, found by walking, sent with what nobody should send.

Never a broken page; a refusal says in Spanish what was wrong and keeps what was typed. A form of
a page that is added later is found by itself.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from tests.desk import people
from tests.web.cast import BIDI, a_case, client_of
from tests.web.forms_found import FoundForm, read_page
from ventanilla.accounts.models import Role
from ventanilla.desk import assessment, changes, replies, resolution
from ventanilla.web.models import Tries
from ventanilla.web.views.errors import TOO_LARGE

MARKUP = '<script>alert("x")</script>"\'><img src=x onerror=alert(1)>'
VALUES = {
    "empty": "",
    "blank": " \n\t ",
    "markup": MARKUP,
    "reversed": f"factura{BIDI}fdp.exe",
    "invisible": "\u200b\u200d\ufeff\u2060",
    "null": "antes\x00después",
    "control": "\x01\x02\x1b[31m\x7f",
    "number": "99999999999999999999999999",
    "long": "palabra " * 30_000,
}
HUGE = "x" * 10 * 1024 * 1024
URLENCODED = "application/x-www-form-urlencoded"
TAMPERED = frozenset({"empty", "markup", "null", "number"})
"""With these also what nobody types is spoilt."""
LEAVING = frozenset({"account_logout", "portal-exit", "end-session", "usersessions_list"})
"""Forms after which the visitor is a stranger; they ask for nothing."""
NOT_WALKED = frozenset({"live", "account_logout"})
MOST_PAGES = 250
MOST_OF_ONE = 3
"""Pages that one view shows are much alike."""
SPANISH = ('role="alert"', 'class="errorlist"', 'class="notice', "<h1")


def some_work() -> None:
    """Cases in several states, so that their forms are offered."""
    actor = people.elena()
    for subject in ("Una nueva", "Una evaluada", "Una resuelta"):
        case = a_case(subject=subject)
        if subject == "Una nueva":
            continue
        when = people.FRIDAY_3PM + timedelta(minutes=5)
        assessment.assess(
            case=case, category="billing_query", priority="high", asked="Saber por qué.",
            acting_user=actor, as_of=when,
        )  # fmt: skip
        case.refresh_from_db()
        changes.assign(case=case, assignee_id=actor.id, acting_user=actor, as_of=when)
        case.refresh_from_db()
        replies.reply(case=case, text="Buen día: lo revisamos.", acting_user=actor, as_of=when)
        case.refresh_from_db()
        if subject == "Una resuelta":
            resolution.resolve(case=case, text="Resuelto.", acting_user=actor, as_of=when)


def walk(browser: Client, start: list[str]) -> Iterator[tuple[str, FoundForm]]:
    """Every page that is reached by links, each view a few times; the forms that stand there."""
    waiting, seen, visits = list(start), set(start), Counter[str]()
    forms: set[tuple[str, frozenset[str]]] = set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        name = name_of(path)
        if not name or name in NOT_WALKED or visits[name] >= MOST_OF_ONE:
            continue
        visits[name] += 1
        page = browser.get(path, follow=True)
        assert page.status_code < 500, path
        if not page.get("Content-Type", "").startswith("text/html") or page.streaming:
            continue
        at = page.redirect_chain[-1][0] if page.redirect_chain else path
        found, links = read_page(page.content.decode(), at)
        for each in found:
            key = (name_of(each.action), each.names)
            if each.method == "post" and key[0] not in LEAVING and key not in forms:
                forms.add(key)
                yield at, each
        for link in links:
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def name_of(path: str) -> str:
    """The view behind an address, and the action where it is one of a case; empty for none."""
    try:
        found = resolve(path.partition("?")[0])
    except Resolver404:
        return ""
    return f"{found.view_name}/{found.kwargs.get('noun', '')}".strip("/")


def sent(browser: Client, form: FoundForm, value: str, *, hidden: bool = False) -> Any:
    """Send the form with one value in all that is typed (or in all that nobody types)."""
    fields = dict.fromkeys(form.names, value) if hidden else untouched(form)
    fields |= dict.fromkeys(form.typed, value)
    fields.pop("csrfmiddlewaretoken", None)
    uploads = {name: SimpleUploadedFile("../<x>.exe", b"MZ" + bytes(40)) for name in form.files}
    cache.clear()  # how often one may try is another test's matter
    Tries.objects.all().delete()
    return browser.post(form.action, fields | uploads)


def untouched(form: FoundForm) -> dict[str, str]:
    """What the form sends of itself."""
    return form.fixed | {name: chosen for name, chosen in form.chosen.items() if chosen}


def sent_huge(browser: Client, form: FoundForm, name: str) -> Any:
    """Send the form with ten megabytes in one field, encoded as a browser would."""
    fields = untouched(form) | {name: HUGE}
    if form.files:
        return browser.post(form.action, fields)
    return browser.post(form.action, urlencode(fields), content_type=URLENCODED)


VISITORS = ("agent", "lead", "director", "administrator", "customer", "nobody")


@pytest.fixture(params=VISITORS)
def visitor(request: pytest.FixtureRequest, desk: None) -> tuple[Client, list[str]]:
    """A browser of each kind of person, and where they begin."""
    some_work()
    if request.param == "nobody":
        return Client(), [
            "/preguntar/",
            "/seguimiento/",
            "/seguimiento/enlace/",
            "/ayuda/",
            "/cuenta/login/",
        ]
    if request.param == "customer":
        return following()
    role = Role(request.param)
    actor = people._acting(f"{role}@generasoft.example", f"Persona {role}", role)
    return client_of(actor), ["/", "/cola/todos/", "/cola/resueltos/", "/cuenta/", "/plantillas/"]


def following() -> tuple[Client, list[str]]:
    """Who holds the code of a case."""
    from ventanilla.register import folio

    browser, case = Client(), a_case(subject="La que se sigue")
    secret = folio.secret_of(case)
    assert browser.get(f"/seguimiento/{case.folio}/{secret}/").status_code == 302
    return browser, [f"/seguimiento/{case.folio}/"]


@pytest.mark.timeout(300)
def test_no_form_breaks_and_every_refusal_speaks(visitor: tuple[Client, list[str]]) -> None:
    browser, start = visitor
    browser.raise_request_exception = False
    broken, forms = [], 0
    for at, form in walk(browser, start):
        forms += 1
        for kind, value in VALUES.items():
            for hidden in (False, True) if kind in TAMPERED else (False,):
                answer = sent(browser, form, value, hidden=hidden)
                trouble = _trouble(answer, kind, value, form, hidden=hidden)
                if trouble:
                    broken.append(f"{at} → {form.action} {kind}{' hidden' * hidden}: {trouble}")
        for name in form.typed:
            answer = sent_huge(browser, form, name)
            if answer.status_code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE or not _says_kept(answer):
                broken.append(f"{at} → {form.action} {name} of 10 MB: {answer.status_code}")
    assert forms, "no form was found"
    assert broken == [], "\n".join(broken)


def _says_kept(answer: Any) -> bool:
    """Whether it says that nothing was sent, in the language that the visitor reads."""
    with translation.override(answer["Content-Language"]):
        return str(TOO_LARGE.kept) in answer.text


def _trouble(answer: Any, kind: str, value: str, form: FoundForm, *, hidden: bool) -> str:
    if answer.status_code >= 500:
        return f"status {answer.status_code}"
    if answer.status_code in (422, 409) and not hidden:
        text = answer.content.decode()
        if not any(each in text for each in SPANISH):
            return "refused without a word"
        if kind == "markup" and MARKUP in text:
            return "markup of others stands unescaped"
        if kind in ("markup", "reversed") and form.typed and answer.status_code == 422:
            kept = html.escape(value, quote=True)
            if not any(name for name in form.typed if "password" not in name):
                return ""
            if kept not in text and html.escape(value, quote=False) not in text:
                return "what was typed is gone"
    return ""
