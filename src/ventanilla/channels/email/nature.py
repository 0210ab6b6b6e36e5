"""What kind of mail it is, and whether an automatic answer to it would do harm (RFC 3834)."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from ventanilla.channels.email.values import Nature, ParsedEmail

#: A mail that passed more servers than this is going round in circles.
MOST_HOPS = 25

_DAEMON = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|mail\.?delivery(?:[.-]?(?:sub)?system)?|"
    r"microsoftexchange[0-9a-f]+|bounces?|bounce[+-].*|mdaemon)@"
)
_NOBODY = re.compile(
    r"^(?:no-?_?reply|do-?not-?_?reply|donotreply|no-?responder|noresponder|nao-?responda|"
    r"notificaciones|notifications?|alertas?)(?:[+.-].*)?@"
)
_BOUNCE_SUBJECT = re.compile(
    r"^(?:undeliver(?:able|ed)|non[- ]?deliver|mail delivery (?:fail|system|subsystem)|"
    r"delivery (?:status notification|failure|has failed|notification.{0,20}fail)|"
    r"returned mail|failure notice|mail (?:could not|system error)|message (?:not|un)deliver|"
    r"warning: (?:could not|message)|rejected mail|delayed mail|delivery delayed|"
    r"no se (?:puede|pudo|ha podido) entregar|no entregado|correo (?:devuelto|no entregado)|"
    r"devuelto al remitente|(?:notificación de )?(?:error|fallo) (?:de|en la) entrega|"
    r"aviso de entrega|mensaje no entregado|entrega (?:fallida|retrasada)|"
    r"não (?:foi )?entreg|falha na entrega|notificação de (?:falha|status) (?:na|de|da) entrega)",
    re.IGNORECASE,
)
_AUTOMATIC_SUBJECT = re.compile(
    r"^(?:(?:re|rv|sv|aw)\s*:\s*)?(?:auto(?:matic)?[- ]?(?:reply|response|answer)|"
    r"automatic reply|out of (?:the )?office|auto:|autoreply|vacation|"
    r"respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente de la oficina|"
    r"ausencia de la oficina|resposta autom[aá]tica|aus[eê]ncia (?:do|tempor)|"
    r"fora do escrit[oó]rio|automatische antwort|r[ée]ponse automatique)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NatureVerdict:
    """The nature and the codes of the facts it rests on, strongest first."""

    nature: Nature
    reasons: tuple[str, ...]


def nature(
    parsed: ParsedEmail,
    *,
    own_addresses: Collection[str],
    own_domains: Collection[str] = (),
    envelope_from: str | None = None,
) -> NatureVerdict:
    """What kind of mail `parsed` is.

    `own_addresses` are the desks' mailboxes in lower case; `own_domains` are those under which our
    Message-IDs are minted (nobody else's mail carries one). `envelope_from` is the SMTP return
    path: "" is the null path, None unknown (then the Return-Path header is asked).
    """
    path = _return_path(parsed, envelope_from)
    checks = (
        (Nature.OWN, _own_message(parsed, own_domains)),
        (Nature.BOUNCE, _bounce(parsed, path)),
        (Nature.OWN, _own_sender(parsed, own_addresses)),
        (Nature.AUTOMATIC, _automatic(parsed, path)),
        (Nature.BULK, _bulk(parsed)),
    )
    for kind, reasons in checks:
        if reasons:
            return NatureVerdict(kind, tuple(reasons))
    return NatureVerdict(Nature.NORMAL, ())


def may_autorespond(
    parsed: ParsedEmail,
    *,
    own_addresses: Collection[str],
    own_domains: Collection[str] = (),
    envelope_from: str | None = None,
) -> tuple[bool, str]:
    """Whether an automatic answer may go out, and the code of the fact that forbids it.

    Stricter than `nature`: a post to a list may open a case and still gets no automatic answer.
    """
    verdict = nature(
        parsed, own_addresses=own_addresses, own_domains=own_domains, envelope_from=envelope_from
    )
    if verdict.nature is not Nature.NORMAL:
        return False, verdict.reasons[0]
    target = next(iter(parsed.reply_to), parsed.from_)
    email = target.email if target else ""
    refusals = (
        ("sender_missing", target is None),
        ("reply_to_own", email in own_addresses),
        ("reply_to_nobody", bool(_NOBODY.match(email) or _DAEMON.match(email))),
        ("auto_response_suppress", _suppressed(parsed)),
        ("too_many_hops", parsed.signals.received_hops > MOST_HOPS),
    )
    reason = next((code for code, holds in refusals if holds), "")
    return not reason, reason


def _return_path(parsed: ParsedEmail, envelope_from: str | None) -> str | None:
    if envelope_from is not None:
        return envelope_from.strip().strip("<>").strip().lower()
    return parsed.signals.return_path


def _own_message(parsed: ParsedEmail, own_domains: Collection[str]) -> list[str]:
    domain = (parsed.message_id or "").strip("<>").rpartition("@")[2].lower()
    return ["own_message_id"] if domain and domain in own_domains else []


def _own_sender(parsed: ParsedEmail, own_addresses: Collection[str]) -> list[str]:
    senders = {one.email for one in (parsed.from_, parsed.sender) if one}
    return ["own_address"] if senders & set(own_addresses) else []


def _bounce(parsed: ParsedEmail, path: str | None) -> list[str]:
    reasons = []
    if parsed.signals.report_type == "delivery-status":
        reasons.append("delivery_status")
    if parsed.signals.failed_recipients:
        reasons.append("failed_recipients")
    local = parsed.from_.email if parsed.from_ else ""
    daemon = bool(_DAEMON.match(local))
    titled = bool(_BOUNCE_SUBJECT.match(parsed.subject))
    if daemon and (titled or path == "" or _embeds_mail(parsed)):
        reasons.append("from_daemon")
    if titled and (path == "" or daemon or _embeds_mail(parsed)):
        reasons.append("bounce_subject")
    return reasons


def _embeds_mail(parsed: ParsedEmail) -> bool:
    kinds = {one.declared_type for one in parsed.attachments}
    return bool(kinds & {"message/rfc822", "text/rfc822-headers", "message/delivery-status"})


def _automatic(parsed: ParsedEmail, path: str | None) -> list[str]:
    signals = parsed.signals
    reasons = []
    submitted = (signals.auto_submitted or "no").partition(";")[0].strip()
    if submitted != "no":
        replied = submitted.startswith("auto-replied")
        reasons.append("auto_replied" if replied else "auto_generated")
    if signals.precedence in {"auto_reply", "auto-reply"}:
        reasons.append("precedence_auto_reply")
    reasons += ["automatic_header"] if signals.automatic_headers else []
    reasons += ["disposition_report"] if signals.report_type == "disposition-notification" else []
    reasons += ["automatic_subject"] if _AUTOMATIC_SUBJECT.match(parsed.subject) else []
    reasons += ["null_return_path"] if path == "" else []
    return reasons


def _bulk(parsed: ParsedEmail) -> list[str]:
    reasons = []
    if parsed.signals.precedence in {"bulk", "list", "junk"}:
        reasons.append(f"precedence_{parsed.signals.precedence}")
    if parsed.signals.list_headers:
        reasons.append("list_header")
    return reasons


def _suppressed(parsed: ParsedEmail) -> bool:
    wanted = {part.strip() for part in (parsed.signals.auto_response_suppress or "").split(",")}
    return bool(wanted & {"all", "autoreply"})
