"""People, their addresses, and the history of what passed between them and the company."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAME_CONFIG = "ventanilla_names"
"""Words as they are, without accents and capitals; created by a migration."""


class Organization(models.Model):
    """A company or household that people belong to."""

    name = models.CharField("nombre", max_length=200)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody who is served. Known by contact points, not by name."""

    name = models.CharField("nombre", max_length=200, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    created_at = models.DateTimeField()

    address = ""
    """What somebody without a name is called by, once ``queries.call_nameless`` looked it up."""

    class Meta:
        indexes = (GinIndex(SearchVector("name", config=NAME_CONFIG), name="person_by_name"),)

    def __str__(self) -> str:
        return self.name or self.address or _("Persona sin nombre")


class ContactPoint(models.Model):
    """One address at which a person can be reached; each belongs to one person only."""

    class Kind(models.TextChoices):
        """The sort of address."""

        EMAIL = "email", gettext_lazy("Correo")
        PHONE = "phone", gettext_lazy("Teléfono")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=320)
    created_at = models.DateTimeField()
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_reason = models.CharField(max_length=300, blank=True)
    soft_bounces = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "value"], name="contact_point_once"),
        )
        indexes = (
            # By their beginning, and by their end: a domain, the last digits of a number.
            models.Index(OpClass("value", name="text_pattern_ops"), name="contact_by_beginning"),
            models.Index(OpClass(Reverse("value"), name="text_pattern_ops"), name="contact_by_end"),
        )

    def __str__(self) -> str:
        return self.value


class Interaction(models.Model):
    """One line of a person's history: what happened, over which channel, under which folio.

    Written by the desk whenever something passes between person and company (S2). The folio is
    kept as text because the CRM lies below the register and knows nothing of cases.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="interactions")
    at = models.DateTimeField()
    channel = models.CharField(max_length=16)
    direction = models.CharField(max_length=8)
    folio = models.CharField(max_length=40, blank=True)
    summary = models.CharField(max_length=300)

    class Meta:
        indexes = (models.Index(fields=["person", "-at", "-id"], name="interaction_history"),)

    def __str__(self) -> str:
        return self.summary
