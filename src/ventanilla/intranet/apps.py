"""Django's registration of the app."""

from django.apps import AppConfig


class IntranetConfig(AppConfig):
    """The knowledge base."""

    name = "ventanilla.intranet"
    label = "intranet"
    verbose_name = "Conocimiento"
