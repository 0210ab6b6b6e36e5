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
        "Funcionó, gracias. Gonzalo Tafur",
        "Funcionó, gracias.\n\nMaría de la Hoz",
        "Confirmado, ya entró en todas las cajas.",
        "Llegaron las dos cajas. Gracias.",
        "Recibida, gracias.",
        "Perfecto, gracias.",
        "Buenas tardes. Ya funciona, feliz fin de semana.",
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
        "No funcionó, gracias. Gonzalo Tafur",
        "No funcionó",
        "Todavía no llegaron las cajas. Gracias.",
        "Llegó una caja. Gracias.",
        "Llegaron dos cajas. Gracias.",
        "Llegaron las dos cajas rotas. Gracias.",
        "Llegaron las cajas muy tarde. Gracias.",
        "Funcionó un día, gracias.",
        "Confirmado, ya entró en algunas cajas.",
        "Funcionó, gracias. Ahora falla la otra caja",
        "Gracias. Sigue Igual",
        "Gracias. No Funciona",
        "Gonzalo Tafur",
        "Funcionó, pero ahora otra caja falla",
        "Gracias a ustedes perdí la factura",
        "gracias " * 40,
    ],
)
def test_whoever_says_more_is_heard(text: str) -> None:
    assert not is_only_thanks(text, courtesies=COURTESIES, name="Ana Pérez")
