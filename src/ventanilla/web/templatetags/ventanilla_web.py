"""The few words templates need beyond Django's own."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ventanilla.web import icons

register = template.Library()
register.simple_tag(icons.icon)
register.simple_tag(icons.large_icon)


@register.simple_tag
def keys_sheet() -> SafeString:
    """The sheet of keys, the palette and the words of the scripts: the same on every page."""
    return _keys_sheet(get_language() or "")


@lru_cache(maxsize=8)
def _keys_sheet(language: str) -> SafeString:  # noqa: ARG001 - what the drawing depends on
    return render_to_string("web/parts/keys.html")
