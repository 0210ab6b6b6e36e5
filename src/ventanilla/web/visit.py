"""One request of one staff member: who, when, and what they may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache, wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from ventanilla.accounts.models import Staff
from ventanilla.accounts.permissions import Permission, may, visible_desks
from ventanilla.core.actors import Actor
from ventanilla.desk.policies import in_force, served_key
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import policies
from ventanilla.register.models import PolicyVersion
from ventanilla.web.addresses import address
from ventanilla.web.kept import kept_per_language
from ventanilla.web.presenters.menu import Menu, menu_for

PACK_SECONDS = 10


@dataclass(frozen=True)
class Visit:
    """The staff member, the moment read once at the door, and the policy in force then."""

    staff: Staff
    path: str
    as_of: datetime = field(default_factory=lambda: timezone.now())  # noqa: PLW0108 - asked anew, so that the clock of the faces can be set

    @cached_property
    def actor(self) -> Actor:
        """Who acts, for the operations below."""
        return Actor.staff(self.staff.pk)

    @cached_property
    def policy(self) -> PolicyVersion:
        """The policy version in force for new cases; it names desks and words of the shell."""
        return in_force(self.as_of)

    @cached_property
    def pack(self) -> Pack:
        """The pack that names desks and words of the shell, at most ten seconds old."""
        return _pack_in_force(served_key(), self.as_of.timestamp() // PACK_SECONDS)

    @cached_property
    def desks(self) -> list[str] | None:
        """The desks whose cases this person sees; None means all."""
        return visible_desks(self.staff)

    def may(self, permission: Permission, desk: str | None = None) -> bool:
        """Whether this person may do something; only for hiding what would be refused anyway."""
        return may(self.staff, permission, desk)

    def demand(self, permission: Permission) -> None:
        """Answer as if the page did not exist to whom may not see it."""
        if not self.may(permission):
            raise Http404


Page = Callable[..., HttpResponseBase]


@lru_cache(maxsize=4)
def _pack_in_force(key: str, slot: float) -> Pack:
    """Read once per slot of time, so that not every page asks the same again."""
    at = datetime.fromtimestamp(slot * PACK_SECONDS, UTC)
    return policies.pack_of(policies.policy_in_force(key, at))


def staff_page(page: Page) -> Page:
    """A page for signed-in staff: ``page(request, visit, …)``."""

    @_back_from_the_door
    @login_required
    @wraps(page)
    def door(request: HttpRequest, **captured: Any) -> HttpResponseBase:
        staff = request.user
        assert isinstance(staff, Staff)  # login_required lets nobody else pass
        return page(request, Visit(staff, request.path), **captured)

    return door


def _back_from_the_door(page: Page) -> Page:
    """A region whose session ended takes the whole window to the door, and then back to its page."""

    @wraps(page)
    def region(request: HttpRequest, **captured: Any) -> HttpResponseBase:
        if request.headers.get("HX-Request") and not request.user.is_authenticated:
            came_from = urlsplit(request.headers.get("HX-Current-URL", ""))
            query = urlencode({"next": came_from.path or "/"})
            return HttpResponse(
                status=204, headers={"HX-Redirect": f"{address('account_login')}?{query}"}
            )
        return page(request, **captured)

    return region


def show(
    request: HttpRequest,
    visit: Visit,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page inside the shell."""
    menu = menu_for(visit.staff, visit.pack, visit.path)
    shell = {
        "menu": menu,
        "menu_lists": _menu_lists(menu),
        "live": _live(visit),
        "lang": visit.pack.locale,
    }
    return render(request, template, {**shell, **context}, status=status)


@kept_per_language(256)
def _menu_lists(menu: Menu) -> SafeString:
    """The links of the menu drawn: they are the same on every page of a person."""
    return render_to_string("web/parts/menu_lists.html", {"menu": menu})


def _live(visit: Visit) -> dict[str, Any]:
    """What the page needs to hear of changes: whose it is and up to when it tells everything."""
    since = int(visit.as_of.timestamp() * 1000)
    return {"who": visit.staff.pk, "since": since, "url": address("live"), "words": _live_words()}


@kept_per_language(8)
def _live_words() -> SafeString:
    """What scripts may say about the connection, in a language."""
    return render_to_string("web/parts/live_words.html")
