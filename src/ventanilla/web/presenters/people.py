"""What a person is called on a page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ventanilla.register.models import Case


def called(case: Case) -> str:
    """What the person of a case is called, as far as it was read with the case."""
    return name_or_address(case.person.name, getattr(case, "person_address", None) or "")


def name_or_address(name: str, address: str) -> str:
    """The name somebody goes by; without one the address, which says more than a number of ours."""
    return name or address or _("Persona sin nombre")
