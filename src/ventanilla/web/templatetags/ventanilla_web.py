"""The few words templates need beyond Django's own."""

from __future__ import annotations

from django import template

from ventanilla.web import icons

register = template.Library()
register.simple_tag(icons.icon)
register.simple_tag(icons.large_icon)
