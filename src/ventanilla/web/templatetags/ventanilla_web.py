"""The few words templates need beyond Django's own."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_outline

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=128)
def icon(name: str) -> SafeString:
    """A 16 px icon, for the eye only: the words beside it say the same.

    Drawn once per process: a queue shows the same few signs fifty times. Raises
    heroicons.IconDoesNotExist for a name the package does not have.
    """
    drawn = heroicon_micro(name, size=16, **{"class": "icon", "aria-hidden": "true"})
    return mark_safe(drawn)  # noqa: S308 - made by the icon package from a name in a template


@register.simple_tag
@lru_cache(maxsize=32)
def large_icon(name: str) -> SafeString:
    """A 24 px outline, for empty states."""
    drawn = heroicon_outline(name, size=24, **{"class": "icon", "aria-hidden": "true"})
    return mark_safe(drawn)  # noqa: S308 - made by the icon package from a name in a template
