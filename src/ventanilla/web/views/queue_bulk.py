"""One thing done to the chosen rows of a queue; what came of it; and its undoing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from ventanilla.accounts.queries import serving_all
from ventanilla.core.refusals import Refusal
from ventanilla.desk import bulk
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.forms.queue import BulkAssignment, BulkForm, BulkPriority, Offered
from ventanilla.web.markup import filled
from ventanilla.web.queues import NOBODY
from ventanilla.web.visit import Visit, show, staff_page
from ventanilla.workspace import bulk as book
from ventanilla.workspace.models import BulkDeed

CHOSEN = re.compile(r"(\d{1,18})\.(\d{1,9})")
UNDO_LINK = '{} <a class="undo" href="{}" data-undo="{}" data-key="z">{}</a>'
Asked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What can be asked of the chosen rows: its words, and the form that it needs first, if any."""

    title: Any
    done: Any
    deed: Any
    form: type[BulkForm] | None = None


def _to_me(visit: Visit, asked: Asked) -> bulk.Deed:
    return bulk.Assigning(assignee_id=visit.staff.pk)


def _assign(visit: Visit, asked: Asked) -> bulk.Deed:
    chosen = asked["assignee"]
    return bulk.Assigning(assignee_id=None if chosen == NOBODY else int(chosen))


def _prioritise(visit: Visit, asked: Asked) -> bulk.Deed:
    return bulk.Prioritising(priority=asked["priority"], reason=asked["reason"])


def _read(visit: Visit, asked: Asked) -> bulk.Deed:
    return bulk.Reading(read=True)


def _unread(visit: Visit, asked: Asked) -> bulk.Deed:
    return bulk.Reading(read=False)


def _watch(visit: Visit, asked: Asked) -> bulk.Deed:
    return bulk.Watching(watched=True)


def _unwatch(visit: Visit, asked: Asked) -> bulk.Deed:
    return bulk.Watching(watched=False)


BULKS: dict[str, Bulk] = {
    "asignarme": Bulk(gettext_lazy("Asignarme"), gettext_lazy("Asignados a usted"), _to_me),
    "asignar": Bulk(
        gettext_lazy("Asignar"), gettext_lazy("Asignados"), _assign, form=BulkAssignment
    ),
    "prioridad": Bulk(
        gettext_lazy("Cambiar prioridad"),
        gettext_lazy("Prioridad cambiada"),
        _prioritise,
        form=BulkPriority,
    ),
    "leido": Bulk(gettext_lazy("Marcar como leídos"), gettext_lazy("Marcados como leídos"), _read),
    "no-leido": Bulk(
        gettext_lazy("Marcar como no leídos"), gettext_lazy("Marcados como no leídos"), _unread
    ),
    "seguir": Bulk(gettext_lazy("Seguir"), gettext_lazy("Los sigue"), _watch),
    "no-seguir": Bulk(gettext_lazy("Dejar de seguir"), gettext_lazy("Ya no los sigue"), _unwatch),
}
"""By what the button of the queue says it does."""
DONE = {
    bulk.Assigning.noun: gettext_lazy("Asignación"),
    bulk.Prioritising.noun: gettext_lazy("Prioridad"),
    bulk.Reading.noun: gettext_lazy("Leídos y no leídos"),
    bulk.Watching.noun: gettext_lazy("Seguimiento"),
}


@require_POST
@staff_page
def act(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Do it, or ask first what the doing needs to know."""
    asked = BULKS.get(request.POST.get("hacer", ""))
    if asked is None:
        raise Http404
    chosen = _chosen(request)
    if asked.form is None:
        return _carry_out(request, visit, asked, chosen, {})
    cases = queries.among(chosen, desks=visit.desks, limit=bulk.MOST)
    sent = request.POST if "listo" in request.POST else None
    people = serving_all({case.desk for case in cases})
    form = asked.form(sent, Offered(people=people, pack=visit.pack))
    if sent is not None and form.is_valid():
        return _carry_out(request, visit, asked, chosen, form.cleaned_data)
    return _form_page(request, visit, asked, form, cases)


def _carry_out(
    request: HttpRequest, visit: Visit, asked: Bulk, chosen: Mapping[int, int], said: Asked
) -> HttpResponse:
    back = _back(request)
    try:
        deed = bulk.carry_out(
            deed=asked.deed(visit, said),
            chosen=chosen,
            request_key=_key_of(request, visit),
            acting_user=visit.actor,
            as_of=visit.as_of,
        )
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="refused")
        return redirect(back)
    _tell(request, deed, asked.done)
    return redirect(back)


def _tell(request: HttpRequest, deed: BulkDeed, done: Any) -> None:
    count, left = len(deed.before), len(deed.refused)
    url = address("bulk-deed", deed.pk)
    words = f"{done}: " + ngettext("%(n)s caso.", "%(n)s casos.", count) % {"n": count}
    if left:
        words += " " + ngettext("%(n)s quedó igual.", "%(n)s quedaron igual.", left) % {"n": left}
    told = words if not left else filled('{} <a href="{}">{}</a>', words, url, _("Ver por qué"))
    if count:
        told = filled(UNDO_LINK, told, url, address("bulk-undo", deed.pk), _("Deshacer"))
    messages.info(request, told, extra_tags="kept" if count else "near")


@require_safe
@staff_page
def outcome(request: HttpRequest, visit: Visit, deed_id: int) -> HttpResponse:
    """What was done to which case, why not to the others, and the way back."""
    deed = _own(visit, deed_id)
    told = {**deed.refused, **deed.kept}
    ids = [int(each) for each in {**deed.before, **deed.refused}]
    found = queries.among(ids, desks=visit.desks, limit=bulk.MOST)
    context = {
        "deed": deed,
        "title": DONE[deed.noun],
        "done": [each for each in found if str(each.pk) in deed.before],
        "left": [(each, told[str(each.pk)]) for each in found if str(each.pk) in deed.refused],
        "kept": [(each, told[str(each.pk)]) for each in found if str(each.pk) in deed.kept],
        "is_undone": book.is_undone(deed),
        "hidden": sum(1 for each in deed.refused if int(each) not in {row.pk for row in found}),
    }
    return show(request, visit, "web/queue/outcome.html", context)


@require_safe
@staff_page
def outcomes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What one did to many cases lately."""
    listed = [
        {
            "deed": each,
            "title": DONE[each.noun],
            "url": address("bulk-deed", each.pk),
            "is_undone": book.is_undone(each),
        }
        for each in book.latest(visit.staff.pk)
    ]
    return show(request, visit, "web/queue/outcomes.html", {"deeds": listed})


@require_POST
@staff_page
def undo(request: HttpRequest, visit: Visit, deed_id: int) -> HttpResponse:
    """Put back what stood before, where nothing has moved since."""
    deed = bulk.undo(written=_own(visit, deed_id), acting_user=visit.actor, as_of=visit.as_of)
    count = len(deed.undone)
    words = ngettext("Se deshizo en %(n)s caso.", "Se deshizo en %(n)s casos.", count)
    told: str | SafeString = words % {"n": count}
    if deed.kept:
        left = ngettext(
            "%(n)s cambió después y se dejó como está.",
            "%(n)s cambiaron después y se dejaron como están.",
            len(deed.kept),
        ) % {"n": len(deed.kept)}
        url = address("bulk-deed", deed.pk)
        told = filled('{} {} <a href="{}">{}</a>', told, left, url, _("Ver cuáles"))
    messages.info(request, told, extra_tags="kept")
    return redirect(_back(request, address("bulk-deed", deed.pk)))


def _own(visit: Visit, deed_id: int) -> BulkDeed:
    deed = book.deed_of(visit.staff.pk, deed_id)
    if deed is None:
        raise Http404
    return deed


def _chosen(request: HttpRequest) -> dict[int, int]:
    """The ledger number its chooser saw, by case id; what is no such pair is left out."""
    pairs = (CHOSEN.fullmatch(each) for each in request.POST.getlist("caso"))
    return {int(pair[1]): int(pair[2]) for pair in pairs if pair is not None}


def _key_of(request: HttpRequest, visit: Visit) -> UUID:
    """Names this request by its page and by what it says: another choice is another request."""
    try:
        page = UUID(request.POST.get("request_key", ""))
    except ValueError:
        page = uuid4()
    told = sorted(
        (name, tuple(values))
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "volver")
    )
    return uuid5(page, f"{visit.staff.pk} {told}")


def _back(request: HttpRequest, otherwise: str | None = None) -> str:
    """Where it was asked: an address of ours, never another host's."""
    url = request.POST.get("volver", "")
    if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return otherwise or address("home-queue")


def _form_page(
    request: HttpRequest, visit: Visit, asked: Bulk, form: BulkForm, cases: list[Case]
) -> HttpResponse:
    given = request.POST.getlist("caso")[: bulk.MOST + 1]
    context = {
        "asked": asked,
        "form": form,
        "cases": cases,
        "hidden": [("caso", each) for each in given]
        + [
            ("hacer", request.POST["hacer"]),
            ("volver", _back(request)),
            ("request_key", request.POST.get("request_key") or str(uuid4())),
            ("listo", "1"),
        ],
        "back_url": _back(request),
    }
    if not cases:
        messages.error(request, bulk.NothingChosen().message, extra_tags="refused")
        return redirect(_back(request))
    return show(
        request, visit, "web/queue/bulk.html", context, status=422 if form.is_bound else 200
    )
