"""Django's registration of the app."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    """Who the customer is, the relation and its history."""

    name = "ventanilla.crm"
    label = "crm"
    verbose_name = "CRM"
