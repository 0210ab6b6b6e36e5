"""Sign-in through the company's identity provider (OpenID Connect)."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.shortcuts import render

from ventanilla.accounts.access import staff_by_address
from ventanilla.accounts.models import Staff

log = structlog.get_logger(__name__)


class TrustedProvider(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Lets in who the provider says owns the e-mail address of an active member, and nobody else.

    Nothing is linked or stored: each sign-in shows the verified address anew, so taking the address
    from somebody at the provider, or deactivating the account here, takes effect at once.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find whose address it is; raises ImmediateHttpResponse with the reason when nobody's."""
        staff = _member(sociallogin)
        if staff is None:
            raise ImmediateHttpResponse(render(request, "socialaccount/stranger.html", status=403))
        sociallogin.state["process"] = (
            "login"  # connecting is not offered: there is nothing to link
        )
        sociallogin.user = staff

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Note why, for whoever runs the system; the person sees our page of trouble."""
        log.warning("oidc_failed", error=str(error or ""), exc_info=exception)


def _member(sociallogin: SocialLogin) -> Staff | None:
    """The active member with an address that the provider verified itself."""
    # ``True`` and nothing else: some providers send words, and «false» would count as true.
    verified = [each.email for each in sociallogin.email_addresses if each.verified is True]
    return staff_by_address(verified[0]) if len(verified) == 1 else None
