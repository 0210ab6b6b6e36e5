"""An answer laid out: Markdown as people type it, for the page and for the other half of the mail."""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.safestring import SafeString

from ventanilla.channels.email.markup import text_to_html
from ventanilla.core.markdown import to_html

TEXTS_KEPT = 512
_LAID_OUT = re.compile(
    r"[*_`~\[\]<>#|\\]|https?://|^[ \t]*(?:[-+]|\d+[.)])[ \t]|^ {4}|^-{3}", re.MULTILINE
)
_ADDRESS = re.compile(r"(?<![\w(<\[\"'`/=])https?://[^\s<>\"'`|\\]*[^\s<>\"'`|\\.,;:!?)\]*_~]")


def has_layout(text: str) -> bool:
    """Whether a text has anything that would be laid out; most answers are plain paragraphs."""
    return _LAID_OUT.search(text) is not None


@lru_cache(maxsize=TEXTS_KEPT)
def shown(text: str) -> SafeString:
    """What somebody wrote, as safe HTML; addresses of the web become links."""
    return to_html(_ADDRESS.sub(lambda found: f"<{found[0]}>", text))


def laid_out(whole: str, said: str) -> str:
    """The mail as HTML: the answer laid out, and the words of the template around it as they are.

    Without anything to lay out it is empty, and the mail makes simple HTML of its text.
    """
    if not said or not has_layout(said):
        return ""
    before, _, after = whole.partition(said)
    return f"{text_to_html(before)}{shown(said)}{text_to_html(after)}"
