"""Django's registration of the app."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Bytes into message values, message values into deliveries."""

    name = "ventanilla.channels"
    label = "channels"
    verbose_name = "Canales"
