"""HTML made safe, HTML made text, text made HTML.

The result is safe under a strict Content-Security-Policy: no scripts, forms, frames, inline styles
or remote loads. Pictures of the mail itself stay as `cid:` references for a face to map; remote
ones are dropped and counted, because loading them tells the sender that the mail was read.
"""

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ventanilla.channels.email.quote_marks import HTML_QUOTE_CLASSES
from ventanilla.channels.email.safe_reader import SafeReader, attribute

if TYPE_CHECKING:
    import nh3

_TAG_STARTS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
#: These close by themselves, or hold nothing; the others make the sanitiser's stack grow.
_NEVER_DEEP_WORDS = (
    "area base br col embed hr img input link meta param source track wbr "
    "p li tr td th dt dd option thead tbody tfoot"
)
_NEVER_DEEP = frozenset(_NEVER_DEEP_WORDS.split())
_TAGS_WORDS = (
    "a abbr address b bdi big blockquote br caption center cite code col colgroup dd del details "
    "dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q "
    "s samp section small span strike strong sub summary sup table tbody td tfoot th thead tr tt u "
    "ul var"
)
_TAGS = frozenset(_TAGS_WORDS.split())
_DROPPED_WITH_CONTENT_WORDS = (
    "script style title head template svg math iframe object embed noscript textarea select"
)
_DROPPED_WITH_CONTENT = frozenset(_DROPPED_WITH_CONTENT_WORDS.split())
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
    "blockquote": {"type"},
    "*": {"dir", "lang"},
}


@dataclass(frozen=True)
class SafeHtml:
    """Sanitised HTML and the number of remote pictures left out."""

    html: str
    blocked_images: int


def sanitise(markup: str, *, most_depth: int = 500) -> SafeHtml | None:
    """The markup made safe; None when it nests so deep that nobody wrote it by hand."""
    if _depth_above(markup, most_depth):
        return None
    cleaned = _cleaner().clean(markup)
    return SafeHtml(html=cleaned, blocked_images=len(_PICTURE_LEFT_OUT.findall(cleaned)))


_DATA = re.compile(r"""(=\s{0,3}["']?)data:[^"'\s>]{100,}""", re.IGNORECASE)
_PICTURE_LEFT_OUT = re.compile(r'<img\b(?![^>]*\ssrc="cid:)')


def _source_filter(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if value.lower().startswith("cid:") else None
    if tag == "blockquote" and attribute == "type":
        return "cite" if value == "cite" else None
    if attribute in {"width", "height"}:
        return value if value.isdecimal() and len(value) < 5 else None
    return value


@cache
def _cleaner() -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=_source_filter,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",
        allowed_classes={tag: set(HTML_QUOTE_CLASSES) for tag in ("div", "blockquote", "span")},
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def without_data(markup: str) -> str:
    """The markup without the pictures written into it, which the sanitiser drops anyway."""
    return _DATA.sub(r"\1data:", markup) if "data:" in markup else markup


def _depth_above(markup: str, most: int) -> bool:
    depth = 0
    for match in _TAG_STARTS.finditer(markup):
        if match[2].lower() in _NEVER_DEEP:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > most:
            return True
    return False


def strip_tags(markup: str) -> str:
    """The words of markup too wild to sanitise."""
    return html.unescape(re.sub(r"<[^<>]*>", " ", markup))


_BLOCKS_WORDS = (
    "address blockquote caption center details dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr "
    "li ol p pre section summary table tr ul"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_SPACED_WORDS = "h1 h2 h3 h4 h5 h6 ol p pre table ul"
_SPACED = frozenset(_SPACED_WORDS.split())


#: Longer addresses are tracking; the HTML keeps them.
LINK_CHARS = 200


_BLANKS = re.compile(r"[ \t\r\n\f]+")


class _TextWriter(SafeReader):
    """Sanitised HTML as plain text. Quotes get `> `, list items `- `, links show their address.

    Own writer instead of inscriptis: that one brings lxml and requests (6 MiB resident), loses
    what lies deeper than 256 elements, and does not mark quotes, which folding needs.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []
        self.quote = 0
        self.pre = 0
        self.counters: list[int] = []
        self.link: tuple[str, int] | None = None
        self.pending_blank = False

    def opened(self, tag: str, attributes: str) -> None:
        if tag == "br":
            self._end_line(force=True)
        elif tag in _BLOCKS:
            self._block(tag)
            self._open(tag, attributes)
        elif tag in {"td", "th"} and self.words:
            self.words.append("\t")
        elif tag == "a":
            self.link = (attribute(attributes, "href"), len(self.words))
        elif tag == "img" and (shown := attribute(attributes, "alt")):
            self.words.append(f"[{shown}]")

    def _open(self, tag: str, attributes: str) -> None:
        if tag == "blockquote":
            self.quote += 1
        elif tag == "pre":
            self.pre += 1
        elif tag in {"ol", "ul"}:
            start = attribute(attributes, "start") or "1"
            self.counters.append((int(start) if start.isdecimal() else 1) if tag == "ol" else 0)
        elif tag == "li":
            self.words = [self._bullet()]
        elif tag == "hr":
            self.words = ["-" * 20]
            self._end_line()

    def _bullet(self) -> str:
        if not self.counters or self.counters[-1] == 0:
            return "- "
        self.counters[-1] += 1
        return f"{self.counters[-1] - 1}. "

    def closed(self, tag: str) -> None:
        if tag == "a" and self.link:
            self._close_link()
        elif tag in _BLOCKS:
            self._block(tag)
            if tag == "blockquote":
                self.quote = max(0, self.quote - 1)
            elif tag == "pre":
                self.pre = max(0, self.pre - 1)
            elif tag in {"ol", "ul"} and self.counters:
                self.counters.pop()

    def _close_link(self) -> None:
        assert self.link is not None
        address, start = self.link
        shown = "".join(self.words[start:]).strip()
        target = address.removeprefix("mailto:").removeprefix("tel:")
        if (
            shown
            and len(target) <= LINK_CHARS
            and target.rstrip("/") not in {"", shown.rstrip("/")}
        ):
            self.words.append(f" <{target}>")
        self.link = None

    def said(self, words: str) -> None:
        if self.pre:
            *whole, last = words.split("\n")
            for piece in whole:
                self.words.append(piece)
                self._end_line(force=True)
            self.words.append(last)
            return
        text = _BLANKS.sub(" ", words)
        spaced = not self.words or self.words[-1].endswith((" ", "\t"))
        if kept := text.lstrip(" ") if spaced else text:
            self.words.append(kept)

    def _block(self, tag: str) -> None:
        self._end_line()
        self.pending_blank = self.pending_blank or tag in _SPACED

    def _end_line(self, *, force: bool = False) -> None:
        text = "".join(self.words).rstrip()
        self.words = []
        self.link = (self.link[0], 0) if self.link else None
        if not text and not force:
            return
        if self.pending_blank and self.lines and self.lines[-1].strip("> "):
            self.lines.append(">" * self.quote)
        self.pending_blank = False
        marks = "> " * self.quote
        self.lines.append((marks + text).rstrip())

    def text(self) -> str:
        self._end_line()
        return "\n".join(self.lines).replace("\xa0", " ").strip("\n")


def html_to_text(safe: str) -> str:
    """Sanitised HTML as text."""
    writer = _TextWriter()
    writer.read(safe)
    return writer.text()


_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}[^\s<>\"'.,;:!?)\]]")


def text_to_html(text: str) -> str:
    """Plain text as simple HTML: paragraphs, line ends, `>` quotes, web addresses as links.

    Plain escaping and not Markdown: what a person typed must read the same in both halves of the
    mail and in the record, asterisks and numbers included.
    """
    out: list[str] = []
    depth = 0
    for paragraph in re.split(r"\n{2,}", text.strip("\n")):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            body = line.lstrip(">")
            wanted = min(len(line) - len(body), 10)
            if wanted != depth:
                out += _paragraph(lines)
                lines = []
                out.append("<blockquote>" * (wanted - depth) + "</blockquote>" * (depth - wanted))
                depth = wanted
            lines.append(_linked(body.removeprefix(" ") if wanted else body))
        out += _paragraph(lines)
    out.append("</blockquote>" * depth)
    return "".join(out)


def _paragraph(lines: list[str]) -> list[str]:
    return ["<p>" + "<br>\n".join(lines) + "</p>\n"] if any(lines) else []


def _linked(line: str) -> str:
    out: list[str] = []
    end = 0
    for match in _LINK.finditer(line):
        address = html.escape(match[0])
        out += html.escape(line[end : match.start()]), f'<a href="{address}">{address}</a>'
        end = match.end()
    return "".join(out) + html.escape(line[end:])
