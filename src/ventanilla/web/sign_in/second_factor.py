"""Roles that must have a second factor set one up before they do anything else."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ventanilla.accounts.access import has_second_factor
from ventanilla.accounts.models import Staff

HAS_FACTOR = "has_second_factor"
OWN_PAGES = "/cuenta/"


def demanded_second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; where no role must have one it costs nothing.

    Who has one was asked for it at the door, so that it exists is enough. The answer is kept in the
    session until a page of the account is used, where it could change.
    """
    if not settings.VENTANILLA.second_factor_roles:
        return get_response

    def middleware(request: HttpRequest) -> HttpResponse:
        if "_auth_user_id" in request.session and not _passes(request):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def _passes(request: HttpRequest) -> bool:
    if request.path.startswith(OWN_PAGES):
        if request.method == "POST":
            request.session.pop(HAS_FACTOR, None)
        return True
    if request.session.get(HAS_FACTOR):
        return True
    staff = request.user
    if not isinstance(staff, Staff) or staff.role not in settings.VENTANILLA.second_factor_roles:
        return True
    if has_second_factor(staff):
        request.session[HAS_FACTOR] = True
        return True
    return False
