"""The forms of a page as a browser would find them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TEXT_TYPES = frozenset({"text", "search", "email", "tel", "url", "password", "number"}) | {
    "date",
    "datetime-local",
    "time",
    "",
}


@dataclass
class FoundForm:
    """``typed``: names that people write into; ``chosen``: those they pick; ``fixed``: the rest."""

    action: str
    method: str
    typed: list[str] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    @property
    def names(self) -> frozenset[str]:
        """Every name that the form sends."""
        return frozenset([*self.typed, *self.chosen, *self.fixed, *self.files])


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.forms: list[FoundForm] = []
        self.links: list[str] = []
        self._form: FoundForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "a" and facts.get("href"):
            self.links.append(urljoin(self.base, facts["href"]))
        elif tag == "form":
            action = urljoin(self.base, facts.get("action") or self.base)
            self._form = FoundForm(action, facts.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and facts.get("name"):
            self._take(self._form, tag, facts)
        elif tag == "option" and self._form is not None and self._select:
            value = facts.get("value", "")
            if value and ("selected" in facts or not self._form.chosen[self._select]):
                self._form.chosen[self._select] = value

    def _take(self, form: FoundForm, tag: str, facts: dict[str, str]) -> None:
        name, kind = facts["name"], facts.get("type", "")
        if tag == "textarea" or (tag == "input" and kind in TEXT_TYPES):
            form.typed.append(name)
        elif tag == "select":
            self._select = name
            form.chosen.setdefault(name, "")
        elif kind == "file":
            form.files.append(name)
        elif kind in ("radio", "checkbox"):
            form.chosen.setdefault(name, facts.get("value", "on"))
        else:  # hidden fields and the buttons: the last one pressed
            form.fixed[name] = facts.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def read_page(html: str, at: str) -> tuple[list[FoundForm], list[str]]:
    """The forms of a page, and the addresses of our own that it links to, without fragments."""
    reader = _Reader(at)
    reader.feed(html)
    own = [urlsplit(each) for each in reader.links]
    return reader.forms, [
        each.path + (f"?{each.query}" if each.query else "")
        for each in own
        if not each.netloc and each.path.startswith("/")
    ]
