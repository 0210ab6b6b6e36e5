"""Why an inbound item has its fate, in words; the codes are for the record and the API."""

from __future__ import annotations

REASONS = {
    "new": "Abrió un caso nuevo.",
    "follow_up_case": "Abrió un caso que sigue a otro ya cerrado.",
    "mark": "Respondió a un correo nuestro.",
    "references": "Respondió en la conversación de su caso.",
    "folio": "Nombró su caso en el asunto.",
    "outsider": "Lo escribió alguien ajeno al caso, con nuestra marca de respuesta.",
    "thanks": "Solo agradeció; el caso no se reabrió.",
    "own_loop": "Salió de aquí mismo.",
    "same_mail": "Es el mismo correo que otro ya atendido.",
    "hard": "Un correo nuestro no se pudo entregar: la dirección no existe o no admite correo.",
    "soft": "Un correo nuestro no se pudo entregar por ahora.",
    "unknown": "Un correo nuestro volvió sin decir por qué.",
    "no_sender": "No dice quién lo envía.",
    "impersonation": "Dice venir de una dirección nuestra y no salió de aquí.",
    "dmarc_failed": "El dominio del remitente dice que este correo no es suyo.",
    "message_too_large": "Es demasiado grande.",
    "too_large": "Es demasiado grande.",
    "header_too_large": "Su cabecera es demasiado grande.",
    "too_many_parts": "Tiene demasiadas partes.",
    "too_deeply_nested": "Tiene demasiados niveles, uno dentro de otro.",
    "unparseable": "No se pudo leer.",
    "unfetchable": "El buzón no entregó su contenido.",
    "unexpected_error": "No se pudo procesar por un error nuestro.",
}


def reason_words(code: str) -> str:
    """The reason in words; empty where the detail beside it says all."""
    return REASONS.get(code, "")
