"""What a person is called on a page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def name_or_address(name: str, address: str) -> str:
    """The name somebody goes by; without one the address, which says more than a number of ours."""
    return name or address or _("Persona sin nombre")
