"""The values a mail becomes. Frozen; every text is valid UTF-8 without NUL."""

import enum
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ventanilla.channels.email.folding import Segment, fold
from ventanilla.channels.email.folding_html import fold_html


@dataclass(frozen=True)
class Address:
    """A mailbox: the name as shown and the address in lower case, its domain in ASCII (IDNA)."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, kw_only=True)
class EmbeddedMail:
    """What a mail inside the mail says; its exact bytes are the attachment's content."""

    message_id: str | None
    from_: Address | None
    subject: str
    date: datetime | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that came with the mail.

    `filename` is safe to show and to store. `suspicious` holds codes of `SUSPICIONS`; the content
    is never opened, decompressed or run to find them.
    """

    filename: str
    declared_type: str
    sniffed_type: str | None
    size: int
    sha256: str
    content: bytes
    content_id: str | None = None
    inline: bool = False
    suspicious: tuple[str, ...] = ()
    embedded: EmbeddedMail | None = None

    @property
    def dangerous(self) -> bool:
        """It would run something on the computer of whoever opens it."""
        return bool(DANGERS & set(self.suspicious))


@dataclass(frozen=True, kw_only=True)
class Signals:
    """Headers that tell how the mail was made, lower-cased; None where the header is absent."""

    auto_submitted: str | None = None
    precedence: str | None = None
    #: "" is the null return path of RFC 5321 (`<>`); None means the header is absent.
    return_path: str | None = None
    auto_response_suppress: str | None = None
    list_headers: tuple[str, ...] = ()
    #: Names of non-standard headers that automatic answerers set.
    automatic_headers: tuple[str, ...] = ()
    report_type: str | None = None
    failed_recipients: tuple[str, ...] = ()
    received_hops: int = 0


@dataclass(frozen=True, kw_only=True)
class ParsedEmail:
    """One mail, understood. `date` is UTC, None when missing or absurd.

    `text` is all the mail says, quotes included; `segments` is the same text folded. `html` is
    sanitised. `defects` holds codes of `DEFECTS`, in the order found.
    """

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    subject: str
    from_: Address | None
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    date: datetime | None
    text: str
    html: str | None
    blocked_images: int
    attachments: tuple[Attachment, ...]
    signals: Signals
    authentication_results: tuple[str, ...]
    signed: bool
    encrypted: bool
    size: int
    sha256: str
    defects: tuple[str, ...]

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The text in pieces; joined they give `text` again."""
        return fold(self.text)

    @cached_property
    def html_segments(self) -> tuple[Segment, ...]:
        """The HTML in pieces; every piece but the new ones is a balanced fragment."""
        return fold_html(self.html or "")


def new_text(parsed: ParsedEmail) -> str:
    """The person's own words: without quotes, signature and forwarded mail."""
    return "".join(piece.text for piece in parsed.segments if piece.kind == "new").strip()


class Nature(enum.Enum):
    """What kind of mail it is, as far as answering it goes."""

    NORMAL = "normal"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    OWN = "own"


DANGERS = frozenset({"executable", "executable_inside", "macros", "type_mismatch_executable"})

SUSPICIONS: dict[str, str] = {
    "active_content": "Contiene código que se ejecuta al abrirlo en un navegador.",
    "archive_too_many_files": "El comprimido declara demasiados archivos.",
    "broken_archive": "El archivo comprimido está dañado.",
    "double_extension": "El nombre lleva dos extensiones para parecer otra cosa.",
    "encrypted_archive": "El comprimido está protegido con contraseña y no se puede revisar.",
    "executable": "Es un programa.",
    "executable_inside": "El comprimido contiene un programa.",
    "hidden_name": "El nombre usa caracteres invisibles para parecer otra cosa.",
    "macros": "El documento trae macros.",
    "nested_archive": "El comprimido contiene otros comprimidos.",
    "tnef_unreadable": "El archivo winmail.dat no se pudo leer.",
    "too_large": "Pasa del tamaño permitido por archivo.",
    "total_too_large": "Los archivos juntos pasan del tamaño permitido.",
    "type_mismatch": "El contenido no es lo que dice su nombre.",
    "type_mismatch_executable": "Es un programa con nombre de documento.",
    "zip_bomb": "Al abrirse ocuparía un espacio desmedido.",
}

DEFECTS: dict[str, str] = {
    "address_invalid": "Una dirección del encabezado está mal escrita.",
    "base64_broken": "Una parte del correo llegó con la codificación dañada.",
    "boundary_guessed": "Las partes del correo no estaban bien separadas; se reconstruyeron.",
    "boundary_missing": "No se encontró la separación entre las partes del correo.",
    "boundary_unterminated": "El correo parece incompleto.",
    "charset_guessed": "El correo no dice en qué alfabeto está escrito; se dedujo.",
    "charset_mislabelled": "El correo dice un alfabeto y usa otro.",
    "charset_unknown": "El correo nombra un alfabeto desconocido; se dedujo.",
    "date_absurd": "La fecha del correo no es creíble.",
    "date_missing": "El correo no trae fecha.",
    "duplicate_header": "El correo repite un encabezado que debe ser único.",
    "encoding_unknown": "Una parte del correo usa una codificación desconocida.",
    "from_missing": "El correo no dice quién lo envía.",
    "from_multiple": "El correo nombra varios remitentes; se tomó el primero.",
    "header_broken": "El encabezado del correo está dañado.",
    "header_eight_bit": "El encabezado trae letras sin codificar.",
    "header_truncated": "Un encabezado desmedido se recortó.",
    "html_too_complex": "El formato del correo era demasiado complejo; se muestra sólo el texto.",
    "message_id_missing": "El correo no trae identificador.",
    "nul_bytes": "El correo traía bytes nulos; se quitaron.",
    "text_truncated": "El texto es muy largo; completo va como archivo adjunto.",
    "tnef_unreadable": "El archivo winmail.dat no se pudo leer.",
}
