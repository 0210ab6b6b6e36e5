"""The few words templates need beyond Django's own."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ventanilla.web import icons
from ventanilla.web.kept import kept_per_language
from ventanilla.web.markup import filled
from ventanilla.web.presenters.promise_markup import promise_markup
from ventanilla.web.presenters.queue import rows_markup
from ventanilla.web.presenters.stream_markup import stream_markup

ACTION_KEYS = {
    "asignacion": "a",
    "categoria": "c",
    "cierre": "e",
    "espera": "w",
    "evaluacion": "v",
    "fecha-comprometida": "d",
    "prioridad": "p",
    "reanudacion": "w",
    "reapertura": "e",
    "resolucion": "e",
    "trabajo": "t",
}
"""The letter of an action on the page of a case; reply and note have theirs in the composer."""

register = template.Library()
register.simple_tag(icons.icon)
register.simple_tag(icons.large_icon)
register.filter(rows_markup)
register.filter(stream_markup)
register.filter(promise_markup)


@register.simple_tag
def command_of(noun: str) -> SafeString:
    """The attributes by which the palette and the keys find what a link does to a case."""
    key = ACTION_KEYS.get(noun, "")
    return filled(' data-command="" data-key="{}"', key) if key else filled(' data-command=""')


@register.simple_tag
def keys_sheet(folio: str) -> SafeString:
    """The sheet of keys, the palette and the words of the scripts: the same on every page.

    ``folio`` is what the country of the pack calls it.
    """
    return _keys_sheet(folio)


@kept_per_language(8)
def _keys_sheet(folio: str) -> SafeString:
    return render_to_string("web/parts/keys.html", {"folio": folio})
