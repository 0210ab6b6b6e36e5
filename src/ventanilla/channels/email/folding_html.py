"""Sanitised HTML in pieces, by the marks that mail programs put on their quotes.

A quote, signature or forward piece is a balanced run of sibling elements, so a face may wrap it in
`<details>` and join all pieces into valid HTML. New pieces are the plain slices between them.
"""

from dataclasses import dataclass, field

from ventanilla.channels.email import quote_marks as marks
from ventanilla.channels.email.folding import Kind, Segment
from ventanilla.channels.email.safe_reader import SafeReader, attribute

_VOID = frozenset({"br", "hr", "img", "col"})
_HEADER_CHARS = 2_000


def fold_html(safe: str) -> tuple[Segment, ...]:
    """The HTML cut into kinds; joined, the pieces give it again."""
    if not safe:
        return ()
    finder = _QuoteFinder(safe)
    finder.read(safe)
    finder.finish()
    pieces: list[Segment] = []
    end = 0
    for kind, start, stop in finder.ranges:
        if start > end:
            pieces.append(Segment("new", safe[end:start]))
        pieces.append(Segment(kind, safe[start:stop]))
        end = stop
    if end < len(safe):
        pieces.append(Segment("new", safe[end:]))
    return tuple(pieces)


@dataclass
class _Open:
    tag: str
    start: int
    #: Set on the element whose remaining children, from a given offset, are quoted (Outlook).
    rest_from: int | None = None
    #: Where the first words inside it stand.
    first_words: int | None = None
    text: list[str] = field(default_factory=list)

    def words_before(self, at: int) -> bool:
        """Whether something is said inside it before the offset."""
        return self.first_words is not None and self.first_words < at


class _QuoteFinder(SafeReader):
    """Ranges of the outermost quotes, in order. Reads only what the sanitiser wrote."""

    def __init__(self, source: str) -> None:
        self.ranges: list[tuple[Kind, int, int]] = []
        self._source = source
        self._stack: list[_Open] = [_Open("", 0)]
        self._kind: Kind | None = None
        self._kind_depth = 0

    def opened(self, tag: str, attributes: str) -> None:
        if tag in _VOID:
            self._say("\n")
            return
        self._stack.append(_Open(tag, self.start))
        kind = self._kind_of(tag, attributes) if attributes else None
        if kind and self._kind is None and not self._in_rest():
            self._kind, self._kind_depth = kind, len(self._stack)

    def _in_rest(self) -> bool:
        return any(element.rest_from is not None for element in self._stack)

    def _kind_of(self, tag: str, attributes: str) -> Kind | None:
        classes = set(attribute(attributes, "class").split())
        if classes & marks.HTML_FORWARDS:
            return "forward"
        if classes & marks.HTML_SIGNATURES:
            return "signature"
        # The container `gmail_quote` also holds answers written between the quotes: not a mark.
        if classes & (marks.HTML_ATTRIBUTIONS | {"yahoo_quoted", "protonmail_quote"}):
            return "quote"
        cited = tag == "blockquote" and (
            attribute(attributes, "type") == "cite" or "gmail_quote" in classes
        )
        return "quote" if cited else None

    def closed(self, tag: str) -> None:
        if tag in _VOID or len(self._stack) < 2:
            return
        closing = self._stack[-1]
        if self._kind and len(self._stack) == self._kind_depth:
            self.ranges.append((self._kind, closing.start, self.end))
            self._kind = None
        elif closing.rest_from is not None:
            self._close_rest(closing, self.start)
        else:
            self._look_for_header(closing)
        self._stack.pop()

    def _close_rest(self, closing: _Open, at: int) -> None:
        """A box that holds nothing but the quoted header is part of it; what follows it is quoted."""
        assert closing.rest_from is not None
        if closing.words_before(closing.rest_from):
            self.ranges.append(("quote", closing.rest_from, at))
        else:
            self._stack[-2].rest_from = closing.start

    def said(self, words: str) -> None:
        if words.strip():
            self._note_words()
        self._say(words[:_HEADER_CHARS])

    def _say(self, words: str) -> None:
        if self._kind is None:
            for element in self._stack[-3:]:
                element.text.append(words)

    def _note_words(self) -> None:
        at = self.start
        for element in reversed(self._stack):
            if element.first_words is not None:
                return
            element.first_words = at

    def _look_for_header(self, element: _Open) -> None:
        """Outlook marks its quote only by a «De: … Enviado: … Asunto:» block: the rest is quoted."""
        if self._kind or self._in_rest() or element.tag not in {"div", "p"}:
            return
        if is_header_block("".join(element.text)[:_HEADER_CHARS]) and len(self._stack) > 1:
            self._stack[-2].rest_from = element.start

    def finish(self) -> None:
        """Ends a quote that runs to the end of the mail."""
        root = self._stack[0]
        if root.rest_from is not None:
            kind: Kind = "quote" if root.words_before(root.rest_from) else "forward"
            self.ranges.append((kind, root.rest_from, len(self._source)))


def is_header_block(text: str) -> bool:
    """Whether a block's text begins as the header of a quoted mail."""
    words = text.split()
    if not words or not marks.HEADER_FROM.match(" ".join(words[:2])):
        return False
    named = sum(1 for word in words[2:200] if word.endswith(":") and marks.HEADER_OTHER.match(word))
    return named >= 2
