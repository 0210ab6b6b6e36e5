"""Thanks alone wakes no case; anything more does."""

from __future__ import annotations

import pytest

from tests.desk.people import pack
from ventanilla.desk.intake.thanks import is_only_thanks

COURTESIES = pack().reopening.courtesy_words


@pytest.mark.parametrize(
    "text",
    [
        "Gracias",
        "¡Muchas gracias por su ayuda!",
        "Mil gracias, quedo muy agradecida.\n\nAna Pérez",
        "Perfecto, muchas gracias. Saludos cordiales",
        "Recibido, gracias 🙏",
        "ok",
        "Thank you very much",
    ],
)
def test_courtesies_are_only_thanks(text: str) -> None:
    assert is_only_thanks(text, courtesies=COURTESIES, name="Ana Pérez")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gracias, pero sigue fallando",
        "Gracias. ¿Cuándo queda listo?",
        "Gracias?",
        "No, gracias",
        "Sigue igual",
        "Saludos",
        "Gracias a ustedes perdí la factura",
        "gracias " * 40,
    ],
)
def test_whoever_says_more_is_heard(text: str) -> None:
    assert not is_only_thanks(text, courtesies=COURTESIES, name="Ana Pérez")
