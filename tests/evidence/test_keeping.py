"""Files are kept once by content, referenced from the folio, and found again whole."""

import hashlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from tests.register import cast
from ventanilla.evidence.models import Blob, EvidenceItem
from ventanilla.evidence.operations import (
    EvidenceDamaged,
    EvidenceFileTooLarge,
    EvidenceMissing,
    EvidenceOfCaseFull,
    keep,
    load,
)
from ventanilla.evidence.queries import attachments_of, item_for, items_of, serving_of
from ventanilla.register.models import Case

NOON = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
PHOTO = b"\x89PNG\r\n\x1a\n" + b"photo" * 100


def kept(
    case: Case, content: bytes = PHOTO, filename: str = "foto.png", **facts: Any
) -> EvidenceItem:
    given: dict[str, Any] = {"declared_type": "image/png", "media_type": "image/png", "as_of": NOON}
    return keep(content=content, filename=filename, case=case, **(given | facts))


@pytest.mark.django_db
def test_S4_a_file_is_kept_under_its_content_and_referenced_from_the_folio(
    store_folder: Path,
) -> None:
    case = cast.opened()
    item = kept(case, content_id="<logo@cliente.example>", inline=True)

    sha256 = hashlib.sha256(PHOTO).hexdigest()
    path = store_folder / sha256[:2] / sha256[2:4] / sha256
    assert path.read_bytes() == PHOTO
    assert path.stat().st_mode & 0o077 == 0
    assert load(sha256) == PHOTO
    assert item.content_id == "logo@cliente.example"
    assert list(items_of(case)) == [item]
    assert serving_of(items_of(case)[0]).inline
    assert attachments_of([item]) == [
        {"sha256": sha256, "filename": "foto.png", "media_type": "image/png"}
    ]


@pytest.mark.django_db
def test_an_id_of_another_case_opens_nothing() -> None:
    mine, other = cast.opened(), cast.opened()
    item = kept(mine)
    assert item_for(mine, item.pk) == item
    assert item_for(other, item.pk) is None


@pytest.mark.django_db
def test_the_same_content_twice_is_one_file_and_two_references(store_folder: Path) -> None:
    case = cast.opened()
    first, second = kept(case), kept(case, filename="otra.png")
    assert first.pk != second.pk
    assert Blob.objects.count() == 1
    assert len([each for each in store_folder.rglob("*") if each.is_file()]) == 1


@pytest.mark.django_db
def test_a_missing_or_altered_content_is_not_handed_out(store_folder: Path) -> None:
    case = cast.opened()
    sha256 = kept(case).blob_id
    path = store_folder / sha256[:2] / sha256[2:4] / sha256
    path.write_bytes(PHOTO + b"!")
    with pytest.raises(EvidenceDamaged, match=sha256):
        load(sha256)
    path.unlink()
    with pytest.raises(EvidenceMissing, match=sha256):
        load(sha256)
    kept(case)  # the same file comes again and heals the store
    assert load(sha256) == PHOTO


@pytest.mark.django_db
def test_limits_refuse_in_words_and_keep_nothing(settings: Settings, store_folder: Path) -> None:
    case = cast.opened()
    limits = {"evidence_max_file_bytes": 2048, "evidence_max_case_bytes": 3000}
    settings.VENTANILLA = django_settings.VENTANILLA.model_copy(update=limits)
    with pytest.raises(EvidenceFileTooLarge, match=r"«grande\.bin»"):
        kept(case, b"x" * 2049, "grande.bin")
    kept(case, b"x" * 2000)
    with pytest.raises(EvidenceOfCaseFull, match=r"«otro\.bin»"):
        kept(case, b"y" * 1001, "otro.bin")
    kept(case, b"y" * 1000)
    assert len([each for each in store_folder.rglob("*") if each.is_file()]) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_keep_the_same_content_at_once(store_folder: Path) -> None:
    case = cast.opened()
    together = threading.Barrier(6)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            together.wait(timeout=20)
            with transaction.atomic():
                kept(case)
        except BaseException as error:  # noqa: BLE001 - reported by the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=30)

    assert failures == []
    assert EvidenceItem.objects.count() == 6
    assert Blob.objects.count() == 1
    assert [each.read_bytes() for each in store_folder.rglob("*") if each.is_file()] == [PHOTO]
