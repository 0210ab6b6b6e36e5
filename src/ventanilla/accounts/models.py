"""The people who serve."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a staff member is in the house; permissions.py says what each role may do."""

    AGENT = "agent", _("Agente")
    LEAD = "lead", _("Líder de equipo")
    DIRECTOR = "director", _("Dirección")
    ADMINISTRATOR = "administrator", _("Administración")
    AUDITOR = "auditor", _("Auditoría")


class StaffManager(BaseUserManager["Staff"]):
    """Finds and creates staff by e-mail address."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The staff member with this address, whatever its capitals."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Staff:
        """Create one staff member; the address is kept in lower case."""
        staff = self.model(email=email.strip().lower(), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """A member of the team; signs in by e-mail address."""

    email = models.EmailField("correo", unique=True)
    full_name = models.CharField("nombre", max_length=120)
    role = models.CharField("función", max_length=16, choices=Role.choices, default=Role.AGENT)
    desks = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    is_active = models.BooleanField("activo", default=True)
    language = models.CharField("idioma", max_length=5, default="es")
    joined_at = models.DateTimeField(
        default=timezone.now  # house: no-clock-below-faces - only for create_user of Django's tools
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = StaffManager()

    class Meta:
        verbose_name = "miembro del equipo"
        constraints = (
            models.UniqueConstraint(Lower("email"), name="staff_email_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="staff_role_known"
            ),
        )

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_only_invited(self) -> bool:
        """Whether nobody ever came in with this account, nor chose a password for it."""
        return self.last_login is None and not self.has_usable_password()


class Absence(models.Model):
    """A stretch in which a member of staff does not serve; half-open, from ``starts_at`` on.

    ``covered_by`` takes their cases meanwhile if the leader says so; nothing moves by itself.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField("motivo", max_length=200, blank=True)
    covered_by = models.ForeignKey(
        Staff, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    noted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_has_length"
            ),
            models.CheckConstraint(
                condition=~models.Q(covered_by=models.F("staff")), name="absence_not_by_oneself"
            ),
        )
        indexes = (
            models.Index(fields=["staff", "ends_at"], name="absence_of_staff"),
            models.Index(fields=["ends_at", "id"], name="absence_not_over"),
        )

    def __str__(self) -> str:
        return f"{self.staff}: {self.starts_at:%Y-%m-%d}"


class AdministrativeEntry(models.Model):
    """One act of running the house that is not about a case: who, when, what, about whom.

    Append-only: a trigger refuses to change or remove it. ``kind`` is an ``administrative.Act``;
    ``payload`` holds codes, ids and values before and after, no free words of people.
    """

    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True, blank=True)
    about = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    payload = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = (models.Index(fields=["kind", "-id"], name="administrative_by_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
