"""How mail programs mark what they quote: Spanish, English and Portuguese first, then others.

Each table says where the mark was seen. Patterns look at one line, are anchored and bounded, so
folding costs one pass over the text.
"""

import re

#: Classes that survive sanitising, because they tell where a quote begins.
HTML_QUOTE_CLASSES = frozenset(
    {
        "gmail_quote",  # Gmail
        "gmail_attr",
        "gmail_signature",
        "gmail_signature_prefix",
        "gmail_extra",
        "moz-cite-prefix",  # Thunderbird
        "moz-signature",
        "moz-forward-container",
        "yahoo_quoted",  # Yahoo
        "protonmail_quote",  # Proton
        "protonmail_signature_block",
        "zmail_extra",  # Zoho
        "OutlookMessageHeader",  # older Outlook
    }
)
HTML_SIGNATURES = frozenset({"gmail_signature", "moz-signature", "protonmail_signature_block"})
HTML_ATTRIBUTIONS = frozenset({"gmail_attr", "moz-cite-prefix"})
HTML_FORWARDS = frozenset({"moz-forward-container"})

_WROTE = "escribió|escribio|escribe|ha escrito|wrote|writes|escreveu|a écrit|ha scritto|schrieb|va escriure"
#: «El lun, 3 nov 2025 a las 10:00, Ana (<ana@…>) escribió:» and its sisters, on one line.
ATTRIBUTION = re.compile(
    rf"^\W{{0,4}}(?:El|On|Em|A|Le|Il|Am|No dia|No|Na|O|Op|Quoting|Citando a)\b.{{3,300}}"
    rf"(?:{_WROTE})\s*:?\s*$",
    re.IGNORECASE,
)
#: «Ana <ana@…> escribió (3/11/2025 10:00):», «2025-11-03 10:00 GMT-05:00 Ana <ana@…>:»
ATTRIBUTION_LOOSE = re.compile(
    rf"(?:\b(?:{_WROTE})\b[^:]{{0,60}}:|^\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}.{{3,200}}>\s?:"
    rf"|^(?:Quoting|Citando a)\b.{{3,200}}:)$",
    re.IGNORECASE,
)
ATTRIBUTION_STARTS = re.compile(
    r"^\W{0,4}(?:El|On|Em|Le|Il|Am|No dia|A)\s+\S.{6,300}$", re.IGNORECASE
)
ATTRIBUTION_ENDS = re.compile(rf"(?:^|\s)(?:{_WROTE})\s*:\s*$", re.IGNORECASE)
HAS_DATE = re.compile(r"\d{1,2}.{0,40}\d{2,4}|\d{1,2}:\d{2}")

_DASHES = r"[-_=*]{2,20}"
ORIGINAL = re.compile(
    rf"^\s*{_DASHES}\s*(?:Mensaje original|Original Message|Original Appointment|"
    rf"Mensagem original|Mensaje Original de|Message d'origine|Ursprüngliche Nachricht|"
    rf"Messaggio originale|Missatge original|Reply message|Correo original)\b.{{0,40}}$",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    rf"^\s*(?:{_DASHES}\s*(?:Mensaje reenviado|Forwarded message|Mensagem encaminhada|"
    rf"Mensaje Reenviado por|Forwarded by|Message transféré|Weitergeleitete Nachricht|"
    rf"Messaggio inoltrato|Reenviado por|Correo reenviado)\b.{{0,80}}"
    rf"|(?:Inicio del mensaje reenviado|Begin forwarded message|Início da mensagem reencaminhada|"
    rf"Início da mensagem encaminhada)\s*:)\s*$",
    re.IGNORECASE,
)
UNDERLINE = re.compile(r"^\s*[_\-]{10,80}\s*$")
#: A header line of Outlook's quoted block. Four names in Spanish, English, Portuguese and others.
HEADER_FROM = re.compile(
    r"^\W{0,3}(?:De|From|Von|Da|Desde|Remitente)\s?\*?:\*?\s*\S", re.IGNORECASE
)
HEADER_OTHER = re.compile(
    r"^\W{0,3}(?:Enviado(?: el)?|Enviada(?: em)?|Sent|Date|Fecha|Data|Para|To|A|CC|Cc|"
    r"Asunto|Subject|Assunto|Envoyé|À|Objet|Gesendet|An|Betreff|Inviato|Oggetto|"
    r"Responder a|Reply-To|Importancia|Importance)\s?\*?:\*?(?:\s|$)",
    re.IGNORECASE,
)
SIGNATURE_LINE = re.compile(r"^(?:-- ?|—|--\xa0)$")
_DEVICES = (
    "iPhone|iPad|Android|Samsung|Huawei|Xiaomi|Motorola|Galaxy|BlackBerry|Nokia|móvil|movil|celular|"
    "teléfono|telefono|telemóvel|dispositivo|smartphone|tablet|Outlook|Yahoo|Gmail|Correo|Mail|"
    "Proton|aplicación|aplicativo|app|mobile|phone|device|Windows|Zoho"
)
#: Only with a device or a program named: «Enviado desde la bodega» is a sentence of the person's.
PHONE_SIGNATURE = re.compile(
    rf"^\s*(?:(?:(?:Enviado|Mandado) (?:desde|con|a través de|do|por|de)|Sent (?:from|via|using|with)"
    rf"|Envoyé (?:de|depuis)|Von)\s.{{0,25}}\b(?:{_DEVICES})\b.{{0,60}}"
    r"|Get Outlook for\b.{2,80}"
    r"|(?:Obtener|Obtenga|Descargar?|Obter) (?:o )?Outlook (?:para|for)\b.{2,80})$",
    re.IGNORECASE,
)
