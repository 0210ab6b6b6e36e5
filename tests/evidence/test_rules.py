"""Names of files and the safe way to hand them out."""

import pytest

from ventanilla.evidence.rules import how_to_serve, name_of, safe_filename


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("factura.pdf", "factura.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\factura.pdf", "factura.pdf"),
        ("factura\r\nX-Header: a.pdf", "facturaX-Header a.pdf"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("  .  ", "archivo"),
        ("", "archivo"),
        ("a" * 400 + ".pdf", "a" * 251 + ".pdf"),
        ("a" * 400, "a" * 255),
        ("x." + "y" * 400, "x." + "y" * 253),
    ],
)
def test_a_filename_is_made_safe(sent: str, kept: str) -> None:
    assert safe_filename(sent) == kept


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "image/jpeg"])
def test_images_and_pdf_are_shown(media_type: str) -> None:
    serving = how_to_serve(media_type=media_type, suspicion="")
    assert (serving.inline, serving.content_type) == (True, media_type)
    assert "sandbox" in serving.headers["Content-Security-Policy"]
    assert serving.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "media_type", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/plain", "", "x/y"]
)
def test_everything_else_is_downloaded_as_bytes(media_type: str) -> None:
    serving = how_to_serve(media_type=media_type, suspicion="")
    assert (serving.inline, serving.content_type) == (False, "application/octet-stream")
    assert not serving.needs_confirmation


def test_what_is_suspicious_is_neither_shown_nor_given_without_asking() -> None:
    serving = how_to_serve(media_type="application/pdf", suspicion="executable")
    assert not serving.inline
    assert serving.needs_confirmation


def test_a_content_has_one_place() -> None:
    sha256 = "ab" + "cd" + "0" * 60
    assert name_of(sha256) == f"ab/cd/{sha256}"
    for other in ("", "../../x", "AB" + "0" * 62, "a" * 65):
        with pytest.raises(ValueError, match="SHA-256"):
            name_of(other)
