"""A case in every state, whatever the day of the week: brought there by the desk's operations.

Run as a program by ``seeds.py`` in the environment of the house; the cases have come by mail.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ventanilla.cli._installation import set_up_django

if TYPE_CHECKING:
    from ventanilla.accounts.models import Staff
    from ventanilla.register.models import Case

SUBJECTS = {
    "fresh": "¿Cuándo abren la sede del norte?",
    "assessed": "Duda sobre la tarifa de soporte",
    "in_work": "Cobro repetido de la mensualidad",
    "waiting": "No encuentro la factura de octubre",
    "complicated": "El inventario no cuadra en dos bodegas",
    "resolved": "Cambio de correo para las facturas",
    "closed": "Copia del contrato de soporte",
    "merged": "Otra vez el cobro repetido",
}
CATEGORY = "billing_query"
AGENT = "lucia"


def main() -> None:
    """Bring each case where its name says."""
    set_up_django()
    cases = {name: _case_of(subject) for name, subject in SUBJECTS.items()}
    lucia = _staff(AGENT)
    for name, case in cases.items():
        if name not in ("fresh", "merged"):
            _assess(case, lucia)
    for name in ("in_work", "waiting", "complicated", "resolved", "closed"):
        _answer(cases[name], lucia)
    _part(cases, lucia)


def _case_of(subject: str) -> Case:
    from ventanilla.register.models import Case

    return Case.objects.get(subject=subject)


def _staff(mailbox: str) -> Staff:
    from ventanilla.accounts.models import Staff

    return Staff.objects.get(email__startswith=f"{mailbox}@")


def _now() -> datetime:
    return datetime.now(UTC)


def _assess(case: Case, staff: Staff) -> None:
    from ventanilla.core.actors import Actor
    from ventanilla.desk import assessment, changes

    actor = Actor.staff(staff.pk)
    assessment.assess(
        case=case,
        category=CATEGORY,
        priority="high",
        asked="Saber qué se le cobró y por qué.",
        acting_user=actor,
        as_of=_now(),
    )
    changes.assign(
        case=_case_of(case.subject), assignee_id=staff.pk, acting_user=actor, as_of=_now()
    )


def _answer(case: Case, staff: Staff) -> None:
    from ventanilla.core.actors import Actor
    from ventanilla.desk import replies

    replies.reply(
        case=_case_of(case.subject),
        text="Buen día:\n\nRevisamos su cuenta y hoy mismo le confirmamos qué se cobró.\n\nLucía",
        acting_user=Actor.staff(staff.pk),
        as_of=_now(),
    )


def _part(cases: dict[str, Case], staff: Staff) -> None:
    from ventanilla.core.actors import Actor
    from ventanilla.desk import progress, replies, resolution, structure

    actor = Actor.staff(staff.pk)
    replies.note(
        case=_case_of(SUBJECTS["in_work"]),
        text="Contabilidad confirma que el segundo cobro fue del banco.",
        acting_user=actor,
        as_of=_now(),
    )
    resolution.wait(
        case=_case_of(SUBJECTS["waiting"]),
        status="waiting_customer",
        reason="Falta el número de la factura.",
        acting_user=actor,
        as_of=_now(),
    )
    progress.mark_complex(
        case=_case_of(SUBJECTS["complicated"]),
        reason="Hay que comparar las dos bodegas movimiento por movimiento.",
        acting_user=actor,
        as_of=_now(),
    )
    for name in ("resolved", "closed"):
        resolution.resolve(
            case=_case_of(SUBJECTS[name]),
            text="Quedó hecho. Puede comprobarlo en su próxima factura.",
            acting_user=actor,
            as_of=_now(),
        )
    resolution.close(case=_case_of(SUBJECTS["closed"]), acting_user=actor, as_of=_now())
    structure.merge(
        case=_case_of(SUBJECTS["merged"]),
        into=_case_of(SUBJECTS["in_work"]),
        acting_user=actor,
        as_of=_now(),
    )
    structure.link(
        case=_case_of(SUBJECTS["waiting"]),
        other=_case_of(SUBJECTS["complicated"]),
        acting_user=actor,
        as_of=_now(),
    )


if __name__ == "__main__":
    main()
