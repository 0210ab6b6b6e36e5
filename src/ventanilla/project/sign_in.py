"""Django settings of the door: password, second factor, passkeys, OpenID Connect, limits."""

from __future__ import annotations

from typing import Any

from ventanilla.core.config import Config, config

__all__ = [
    "ACCOUNT_ADAPTER",
    "ACCOUNT_EMAIL_NOTIFICATIONS",
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS",
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_LOGIN_METHODS",
    "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR",
    "ACCOUNT_PREVENT_ENUMERATION",
    "ACCOUNT_RATE_LIMITS",
    "ACCOUNT_REAUTHENTICATION_REQUIRED",
    "ACCOUNT_REAUTHENTICATION_TIMEOUT",
    "ACCOUNT_SESSION_REMEMBER",
    "ACCOUNT_SIGNUP_FIELDS",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD",
    "MFA_ADAPTER",
    "MFA_ALLOW_UNVERIFIED_EMAIL",
    "MFA_PASSKEY_LOGIN_ENABLED",
    "MFA_RATE_LIMITS",
    "MFA_RECOVERY_CODES_SHOW_ONCE",
    "MFA_SUPPORTED_TYPES",
    "MFA_TOTP_ISSUER",
    "OIDC_PROVIDER",
    "PASSWORD_RESET_TIMEOUT",
    "SOCIALACCOUNT_ADAPTER",
    "SOCIALACCOUNT_LOGIN_ON_GET",
    "SOCIALACCOUNT_PROVIDERS",
    "SOCIALACCOUNT_REQUESTS_TIMEOUT",
    "SOCIALACCOUNT_STORE_TOKENS",
]

ACCOUNT_ADAPTER = "ventanilla.web.sign_in.door.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by a colleague, not by strangers
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody makes us write to strangers
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = None  # the sign-in page asks
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "ventanilla.web.sign_in.tokens.HourTokens"  # noqa: S105 - a class
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
"""Seconds an invitation is good for; a link to choose another password is void after an hour."""

ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "reset_password": "20/m/ip,3/5m/key",
    "reset_password_from_key": "20/m/ip",
}
"""Tries, within which time, counted for what. The pages of waiting tell the longest time of each."""

MFA_ADAPTER = "ventanilla.web.sign_in.factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the address was written by a colleague, there is none to verify
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Ventanilla"
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}

OIDC_PROVIDER = "empresa"
"""Its place in addresses: the redirect URI is /cuenta/oidc/empresa/login/callback/."""

SOCIALACCOUNT_ADAPTER = "ventanilla.web.sign_in.provider.TrustedProvider"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: our policy lets no form lead to another host
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5


def providers_of(configuration: Config) -> dict[str, Any]:
    """What allauth knows of the provider of the configuration; nothing without one."""
    if configuration.oidc_issuer is None:
        return {}
    app = {
        "provider_id": OIDC_PROVIDER,
        "name": configuration.oidc_name,
        "client_id": configuration.oidc_client_id,
        "secret": configuration.oidc_client_secret,
        "settings": {"server_url": configuration.oidc_issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


SOCIALACCOUNT_PROVIDERS = providers_of(config())
