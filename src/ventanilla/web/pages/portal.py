"""What all pages of the portal share: the company's words, and who may keep a copy of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ventanilla.desk.policies import pack_in_force
from ventanilla.policy.schema.pack import Pack
from ventanilla.web.presenters.menu import screen_words


def pack_now() -> Pack:
    """The policy under which a request is served that is sent now."""
    return pack_in_force(timezone.now())


def words_of(pack: Pack) -> dict[str, Any]:
    """The company's name, the words of the country, the language of the page."""
    return {"company": pack.company.name, "words": screen_words(pack), "lang": pack.locale}


def show_private(
    request: HttpRequest,
    pack: Pack,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of one person."""
    return private(render(request, template, _around(request, pack) | context, status=status))


def show_public(
    request: HttpRequest,
    pack: Pack,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page for everybody, which may be found by search engines."""
    response = render(
        request, template, _around(request, pack) | {"is_public": True, **context}, status=status
    )
    response["Referrer-Policy"] = "same-origin"
    return response


def _around(request: HttpRequest, pack: Pack) -> dict[str, Any]:
    """The words of every page, and the entry of the menu it belongs to."""
    return words_of(pack) | {"place": request.path.split("/")[1]}


def private(response: HttpResponse) -> HttpResponse:
    """Not indexed, not cached, not named to any other site.

    ``no-referrer`` would be stricter and break every form here: browsers then send
    ``Origin: null``, which the protection against forged requests must refuse.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
