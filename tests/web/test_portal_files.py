"""Files that strangers upload: checked first, kept last, counted, and never lost in silence."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.web.test_portal_asking import FORM, told, typed
from tests.web.test_portal_following import at, now_case, opened, page_of, token_of
from ventanilla.desk import uploading
from ventanilla.evidence import contents
from ventanilla.evidence.models import HeldContent
from ventanilla.register.models import Case
from ventanilla.web import limits, uploads

KIBIBYTE = 1024
HELD = 100 * KIBIBYTE
"""What all strangers together may leave here in these tests; one of them a fifth."""

pytestmark = pytest.mark.usefixtures("desk", "clock")


@pytest.fixture
def store_folder(tmp_path: Path, settings: Settings) -> Path:
    """An empty store with room, and little of it for strangers."""
    folder = tmp_path / "evidence"
    options = {"location": folder, "min_free_bytes": 0}
    backend = "ventanilla.evidence.storage.DurableFileSystemStorage"
    settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": backend, "OPTIONS": options}}
    settings.VENTANILLA = settings.VENTANILLA.model_copy(update={"evidence_max_held_bytes": HELD})
    return folder


def stored(folder: Path) -> list[str]:
    return [each.name for each in folder.rglob("*") if each.is_file()]


def uploaded(
    browser: Client, content: bytes, *, name: str = "a.bin", token: str = "", source: str = ""
) -> Any:
    return browser.post(
        "/preguntar/archivos/", data=content, content_type="application/octet-stream",
        headers={"X-Formulario": token or typed(browser)["formulario"], "X-Archivo": name},
        REMOTE_ADDR=source or "192.0.2.1",
    )  # fmt: skip


def with_file(form: dict[str, Any], content: bytes = b"x" * 5000) -> dict[str, Any]:
    return form | {"archivos": SimpleUploadedFile("recibo.bin", content)}


@pytest.mark.parametrize(
    "spoilt", [{"formulario": "forjado"}, {"formulario": ""}, {"sitio": "https://x.example"}]
)
def test_what_comes_with_a_form_of_a_program_is_kept_nowhere(
    store_folder: Path, spoilt: dict[str, str]
) -> None:
    browser = Client()
    back = browser.post(FORM, with_file(typed(browser)) | spoilt)
    assert back.status_code == 422
    assert "«recibo.bin»" in told(back)
    assert stored(store_folder) == []
    assert "Me cobraron dos veces." in told(back)


@pytest.mark.parametrize(
    "which", ["SENT_BYTES_PER_ADDRESS", "SENT_BYTES_PER_DAY", "SENT_BYTES_OF_ALL"]
)
def test_a_form_too_many_leaves_no_file(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    monkeypatch.setattr(limits, which, limits.Limit(which, 12_000, 3600))
    browser = Client()
    for number in range(2):
        form = with_file(typed(browser, text=f"Pregunta {number}"), bytes([number]) * 5000)
        assert browser.post(FORM, form).status_code == 302
    cases = Case.objects.count()
    back = browser.post(FORM, with_file(typed(browser, text="Una más"), b"3" * 5000))
    assert back.status_code == 429
    assert "Espere un rato" in told(back)
    assert "Una más" in told(back)
    assert Case.objects.count() == cases
    assert browser.post(FORM, typed(browser, text="Sin archivos")).status_code == 302


def test_a_good_form_keeps_its_files_with_its_case_only(store_folder: Path) -> None:
    browser = Client()
    assert browser.post(FORM, with_file(typed(browser))).status_code == 302
    assert not HeldContent.objects.exists()
    assert "recibo.bin" in {each.filename for each in Case.objects.get().evidence.all()}


def test_a_message_that_goes_back_keeps_its_files_and_says_which_not(store_folder: Path) -> None:
    case = now_case()
    browser = opened(case)
    form = with_file({"formulario": token_of(page_of(browser, case)), "text": "x" * 10_001})
    back = browser.post(at(case, "mensajes"), form)
    assert back.status_code == 422
    assert len(re.findall(r'name="archivo" value="([^"]+)"', told(back))) == 1
    large = with_file({"formulario": token_of(told(back)), "text": "x" * 10_001}, b"y" * HELD)
    back = browser.post(at(case, "mensajes"), large)
    assert "agréguelos de nuevo: «recibo.bin»" in told(back)


def test_one_place_takes_a_part_and_all_together_leave_room(store_folder: Path) -> None:
    browser = Client()
    part = HELD // 5
    assert uploaded(browser, b"1" * part).status_code == 201
    refused = uploaded(browser, b"2" * 10, name="otra.txt")
    assert refused.status_code == 429
    assert "«otra.txt»" in refused.json()["message"]
    for number in range(2, 6):
        source = f"192.0.2.{number}"
        assert uploaded(browser, bytes([number]) * part, source=source).status_code == 201
    full = uploaded(browser, b"6", source="192.0.2.6")
    assert full.status_code == 507
    assert "página de seguimiento" in full.json()["message"]
    assert len(stored(store_folder)) == 5
    # What waits belongs to a case now: there is room for the next.
    slot = HeldContent.objects.earliest("id")
    held = uploading.HeldFile(
        sha256=slot.sha256, filename="a.bin", size=slot.size, declared_type=""
    )
    form = typed(browser) | {"archivo": uploads.slot_of(held).token}
    assert browser.post(FORM, form).status_code == 302
    assert uploaded(browser, b"6", source="192.0.2.6").status_code == 201


def test_strangers_get_none_of_the_room_that_mail_needs(
    store_folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents.store(), "spares", lambda size: size <= HELD + 100)
    browser = Client()
    assert uploaded(browser, b"x" * 101).status_code == 507
    assert stored(store_folder) == []
    assert not HeldContent.objects.exists()
    # With the form itself it goes: then it is a request, and served as a mail would be.
    assert browser.post(FORM, with_file(typed(browser))).status_code == 302


def test_the_same_file_from_one_place_takes_its_room_once(store_folder: Path) -> None:
    browser = Client()
    part = HELD // 5
    for _again in range(3):
        assert uploaded(browser, b"x" * part, source="192.0.2.1").status_code == 201
    assert HeldContent.objects.count() == 1
    assert uploaded(browser, b"y", source="192.0.2.1").status_code == 429
    assert uploaded(browser, b"x" * part, source="192.0.2.2").status_code == 201
    assert HeldContent.objects.count() == 2


def test_an_upload_that_fails_gives_its_room_back(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents.store(), "min_free_bytes", 2**60)
    monkeypatch.setattr(contents.store(), "spares", lambda size: size > 1000)
    assert uploaded(Client(), b"x" * 10).status_code == 507
    assert not HeldContent.objects.exists()


def test_what_is_never_sent_goes_after_a_day_and_what_is_kept_elsewhere_stays(
    store_folder: Path,
) -> None:
    browser = Client()
    form = typed(browser)
    sent, _unsent = (
        uploaded(browser, content, token=form["formulario"]) for content in (b"sent", b"unsent")
    )
    assert browser.post(FORM, form | {"archivo": sent.json()["token"]}).status_code == 302
    for each in store_folder.rglob("*"):
        os.utime(each, (0, 0))
    before = len(stored(store_folder))
    uploading.clear(as_of=timezone.now() + timedelta(hours=23))
    assert (len(stored(store_folder)), HeldContent.objects.count()) == (before, 2)
    uploading.clear(as_of=timezone.now() + timedelta(hours=25))
    assert (len(stored(store_folder)), HeldContent.objects.count()) == (before - 1, 0)
    assert contents.load(Case.objects.get().evidence.get(filename="a.bin").blob_id) == b"sent"


@pytest.mark.parametrize("trouble", ["expired", "cleared"])
def test_a_file_that_is_gone_is_named_and_the_rest_of_the_form_stays(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    browser = Client()
    form = typed(browser)
    old, new = (
        uploaded(browser, name.encode(), name=name, token=form["formulario"]).json()["token"]
        for name in ("vieja.txt", "nueva.txt")
    )
    with monkeypatch.context() as later:
        if trouble == "cleared":
            next(store_folder.rglob(_sha(b"vieja.txt"))).unlink()
        else:
            good = signing.loads

            def aged(token: str, **options: Any) -> Any:
                if token == old and options.get("max_age"):
                    raise signing.SignatureExpired
                return good(token, **options)

            later.setattr(signing, "loads", aged)
        back = browser.post(FORM, form | {"archivo": [old, new]})
    assert back.status_code == 422
    assert "El archivo «vieja.txt» ya no está guardado" in told(back)
    assert "Me cobraron dos veces." in told(back)
    (slot,) = re.findall(r'name="archivo" value="([^"]+)"', told(back))
    assert not Case.objects.exists()
    assert browser.post(FORM, form | {"archivo": slot}).status_code == 302
    assert {each.filename for each in Case.objects.get().evidence.all()} >= {"nueva.txt"}


def test_a_word_that_is_not_ours_is_told_and_not_dropped(store_folder: Path) -> None:
    browser = Client()
    back = browser.post(FORM, typed(browser) | {"archivo": "forjado"})
    assert back.status_code == 422
    assert "No reconocimos uno de los archivos" in told(back)
    assert not Case.objects.exists()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
