"""What is wrong with an answer to something that nobody should send; empty when nothing is."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from tests.web.cast import MARKUP
from tests.web.form_walk import Met, name_of
from tests.web.forms_found import FoundForm, Page
from ventanilla.web.views.errors import TOO_LARGE

DONE = frozenset({200, 204, 302, 303})
REFUSED = frozenset({409, 410, 413, 422})
"""A colleague was quicker, a link is used up, too much of it, wrong. Nothing else is a refusal of
words: 403 and 404 would say that the form should not have been offered."""
TAMPERED_WITH = frozenset({400, 403, 404})
"""So may be answered what no page of ours sends."""
HAPPENED = "Qué pasó"
IN_A_TAB = frozenset({"draft-preview"})
"""What is typed stays in the page beside it."""
TRAPS = frozenset({"sitio"})
"""What only programs fill in; it is emptied for whoever a browser's own filling-in caught."""


def trouble(
    answer: Any, page: Page, form: FoundForm, sent: dict[str, Any], *, tampered: bool = False
) -> str:
    """``page`` is what was answered; ``sent`` the fields that went."""
    status = answer.status_code
    if status not in DONE | REFUSED | (TAMPERED_WITH if tampered else frozenset()):
        return f"status {status}"
    if page.dangers or (not answer.streaming and MARKUP in answer.content.decode(errors="replace")):
        return f"markup of others stands unescaped {page.dangers}"
    if status in DONE and not (status == 200 and _is_shown_again(form, page) and page.alerts):
        return ""
    if not _speaks(answer, page):
        return f"{status} without a word"
    if tampered or status in (410, 413) or name_of(form.action) in IN_A_TAB:
        return ""
    return lost(form, page, sent)


def too_large(answer: Any) -> str:
    """Ten megabytes of words are refused as too much, and it says what became of them."""
    if answer.status_code != 413:
        return f"status {answer.status_code}"
    with translation.override(answer["Content-Language"]):
        return "" if str(TOO_LARGE.kept) in answer.text else "it is not said what was kept"


def _speaks(answer: Any, page: Page) -> bool:
    """Whether it says what was wrong: beside the fields, above them, or as a whole page."""
    with translation.override(answer.get("Content-Language", "es")):
        return bool(page.alerts) or gettext(HAPPENED) in page.terms


def _is_shown_again(form: FoundForm, page: Page) -> bool:
    return any(name_of(each.action) == name_of(form.action) for each in page.forms)


def lost(form: FoundForm, page: Page, sent: dict[str, Any]) -> str:
    """Which of the typed words do not stand in their field again; passwords never do."""
    for name, control in form.typed.items():
        if control.kind == "password" or name in TRAPS or not sent.get(name):
            continue
        shown = [each.typed[name].value for each in page.forms if name in each.typed]
        if as_kept(sent[name]) not in [as_kept(each) for each in shown]:
            told = [each[:60] for each in shown]
            return f"what was typed in {name} is gone: {as_kept(sent[name])[:60]!r}, shown {told}"
    return ""


def as_kept(text: str) -> str:
    """A browser's line ends, no spaces around, and no zero byte, which no page can carry."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def place(met: Met) -> str:
    """Where a form stands, for who has to mend it."""
    by = f" [{'='.join(met.form.pressed)}]" if met.form.pressed[0] else ""
    return f"{met.at} → {met.form.action}{by}"
