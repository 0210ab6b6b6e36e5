"""A case in the words of its policy: the values its templates speak with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from ventanilla.policy.schema import Pack, UnknownKey
from ventanilla.register import folio as folios
from ventanilla.register import policies
from ventanilla.register.models import Case, CaseParticipant, Commitment

REQUESTER = "requester"
COPIED = "copy"
FOLLOW_PATH = "/seguimiento/{folio}/{secret}/"
"""The public page of a case; the same as in the URLs of the pages, kept so by a test there."""

_NAMELESS_GREETING = re.compile(r"^([^\n]{1,60}?),?[ ]+([:,])", re.MULTILINE)


def pack_of(case: Case) -> Pack:
    """The policy the case runs under: the version it was opened with, or adopted since."""
    return policies.pack_of(case.policy_version)


def requester_of(case: Case) -> CaseParticipant | None:
    """Who asked, with the address they wrote from."""
    return CaseParticipant.objects.filter(case=case, role=REQUESTER).order_by("id").first()


def copied_of(case: Case) -> list[str]:
    """The addresses kept in copy, oldest first."""
    rows = CaseParticipant.objects.filter(case=case, role=COPIED).order_by("id")
    return list(rows.values_list("address", flat=True))


def addresses_of(case: Case) -> frozenset[str]:
    """Every address that may write into the case."""
    rows = CaseParticipant.objects.filter(case=case)
    return frozenset(rows.values_list("address", flat=True))


def follow_link(case: Case) -> str:
    """The address of the page on which the person follows the case, secret included."""
    path = FOLLOW_PATH.format(folio=case.folio, secret=folios.secret_of(case))
    return f"{settings.VENTANILLA.public_url}{path}"


def promise(case: Case, key: str) -> Commitment | None:
    """The open or kept promise of a case with this key."""
    return Commitment.objects.filter(case=case, key=key).first()


def main_promise(case: Case, pack: Pack) -> Commitment | None:
    """The promise that the person is told: of the first response, or else of the resolution."""
    main = pack.category(case.category).main_commitment
    return promise(case, main.key) if main else None


def values_of(
    case: Case, pack: Pack, *, due_at: datetime | None, promised: str = ""
) -> dict[str, str]:
    """The values of every placeholder that follows from the case itself.

    ``due_at`` is printed as date and hour in the zone of the pack, never as a duration.
    """
    category = pack.category(case.category)
    return {
        "asunto": case.subject,
        "categoria": category.customer_words,
        "compromiso": promised,
        "empresa": pack.company.name,
        "enlace": follow_link(case),
        "mesa": pack.desk(case.desk).name,
        "estado": pack.statuses.label(case.status),
        "firma": pack.mail.signature,
        "folio": case.folio,
        "nombre": case.person.name,
        "vence": pack.format_moment(due_at) if due_at else "",
    }


def render(pack: Pack, template: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of a template. A greeting works without a name: «Buen día:»."""
    subject, text = pack.render(template, values)
    return subject, greeted(text, values)


def greeted(text: str, values: Mapping[str, str]) -> str:
    """The text of a letter; whose name nobody knows is greeted without one."""
    if values.get("nombre", ""):
        return text
    return _NAMELESS_GREETING.sub(r"\1\2", text, count=1)


def has_template(pack: Pack, key: str) -> bool:
    """Whether the pack wants people to be told about this."""
    try:
        pack.template(key)
    except UnknownKey:
        return False
    return True
