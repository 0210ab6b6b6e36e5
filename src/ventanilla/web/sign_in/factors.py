"""Second factors: their secrets kept encrypted, their names in our words."""

from __future__ import annotations

import base64
from functools import lru_cache

from allauth.account.internal.userkit import user_email
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from ventanilla.accounts.access import factors_of
from ventanilla.accounts.models import Staff
from ventanilla.web.sign_in.words import FACTOR_ERRORS


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """How allauth keeps and names second factors here."""

    error_messages = DefaultMFAAdapter.error_messages | FACTOR_ERRORS

    def encrypt(self, text: str) -> str:
        """A secret as it lies in the database and its backups: useless without the secret key."""
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; raises ``InvalidToken`` when the secret key is another one."""
        return _cipher(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002 - the name allauth gives
    ) -> str:
        """«Llave 1», «Llave 2», … until its owner names it."""
        del type
        assert isinstance(user, Staff)
        return _("Llave %(number)s") % {"number": len(factors_of(user).passkeys) + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Our name as the browser shows it, for the host of this request."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Ventanilla"}

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The address, which the app shows beside the code."""
        return str(user_email(user))


@lru_cache(maxsize=2)
def _cipher(secret: str) -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"second factors").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
