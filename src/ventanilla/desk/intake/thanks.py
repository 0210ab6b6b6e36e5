"""Whether a message says thank you and nothing else. Pure.

"Thanks alone reopens nothing": a resolved case must not come back to life because its owner is
polite. The test is deliberately narrow, because the other mistake is worse: whoever writes
"gracias, pero sigue fallando" must be heard. Every word has to be a courtesy; one word that is
not makes it a message.
"""

from __future__ import annotations

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

    ``courtesies`` are the words of the pack, ``name`` is the author's: people sign with it. A
    question is never only thanks.
    """
    if "?" in text or "¿" in text:
        return False
    words = set(_words(text))
    if not words or len(_words(text)) > WORD_LIMIT:
        return False
    polite = GRATITUDE.union(*(_words(each) for each in courtesies))
    return not words - polite - FILLING - set(_words(name)) and not polite.isdisjoint(words)


def _words(text: str) -> list[str]:
    return plain(text).split()
