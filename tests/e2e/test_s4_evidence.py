"""S4: photos, videos and documents are kept in the evidence store and referenced from the folio."""

from __future__ import annotations

import hashlib
import io
import zipfile
from email.message import EmailMessage

from tests.desk.mails import mail
from tests.e2e.house import House
from ventanilla.evidence import operations as evidence
from ventanilla.evidence.models import Blob, EvidenceItem
from ventanilla.register.models import LedgerEntry

COMPLAINTS = "quejas@sion.example"
PHOTO = b"\x89PNG\r\n\x1a\n" + b"foto" * 50


def with_files(*files: tuple[str, str, bytes]) -> EmailMessage:
    raw = mail("Va la foto.", subject="Producto roto", to=COMPLAINTS)
    for name, media_type, content in files:
        main, _, sub = media_type.partition("/")
        raw.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return raw


def test_s4_a_photo_is_kept_once_and_referenced_from_every_folio(sion: House) -> None:
    files = [("daño.png", "image/png", PHOTO)]
    first = sion.arrives(with_files(*files), to=COMPLAINTS)
    second = sion.arrives(with_files(*files), to=COMPLAINTS)

    digest = hashlib.sha256(PHOTO).hexdigest()
    assert Blob.objects.get().sha256 == digest
    assert evidence.load(digest) == PHOTO
    assert {each.case_id for each in EvidenceItem.objects.all()} == {first.pk, second.pk}
    assert EvidenceItem.objects.filter(case=first, filename="daño.png").exists()
    entry = LedgerEntry.objects.get(case=first, kind="evidence_added")
    assert entry.payload["sha256"] == digest


def test_s4_a_zip_bomb_is_kept_shut_and_flagged(sion: House) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ceros.bin", b"\0" * 120_000_000)
    case = sion.arrives(
        with_files(("fotos.zip", "application/zip", packed.getvalue())), to=COMPLAINTS
    )
    kept = EvidenceItem.objects.get(case=case)
    assert kept.suspicion == "zip_bomb"
    assert kept.blob.size == len(packed.getvalue())
