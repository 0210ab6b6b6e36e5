"""How much may be kept: per file and per case, as the installation is set up."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Sum

from ventanilla.core.refusals import Refusal
from ventanilla.evidence.models import EvidenceItem
from ventanilla.register.models import Case

MEBIBYTE = 1024 * 1024


class EvidenceFileTooLarge(Refusal):
    """El archivo «{filename}» pesa {size_mb} MB y el máximo es {limit_mb} MB. Envíelo en partes o
    en un formato más liviano."""


class EvidenceOfCaseFull(Refusal):
    """Con «{filename}» los archivos de este caso pasarían de {limit_mb} MB, que es el máximo.
    No se guardó. Quien administra el sistema puede ampliar el límite."""


def require_size(*, filename: str, size: int) -> None:
    """Whether one file of ``size`` bytes may be kept at all. Raises EvidenceFileTooLarge."""
    limit = settings.VENTANILLA.evidence_max_file_bytes
    if size > limit:
        raise EvidenceFileTooLarge(
            filename=filename, size_mb=-(-size // MEBIBYTE), limit_mb=limit // MEBIBYTE
        )


def require_room(case: Case, filename: str, size: int) -> None:
    """Whether the case may hold another file of ``size`` bytes.

    Raises EvidenceFileTooLarge, EvidenceOfCaseFull.
    """
    require_size(filename=filename, size=size)
    limit = settings.VENTANILLA.evidence_max_case_bytes
    held = EvidenceItem.objects.filter(case=case).aggregate(total=Sum("blob__size"))["total"] or 0
    if held + size > limit:
        raise EvidenceOfCaseFull(filename=filename, limit_mb=limit // MEBIBYTE)
