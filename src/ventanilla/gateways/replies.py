"""What the listener answers.

Sending servers show these lines to people inside a bounce, in whatever language those people
read: each says it in English and in Spanish without accents (replies are ASCII unless SMTPUTF8
was agreed), after the enhanced status code of RFC 3463.
"""

OK = "250 OK"
STORED = "250 2.0.0 Stored / Guardado: {digest}"
GO_AHEAD = "354 End data with <CR><LF>.<CR><LF>"

TRY_AGAIN = (
    "451 4.3.0 Cannot store mail now, please try again later / "
    "No se puede guardar el correo ahora, intente mas tarde"
)
NO_ROOM = (
    "452 4.3.1 Not enough storage now, please try again later / "
    "Sin espacio por ahora, intente mas tarde"
)
TOO_LARGE = (
    "552 5.3.4 Message too large, the limit is {limit} MiB / "
    "Correo demasiado grande, el maximo es {limit} MiB"
)
HEADER_TOO_LARGE = (
    "552 5.3.4 Message header too large, the limit is {limit} KiB / "
    "Encabezado demasiado grande, el maximo es {limit} KiB"
)
UNKNOWN_RECIPIENT = (
    "550 5.1.1 No such address here, nothing is relayed / "
    "Esa direccion no existe aqui y no se reenvia correo"
)
BAD_ADDRESS = "553 5.1.3 Address not usable / Direccion no valida"
BAD_SENDER = "553 5.1.7 Sender address not usable / Direccion del remitente no valida"
TOO_MANY_RECIPIENTS = (
    "452 4.5.3 Too many recipients, send the rest separately / "
    "Demasiados destinatarios, envie el resto aparte"
)
NEED_RECIPIENT = "503 5.5.1 Error: need RCPT command"
NO_ARGUMENT = "501 5.5.4 Syntax: DATA"
TOO_MANY_CONNECTIONS = (
    "421 4.7.0 Too many connections, please try again later / "
    "Demasiadas conexiones, intente mas tarde"
)
CLOSING = "421 4.3.2 Closing, please try again later / Cerrando, intente mas tarde"
TOO_SLOW = "421 4.4.2 Timed out / Tiempo agotado"
INTERNAL = "451 4.3.0 Local error, please try again later / Error interno, intente mas tarde"
