"""Names, places and the safe way to hand a file out. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

FILENAME_LIMIT = 255
EXTENSION_LIMIT = 16
UNNAMED = "archivo"

# Types a browser shows without running anything. SVG and HTML carry scripts, so they are not here.
SHOWN_INLINE = frozenset(
    {"application/pdf", "image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]+')
_BIDIRECTIONAL = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Serving:
    """How a file leaves the house: the headers, and whether the reader must confirm first."""

    inline: bool
    content_type: str
    needs_confirmation: bool

    @property
    def headers(self) -> dict[str, str]:
        """Headers that keep a browser from taking the content for anything else than it says."""
        return {
            "Content-Type": self.content_type,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'self'",
            "Cross-Origin-Resource-Policy": "same-origin",
        }


def how_to_serve(*, media_type: str, suspicion: str) -> Serving:
    """The safe way for a sniffed media type: images and PDF shown, everything else downloaded.

    What is suspicious is never shown, and is downloaded only after a page that says why.
    """
    if suspicion:
        return Serving(False, "application/octet-stream", needs_confirmation=True)
    if media_type in SHOWN_INLINE:
        return Serving(True, media_type, needs_confirmation=False)
    return Serving(False, "application/octet-stream", needs_confirmation=False)


def name_of(sha256: str) -> str:
    """Where a content lies in the store: ``ab/cd/<sha256>``, so that no folder grows too large."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        message = f"not a SHA-256 in lower-case hexadecimal: {sha256!r}"
        raise ValueError(message)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def safe_filename(name: str) -> str:
    """The name to keep and show: no path, no control or direction characters, extension kept.

    Direction characters make ``exe.fdp`` read as a PDF; a path would name a place on the reader's
    own disk.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    text = _BIDIRECTIONAL.sub("", _UNSAFE.sub("", text))
    text = " ".join(text.split()).strip(". ")
    stem, dot, extension = text.rpartition(".")
    if not dot or not stem or len(extension) > EXTENSION_LIMIT:
        return text[:FILENAME_LIMIT].rstrip() or UNNAMED
    return stem[: FILENAME_LIMIT - len(extension) - 1].rstrip() + "." + extension
