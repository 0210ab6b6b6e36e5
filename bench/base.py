"""A thousand cases that were served: assessed, answered, some of them resolved."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore

from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor
from ventanilla.desk import assessment, replies, resolution
from ventanilla.register.models import Case

EMAIL = "ana@generasoft.example"
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def hire() -> Staff:
    """The colleague who does it all; an earlier run may have hired her."""
    known = Staff.objects.filter(email=EMAIL).first()
    return known or Staff.objects.create_user(
        email=EMAIL, password=None, full_name="Ana Suárez", role=Role.LEAD
    )


def serve_cases(staff: Staff) -> None:
    """Assess and answer every case, resolve every second one."""
    actor = Actor.staff(staff.pk)
    for number, registered in enumerate(Case.objects.order_by("pk")):
        now = datetime.now(UTC)
        case = assessment.assess(
            case=registered,
            category=registered.category,
            priority=registered.priority,
            asked="Aclarar el cobro de este mes.",
            expected_seq=None,
            acting_user=actor,
            as_of=now,
        )
        replies.reply(
            case=case,
            text="Buen día. Revisamos el cobro y quedó corregido.",
            expected_seq=None,
            acting_user=actor,
            as_of=now,
        )
        if number % 2:
            resolution.resolve(
                case=case,
                text="El cobro quedó corregido.",
                expected_seq=None,
                acting_user=actor,
                as_of=now,
            )


def signed_in_cookie(staff: Staff) -> str:
    """A session for the measuring browser."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"
