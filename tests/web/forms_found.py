"""The forms of a page as a browser would find them, and what the page tells whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TEXT_TYPES = frozenset({"text", "search", "email", "tel", "url", "password", "number"}) | {
    "date",
    "datetime-local",
    "time",
    "",
}
BUTTONS = frozenset({"submit", "image", "button", "reset"})
SENDING = frozenset({"", "submit", "image"})
LIVE_SCRIPT = frozenset({"", "module", "text/javascript"})


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that a form sends. ``longest`` is what its page says it takes; 0 for no end."""

    name: str
    kind: str
    value: str = ""
    longest: int = 0
    is_set: bool = False

    @property
    def is_typed(self) -> bool:
        """Whether people write into it."""
        return self.kind == "textarea" or self.kind in TEXT_TYPES


@dataclass
class FoundForm:
    """``pressed`` is the button with which it is sent, where the button says something itself."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)
    pressed: tuple[str, str] = ("", "")

    @property
    def typed(self) -> dict[str, Control]:
        """What people write into, by name."""
        return {each.name: each for each in self.controls if each.is_typed}

    @property
    def chosen(self) -> dict[str, str]:
        """What people pick, as it stands; of what nothing is picked in, the first that is offered."""
        found: dict[str, str] = {}
        for each in self.controls:
            if each.kind in ("select", "radio", "checkbox") and (
                each.is_set or not found.get(each.name)
            ):
                found[each.name] = each.value
        return found

    @property
    def fixed(self) -> dict[str, str]:
        """What nobody types or picks."""
        hidden = {each.name: each.value for each in self.controls if each.kind == "hidden"}
        return hidden | ({self.pressed[0]: self.pressed[1]} if self.pressed[0] else {})

    @property
    def files(self) -> list[str]:
        """Where files are put in."""
        return [each.name for each in self.controls if each.kind == "file"]

    @property
    def names(self) -> frozenset[str]:
        """Every name that the form sends."""
        return frozenset([*self.typed, *self.chosen, *self.fixed, *self.files])


@dataclass
class Page:
    """``alerts`` is what its middle part says loud; ``terms`` the names of the facts it lists."""

    forms: list[FoundForm] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    dangers: list[str] = field(default_factory=list)
    """What would run if a browser showed the page."""


@dataclass
class _Drawn:
    """A form while it is read: its buttons may send it elsewhere."""

    form: FoundForm
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def ways(self) -> Iterator[FoundForm]:
        """The form once for every place it goes to and every word that a button adds."""
        plain = (self.form.action, "", "")
        if not self.buttons:
            yield self.form
        for action, name, value in dict.fromkeys(self.buttons or [plain]):
            if self.buttons:
                yield replace(self.form, action=action, pressed=(name, value))


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.page = Page()
        self.drawn: list[_Drawn] = []
        self.by_id: dict[str, _Drawn] = {}
        self.elsewhere: list[tuple[str, Control, dict[str, str]]] = []
        self._open: _Drawn | None = None
        self._select: tuple[str, list[Control]] | None = None
        self._text: tuple[str, dict[str, str], list[str]] | None = None
        self._in_main = False
        self._said: tuple[str, int, list[str]] | None = None
        self._term: list[str] | None = None
        self._unseen: tuple[str, int] | None = None
        self._option: tuple[dict[str, str], list[str]] | None = None
        self._select_facts: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self._note_danger(tag, facts)
        self._note_words(tag, facts)
        if tag == "a" and facts.get("href"):
            self.page.links.append(urljoin(self.base, facts["href"]))
        elif tag == "form":
            self._begin(facts)
        elif tag == "select":
            self._select = (facts.get("name", ""), [])
            self._select_facts = facts
        elif tag == "option" and self._select is not None:
            self._option = (facts, [])
        elif tag == "textarea":
            self._text = (facts.get("name", ""), facts, [])
        elif tag in ("input", "button"):
            self._take(tag, facts)
        if facts.get("hx-post"):
            self._post_of_script(facts)

    def _begin(self, facts: dict[str, str]) -> None:
        action = urljoin(self.base, facts.get("action") or self.base)
        self._open = _Drawn(FoundForm(action, facts.get("method", "get").lower()))
        self.drawn.append(self._open)
        if facts.get("id"):
            self.by_id[facts["id"]] = self._open

    def _take(self, tag: str, facts: dict[str, str]) -> None:
        kind, name = facts.get("type", "").lower(), facts.get("name", "")
        if "disabled" in facts:
            return
        if tag == "button" or kind in BUTTONS:
            if kind in SENDING or kind == "image":
                self._press(facts)
        elif name:
            value = facts.get("value", "on" if kind in ("checkbox", "radio") else "")
            self._put(
                Control(name, kind, value, int(facts.get("maxlength") or 0), "checked" in facts),
                facts,
            )

    def _press(self, facts: dict[str, str]) -> None:
        where = self.by_id.get(facts["form"]) if "form" in facts else self._open
        if where is None or facts.get("formmethod", "post").lower() != "post":
            return
        action = urljoin(self.base, facts["formaction"]) if facts.get("formaction") else ""
        where.buttons.append(
            (action or where.form.action, facts.get("name", ""), facts.get("value", ""))
        )

    def _put(self, control: Control, facts: dict[str, str]) -> None:
        if not control.name:
            return
        if facts.get("form"):
            self.elsewhere.append((facts["form"], control, facts))
        elif self._open is not None:
            self._open.form.controls.append(control)

    def _post_of_script(self, facts: dict[str, str]) -> None:
        """What htmx sends: the form around it, or nothing but the address."""
        around = self._open.form.controls if self._open is not None else []
        made = FoundForm(urljoin(self.base, facts["hx-post"]), "post", around)
        self.drawn.append(_Drawn(made))

    def _note_danger(self, tag: str, facts: dict[str, str]) -> None:
        runs = [name for name in facts if name.startswith("on")]
        if runs or facts.get("href", facts.get("src", "")).lower().startswith("javascript:"):
            self.page.dangers.append(f"<{tag} {facts}>")
        if tag == "script" and "src" not in facts and facts.get("type", "") in LIVE_SCRIPT:
            self.page.dangers.append("<script> without an address")

    def _note_words(self, tag: str, facts: dict[str, str]) -> None:
        if tag == "main":
            self._in_main = True
        if self._unseen is not None:
            if tag == self._unseen[0]:
                self._unseen = (tag, self._unseen[1] + 1)
            return
        is_closed = tag == "template" or (tag == "dialog" and "open" not in facts)
        if is_closed or ("hidden" in facts and tag != "input"):
            self._unseen = (tag, 1)
            return
        if self._said is not None:
            if tag == self._said[0]:
                self._said = (tag, self._said[1] + 1, self._said[2])
        elif self._is_loud(facts):
            self._said = (tag, 1, [])
        if tag == "dt" and self._in_main:
            self._term = []

    def _is_loud(self, facts: dict[str, str]) -> bool:
        """A refusal beside what it is about, or after being sent on to another page."""
        kinds = set(facts.get("class", "").split())
        return {"notice", "refused"} <= kinds or (
            self._in_main
            and (
                facts.get("role") == "alert" or "errorlist" in kinds or facts.get("id") == "motivo"
            )
        )

    def handle_data(self, data: str) -> None:
        said = self._said[2] if self._said is not None and self._unseen is None else None
        for place in (
            said,
            self._term,
            self._text and self._text[2],
            self._option and self._option[1],
        ):
            if place is not None:
                place.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen is not None and tag == self._unseen[0]:
            self._unseen = (tag, self._unseen[1] - 1) if self._unseen[1] > 1 else None
        self._end_words(tag)
        if tag == "form":
            self._open = None
        elif tag == "option":
            self._end_option()
        elif tag == "select" and self._select is not None:
            for each in self._select[1] or [Control(self._select[0], "select")]:
                self._put(each, self._select_facts)
            self._select = None
        elif tag == "textarea" and self._text is not None:
            name, facts, said = self._text
            words = "".join(said).removeprefix("\r").removeprefix("\n")
            longest = int(facts.get("maxlength") or 0)
            self._put(Control(name, "textarea", words, longest), facts)
            self._text = None

    def _end_words(self, tag: str) -> None:
        if self._said is not None and tag == self._said[0]:
            self._said = (tag, self._said[1] - 1, self._said[2])
            if self._said[1] == 0:
                words = " ".join("".join(self._said[2]).split())
                self.page.alerts += [words] if words else []
                self._said = None
        if tag == "main":
            self._in_main = False
        elif tag == "dt" and self._term is not None:
            self.page.terms.append("".join(self._term).strip())
            self._term = None

    def _end_option(self) -> None:
        """An option without a value sends its words."""
        if self._select is None or self._option is None:
            return
        facts, words = self._option
        value = facts.get("value", " ".join("".join(words).split()))
        self._select[1].append(Control(self._select[0], "select", value, 0, "selected" in facts))
        self._option = None

    def finish(self) -> Page:
        for place, control, _ in self.elsewhere:
            if place in self.by_id:
                self.by_id[place].form.controls.append(control)
        self.page.forms = [way for each in self.drawn for way in each.ways()]
        own = [urlsplit(each) for each in self.page.links]
        self.page.links = [
            each.path + (f"?{each.query}" if each.query else "")
            for each in own
            if not each.netloc and each.path.startswith("/")
        ]
        return self.page


def read_page(html: str, at: str) -> Page:
    """The forms, the links of our own without fragments, and the loud words of a page."""
    reader = _Reader(at)
    reader.feed(html)
    reader.close()
    return reader.finish()
