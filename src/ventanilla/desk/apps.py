"""Django's registration of the app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The work of serving."""

    name = "ventanilla.desk"
    label = "desk"
    verbose_name = "Mesa de servicio"
