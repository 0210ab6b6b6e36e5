"""The store is checked, and what belongs to nobody is cleared away."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.evidence.test_keeping import kept
from tests.register import cast
from ventanilla.evidence.contents import hold_content, store
from ventanilla.evidence.models import Blob
from ventanilla.evidence.rules import name_of
from ventanilla.evidence.storage import TEMPORARY_PREFIX
from ventanilla.evidence.upkeep import check, remove_orphans

NOW = datetime.now(tz=UTC)
ORPHAN = "0123" + "4" * 60


def orphan(folder: Path, name: str = name_of(ORPHAN), *, age: timedelta) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"nobody's")
    moment = (NOW - age).timestamp()
    os.utime(path, (moment, moment))
    return path


@pytest.mark.django_db
def test_the_check_reads_every_content(store_folder: Path) -> None:
    case = cast.opened()
    blobs = sorted(kept(case, bytes([number]) * 50).blob_id for number in range(4))
    heard: list[int] = []
    assert check(progress=heard.append).clean
    assert heard == [1, 2, 3, 4]

    (store_folder / name_of(blobs[0])).unlink()
    (store_folder / name_of(blobs[2])).write_bytes(b"altered")
    report = check()
    assert (report.checked, report.missing, report.altered) == (4, (blobs[0],), (blobs[2],))
    assert not report.clean


@pytest.mark.django_db(transaction=True)
def test_old_files_without_a_row_go_and_all_others_stay(store_folder: Path) -> None:
    mine = kept(cast.opened()).blob_id
    os.utime(store_folder / name_of(mine), (0, 0))
    old = orphan(store_folder, age=timedelta(days=2))
    half = orphan(store_folder, f"01/23/{TEMPORARY_PREFIX}abc", age=timedelta(days=2))
    young = orphan(store_folder, name_of("0124" + "4" * 60), age=timedelta(hours=23))
    strange = orphan(store_folder, "01/23/notas.txt", age=timedelta(days=2))

    assert remove_orphans(as_of=NOW) == 2

    assert not old.exists()
    assert not half.exists()
    assert young.exists()
    assert strange.exists()
    assert store().exists(name_of(mine))


@pytest.mark.django_db(transaction=True)
def test_a_content_that_is_being_kept_at_this_moment_is_not_cleared_away(
    store_folder: Path,
) -> None:
    """A file of a transaction that failed two days ago, and arrives again right now."""
    path = orphan(store_folder, age=timedelta(days=2))
    holding, go_on = threading.Event(), threading.Event()

    def keeper() -> None:
        try:
            with transaction.atomic():
                hold_content(ORPHAN, shared=True)
                holding.set()
                go_on.wait(timeout=20)
                Blob.objects.create(sha256=ORPHAN, size=8, media_type="", stored_at=NOW)
        finally:
            connection.close()

    other = threading.Thread(target=keeper)
    other.start()
    assert holding.wait(timeout=20)
    assert remove_orphans(as_of=NOW) == 0
    go_on.set()
    other.join(timeout=20)
    assert remove_orphans(as_of=NOW) == 0
    assert path.exists()


@pytest.mark.django_db(transaction=True)
def test_an_empty_or_absent_store_has_no_orphans() -> None:
    assert remove_orphans(as_of=NOW) == 0
    assert check().clean
