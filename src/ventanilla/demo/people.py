"""The cast of the demonstration. Nobody here exists; every address ends in ``.example``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """Somebody who writes."""

    name: str
    email: str


_NAMES = (
    "Marta Ríos", "Julián Peña", "Laura Cifuentes", "Hernán Villota", "Paola Quintero",
    "Óscar Benavides", "Sofía Arrieta", "Camilo Duarte", "Beatriz Naranjo", "Iván Cárdenas",
    "Natalia Urrego", "Gonzalo Tafur", "Elvira Pantoja", "Samuel Ocampo", "Daniela Yepes",
    "Rubén Echeverri", "Ximena Salgado", "Tomás Bermeo", "Inés Cuéllar", "Mauricio Holguín",
    "Adriana Lozada", "Felipe Ñustes", "Carolina Zapata", "Gerardo Infante", "Pilar Montúfar",
    "Esteban Ruales", "Amparo Grijalba", "Néstor Chávez", "Rocío Belalcázar", "Leonel Prado",
)  # fmt: skip
_FIRMS = (
    "papeleriarios", "tornilloycia", "andinadistrib", "clinicasanblas", "cafelaesquina",
    "muebleselroble", "textilesdelsur", "agrovalle", "imprentaluna", "ferreteriapino",
)  # fmt: skip


def customers() -> tuple[Customer, ...]:
    """Thirty people of ten firms."""
    return tuple(
        Customer(name, f"{_mailbox(name)}@{_FIRMS[number % len(_FIRMS)]}.example")
        for number, name in enumerate(_NAMES)
    )


def _mailbox(name: str) -> str:
    plain = name.lower().translate(str.maketrans("áéíóúñ", "aeioun"))
    return plain.replace(" ", ".")
