"""Django's registration of the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Staff, roles and permissions."""

    name = "ventanilla.accounts"
    label = "accounts"
    verbose_name = "Personal"
