"""Every form of every page, found by walking, sent with what nobody should send.

One field at a time is spoilt, everything else is as it should be: what a form answers is then about
that field. Never a broken page; a refusal says what was wrong, and every word that was typed stands
in its field again. A form of a page that is added later is found by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.desk import people
from tests.web.cast import MARKUP, a_case, client_of
from tests.web.every_address import taking_posts
from tests.web.form_judging import lost, place, too_large, trouble
from tests.web.form_walk import (
    Key,
    Met,
    Visitor,
    Walked,
    again,
    answer_page,
    page_in,
    send,
    undone,
    walk,
)
from tests.web.form_world import VISITORS, visitor, world
from tests.web.forms_found import Control
from tests.web.hostile_values import (
    TAMPERED,
    VALUES,
    a_file,
    filled_in,
    kinds_for,
    spoilt,
)
from ventanilla.web import form_tokens
from ventanilla.web.actions import ACTIONS

HUGE = "x" * 10 * 1024 * 1024
URLENCODED = "application/x-www-form-urlencoded"
OF_ALL = frozenset({"expected_seq", "request_key", "revision", "kind"})
"""What every form of an action on a case carries, read in one place."""
TOGETHER = ("empty", "markup", "null")
ONE_TIME = "asks for a code that is good once, at its minute; see test_sign_in_factors"
NEVER_TAKEN = {
    "mfa_activate_totp": ONE_TIME,
    "mfa_login_webauthn": "wants what only a key of a person makes",
    "mfa_add_webauthn": "wants what only a key of a person makes; see tests/browser/test_passkeys.py",
    "mfa_authenticate": ONE_TIME,
    "mfa_reauthenticate": ONE_TIME,
    "channel-test-in": "sends to the listener of mail, which does not run here",
}
"""Forms that are refused as they should be, too."""
UNREAD = frozenset({"draft-file"})
"""The button stands in the form of the answer, and only its own name is read."""
Place = tuple[str, str]
JUDGED: set[Place] = set()
"""Fields that an earlier visitor has spoilt already; later ones send the form as a whole only."""
MET: dict[str, set[Key]] = {}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever fills in a form here is slow enough, and nobody reads a thousand warnings."""
    monkeypatch.setattr(form_tokens, "FASTEST", timedelta(0))
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", VISITORS)
def test_no_form_breaks_and_every_refusal_speaks(kind: str, desk: None) -> None:
    who = visitor(kind, world())
    who.browser.raise_request_exception = False
    walked, found = Walked(), []
    posts = 0
    for met in walk(who, walked):
        for tried, wrong in tries(who, met):
            posts += 1
            if wrong:
                found.append(f"{place(met)} {tried}: {wrong}")
    MET[kind] = walked.forms
    print(f"{kind}: {len(walked.forms)} forms, {walked.visits.total()} pages, {posts} answers")
    assert walked.forms, "no form was found"
    assert walked.cut <= set(walked.visits), f"too many pages to see {walked.cut}"
    assert found == [], "\n".join(found)


def tries(who: Visitor, met: Met) -> Iterator[tuple[str, str]]:
    """What was tried on one form, and what was wrong with the answer."""
    is_new = all(met.key not in each for each in MET.values())
    yield "as it should be", attempt(who, met, {}, accepted=met.view not in NEVER_TAKEN)
    for name, control in met.form.typed.items():
        if (met.view, name) not in JUDGED:
            JUDGED.add((met.view, name))
            yield from one_spoilt(who, met, control)
    if len(met.form.typed) > 1:
        for kind in TOGETHER if is_new else TOGETHER[1:2]:
            value = VALUES[kind]
            changed = {name: value and f"{value} {name}" for name in met.form.typed}
            yield f"everything {kind}", attempt(who, met, changed)
    if met.is_post:
        yield from tampered_with(who, met)


def one_spoilt(who: Visitor, met: Met, control: Control) -> Iterator[tuple[str, str]]:
    """One typed field with everything that it should not hold."""
    for kind in kinds_for(control):
        changed = {control.name: spoilt(kind, control)}
        yield f"{control.name} {kind}", attempt(who, met, changed)
    if met.is_post and met.view not in UNREAD:
        yield f"{control.name} of 10 MB", huge(who, met, control.name)


def tampered_with(who: Visitor, met: Met) -> Iterator[tuple[str, str]]:
    """What nobody types, changed by somebody who writes requests by hand."""
    for name in {**met.form.chosen, **met.form.fixed}:
        view = met.view.partition("/")[0] if name in OF_ALL else met.view
        if (view, name) in JUDGED or name == "csrfmiddlewaretoken":
            continue
        JUDGED.add((view, name))
        for kind in TAMPERED:
            wrong = attempt(who, met, {name: VALUES[kind]}, tampered=True)
            yield f"{name} tampered {kind}", wrong


def attempt(
    who: Visitor,
    met: Met,
    changed: dict[str, str],
    *,
    tampered: bool = False,
    accepted: bool = False,
) -> str:
    """Send the form with some fields changed; what is wrong with the answer."""
    typed = "".join(changed.values())
    with undone(who.browser):
        form = again(who, met)
        fields: dict[str, Any] = filled_in(form, met.view, who.known) | changed
        files = {name: a_file(met.view) for name in form.files}
        answer = send(who.browser, form, fields | files)
        page = page_in(answer, form.action)
        wrong = trouble(answer, page, form, fields, tampered=tampered)
        if not wrong and accepted and (answer.status_code >= 400 or page.alerts):
            wrong = f"refused: {answer.status_code} {page.alerts}"
        if not wrong and answer.status_code in (302, 303) and (accepted or MARKUP in typed):
            _, after = answer_page(who.browser, answer, form.action)
            wrong = f"unescaped after it was taken: {after.dangers}" if after.dangers else ""
            if not wrong and not tampered and after.alerts:  # refused, and sent on to be told so
                wrong = str(after.alerts) if accepted else lost(form, after, fields)
        return wrong


def huge(who: Visitor, met: Met, name: str) -> str:
    """Send the form with ten megabytes in one field, encoded as a browser would."""
    with undone(who.browser):
        form = again(who, met)
        fields = filled_in(form, met.view, who.known) | {name: HUGE}
        if form.files:
            return too_large(send(who.browser, form, fields))
        fields.pop("csrfmiddlewaretoken", None)
        return too_large(who.browser.post(form.action, urlencode(fields), content_type=URLENCODED))


def test_every_address_that_takes_something_was_sent_it(desk: None) -> None:
    made = None
    for kind in VISITORS:
        if kind not in MET:
            made = made or world()
            walked = Walked()
            MET[kind] = {each.key for each in walk(visitor(kind, made), walked)} | walked.forms
    met = {key[0] for keys in MET.values() for key in keys}
    wanted = taking_posts() - {"case-action"} | {f"case-action/{noun}" for noun in ACTIONS}
    missing = sorted(wanted - met - set(NOT_MET))
    assert not missing, f"sent nothing: {', '.join(missing)}"
    stale = sorted(set(NOT_MET) & met | set(NOT_MET) - wanted)
    assert not stale, f"no longer true: {', '.join(stale)}"


NO_KEY = "wants what only a key of a person makes; see tests/browser/test_passkeys.py"
NO_PAGE = "sent by a script only; see test_what_scripts_send"
NOT_MET = {
    "ask-upload": NO_PAGE,
    "case-presence": NO_PAGE,
    "draft-files": NO_PAGE,
    "home": "sends on, whatever it is asked",
    "live": "a stream that does not end; see test_live.py",
    "mfa_reauthenticate_webauthn": NO_KEY,
    "mfa_view_recovery_codes": "shows how many are left, and has no form",
    "openid_connect_callback": "the answer of a provider; see test_sign_in_oidc.py",
}
"""Addresses whose forms no visitor meets, and why."""


SCRIPT: dict[str, Any] = {"headers": {"X-Requested-With": "fetch", "HX-Request": "true"}}


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_what_scripts_send(kind: str, desk: None) -> None:
    """Addresses that no form names: never broken, never raw, and a refusal has words for a script."""
    case, value = a_case(at=timezone.now() - timedelta(hours=1)), VALUES[kind]
    browser, url = client_of(people.elena()), f"/casos/{case.folio}/"
    browser.raise_request_exception = False
    token = quote(form_tokens.new_token())
    named = SimpleUploadedFile(value[:200] or "x", b"Hola", content_type="text/plain")
    answers = [
        browser.post(f"{url}presencia/", {"escribe": value}, **SCRIPT),
        browser.post(f"{url}borrador/archivos/", {"file": named}, **SCRIPT),
        browser.post(f"{url}borrador/archivos/", {"file": value}, **SCRIPT),
        browser.post(f"{url}borrador/vista/", {"text": value}, **SCRIPT),
        browser.post(
            f"{url}borrador/", {"kind": "reply", "text": value, "revision": value}, **SCRIPT
        ),
        *(
            Client().post(
                "/preguntar/archivos/", b"Hola", content_type="text/plain",
                headers={"X-Formulario": form, "X-Archivo": quote(value[:4000])},
            )
            for form in (token, quote(value[:4000]))
        ),
    ]  # fmt: skip
    for number, answer in enumerate(answers):
        assert answer.status_code in (200, 201, 204, 403, 404, 409, 422), (number, answer)
        assert "html" not in answer.get("Content-Type", "") or MARKUP not in answer.text, number
        assert answer.status_code in (200, 201, 204) or answer.text.strip(), number
