"""What the sign-in page needs to know of the installation."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import Context
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from ventanilla.web.addresses import address

register = template.Library()


@dataclass(frozen=True, slots=True)
class ProviderLink:
    """The way to the identity provider."""

    name: str
    url: str


@register.simple_tag(takes_context=True)
def provider_link(context: Context) -> ProviderLink | None:
    """The link to sign in with the company's account, keeping where one was going."""
    if settings.VENTANILLA.oidc_issuer is None:
        return None
    url = address("openid_connect_login", settings.OIDC_PROVIDER)
    going = context["request"].GET.get("next", "")
    query = f"?{urlencode({'next': going})}" if going else ""
    return ProviderLink(settings.VENTANILLA.oidc_name, url + query)


@register.filter
def unhinted(field: BoundField) -> SafeString:
    """A field without the words that allauth writes into it: its label says them, and stays."""
    return field.as_widget(attrs={"placeholder": False})
