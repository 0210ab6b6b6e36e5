"""Who can sign in to the demonstration. No Django here: the supervisor prints it."""

from __future__ import annotations

PASSWORD = "ventanilla-demo"  # noqa: S105 - printed on screen, works on loopback only

TEAM = (
    ("Diego Mora", "diego", "agent", "agente de la primera mesa"),
    ("Lucía Barragán", "lucia", "agent", "agente de todas las mesas"),
    ("Ana Suárez", "ana", "lead", "líder de equipo"),
    ("Rodrigo Peñaloza", "rodrigo", "director", "dirección"),
    ("Marcela Ibáñez", "marcela", "administrator", "administración"),
    ("Auditoría externa", "auditoria", "auditor", "auditoría, solo lee"),
)
"""Name, mailbox, role, and what to expect."""


def sign_ins(domain: str) -> list[tuple[str, str]]:
    """Address and description of each colleague."""
    return [(f"{mailbox}@{domain}", what) for _, mailbox, _, what in TEAM]
