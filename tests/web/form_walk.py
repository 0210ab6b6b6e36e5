"""Going through every page that links lead to, and sending the forms that stand there.

What is sent is undone at once, so that every form meets the house as it was drawn.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client, TestCase
from django.urls import Resolver404, resolve

from tests.web.forms_found import FoundForm, Page, read_page
from tests.web.hostile_values import Known, a_file, filled_in
from ventanilla.web.models import Tries

LEAVING = frozenset({"account_logout", "portal-exit", "end-session", "usersessions_list"})
"""Forms after which the visitor is a stranger; they ask for nothing."""
NOT_WALKED = frozenset({"live", "account_logout"})
MOST_PAGES = 250
MOST_OF_ONE = 2
"""Pages that one view shows are much alike."""
ONE_FOR_EACH = {"case": 10, "ask": 20, "staff-member": 20}
Key = tuple[str, frozenset[str], tuple[str, str]]
PRESSED: set[Key] = set()
"""Forms whose answers were looked through for further forms, by whichever visitor."""


def name_of(path: str) -> str:
    """The view behind an address, and the action where it is one of a case; empty for none."""
    try:
        found = resolve(path.partition("?")[0])
    except Resolver404:
        return ""
    return f"{found.view_name}/{found.kwargs.get('noun', '')}".strip("/")


@dataclass
class Met:
    """A form where it stands; ``before`` is the form whose answer it stands in."""

    at: str
    form: FoundForm
    before: FoundForm | None = None

    @property
    def view(self) -> str:
        """What it is sent to."""
        return name_of(self.form.action)

    @property
    def key(self) -> Key:
        """What makes it another form than one that was met before."""
        return self.view, self.form.names, self.form.pressed

    @property
    def is_post(self) -> bool:
        """Whether it changes something."""
        return self.form.method == "post"


@dataclass
class Visitor:
    """A browser, where it begins, what its owner knows, and where they go at all."""

    browser: Client
    start: list[str]
    known: Known
    within: str = "/"


@dataclass
class Walked:
    """What was gone through, and what was left out because there was too much of it."""

    forms: set[Key] = field(default_factory=set)
    visits: Counter[str] = field(default_factory=Counter)
    cut: set[str] = field(default_factory=set)


@contextmanager
def undone(browser: Client) -> Iterator[None]:
    """Take back what happens inside, in the database, the cache and the browser's cookies.

    Django's own tests do it so: the marked block stands for no transaction of the product, which
    may still insist that its own is the outermost.
    """
    cookies = copy.deepcopy(browser.cookies)
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as TestCase marks its own
    try:
        with block:
            yield
            transaction.set_rollback(True)
    finally:
        browser.cookies = cookies
        cache.clear()


def send(browser: Client, form: FoundForm, fields: dict[str, Any], **how: Any) -> Any:
    """Send a form with these fields; how often one may try is another test's matter."""
    cache.clear()
    Tries.objects.all().delete()
    fields.pop("csrfmiddlewaretoken", None)
    if form.method != "post":
        return browser.get(form.action, fields)
    with TestCase.captureOnCommitCallbacks(execute=True):
        return browser.post(form.action, fields, **how)


def filled_and_sent(visitor: Visitor, form: FoundForm) -> Any:
    """Send a form as who means well."""
    view = name_of(form.action)
    files = {name: a_file(view) for name in form.files}
    fields = filled_in(form, view, visitor.known)
    return send(visitor.browser, form, fields | files)


def answer_page(browser: Client, answer: Any, at: str) -> tuple[str, Page]:
    """The page that one sees in the end, and its address."""
    for _ in range(5):
        if answer.status_code not in (301, 302, 303) or not answer.headers["Location"].startswith(
            "/"
        ):
            break
        at = answer.headers["Location"].partition("#")[0]
        answer = browser.get(at)
        assert answer.status_code < 500, at
    return at, page_in(answer, at)


def page_in(answer: Any, at: str) -> Page:
    """What an answer shows, if it is a page at all."""
    if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
        return Page()
    return read_page(answer.content.decode(), at)


def again(visitor: Visitor, met: Met) -> FoundForm:
    """The form as it can be sent now: one that stands in an answer is drawn anew."""
    if met.before is None:
        return met.form
    answer = filled_and_sent(visitor, met.before)
    at, page = answer_page(visitor.browser, answer, met.before.action)
    for form in page.forms:
        if Met(at, form).key == met.key:
            return form
    raise AssertionError(f"{met.before.action} no longer leads to {met.form.action}")


def walk(visitor: Visitor, walked: Walked) -> Iterator[Met]:
    """Every page that is reached by links; its forms, and the forms in their answers."""
    waiting, seen = list(visitor.start), set(visitor.start)
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if not name or name in NOT_WALKED or not path.startswith(visitor.within):
            continue
        if walked.visits[name] >= ONE_FOR_EACH.get(name, MOST_OF_ONE):
            continue
        if walked.visits.total() >= MOST_PAGES:
            walked.cut.add(name)
            continue
        walked.visits[name] += 1
        answer = visitor.browser.get(path, follow=True)
        assert answer.status_code < 500, path
        at = answer.redirect_chain[-1][0] if answer.redirect_chain else path
        page = page_in(answer, at)
        assert page.dangers == [], (path, page.dangers)
        met = [Met(at, form) for form in page.forms]
        new = [each for each in met if _is_new(each, walked)]
        yield from new
        for each in new:
            yield from _in_answer(visitor, each, walked)
        fresh = [link for link in dict.fromkeys(page.links) if link not in seen]
        seen.update(fresh)
        waiting += fresh


def _is_new(met: Met, walked: Walked) -> bool:
    """Whether the visitor meets it for the first time, and it can be sent without leaving."""
    if met.form.method == "dialog" or not met.view or met.key in walked.forms:
        return False
    walked.forms.add(met.key)
    return met.view not in LEAVING


def _in_answer(visitor: Visitor, met: Met, walked: Walked) -> Iterator[Met]:
    """The forms that only stand in the answer to another one."""
    if not met.is_post or met.key in PRESSED:
        return
    PRESSED.add(met.key)
    with undone(visitor.browser):
        answer = filled_and_sent(visitor, met.form)
        at, page = answer_page(visitor.browser, answer, met.form.action)
    for form in page.forms:
        further = Met(at, form, met.form)
        if further.key != met.key and _is_new(further, walked):
            yield further
