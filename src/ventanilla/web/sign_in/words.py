"""What the door says: errors, confirmations, and the mails about an account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

LOCKED_MINUTES = 5
"""The longest time that a limit of tries of one account lasts (project/sign_in.py)."""

ACCOUNT_ERRORS = {
    "account_inactive": _("Esta cuenta no está activa. Hable con quien administra el sistema."),
    "email_password_mismatch": _("El correo o la contraseña no son correctos."),
    "enter_current_password": _("Escriba su contraseña actual."),
    "incorrect_code": _("El código no es correcto o ya se usó. Espere el siguiente y escríbalo."),
    "incorrect_password": _("La contraseña no es correcta."),
    "invalid_login": _("El correo o la contraseña no son correctos."),
    "invalid_password_reset": _("El enlace ya no sirve. Pida uno nuevo."),
    "too_many_login_attempts": _(
        "Demasiados intentos fallidos. Espere 5 minutos y vuelva a intentarlo."
    ),
    "unknown_email": _("El correo o la contraseña no son correctos."),
    "rate_limited": _("Demasiados intentos seguidos. Espere 5 minutos y vuelva a intentarlo."),
}
FACTOR_ERRORS = {
    "cannot_generate_recovery_codes": _(
        "Los códigos de recuperación acompañan a un segundo factor. Active uno primero."
    ),
    "incorrect_code": _("El código no es correcto o ya se usó. Espere el siguiente y escríbalo."),
}

DONE = {
    "account/messages/password_changed.txt": _(
        "Contraseña cambiada. Las demás sesiones se cerraron."
    ),
    "account/messages/password_set.txt": _("Contraseña guardada."),
    "mfa/messages/recovery_codes_generated.txt": _("Hay códigos nuevos. Los anteriores no sirven."),
    "mfa/messages/totp_activated.txt": _("La aplicación de códigos quedó activa."),
    "mfa/messages/totp_deactivated.txt": _("La aplicación de códigos se quitó."),
    "mfa/messages/webauthn_added.txt": _("La llave de acceso quedó guardada."),
    "mfa/messages/webauthn_removed.txt": _("La llave de acceso se quitó."),
}
"""What allauth wants to say → how we say it. The rest (welcome, goodbye) is not said."""

NOTICES = {
    "account/email/password_changed": _("Se cambió la contraseña de su cuenta."),
    "account/email/password_reset": _("Se cambió la contraseña de su cuenta con un enlace."),
    "account/email/password_set": _("Su cuenta tiene ahora una contraseña."),
    "mfa/email/recovery_codes_generated": _("Se hicieron códigos de recuperación nuevos."),
    "mfa/email/totp_activated": _("Se activó una aplicación de códigos en su cuenta."),
    "mfa/email/totp_deactivated": _("Se quitó la aplicación de códigos de su cuenta."),
    "mfa/email/webauthn_added": _("Se añadió una llave de acceso a su cuenta."),
    "mfa/email/webauthn_removed": _("Se quitó una llave de acceso de su cuenta."),
}
"""What happened to an account → the first line of the mail that tells its owner."""
