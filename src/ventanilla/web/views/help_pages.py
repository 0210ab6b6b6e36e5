"""The front page of the portal, and the articles everybody may read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ventanilla.intranet import queries as knowledge
from ventanilla.web.limits import READS_PER_ADDRESS, is_over, network_of
from ventanilla.web.pages.portal import pack_now, show_public
from ventanilla.web.presenters.asking import slug_of
from ventanilla.web.presenters.help import article_view, offer_views, shelves
from ventanilla.web.presenters.hours import hours_view
from ventanilla.web.views.errors import TOO_MANY, page_of

MOST_ON_FRONT = 60


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Ask, follow, find help; when and where we are there."""
    pack, as_of = pack_now(), timezone.now()
    context = {
        "shelves": list(shelves(knowledge.read_now(public=True)[:MOST_ON_FRONT], pack)),
        "hours": hours_view(pack, as_of),
        "desks": [(desk.name, desk.addresses[0]) for desk in pack.desks],
        "channels": [each.name for each in pack.channels],
    }
    return show_public(request, pack, "web/portal/help.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Articles with the words that are looked for."""
    if is_over(READS_PER_ADDRESS, network_of(request)):
        return page_of(request, TOO_MANY)
    pack, words = pack_now(), request.GET.get("q", "").strip()
    found = knowledge.search(words, public=True)
    context = {"q": words[: knowledge.LONGEST_QUERY], "found": offer_views(found, pack)}
    return show_public(request, pack, "web/portal/help_search.html", context)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article."""
    version = knowledge.article_now(slug, public=True)
    if version is None:
        raise Http404
    pack = pack_now()
    first = next((each for each in pack.categories if each.key in version.categories), None)
    near = knowledge.of_category(first.key, public=True) if first else []
    context = {
        "article": article_view(version, pack, timezone.now()),
        "near": offer_views(each for each in near if each.pk != version.pk),
        "ask_slug": slug_of(first) if first else "",
    }
    return show_public(request, pack, "web/portal/article.html", context)
