"""Passwords and mail of accounts, as this house wants them."""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ventanilla.accounts.access import end_other_sessions
from ventanilla.accounts.models import Staff
from ventanilla.desk.account_mail import write_about_account
from ventanilla.web.language import remember_language
from ventanilla.web.limits import address_of
from ventanilla.web.sign_in.presence import mark_seen
from ventanilla.web.sign_in.words import ACCOUNT_ERRORS, DONE, NOTICES

NOWHERE = "0.0.0.0"  # noqa: S104 - the sign for an unknown address, nothing is bound to it


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up, whatever page they find."""

    error_messages = DefaultAccountAdapter.error_messages | ACCOUNT_ERRORS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as the limits of the pages read it; what is no address counts as one place."""
        try:
            return str(ipaddress.ip_address(address_of(request)))
        except ValueError:
            return NOWHERE

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """As Django does it; the session knows that it was just seen."""
        super().login(request, user)
        mark_seen(request)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **facts: Any
    ) -> HttpResponse:
        """On to where one was going, in the language of the account."""
        response: HttpResponse = super().post_login(request, user, **facts)
        assert isinstance(user, Staff)
        remember_language(response, user.language)
        return response

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Keep it, and end every other session: whoever had the old one is out."""
        super().set_password(user, password)
        assert isinstance(user, Staff)
        end_other_sessions(staff=user, kept_key=self._own_session_of(user))

    def _own_session_of(self, user: Staff) -> str | None:
        """The session of this request, if it is this person's; a link of a mail has none."""
        is_own = self.request.user.is_authenticated and self.request.user.pk == user.pk
        return str(self.request.session.session_key) if is_own else None

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to «Mi cuenta»."""
        return reverse("account")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words, or not at all."""
        said = message or DONE.get(message_template or "")
        if said:
            tags = "refused" if level >= messages.ERROR else "kept"
            messages.add_message(request, level, str(said), extra_tags=tags)

    def send_password_reset_mail(
        self, user: AbstractBaseUser, email: str, context: dict[str, Any]
    ) -> None:
        """The link for who has a password; who signs in elsewhere is told so instead."""
        assert isinstance(user, Staff)
        name = "password_reset" if user.has_usable_password() else "no_password"
        # To the address of the account, not to what was typed: the two may look alike.
        self._write(user.email, name, context | {"staff": user})

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner what happened to the account, where from and with what browser."""
        assert isinstance(user, Staff)
        if (what := NOTICES.get(template_prefix)) is not None:
            facts = {
                "what": what,
                "at": timezone.now(),
                "address": self.get_client_ip(self.request),
                "browser": self.get_http_user_agent(self.request)[:200],
                "staff": user,
            }
            self._write(user.email, "notice", facts)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """What else allauth would send is for sign-ups and addresses, which we have not."""

    def _write(self, to: str, name: str, facts: dict[str, Any]) -> None:
        place = f"account/email/{name}"
        subject = render_to_string(f"{place}_subject.txt", facts).strip()
        text = render_to_string(f"{place}_message.txt", facts).strip() + "\n"
        write_about_account(to=to, subject=subject, text=text, as_of=timezone.now())
