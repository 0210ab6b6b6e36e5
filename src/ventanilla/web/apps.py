"""Django's registration of the app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """HTTP pages."""

    name = "ventanilla.web"
    label = "web"
    verbose_name = "Páginas"
