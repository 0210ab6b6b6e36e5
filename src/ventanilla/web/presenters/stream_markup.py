"""The conversation as markup.

Filled into patterns and not drawn by the template engine: it stands on every page of a case, with
a dozen parts each time, and the engine takes several times as long for it as the database.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ventanilla.web.icons import icon
from ventanilla.web.markup import filled, joined

from .stream import EventView, FileView, MessageView, Part

MESSAGE = (
    '<article class="msg {}" id="m{}" aria-labelledby="m{}-de"><header><h3 id="m{}-de">{}</h3>'
    "<span>{}</span>{}{}</header>{}{}{}{}</article>\n"
)
EVENT = '<p class="event">{}<span>{}{} · {}</span></p>\n'
FOLD = '<details class="fold"><summary>{} {}</summary>{}</details>'
QUOTE = '<blockquote dir="auto">{}</blockquote>'
TEXT = '<div class="text" dir="auto">{}</div>'
LONG = '<div class="text" dir="auto" tabindex="0" role="group" aria-label="{}">{}</div>'
RICH = '<div class="rich" dir="auto">{}</div>'
FILES = '<ul class="files">{}</ul>'
FILE = (
    '<li><a class="file{}" href="{}" download>{}<span><bdi>{}</bdi></span>'
    "<small>{}{}</small></a></li>"
)
CITED = '<p class="cited small">{} {} {}</p>'
LINK = '<a href="{}">{}</a>'
LAID_OUT = (
    '<p class="small no-print"><a class="crumb" href="{}" target="_blank" rel="noopener">{} {}'
    '<span class="unseen">{}</span></a></p>'
)


def stream_markup(items: Iterable[MessageView | EventView]) -> SafeString:
    """Messages and the thin lines between them, in their order."""
    return joined(
        _message(each) if isinstance(each, MessageView) else _event(each) for each in items
    )


def _event(event: EventView) -> SafeString:
    who = f" · {event.who}" if event.who else ""
    return filled(EVENT, icon(event.icon), event.sentence, who, event.at.html)


def _message(message: MessageView) -> SafeString:
    name = str(message.id)
    automatic = " automatic" if message.automatic else ""
    long = " long" if message.long else ""
    return filled(
        MESSAGE,
        f"{message.side}{automatic}{long}",
        name,
        name,
        name,
        message.author,
        message.via,
        message.at.html,
        message.delivery.html if message.delivery else "",
        _text(message),
        filled(FILES, joined(map(_file, message.files))) if message.files else "",
        _cited(message),
        _laid_out(message),
    )


def _text(message: MessageView) -> SafeString:
    if message.automatic:
        told = joined(filled(TEXT, part.text) for part in message.parts)
        return filled(FOLD, icon("ellipsis-horizontal"), _("ver el texto"), told)
    if not message.parts:
        return filled('<p class="soft">{}</p>', _("Mensaje sin texto."))
    return joined(_part(part, is_long=message.long) for part in message.parts)


def _part(part: Part, *, is_long: bool) -> SafeString:
    if part.fold:
        return filled(FOLD, icon("ellipsis-horizontal"), part.fold, filled(QUOTE, part.text))
    if part.html:
        return filled(RICH, part.html)
    # What scrolls by itself has to be reached by the keyboard.
    return filled(LONG, _("Texto del mensaje"), part.text) if is_long else filled(TEXT, part.text)


def _file(file: FileView) -> SafeString:
    return filled(
        FILE,
        " suspect" if file.suspicion else "",
        file.url,
        icon("shield-exclamation" if file.suspicion else "paper-clip"),
        file.name,
        file.size,
        f" · {file.suspicion}" if file.suspicion else "",
    )


def _cited(message: MessageView) -> SafeString | str:
    if not message.cited:
        return ""
    links = [
        filled(LINK, url, _("%(title)s, versión %(number)s") % {"title": title, "number": number})
        for title, number, url in message.cited
    ]
    listed = joined(filled("{}{}", "; " if at else "", link) for at, link in enumerate(links))
    return filled(CITED, icon("book-open"), _("Según:"), listed)


def _laid_out(message: MessageView) -> SafeString | str:
    if not message.html_url:
        return ""
    return filled(
        LAID_OUT,
        message.html_url,
        _("Ver con su formato"),
        icon("arrow-top-right-on-square"),
        _("(se abre en otra pestaña)"),
    )
