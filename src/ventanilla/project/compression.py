"""What goes over the wire is small: text compressed, files fetched once per version."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = frozenset(
    {"application/json", "image/svg+xml", "text/css", "text/html", "text/javascript", "text/plain"}
)
"""Kinds worth compressing. Live updates are not here: compressing would hold them back."""
DIGEST_LENGTH = 10


class Compression(GZipMiddleware):
    """gzip for texts, for whom it is accepted.

    Django pads pages by chance, so that their length tells nothing about what stands in them
    (BREACH); tokens against forged requests look different on every page.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress, unless it is a part of a file, or no text."""
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind not in TEXTS or response.status_code == HTTPStatus.PARTIAL_CONTENT:
            return response
        return super().process_response(request, response)


class FingerprintedFiles(StaticFilesStorage):
    """Addresses of our files carry a digest of the content, so browsers may keep them for ever.

    Nothing is collected or renamed: the digest is the query, worked out once per process. While
    developing (``VENTANILLA_DEBUG``) there is none, and files are asked for anew each time.
    """

    def url(self, name: str | None) -> str:
        """The address of a file, with the digest of what is in it now."""
        digest = "" if settings.DEBUG or not name else _digest(name)
        return f"{super().url(name)}?{digest}" if digest else super().url(name)


@lru_cache(maxsize=1024)
def _digest(name: str) -> str:
    """Empty for a file that does not exist: its address answers 404 by itself."""
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:DIGEST_LENGTH]
