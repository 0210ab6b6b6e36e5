"""Django's registration of the app."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """What each member of staff keeps about the cases."""

    name = "ventanilla.workspace"
    label = "workspace"
    verbose_name = "Espacio de trabajo"
