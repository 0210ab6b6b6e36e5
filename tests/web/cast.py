"""Who visits the pages in tests, and the case they look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from django.test import Client

from tests.desk import mails, people
from ventanilla.accounts.models import Staff
from ventanilla.core.actors import Actor
from ventanilla.desk import sending
from ventanilla.register.models import Case
from ventanilla.workspace.models import Draft

BIDI = "\u202e"
MARKUP = '<script>alert("x")</script>"\'><img src=x onerror=alert(1)>'
HOSTILE = f'<script>alert("x")</script>{BIDI}"\'><img src=x onerror=alert(1)>'


def client_of(actor: Actor, *, checks: bool = False) -> Client:
    """A browser in which this member of the team is signed in; with ``checks`` CSRF is enforced."""
    browser = Client(enforce_csrf_checks=checks)
    assert actor.id is not None
    browser.force_login(
        Staff.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend"
    )
    return browser


def a_case(at: datetime | None = None, **facts: str) -> Case:
    """A case that came by mail, the whole way."""
    item = mails.arrived(mails.mail(**facts), at=at or people.FRIDAY_3PM)
    assert item.case is not None, (item.fate, item.fate_reason, item.fate_detail)
    return item.case


def url_of(case: Case, *rest: str) -> str:
    return "/".join(["/casos", case.folio, *rest, ""])


def form_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of a form on a page, as a browser would send them."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found, f"no form for {action}"
    return dict(_hidden(found[0]))


def left(case: Case) -> None:
    """What was handed over leaves now, as if its ten seconds had passed."""
    on_their_way = Draft.objects.filter(case=case, state=Draft.State.SENDING)
    for draft in on_their_way.order_by("send_at", "id"):
        assert draft.send_at is not None
        assert sending.send_due(draft_id=draft.pk, as_of=draft.send_at) is not None


def _hidden(form: str) -> Iterator[tuple[str, str]]:
    for field in re.findall(r'<input type="hidden"[^>]*>', form):
        name = re.search(r'name="([^"]*)"', field)
        value = re.search(r'value="([^"]*)"', field)
        if name:
            yield name[1], value[1] if value else ""


def sent(browser: Client, case: Case, noun: str, **typed: object) -> object:
    """Open the form of an action and send it, filled in."""
    url = url_of(case, noun)
    page = browser.get(url)
    if page.status_code != 200:
        page = browser.get(url_of(case))
    return browser.post(url, form_of(page.content.decode(), url) | typed)
