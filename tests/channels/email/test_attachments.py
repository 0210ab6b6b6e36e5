"""Files: safe names, what they really are, and traps that are seen without being opened."""

import hashlib
import time
import tracemalloc

import pytest

from tests.channels.email import corpus
from tests.channels.email.corpus import mixed, multipart, part, plain, with_file, zip_of
from ventanilla.channels.email.attachments import safe_name
from ventanilla.channels.email.parsing import parse
from ventanilla.channels.email.refusals import Limits
from ventanilla.channels.email.values import SUSPICIONS, Attachment

OFFICE = zip_of(("[Content_Types].xml", 10, 20), ("word/document.xml", 10, 20))
MACROS = zip_of(("[Content_Types].xml", 10, 20), ("word/vbaProject.bin", 10, 20))


def only(raw: bytes, limits: Limits | None = None) -> Attachment:
    (file,) = parse(raw, limits=limits or Limits()).attachments
    return file


NAMES = {
    "plain": ("factura.pdf", "factura.pdf"),
    "folders": ("../../etc/passwd", "passwd"),
    "windows folders": (r"C:\Users\ana\factura.pdf", "factura.pdf"),
    "controls": ("fac\x00tu\nra.pdf", "factura.pdf"),
    "direction mark": ("factura\u202efdp.exe", "facturafdp.exe"),
    "forbidden characters": ("a<b>:c|d?.pdf", "a_b__c_d_.pdf"),
    "dots": ("...", "adjunto"),
    "hidden": (".bashrc", "bashrc"),
    "reserved": ("CON.txt", "_CON.txt"),
    "trailing dots": ("a.exe. . .", "a.exe"),
    "empty": ("", "adjunto"),
    "decomposed": ("an\u0303o.pdf", "año.pdf"),
    "long": ("ñ" * 300 + ".pdf", "ñ" * 73 + ".pdf"),
}


@pytest.mark.parametrize(("name", "wanted"), NAMES.values(), ids=NAMES)
def test_safe_name(name: str, wanted: str) -> None:
    found = safe_name(name, fallback="adjunto")
    assert found == wanted
    assert len(found.encode()) <= 150


TRAPS: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "pdf": (corpus.PDF, "a.pdf", ()),
    "png": (corpus.PNG, "a.png", ()),
    "text": (b"hola", "a.txt", ()),
    "spreadsheet": (OFFICE, "a.xlsx", ()),
    "program": (corpus.EXE, "a.exe", ("executable",)),
    "program called pdf": (corpus.EXE, "factura.pdf", ("type_mismatch_executable",)),
    "program without extension": (corpus.EXE, "factura", ("type_mismatch_executable",)),
    "two extensions": (corpus.EXE, "factura.pdf.exe", ("executable", "double_extension")),
    "script": (b"WScript.Echo 1", "a.vbs", ("executable",)),
    "shell script as text": (b"#!/bin/sh\nrm", "a.txt", ("type_mismatch_executable",)),
    "shortcut": (b"L\0\0\0\x01\x14\x02\0xxxx", "a.doc", ("type_mismatch_executable",)),
    "page": (b"<html><script>", "a.html", ("active_content",)),
    "drawing": (b"<svg/>", "a.svg", ("active_content",)),
    "words called pdf": (b"hola", "a.pdf", ("type_mismatch",)),
    "picture called pdf": (corpus.PNG, "a.pdf", ("type_mismatch",)),
    "jpeg called png": (b"\xff\xd8\xff\xe0", "a.png", ("type_mismatch",)),
    "words called docx": (b"hola", "a.docx", ("type_mismatch",)),
    "macros by content": (MACROS, "a.docx", ("macros",)),
    "macros by name": (OFFICE, "a.docm", ("macros",)),
    "program in a zip": (zip_of(("factura.exe", 9, 9)), "a.zip", ("executable_inside",)),
    "zip in a zip": (zip_of(("otro.zip", 9, 9)), "a.zip", ("nested_archive",)),
    "locked zip": (zip_of(("a.txt", 9, 9), flags=1), "a.zip", ("encrypted_archive",)),
    "zip cut in half": (OFFICE[: len(OFFICE) // 2], "a.zip", ("broken_archive",)),
    "zip that declares a lot": (zip_of(("a", 9, 2_000_000_000)), "a.zip", ("zip_bomb",)),
    "zip of many that declare": (
        zip_of(*((f"{n}", 9, 100_000_000) for n in range(20))),
        "a.zip",
        ("zip_bomb",),
    ),
    "zip whose entries overlap": (
        zip_of(*(("a", 50_000, 60_000) for _ in range(3))),
        "a.zip",
        ("zip_bomb",),
    ),
    "zip of too many": (
        zip_of(*((f"{n}", 0, 0) for n in range(5_001))),
        "a.zip",
        ("archive_too_many_files",),
    ),
    "gzip that grows": (b"\x1f\x8b\x08" + bytes(20) + b"\xff\xff\xff\xff", "a.gz", ("zip_bomb",)),
    "empty": (b"", "a.pdf", ()),
    "backwards name": (corpus.EXE, "factura\u202efdp.exe", ("executable", "hidden_name")),
}


@pytest.mark.parametrize(("content", "name", "wanted"), TRAPS.values(), ids=TRAPS)
def test_suspicious(content: bytes, name: str, wanted: tuple[str, ...]) -> None:
    found = only(with_file(content, name)).suspicious
    assert found == wanted
    assert set(found) <= set(SUSPICIONS)


def test_real_bomb_is_marked_without_being_opened() -> None:
    raw = with_file(corpus.real_bomb(), "fotos.zip")
    tracemalloc.start()
    started = time.process_time()
    found = only(raw)
    elapsed = time.process_time() - started
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.suspicious == ("zip_bomb",)
    assert not found.dangerous
    assert peak < 20 * len(raw)
    assert elapsed < 5


def test_programs_are_dangerous_and_documents_are_not() -> None:
    assert only(with_file(corpus.EXE, "factura.pdf")).dangerous
    assert not only(with_file(corpus.PDF, "factura.pdf")).dangerous


TYPES = {
    "pdf": (corpus.PDF, "a.pdf", "application/pdf"),
    "pdf without name": (corpus.PDF, "", "application/pdf"),
    "png": (corpus.PNG, "x", "image/png"),
    "zip": (zip_of(("a", 1, 1)), "a.zip", "application/zip"),
    "document": (
        OFFICE,
        "a.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "program": (corpus.EXE, "a.pdf", "application/x-msdownload"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "a.webp", "image/webp"),
    "mp4": (b"\0\0\0\x20ftypisom\0\0\2\0", "a.mp4", "video/mp4"),
    "words": (b"hola", "a.txt", None),
    "empty": (b"", "a.txt", None),
}


@pytest.mark.parametrize(("content", "name", "wanted"), TYPES.values(), ids=TYPES)
def test_type_is_read_from_the_bytes(content: bytes, name: str, wanted: str | None) -> None:
    assert only(with_file(content, name, "application/octet-stream")).sniffed_type == wanted


def test_files_keep_their_exact_bytes_and_hash() -> None:
    content = bytes(range(256)) * 50
    found = only(with_file(content, "a.bin"))
    assert (found.content, found.size) == (content, 12_800)
    assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_sizes_are_marked_and_nothing_is_dropped() -> None:
    raw = mixed(plain(), *(corpus.file_part(bytes(600), f"{n}.bin") for n in range(3)))
    limits = Limits(attachment_bytes=500, attachments_total_bytes=1_300)
    found = parse(raw, limits=limits).attachments
    assert ["too_large" in one.suspicious for one in found] == [True, True, True]
    assert ["total_too_large" in one.suspicious for one in found] == [False, False, True]
    assert all(one.size == 600 for one in found)


def test_winmail_is_opened_into_its_files() -> None:
    raw = with_file(
        corpus.tnef(("año.pdf", corpus.PDF), ("b.exe", corpus.EXE)),
        "winmail.dat",
        "application/ms-tnef",
    )
    parsed = parse(raw)
    assert [(one.filename, one.dangerous) for one in parsed.attachments] == [
        ("año.pdf", False),
        ("b.exe", True),
    ]
    assert parsed.attachments[0].content == corpus.PDF
    assert parsed.text.strip() == "Hola"


def test_winmail_gives_its_body_when_there_is_no_other() -> None:
    html = corpus.mapi((0x102, 0x1013, "<p>Año <b>nuevo</b></p>".encode("cp1252")))
    raw = mixed(
        corpus.file_part(corpus.tnef(properties=html), "winmail.dat", "application/ms-tnef")
    )
    parsed = parse(raw)
    assert parsed.text == "Año nuevo"
    assert "<b>nuevo</b>" in (parsed.html or "")
    text = corpus.mapi((0x1F, 0x1000, "Año nuevo\0".encode("utf-16-le")))
    raw = mixed(
        corpus.file_part(corpus.tnef(properties=text), "winmail.dat", "application/ms-tnef")
    )
    assert parse(raw).text == "Año nuevo"


def test_winmail_with_only_rtf() -> None:
    from compressed_rtf import compress  # type: ignore[import-untyped]  # ships no types

    rtf = rb"{\rtf1\ansi\ansicpg1252 Hola a\'f1o\par adios}"
    properties = corpus.mapi((0x102, 0x1009, compress(rtf)))
    raw = mixed(
        corpus.file_part(corpus.tnef(properties=properties), "winmail.dat", "application/ms-tnef")
    )
    assert parse(raw).text.split() == ["Hola", "año", "adios"]


@pytest.mark.parametrize(
    "content",
    [
        corpus.tnef(("a.pdf", corpus.PDF))[:-60],
        b"\x78\x9f\x3e\x22",
        b"nada",
        # Four thousand million properties in twelve bytes.
        corpus.tnef(properties=b"\xff\xff\xff\xff" + b"\x02\x10\x01\x10" + b"\xff\xff\xff\xff"),
        corpus.tnef(properties=b"\xff\xff\xff\xff" + b"\x1e\x00\x01\x10" + b"\xff\xff\xff\xff"),
    ],
)
def test_broken_winmail_stays_as_a_file(content: bytes) -> None:
    started = time.process_time()
    parsed = parse(with_file(content, "winmail.dat", "application/ms-tnef"))
    assert time.process_time() - started < 1
    assert [one.filename for one in parsed.attachments] in (["winmail.dat"], [])
    if parsed.attachments:
        assert "tnef_unreadable" in parsed.attachments[0].suspicious
        assert "tnef_unreadable" in parsed.defects


def test_unnamed_files_get_numbered_names() -> None:
    raw = mixed(
        plain(),
        part("x", "Content-Type: application/pdf"),
        part("y", "Content-Type: text/calendar"),
        multipart("mixed", part("z", "Content-Type: application/x-raro"), boundary="b2"),
    )
    assert [one.filename for one in parse(raw).attachments] == [
        "adjunto-1.pdf",
        "adjunto-2.ics",
        "adjunto-3.bin",
    ]
