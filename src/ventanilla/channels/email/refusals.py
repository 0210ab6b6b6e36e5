"""The limits of a mail and the named refusals. Docstrings are the messages that people read."""

from dataclasses import dataclass
from inspect import cleandoc
from typing import ClassVar

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one mail may cost. Sizes in bytes unless the name says otherwise."""

    message_bytes: int = 40 * MIB
    #: The top header block; real mail stays under 64 KiB, Postfix refuses above 100 KiB.
    header_bytes: int = 256 * KIB
    parts: int = 200
    #: Multipart inside multipart; also mail inside mail.
    depth: int = 20
    embedded_depth: int = 3
    attachment_bytes: int = 25 * MIB
    attachments_total_bytes: int = 40 * MIB
    #: Of all HTML parts together, without pictures written into it.
    html_bytes: int = MIB
    text_chars: int = 1_000_000
    #: Elements open at the same time; the sanitiser's cost grows with the square of it.
    html_depth: int = 500
    archive_entries: int = 5_000
    archive_bytes: int = 1024 * MIB
    archive_ratio: int = 200


DEFAULT_LIMITS = Limits()


class MailRefused(Exception):
    """El correo no se puede recibir."""

    code: ClassVar[str] = "mail_refused"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(cleandoc(type(self).__doc__ or "").format(**facts))


class MessageTooLarge(MailRefused):
    """El correo pesa {size} bytes y el máximo es {limit}. Envíe los archivos por partes."""

    code = "message_too_large"


class HeaderTooLarge(MailRefused):
    """El encabezado del correo pasa de {limit} bytes; ningún programa de correo normal hace eso."""

    code = "header_too_large"


class TooManyParts(MailRefused):
    """El correo tiene más de {limit} partes. Envíe los archivos en una carpeta comprimida."""

    code = "too_many_parts"


class TooDeeplyNested(MailRefused):
    """El correo anida sus partes más de {limit} niveles."""

    code = "too_deeply_nested"


class Unparseable(MailRefused):
    """El correo no se pudo leer ({reason}). Quedó guardado tal como llegó, para revisión."""

    code = "unparseable"
