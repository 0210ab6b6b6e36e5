"""Django's registration of the app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The evidence store: files by content, referenced from the folio."""

    name = "ventanilla.evidence"
    label = "evidence"
    verbose_name = "Evidencias"
