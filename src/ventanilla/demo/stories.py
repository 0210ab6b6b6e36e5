"""What people ask in the demonstration, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One request: the mail that opens it, what was understood, our answer and how it ended."""

    pack: str
    desk: str
    category: str
    subject: str
    body: str
    asked: str
    answer: str
    thanks: str = ""
    attachment: str = ""
    complex_reason: str = ""


_BILLING = (
    Story(
        "generasoft", "atencion", "billing_query",
        "Cobro duplicado en la factura",
        "Este mes me cobraron dos veces la suscripción. Adjunto el extracto del banco donde se ven "
        "los dos movimientos. ¿Me pueden ayudar, por favor?",
        "Confirmar si hubo un doble cobro y qué sigue.",
        "Vemos los dos movimientos. El segundo salió de la pasarela anterior y ya quedó anulado; el "
        "banco lo refleja en tres días hábiles.",
        "Muchas gracias, ya lo vi anulado.",
        attachment="extracto.txt",
    ),
    Story(
        "generasoft", "atencion", "billing_query",
        "Cambio de razón social en la factura",
        "Cambiamos de razón social y necesitamos que la próxima factura salga con los datos nuevos. "
        "¿Qué documentos les envío?",
        "Saber qué documentos hacen falta para facturar a otra razón social.",
        "Con el certificado de existencia y el registro tributario actualizado hacemos el cambio el "
        "mismo día. Puede responder a este correo con los dos archivos.",
    ),
    Story(
        "generasoft", "atencion", "billing_query",
        "No me llegó la factura de octubre",
        "Contabilidad me pide la factura de octubre y no la encuentro en el correo ni en el portal.",
        "Recibir otra vez la factura de octubre.",
        "La factura se había enviado a la dirección anterior de contabilidad. La enviamos de nuevo y "
        "cambiamos la dirección para las siguientes.",
        "Recibida, gracias.",
    ),
)  # fmt: skip

_GENERAL = (
    Story(
        "generasoft", "atencion", "general_information",
        "Información de planes",
        "Somos doce personas y quisiera conocer los planes y precios para el próximo año.",
        "Precios y diferencias de los planes para doce personas.",
        "Para doce personas conviene el plan por equipos. En el adjunto de la propuesta van los "
        "precios del próximo año y las diferencias con el plan básico.",
    ),
    Story(
        "generasoft", "atencion", "general_information",
        "Horario de atención en fin de año",
        "¿Atienden la última semana de diciembre? Tenemos cierre contable y queremos prever.",
        "Saber en qué días se atiende a fin de año.",
        "Atendemos los días hábiles de esa semana en el horario normal. El 25 no hay atención; una "
        "urgencia técnica se recibe a cualquier hora.",
        "Perfecto, gracias.",
    ),
)  # fmt: skip

_URGENT = (
    Story(
        "generasoft", "soporte", "urgent_problem",
        "URGENTE: la aplicación no abre desde ayer",
        "La aplicación no abre en ningún equipo de la tienda y no podemos facturar. Sale un error "
        "de licencia y se cierra.",
        "Volver a abrir la aplicación en todos los equipos.",
        "El servidor de licencias de su sede quedó con la hora atrasada. Ya lo corregimos y vemos que "
        "sus equipos entran de nuevo. Por favor confirme desde la caja.",
        "Confirmado, ya entró en todas las cajas.",
    ),
    Story(
        "generasoft", "soporte", "urgent_problem",
        "Urgente, error al cerrar la caja",
        "Al cerrar la caja aparece un error y se pierde el arqueo. Estamos con la tienda abierta.",
        "Poder cerrar la caja sin perder el arqueo.",
        "El arqueo no se perdió: está en la copia de las 14:05. Le dejamos restaurada la caja y "
        "estamos revisando la causa con desarrollo.",
        complex_reason="El error aparece solo con más de mil movimientos; desarrollo prepara un arreglo.",
    ),
)  # fmt: skip

_FEATURES = (
    Story(
        "generasoft", "soporte", "feature_question",
        "¿Se puede exportar a Excel?",
        "Quisiera saber si los informes de inventario se pueden exportar a Excel y cómo hacerlo.",
        "Exportar informes de inventario.",
        "Sí: en el informe, botón Exportar, opción hoja de cálculo. Si el informe pasa de cien mil "
        "filas, se entrega en partes.",
        "Funcionó, gracias.",
    ),
    Story(
        "generasoft", "soporte", "feature_question",
        "Cómo usar dos bodegas",
        "Abrimos una segunda bodega. ¿Cómo funciona el traslado de una a otra?",
        "Registrar traslados entre bodegas.",
        "En Inventario, Traslados, se elige la bodega de salida y la de llegada. El traslado queda en "
        "tránsito hasta que la segunda lo recibe.",
    ),
)  # fmt: skip

_SION = (
    Story(
        "sion", "servicio", "general_request",
        "Cotización de acabado especial",
        "Necesitamos saber si manejan el acabado mate para un proyecto de cuarenta piezas.",
        "Disponibilidad y precio del acabado mate para cuarenta piezas.",
        "Sí manejamos el acabado mate. Para cuarenta piezas el tiempo de fabricación es de tres "
        "semanas; en la cotización va el precio por pieza.",
        "Gracias, lo reviso con el cliente.",
    ),
    Story(
        "sion", "servicio", "order_follow_up",
        "Estatus de mi pedido",
        "¿Me pueden decir cómo va mi pedido? Lo esperábamos esta semana y la obra ya está lista.",
        "Fecha de entrega del pedido.",
        "Su pedido sale de planta el jueves y llega el viernes por la mañana. El chofer llama una "
        "hora antes de llegar.",
        "Enterado, muchas gracias.",
    ),
    Story(
        "sion", "quejas", "quality_complaint",
        "Queja: piezas con golpes",
        "Recibimos seis piezas con golpes en las esquinas. Adjunto las fotografías de la entrega. "
        "Es una queja formal, necesitamos una solución.",
        "Revisión de seis piezas dañadas y propuesta de solución.",
        "Calidad revisó las fotografías: el daño viene del empaque. Le proponemos reponer las seis "
        "piezas; la fecha de entrega se la confirmamos en este mismo folio.",
        attachment="golpes.txt",
    ),
    Story(
        "sion", "quejas", "delivery_complaint",
        "Queja por entrega incompleta",
        "La entrega llegó con dos cajas menos de lo que dice la remisión. Queja para su atención.",
        "Aclarar las dos cajas faltantes.",
        "Las dos cajas se quedaron en el almacén por un error nuestro al cargar. Salen mañana en la "
        "primera ruta y llegan antes de mediodía.",
        "Llegaron las dos cajas. Gracias.",
        complex_reason="El inventario no cuadra: almacén y embarques revisan juntos cada remisión.",
    ),
    Story(
        "sion", "servicio", "general_request",
        "Duda sobre la instalación",
        "El instalador pregunta qué adhesivo recomiendan para muro de yeso y cuánto debe secar.",
        "Adhesivo y tiempo de secado para muro de yeso.",
        "Para yeso recomendamos el adhesivo de contacto base agua, con secado de veinticuatro horas "
        "antes de cargar peso. Va la guía de instalación.",
    ),
)  # fmt: skip

STORIES = (*_BILLING, *_GENERAL, *_URGENT, *_FEATURES, *_SION)


def stories_of(pack: str) -> tuple[Story, ...]:
    """The stories of one policy."""
    return tuple(story for story in STORIES if story.pack == pack)
