"""The door for staff: signing in and out, and nothing else.

Accounts are made by a colleague (``ventanilla user create``): a stranger can open none, and no page
sends mail about passwords. The names of those pages exist, because the sign-in page asks for them.
"""

from __future__ import annotations

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up, whatever page they find."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        del request
        return False


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """What stands where other systems let strangers in."""
    return render(request, "account/signup_closed.html", status=403)


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", closed, name="account_signup"),
    path("password/reset/", closed, name="account_reset_password"),
]
