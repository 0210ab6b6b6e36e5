"""Icons from the package, drawn once per process: a queue shows the same few fifty times."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_outline

FOR_THE_EYE = {"class": "icon", "aria-hidden": "true"}
"""The words beside an icon say the same, so a reader of screens passes it over."""


@lru_cache(maxsize=128)
def icon(name: str) -> SafeString:
    """A 16 px icon. Raises heroicons.IconDoesNotExist for a name the package does not have."""
    drawn = heroicon_micro(name, size=16, **FOR_THE_EYE)
    return mark_safe(drawn)  # noqa: S308 - made by the icon package from a name of ours


@lru_cache(maxsize=32)
def large_icon(name: str) -> SafeString:
    """A 24 px outline, for empty states."""
    drawn = heroicon_outline(name, size=24, **FOR_THE_EYE)
    return mark_safe(drawn)  # noqa: S308 - made by the icon package from a name of ours
