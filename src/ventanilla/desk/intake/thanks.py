"""Whether a message says thank you, or that all is well, and nothing else. Pure.

"Thanks alone reopens nothing": a resolved case must not come back to life because its owner is
polite. The test is deliberately narrow, because the other mistake is worse: whoever writes
"gracias, pero sigue fallando" must be heard. Every word has to be a courtesy or a confirmation;
one word that is not makes it a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ventanilla.policy.classify import plain

WORD_LIMIT = 25
GRATITUDE = frozenset(
    [
        "agradezco",
        "agradecido",
        "agradecida",
        "agradecidos",
        "agradecemos",
        "gracias",
        "graciass",
        "thanks",
        "thank",
    ]
)
CONFIRMATION = frozenset(
    [
        "confirmado",
        "confirmada",
        "confirmo",
        "funciono",
        "funciona",
        "funcionan",
        "entro",
        "entraron",
        "llego",
        "llegaron",
        "recibida",
        "recibidas",
        "recibido",
        "recibidos",
        "recibi",
        "recibimos",
        "resuelto",
        "resuelta",
        "solucionado",
        "solucionada",
        "arreglado",
        "arreglada",
    ]
)
# What a confirmation is commonly about. Closed, because any other noun may be the complaint.
THINGS = frozenset(
    [
        "bien",
        "caja",
        "cajas",
        "paquete",
        "paquetes",
        "pedido",
        "pedidos",
        "pieza",
        "piezas",
        "producto",
        "productos",
        "documento",
        "documentos",
        "archivo",
        "archivos",
        "correo",
        "correos",
        "mensaje",
        "factura",
        "equipos",
    ]
)
# «Llegó una caja», «llegaron muy tarde», «funcionó un día»: beside a confirmation these complain.
PARTIAL = frozenset(
    ["un", "una", "dia", "dias", "tarde", "tardes", "noche", "noches", "semana", "fin"]
)
GREETING = re.compile(
    r"\b(?:(?:un|una) )?(?:buen|buena|buenas|buenos|feliz|linda|lindo|excelente)"
    r" (?:dia|dias|tarde|tardes|noche|noches|fin de semana|semana)\b"
)
ALL_OF_THEM = re.compile(r"\b(las|los) (?:dos|tres|cuatro|cinco|seis|[2-9])\b")
# «Gonzalo Tafur» at the end, whoever's mailbox it was written from.
SIGNED = re.compile(
    r"(?<=[.!,\n])\s*([^\W\d_]+(?: +(?:de|del|la|[^\W\d_]+)){1,3})[.\s]*\Z", re.UNICODE
)
PARTICLES = frozenset(["de", "del", "la"])
OBJECTIONS = frozenset(
    [
        "no",
        "nunca",
        "nada",
        "pero",
        "sigue",
        "siguen",
        "falta",
        "faltan",
        "aun",
        "todavia",
        "mal",
        "malo",
        "mala",
        "pesimo",
        "pesima",
        "error",
        "falla",
        "fallo",
        "otra",
        "otro",
        "urgente",
        "problema",
    ]
)

# Courtesies and filling that say nothing by themselves. "no" is absent on purpose.
FILLING = frozenset(
    [
        "a",
        "al",
        "atenta",
        "atentamente",
        "atento",
        "ayuda",
        "ayudarme",
        "ayudarnos",
        "atencion",
        "atenderme",
        "apoyo",
        "bendiciones",
        "buen",
        "buena",
        "buenas",
        "bueno",
        "buenos",
        "cordial",
        "cordiales",
        "cordialmente",
        "dia",
        "dias",
        "de",
        "del",
        "dios",
        "don",
        "dona",
        "el",
        "ella",
        "en",
        "entendido",
        "equipo",
        "es",
        "esta",
        "estimada",
        "estimado",
        "estimados",
        "estoy",
        "excelente",
        "excelentes",
        "feliz",
        "fin",
        "gentil",
        "gestion",
        "genial",
        "hola",
        "igualmente",
        "informacion",
        "infinitas",
        "la",
        "las",
        "le",
        "les",
        "linda",
        "lindo",
        "listo",
        "lo",
        "los",
        "mil",
        "mucha",
        "muchas",
        "muchisimas",
        "muchisimo",
        "mucho",
        "me",
        "muy",
        "noche",
        "noches",
        "ok",
        "okay",
        "oportuna",
        "para",
        "perfecto",
        "pronta",
        "por",
        "que",
        "quedo",
        "queda",
        "recibida",
        "recibido",
        "respuesta",
        "respuestas",
        "rapida",
        "rapidez",
        "saludo",
        "saludos",
        "semana",
        "senor",
        "senora",
        "senores",
        "servicio",
        "si",
        "solucion",
        "soporte",
        "su",
        "sus",
        "tarde",
        "tardes",
        "te",
        "tan",
        "tenga",
        "tengan",
        "toda",
        "todas",
        "todo",
        "todos",
        "tu",
        "un",
        "una",
        "usted",
        "ustedes",
        "vale",
        "y",
        "ya",
        "you",
        "very",
        "much",
        "so",
        "for",
        "your",
        "help",
        "best",
        "regards",
    ]
)


def is_only_thanks(text: str, *, courtesies: Iterable[str] = (), name: str = "") -> bool:
    """Whether ``text`` (what was newly written) is a courtesy and says nothing else.

    That it works or has arrived counts as one. ``courtesies`` are the words of the pack, ``name``
    is the author's: people sign with it. A question is never only thanks.
    """
    if "?" in text or "¿" in text or len(_words(text)) > WORD_LIMIT:
        return False
    bare = GREETING.sub(" ", plain(_unsigned(text)))
    words = set(ALL_OF_THEM.sub(r"\1", bare).split())
    polite = GRATITUDE.union(*(_words(each) for each in courtesies))
    confirms = not CONFIRMATION.isdisjoint(words)
    if confirms and not PARTIAL.isdisjoint(words):
        return False
    known = polite | FILLING | set(_words(name)) | CONFIRMATION
    if confirms:
        known |= THINGS
    return not words - known and not (polite | CONFIRMATION).isdisjoint(words)


def _unsigned(text: str) -> str:
    """Without the name at the end: capitalised words none of which is one of ours."""
    found = SIGNED.search(text)
    if found is None:
        return text
    words = [each for each in found[1].split() if each not in PARTICLES]
    named = all(each[0].isupper() and each[1:].islower() for each in words)
    ours = (FILLING | GRATITUDE | CONFIRMATION | THINGS | OBJECTIONS) - PARTICLES
    is_name = len(words) > 1 and named and ours.isdisjoint(_words(found[1]))
    return text[: found.start()] if is_name else text


def _words(text: str) -> list[str]:
    return plain(text).split()
