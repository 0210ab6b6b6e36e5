"""What every member of the team may change about themselves."""

from __future__ import annotations

from datetime import datetime

from ventanilla.accounts.models import Staff
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal

LANGUAGES = {"es": "Español", "en": "English"}
"""The languages of the screens, each in its own words."""


class ProfileInvalid(Refusal):
    """No se guardó. Escriba un nombre de hasta 120 caracteres y elija uno de los idiomas."""


def change_own_profile(
    *, full_name: str, language: str, acting_user: Actor, as_of: datetime
) -> None:
    """Change one's own name and the language of one's screens. Raises ProfileInvalid."""
    del as_of
    name = " ".join(full_name.split())
    if not 0 < len(name) <= 120 or language not in LANGUAGES or acting_user.id is None:
        raise ProfileInvalid
    Staff.objects.filter(pk=acting_user.id).update(full_name=name, language=language)
