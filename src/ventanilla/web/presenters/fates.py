"""Why an inbound item has its fate, in words; the codes are for the record and the API."""

from __future__ import annotations

from ventanilla.core.words import screen

REASONS = {
    "new": screen("Abrió un caso nuevo."),
    "follow_up_case": screen("Abrió un caso que sigue a otro ya cerrado."),
    "mark": screen("Respondió a un correo nuestro."),
    "references": screen("Respondió en la conversación de su caso."),
    "folio": screen("Nombró su caso en el asunto."),
    "outsider": screen("Lo escribió alguien ajeno al caso, con nuestra marca de respuesta."),
    "thanks": screen("Solo agradeció; el caso no se reabrió."),
    "own_loop": screen("Salió de aquí mismo."),
    "same_mail": screen("Es el mismo correo que otro ya atendido."),
    "hard": screen(
        "Un correo nuestro no se pudo entregar: la dirección no existe o no admite correo."
    ),
    "soft": screen("Un correo nuestro no se pudo entregar por ahora."),
    "unknown": screen("Un correo nuestro volvió sin decir por qué."),
    "no_sender": screen("No dice quién lo envía."),
    "impersonation": screen("Dice venir de una dirección nuestra y no salió de aquí."),
    "dmarc_failed": screen("El dominio del remitente dice que este correo no es suyo."),
    "message_too_large": screen("Es demasiado grande."),
    "too_large": screen("Es demasiado grande."),
    "header_too_large": screen("Su cabecera es demasiado grande."),
    "too_many_parts": screen("Tiene demasiadas partes."),
    "too_deeply_nested": screen("Tiene demasiados niveles, uno dentro de otro."),
    "unparseable": screen("No se pudo leer."),
    "unfetchable": screen("El buzón no entregó su contenido."),
    "unexpected_error": screen("No se pudo procesar por un error nuestro."),
}


def reason_words(code: str) -> str:
    """The reason in words; empty where the detail beside it says all."""
    return REASONS.get(code, "")
