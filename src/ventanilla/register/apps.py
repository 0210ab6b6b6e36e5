"""Django's registration of the app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The official record: case, folio, commitments, ledger."""

    name = "ventanilla.register"
    label = "register"
    verbose_name = "Registro"
