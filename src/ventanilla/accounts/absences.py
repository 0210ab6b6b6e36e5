"""When a member of staff does not serve, and who covers. Nothing of theirs moves by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ventanilla.accounts.administrative import Act, record
from ventanilla.accounts.models import Absence, Staff
from ventanilla.accounts.operations import StaffUnknown
from ventanilla.accounts.permissions import Permission, require
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal

REASON_LENGTH = 200
MOST_SHOWN = 200


class AbsenceBackwards(Refusal):
    """La ausencia termina antes de empezar. Revise las dos fechas."""


class AbsenceOverlaps(Refusal):
    """{name} ya tiene anotada una ausencia en esas fechas. Cámbiela en vez de anotar otra."""


class AbsencePast(Refusal):
    """La ausencia ya habría terminado. Anote solo las que siguen o están por venir."""


class AbsenceUnknown(Refusal):
    """Esa ausencia ya no está anotada o ya terminó."""


class CoverUnfit(Refusal):
    """Quien cubre debe ser otra persona con la cuenta activa."""


def note_absence(
    *,
    staff_id: int,
    starts_at: datetime,
    ends_at: datetime,
    reason: str = "",
    covered_by_id: int | None = None,
    acting_user: Actor,
    as_of: datetime,
) -> Absence:
    """Note that somebody does not serve from ``starts_at`` until before ``ends_at``.

    Raises NotPermitted, StaffUnknown, AbsenceBackwards, AbsencePast, AbsenceOverlaps, CoverUnfit.
    """
    require(acting_user, Permission.MANAGE_ABSENCES)
    assert acting_user.id is not None  # noted by a person: the system notes none
    absence = Absence(
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip()[:REASON_LENGTH],
        covered_by_id=covered_by_id,
        noted_by_id=acting_user.id,
        noted_at=as_of,
    )
    with transaction.atomic():
        absence.staff = _locked_staff(staff_id)
        _check(absence, as_of)
        absence.save(force_insert=True)
        _record(Act.ABSENCE_NOTED, absence, acting_user, as_of)
    return absence


def change_absence(
    *,
    absence_id: int,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    covered_by_id: int | None,
    acting_user: Actor,
    as_of: datetime,
) -> Absence:
    """Change what is noted about an absence that is not over. Raises as ``note_absence``."""
    require(acting_user, Permission.MANAGE_ABSENCES)
    with transaction.atomic():
        absence = _running(absence_id, as_of)
        absence.starts_at, absence.ends_at = starts_at, ends_at
        absence.reason, absence.covered_by_id = reason.strip()[:REASON_LENGTH], covered_by_id
        _check(absence, as_of)
        absence.save()
        _record(Act.ABSENCE_CHANGED, absence, acting_user, as_of)
    return absence


def end_absence(*, absence_id: int, acting_user: Actor, as_of: datetime) -> None:
    """The person is back: what began ends now, what did not begin is no absence at all.

    Raises NotPermitted, AbsenceUnknown.
    """
    require(acting_user, Permission.MANAGE_ABSENCES)
    with transaction.atomic():
        absence = _running(absence_id, as_of)
        _record(Act.ABSENCE_ENDED, absence, acting_user, as_of)
        if absence.starts_at >= as_of:
            absence.delete()
        else:
            absence.ends_at = as_of
            absence.save(update_fields=["ends_at"])


def absent_at(as_of: datetime) -> dict[int, Absence]:
    """Who is absent at a moment, by id, each with the cover."""
    rows = _rows().filter(ends_at__gt=as_of, starts_at__lte=as_of)
    return {each.staff_id: each for each in rows.order_by("-ends_at", "id")[:MOST_SHOWN]}


def absence_of(staff_id: int, as_of: datetime) -> Absence | None:
    """The absence in which somebody is at a moment, None when they serve."""
    running = _rows().filter(staff=staff_id, ends_at__gt=as_of, starts_at__lte=as_of)
    return running.order_by("-ends_at", "id").first()


def not_over(as_of: datetime, *, staff: Iterable[int] | None = None) -> list[Absence]:
    """Absences that run or are to come, in the order in which they begin."""
    rows = _rows().filter(ends_at__gt=as_of)
    if staff is not None:
        rows = rows.filter(staff__in=list(staff))
    return list(rows.order_by("starts_at", "id")[:MOST_SHOWN])


def absence_by_id(absence_id: int, as_of: datetime) -> Absence | None:
    """An absence that is not over."""
    return _rows().filter(pk=absence_id, ends_at__gt=as_of).first()


def _rows() -> QuerySet[Absence]:
    return Absence.objects.select_related("staff", "covered_by")


def _locked_staff(staff_id: int) -> Staff:
    """The row lock lets one absence of a person be noted at a time."""
    staff = Staff.objects.select_for_update().filter(pk=staff_id, is_active=True).first()
    if staff is None:
        raise StaffUnknown
    return staff


def _running(absence_id: int, as_of: datetime) -> Absence:
    found = Absence.objects.select_for_update().filter(pk=absence_id, ends_at__gt=as_of).first()
    if found is None:
        raise AbsenceUnknown
    found.staff = _locked_staff(found.staff_id)
    return found


def _check(absence: Absence, as_of: datetime) -> None:
    if absence.ends_at <= absence.starts_at:
        raise AbsenceBackwards
    if absence.ends_at <= as_of:
        raise AbsencePast
    same = Absence.objects.filter(staff=absence.staff_id).exclude(pk=absence.pk)
    if same.filter(starts_at__lt=absence.ends_at, ends_at__gt=absence.starts_at).exists():
        raise AbsenceOverlaps(name=absence.staff)
    if absence.covered_by_id is None:
        return
    cover = Staff.objects.filter(pk=absence.covered_by_id, is_active=True)
    if absence.covered_by_id == absence.staff_id or not cover.exists():
        raise CoverUnfit


def _record(act: Act, absence: Absence, acting_user: Actor, as_of: datetime) -> None:
    facts = {
        "starts_at": absence.starts_at.isoformat(),
        "ends_at": absence.ends_at.isoformat(),
        "covered_by": absence.covered_by_id,
    }
    record(act, facts, about=absence.staff, acting_user=acting_user, as_of=as_of)
