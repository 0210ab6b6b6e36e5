"""Mail from files."""

import mailbox
from pathlib import Path

import pytest
from click.testing import CliRunner

from ventanilla.channels.models import InboundItem
from ventanilla.cli.ingest import ingest
from ventanilla.core.config import config

MAIL = b"From: ana@cliente.example\r\nSubject: %d\r\n\r\nBuenos dias\r\n"

pytestmark = pytest.mark.django_db(transaction=True)


def raws() -> list[bytes]:
    return [bytes(raw) for raw in InboundItem.objects.order_by("id").values_list("raw", flat=True)]


def test_takes_eml_mbox_and_folders_of_them(tmp_path: Path) -> None:
    single = tmp_path / "uno.eml"
    single.write_bytes(MAIL % 1)
    box = mailbox.mbox(tmp_path / "caja.mbox")
    for number in (2, 3):
        box.add(MAIL % number)
    box.close()
    folder = tmp_path / "carpeta" / "dentro"
    folder.mkdir(parents=True)
    (folder / "cuatro.eml").write_bytes(MAIL % 4)

    arguments = [str(single), str(tmp_path / "caja.mbox"), str(tmp_path / "carpeta")]
    result = CliRunner().invoke(ingest, arguments)

    assert result.exit_code == 0, result.output
    assert "Correos guardados: 4" in result.output
    assert [raw.split(b"Subject: ")[1][:1] for raw in raws()] == [b"1", b"2", b"3", b"4"]
    assert raws()[0] == MAIL % 1
    item = InboundItem.objects.latest("id")
    assert (item.gateway, item.remote.endswith("cuatro.eml")) == ("file", True)


def test_names_what_is_too_large_and_takes_the_rest(tmp_path: Path) -> None:
    large, small = tmp_path / "a.eml", tmp_path / "b.eml"
    large.write_bytes(MAIL % 1 + b"x" * config().mail_max_bytes)
    small.write_bytes(MAIL % 2)
    result = CliRunner().invoke(ingest, [str(large), str(small)])
    assert result.exit_code == 1
    assert "a.eml" in result.output
    assert raws() == [MAIL % 2]


def test_a_file_that_is_not_there_takes_nothing(tmp_path: Path) -> None:
    result = CliRunner().invoke(ingest, [str(tmp_path / "no.eml")])
    assert result.exit_code == 2
    assert raws() == []
