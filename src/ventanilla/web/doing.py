"""Carrying out what a form asks: one call to the desk, and what to say about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.http import HttpRequest

from ventanilla.core.refusals import Refusal
from ventanilla.register.models import Case
from ventanilla.register.operations import CaseMoved
from ventanilla.web.actions import Action, Steady
from ventanilla.web.forms.case import CaseForm
from ventanilla.web.visit import Visit

CLAIMS = "formularios"
CLAIMS_KEPT = 40


@dataclass(frozen=True, slots=True)
class Outcome:
    """``refusal`` is None when it was done, now or by the first of two clicks."""

    refusal: Refusal | None
    result: object = None


def carry_out(
    request: HttpRequest, visit: Visit, case: Case, action: Action, form: CaseForm
) -> Outcome:
    """Ask the desk once. The second of two clicks on the same form is told what the first was.

    That nothing is done twice does not depend on this: ``expected_seq`` makes the desk refuse the
    second. The claim only tells this refusal from the one that a colleague causes.
    """
    key = _key_of(request, form)
    asked = form.cleaned_data | {"request_key": key}
    is_repeat = _claim(request, key)
    steady = Steady(
        case=case,
        expected_seq=asked["expected_seq"],
        acting_user=visit.actor,
        as_of=visit.as_of,
    )
    try:
        result = action.do(steady, asked)
    except CaseMoved as moved:
        if is_repeat:
            return Outcome(None)
        _release(request, key)
        return Outcome(moved)
    except Refusal as refusal:
        _release(request, key)
        return Outcome(refusal)
    return Outcome(None, result)


def _key_of(request: HttpRequest, form: CaseForm) -> str:
    """Names this form with these words: a form gone back to and changed is another one."""
    said = sorted((name, values) for name, values in request.POST.lists() if name in form.fields)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _claim(request: HttpRequest, key: str) -> bool:
    """Whether this very form was sent before; remembered before the desk is asked."""
    claims = list(request.session.get(CLAIMS, ()))
    if key in claims:
        return True
    request.session[CLAIMS] = [*claims, key, _page_key(request)][-CLAIMS_KEPT:]
    request.session.save()
    return False


def _release(request: HttpRequest, key: str) -> None:
    """A refused form may be corrected and sent again as the same form."""
    mine = (key, _page_key(request))
    request.session[CLAIMS] = [each for each in request.session.get(CLAIMS, ()) if each not in mine]


def was_sent(request: HttpRequest) -> bool:
    """Whether the form of the page this comes from was sent, whatever its words were."""
    return "request_key" in request.POST and _page_key(request) in request.session.get(CLAIMS, ())


def _page_key(request: HttpRequest) -> str:
    return f"page:{request.POST.get('request_key', '')[:36]}"
