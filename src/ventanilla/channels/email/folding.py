"""A mail's text in pieces: what is new, what is quoted, the signature, the forwarded mail.

Nothing is deleted: joined, the pieces give the text again. Where it is unclear whose words a
line holds, it counts as new; hiding an answer costs more than showing a quote.

Own folder instead of mail-parser-reply: that one strips lines, hides answers written below or
between quotes, ends a mail at a list with dashes, and reads half of our table of clients wrongly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ventanilla.channels.email import quote_marks as marks

Kind = Literal["new", "quote", "signature", "forward"]
#: A signature under a bare line of dashes is at most this long; more is a list of the person's.
SIGNATURE_LINES = 20
#: An attribution that a mailer wrapped ends within this many lines.
ATTRIBUTION_LINES = 4
FOLDED_LINE_CHARS = 2_000


@dataclass(frozen=True)
class Segment:
    """A piece of a body, as it stands there."""

    kind: Kind
    text: str


def fold(text: str) -> tuple[Segment, ...]:
    """Cuts the text into kinds; joined, the pieces give exactly the text again."""
    lines = text.splitlines(keepends=True)
    kinds = _spread_blank_lines(
        lines, _kinds([line[:FOLDED_LINE_CHARS].rstrip() for line in lines])
    )
    return tuple(_joined(lines, kinds))


def _kinds(lines: list[str]) -> list[Kind]:
    kinds: list[Kind] = []
    while len(kinds) < len(lines):
        kind, count = _at(lines, len(kinds))
        kinds += [kind] * count
    return kinds


def _is_marked(line: str) -> bool:
    return line.lstrip().startswith((">", "|>"))


def _at(lines: list[str], at: int) -> tuple[Kind, int]:
    """The kind of the lines that begin at `at`, and how many they are."""
    line = lines[at]
    rest = len(lines) - at
    if _is_marked(line):
        return "quote", 1
    if marks.FORWARDED.match(line):
        return "forward", rest
    if count := _attribution(lines, at):
        # Some mailers quote without marks: after their attribution all that follows is theirs.
        # Where a marked line follows, the marks decide, so that answers between them stay new.
        return "quote", count if _marks_follow(lines, at + count) else rest
    if _is_header_block(lines, at):
        count = _header_lines(lines, at)
        return _block_kind(lines, at), count if _marks_follow(lines, at + count) else rest
    count = _signature(lines, at)
    return ("signature", count) if count else ("new", 1)


def _marks_follow(lines: list[str], at: int) -> bool:
    """Whether the next line with words carries a quote mark."""
    while at < len(lines) and not lines[at]:
        at += 1
    return at < len(lines) and _is_marked(lines[at])


def _header_lines(lines: list[str], at: int) -> int:
    """How many lines the header of a quoted mail takes, with the rule above it."""
    end = at + 1
    while end < len(lines) and not lines[end]:
        end += 1
    while end < len(lines) and lines[end] and not _is_marked(lines[end]):
        end += 1
    return end - at


def _attribution(lines: list[str], at: int) -> int:
    """How many lines say «El … escribió:», 0 when they do not."""
    line = lines[at]
    if marks.ATTRIBUTION.match(line) and marks.HAS_DATE.search(line):
        return 1
    if "@" in line and marks.ATTRIBUTION_LOOSE.search(line):
        return 1
    if not marks.ATTRIBUTION_STARTS.match(line) or not marks.HAS_DATE.search(line):
        return 0
    for count in range(2, ATTRIBUTION_LINES + 1):
        more = lines[at + count - 1 : at + count]
        if not more or not more[0]:
            return 0
        if marks.ATTRIBUTION_ENDS.search(more[0]):
            return count
    return 0


def _is_header_block(lines: list[str], at: int) -> bool:
    """Outlook's quoted header: From and two more names on the following lines."""
    line = lines[at]
    if marks.ORIGINAL.match(line):
        return True
    start = at + 1 if marks.UNDERLINE.match(line) else at
    while start > at and start < len(lines) and not lines[start]:
        start += 1
    if start >= len(lines) or not marks.HEADER_FROM.match(lines[start]):
        return False
    named = [one for one in lines[start + 1 : start + 8] if marks.HEADER_OTHER.match(one)]
    return len(named) >= 2


def _block_kind(lines: list[str], at: int) -> Kind:
    """With nothing of the person's above it, the block is what they forward."""
    wrote = any(line and not marks.PHONE_SIGNATURE.match(line) for line in lines[:at])
    return "quote" if wrote else "forward"


def _signature(lines: list[str], at: int) -> int:
    """How many lines sign off, 0 when they do not."""
    if marks.PHONE_SIGNATURE.match(lines[at]):
        return 1
    if not marks.SIGNATURE_LINE.match(lines[at]):
        return 0
    count = 1
    for line in lines[at + 1 : at + 1 + SIGNATURE_LINES]:
        if (
            line.startswith(">")
            or marks.SIGNATURE_LINE.match(line)
            or marks.ORIGINAL.match(line)
            or marks.FORWARDED.match(line)
        ):
            break
        if _attribution(lines, at + count) or _is_header_block(lines, at + count):
            break
        count += 1
    longer = at + count < len(lines) and count > SIGNATURE_LINES
    return 1 if longer else count


def _spread_blank_lines(lines: list[str], kinds: list[Kind]) -> list[Kind]:
    """Blank lines between two of one kind belong to it."""
    spread = list(kinds)
    last: Kind | None = None
    for at, kind in enumerate(kinds):
        if kind == "new" and not lines[at].strip():
            if last is not None:
                spread[at] = last
        else:
            last = kind
    return _heal_new(lines, spread)


def _heal_new(lines: list[str], kinds: list[Kind]) -> list[Kind]:
    """Blank lines before new words are new, whoever spoke before."""
    after: Kind | None = None
    for at in range(len(lines) - 1, -1, -1):
        if not lines[at].strip() and after == "new":
            kinds[at] = "new"
        elif lines[at].strip():
            after = kinds[at]
    return kinds


def _joined(lines: list[str], kinds: list[Kind]) -> Iterator[Segment]:
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or kinds[at] != kinds[start]:
            yield Segment(kind=kinds[start], text="".join(lines[start:at]))
            start = at
