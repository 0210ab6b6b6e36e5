"""Links to choose another password: short-lived, because they lie in a mailbox."""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from ventanilla.accounts.models import Staff

GOOD_FOR_S = 3600
"""Django's own limit (days) is that of invitations, which people open when they come back to work."""


class HourTokens(PasswordResetTokenGenerator):
    """As Django makes them, void after an hour; with the address or the password, they end too."""

    def check_token(self, user: Staff | None, token: str | None) -> bool:
        """Whether it is this person's, unused and made within the hour."""
        if not super().check_token(user, token) or token is None:
            return False
        made_at = base36_to_int(token.partition("-")[0])
        return int(self._num_seconds(self._now())) - made_at <= GOOD_FOR_S
