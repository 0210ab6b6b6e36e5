"""Texts leave compressed, files are kept by browsers until their content changes."""

import gzip
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory

from ventanilla.project.compression import Compression

ACCEPTS = {"HTTP_ACCEPT_ENCODING": "gzip, br"}
LONG = b"<p>palabras</p>" * 500


def through(response: HttpResponseBase) -> HttpResponseBase:
    middleware = Compression(lambda _: response)
    return middleware(RequestFactory().get("/", **ACCEPTS))  # type: ignore[arg-type,return-value]


def test_pages_are_compressed_and_read_the_same() -> None:
    page = through(HttpResponse(LONG))
    assert isinstance(page, HttpResponse)
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    assert gzip.decompress(page.content) == LONG
    assert len(page.content) < len(LONG) / 5


def test_pictures_parts_and_live_updates_are_left_alone() -> None:
    for answer in (
        HttpResponse(LONG, content_type="image/png"),
        HttpResponse(LONG, status=206),
        StreamingHttpResponse([LONG], content_type="text/event-stream"),
    ):
        assert not through(answer).has_header("Content-Encoding")


def test_our_files_are_compressed_and_kept_for_ever_under_an_address_of_their_content() -> None:
    address = staticfiles_storage.url("web/tokens.css")
    path, _, digest = address.partition("?")
    assert path == "/static/web/tokens.css"
    assert len(digest) == 10
    answer: Any = Client().get(address, headers={"accept-encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert "max-age=31536000" in answer["Cache-Control"]
    assert b"--" in gzip.decompress(answer.getvalue())


def test_a_file_that_does_not_exist_has_a_plain_address() -> None:
    assert staticfiles_storage.url("web/nothing.css") == "/static/web/nothing.css"
