"""Addresses of the door and of «Mi cuenta». The names are those that allauth asks for."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import path, re_path

from ventanilla.web.sign_in import views

OIDC = "oidc/<str:provider_id>/login/"
FORGOTTEN = "clave/olvidada/"

urlpatterns = [
    path("", views.own_account, name="account"),
    path("idioma/", views.choose_language, name="choose-language"),
    path("sesiones/", views.end_others, name="usersessions_list"),
    path("sesiones/<int:session_id>/", views.end_one, name="end-session"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", views.closed, name="account_signup"),
    path("confirmacion/", account.reauthenticate, name="account_reauthenticate"),
    path("clave/", account.password_change, name="account_change_password"),
    path("clave/nueva/", views.no_password, name="account_set_password"),
    path(FORGOTTEN, account.password_reset, name="account_reset_password"),
    path(f"{FORGOTTEN}enviada/", account.password_reset_done, name="account_reset_password_done"),
    path(
        f"{FORGOTTEN}lista/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        rf"^{FORGOTTEN}(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("factor/", views.to_factors, name="mfa_index"),
    path("factor/entrada/", factors.authenticate, name="mfa_authenticate"),
    path("factor/confirmacion/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("factor/aplicacion/", totp.activate_totp, name="mfa_activate_totp"),
    path("factor/aplicacion/retiro/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factor/codigos/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "factor/codigos/nuevos/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path("llaves/", views.to_passkeys, name="mfa_list_webauthn"),
    path("llaves/entrada/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("llaves/nueva/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "llaves/confirmacion/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"
    ),
    path("llaves/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("llaves/<int:pk>/retiro/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path(OIDC, views.to_provider, name="openid_connect_login"),
    path(f"{OIDC}callback/", oidc.callback, name="openid_connect_callback"),
    path("oidc/cancelado/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/", views.closed, name="socialaccount_signup"),
    path("oidc/cuentas/", views.closed, name="socialaccount_connections"),
]
