"""What a verification finds, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """The ways in which a record can be wrong. The value is the sentence, in Spanish."""

    ALTERED = "El asiento {seq} del caso {folio} fue alterado: su huella no corresponde."
    UNLINKED = "El asiento {seq} del caso {folio} no sigue al anterior."
    GAP = "Al caso {folio} le falta el asiento {seq}."
    UNREADABLE = "El asiento {seq} del caso {folio} no se puede leer ({detail})."
    NO_BEGINNING = "El caso {folio} no tiene su asiento de registro."
    HEAD = "El caso {folio} no termina donde dice su fila: faltan o sobran asientos al final."
    PROJECTION = "La fila del caso {folio} no coincide con sus asientos: {detail}."
    PROMISE = "Un compromiso del caso {folio} no coincide con sus asientos: {detail}."
    WORDS = "Un texto del caso {folio} no es el que se registró: {detail}."
    FOLIO_GAP = "En la serie {folio} falta el número {seq}."
    FOLIO_TWICE = "En la serie {folio} el número {seq} está repetido o de más."
    CHECKPOINT = (
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
        """What is wrong, in Spanish."""
        return self.fault.value.format(folio=self.folio, seq=self.seq, detail=self.detail)


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
