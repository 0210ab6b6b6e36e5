"""The named cast of the register's tests: fixed roles, both packs, moments worked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from ventanilla.accounts.models import Staff
from ventanilla.core.actors import SYSTEM, Actor
from ventanilla.crm.models import Person
from ventanilla.policy import packs
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment, Message, PolicyVersion
from ventanilla.register.values import MessageIn, ParticipantIn

BOGOTA = ZoneInfo("America/Bogota")
MEXICO = ZoneInfo("America/Mexico_City")
FRIDAY_3PM = datetime(2026, 12, 4, 15, 0, tzinfo=BOGOTA)
"""The receipt of the worked examples; the Tuesday after it, 2026-12-08, is a holiday."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@lru_cache
def pack(key: str) -> Pack:
    return packs.load(key)


def policy(key: str = "generasoft") -> PolicyVersion:
    return register.publish_policy(
        pack=pack(key), effective_from=LONG_AGO, acting_user=SYSTEM, as_of=LONG_AGO
    )


def lucia() -> Person:
    """A customer."""
    return Person.objects.get_or_create(name="Lucía Prado", defaults={"created_at": LONG_AGO})[0]


def berta() -> Staff:
    """An agent."""
    return _staff("berta@generasoft.example", "Berta Nieto")


def carlos() -> Staff:
    """Another agent."""
    return _staff("carlos@generasoft.example", "Carlos Amaya")


def acting(staff: Staff) -> Actor:
    return Actor.staff(staff.pk)


def _staff(email: str, name: str) -> Staff:
    found = Staff.objects.filter(email=email).first()
    return found or Staff.objects.create_user(email, full_name=name)


def opened(
    *,
    category: str = "billing_query",
    received_at: datetime = FRIDAY_3PM,
    key: str = "generasoft",
    **changes: Any,
) -> Case:
    return register.open_case(**(_facts(category, received_at, key) | changes))


def opened_with_message(
    text: str = "Me cobraron dos veces.", **changes: Any
) -> tuple[Case, Message]:
    facts = _facts("billing_query", FRIDAY_3PM, "generasoft")
    message = MessageIn(
        direction="in", channel="email", at=FRIDAY_3PM, text=text, author_person_id=lucia().pk
    )
    return register.open_case_with_message(**(facts | {"message": message} | changes))


def _facts(category: str, received_at: datetime, key: str) -> dict[str, Any]:
    chosen = pack(key).category(category)
    return {
        "person_id": lucia().pk,
        "policy_version": policy(key),
        "desk": chosen.desk,
        "category": category,
        "priority": chosen.priority,
        "subject": "Cobro repetido en la factura de noviembre",
        "channel": "email",
        "received_at": received_at,
        "participants": [ParticipantIn(address="lucia@cliente.example", role="requester")],
        "acting_user": SYSTEM,
        "as_of": received_at,
    }


def wrote(case: Case, at: datetime, text: str = "¿Hay alguna novedad?", **changes: Any) -> Message:
    """Lucía writes."""
    facts: dict[str, Any] = {
        "direction": "in", "channel": "email", "at": at, "text": text,
        "author_person_id": case.person_id, "author_address": "lucia@cliente.example",
    }  # fmt: skip
    message = MessageIn(**(facts | changes))
    return register.add_message(case=case, message=message, acting_user=SYSTEM, as_of=at)


def answered(
    case: Case,
    at: datetime,
    text: str = "Ya lo corregimos.",
    *,
    recorded_at: datetime | None = None,
    **changes: Any,
) -> Message:
    """Berta answers."""
    staff = berta()
    facts: dict[str, Any] = {
        "direction": "out", "channel": "email", "at": at, "text": text,
        "author_staff_id": staff.pk,
    }  # fmt: skip
    message = MessageIn(**(facts | changes))
    return register.add_message(
        case=case, message=message, acting_user=acting(staff), as_of=recorded_at or at
    )


def assessed(case: Case, at: datetime) -> Case:
    return register.assess(
        case=case, category=case.category, priority=case.priority, asked="Que se corrija.",
        acting_user=acting(berta()), as_of=at,
    )  # fmt: skip


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def bogota(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BOGOTA)


def promise(case: Case, key: str) -> Commitment:
    return Commitment.objects.get(case=case, key=key)


def by_berta(at: datetime) -> dict[str, Any]:
    return {"acting_user": acting(berta()), "as_of": at}


def in_progress(at: datetime, **facts: Any) -> Case:
    case = assessed(opened(**facts), at)
    return register.start_work(case=case, **by_berta(at))


def resolved(case: Case, at: datetime) -> Case:
    return register.resolve(case=case, summary="Se anuló el cobro.", **by_berta(at))
