"""Room for files that strangers upload before they send what they belong to.

Nobody has answered for such a file yet, so all of them together may take a bounded part of the
disk, each source a part of that, and none of the room that is left for what arrives by mail.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum

from ventanilla.core.refusals import Refusal
from ventanilla.evidence.contents import store
from ventanilla.evidence.models import EvidenceItem, HeldContent

HOLDING_LOCK = (0x4845, 0x4C44)
"""Two numbers: a key space apart from the one of the contents."""
SOURCES = 5
"""So many sources at least are needed to use up what all may take together."""


class HoldingFull(Refusal):
    """Ahora no podemos guardar «{filename}» antes de que envíe el formulario. Envíelo sin ese
    archivo; después podrá agregarlo desde la página de seguimiento o respondiendo al correo que
    le llegará."""


class TooMuchHeld(Refusal):
    """Desde su conexión ya hay muchos archivos que todavía no se han enviado. Envíe el formulario
    sin «{filename}»; después podrá agregarlo desde la página de seguimiento."""


def reserve(*, sha256: str, size: int, filename: str, source: str, as_of: datetime) -> HeldContent:
    """Take the room for one content of ``size`` bytes; ``source`` is a digest of where it is from.

    In a transaction of its own and before anything is written, so that uploads at the same moment
    count each other. The room is given back with ``release``, or a day later when the content is
    cleared away. The same content from the same source takes its room once: ``settle`` says when the
    new row stands for the older ones. Raises HoldingFull, TooMuchHeld.
    """
    most = settings.VENTANILLA.evidence_max_held_bytes
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", HOLDING_LOCK)
        others = HeldContent.objects.exclude(sha256=sha256, source=source)
        if _bytes(others.filter(source=source)) + size > most // SOURCES:
            raise TooMuchHeld(filename=filename)
        if _bytes(others) + size > most or not _spares(size + most):
            raise HoldingFull(filename=filename)
        return HeldContent.objects.create(sha256=sha256, size=size, source=source, held_at=as_of)


def settle(row: HeldContent) -> None:
    """The content is kept: what the same source took for it before is given back."""
    HeldContent.objects.filter(sha256=row.sha256, source=row.source, pk__lt=row.pk).delete()


def release(row: HeldContent) -> None:
    """Give the room back of a content that could not be kept."""
    row.delete()


def _bytes(rows: QuerySet[HeldContent]) -> int:
    """The bytes that wait; what came under a folio since belongs to its case and waits no more."""
    claimed = EvidenceItem.objects.filter(blob_id=OuterRef("sha256"))
    return rows.filter(~Exists(claimed)).aggregate(total=Sum("size"))["total"] or 0


def _spares(size: int) -> bool:
    """Whether the store has so many bytes to spare; one that cannot say is asked nothing."""
    spares = getattr(store(), "spares", None)
    return spares is None or bool(spares(size))
