"""Trying an access code: the right one always opens, wrong ones are counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from ventanilla.policy.schema.pack import Pack
from ventanilla.register import folio as folios
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.limits import WRONG_PER_ADDRESS, WRONG_PER_FOLIO, is_over, network_of


@dataclass(frozen=True, slots=True)
class Tried:
    """The case that a code opened; or why none, which says nothing about which folios exist."""

    case: Case | None = None
    is_one_too_many: bool = False
    mistyped: str = ""


def try_code(request: HttpRequest, pack: Pack, folio_text: str, secret: str) -> Tried:
    """Open a case by folio and code.

    The code has some sixty bits, so no number of tries finds it: the count spares the machine, and
    need not stand in the way of who has the right one. It is kept per folio and place, for else
    whoever knows a folio could lock its owner out.
    """
    mistyped = ""
    try:
        folio = folios.normalise(folio_text, pack)
    except folios.FolioMistyped as refusal:
        folio, mistyped = None, refusal.message
    case = queries.case_by_folio(folio) if folio else None
    if case is not None and folios.matches_secret(case, secret):
        return Tried(case)
    place = network_of(request)
    is_many = is_over(WRONG_PER_ADDRESS, place)
    if folio and not is_many:  # what is no folio at all is counted once, not under its own name
        is_many = is_over(WRONG_PER_FOLIO, f"{folio}\n{place}")
    return Tried(None, is_many, mistyped)
