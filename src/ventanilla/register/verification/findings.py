"""What a verification finds, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


class Fault(StrEnum):
    """The ways in which a record can be wrong. The value is the sentence, in Spanish."""

    ALTERED = gettext_noop(
        "El asiento {seq} del caso {folio} fue alterado: su huella no corresponde."
    )
    UNLINKED = gettext_noop("El asiento {seq} del caso {folio} no sigue al anterior.")
    GAP = gettext_noop("Al caso {folio} le falta el asiento {seq}.")
    UNREADABLE = gettext_noop("El asiento {seq} del caso {folio} no se puede leer ({detail}).")
    NO_BEGINNING = gettext_noop("El caso {folio} no tiene su asiento de registro.")
    HEAD = gettext_noop(
        "El caso {folio} no termina donde dice su fila: faltan o sobran asientos al final."
    )
    PROJECTION = gettext_noop("La fila del caso {folio} no coincide con sus asientos: {detail}.")
    PROMISE = gettext_noop("Un compromiso del caso {folio} no coincide con sus asientos: {detail}.")
    WORDS = gettext_noop("Un texto del caso {folio} no es el que se registró: {detail}.")
    FOLIO_GAP = gettext_noop("En la serie {folio} falta el número {seq}.")
    FOLIO_TWICE = gettext_noop("En la serie {folio} el número {seq} está repetido o de más.")
    CHECKPOINT = gettext_noop(
        "El punto de control del {detail} no coincide: se cambió o quitó algo anterior a él."
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, with the folio (or series) and, where it is one entry, its number."""

    fault: Fault
    folio: str = ""
    seq: int = 0
    detail: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, in words."""
        return _(self.fault.value).format(folio=self.folio, seq=self.seq, detail=self.detail)


@dataclass(slots=True)
class Report:
    """How much was read and what is wrong with it. ``findings`` is cut at ``MOST_FINDINGS``."""

    cases: int = 0
    entries: int = 0
    faults: int = 0
    findings: list[Finding] = field(default_factory=list)

    MOST_FINDINGS = 1_000

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def add(self, finding: Finding) -> None:
        """Note a fault."""
        self.faults += 1
        if len(self.findings) < self.MOST_FINDINGS:
            self.findings.append(finding)
