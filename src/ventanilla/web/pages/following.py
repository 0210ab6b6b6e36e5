"""Everything on the page on which a person follows their case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ventanilla.desk import asking, portal
from ventanilla.desk.citing import citations_in
from ventanilla.evidence.queries import items_of
from ventanilla.policy.schema.pack import Pack
from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.form_tokens import carried
from ventanilla.web.forms.portal import PersonMessage
from ventanilla.web.grouping import files_by_message
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.portal import show_private
from ventanilla.web.portal_pass import follows_token
from ventanilla.web.presenters.moments import moment
from ventanilla.web.presenters.portal import ending_view, portal_case, portal_stream, steps_of
from ventanilla.web.uploads import SlotView


def following_page(
    request: HttpRequest,
    case: Case,
    form: PersonMessage,
    *,
    slots: Sequence[SlotView] = (),
    refusal: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The page; ``slots`` are files of a message that came back to be corrected."""
    pack, as_of = pack_for(case), timezone.now()
    until = portal.reopens_until(case)
    context = {
        "case": portal_case(case, queries.commitments(case), pack, as_of),
        "steps": steps_of(case, pack, as_of),
        "ending": ending_view(
            case, until=moment(until, pack.calendar.zone, as_of) if until else None,
            is_over=until is not None and as_of > until,
        ),
        "follows": follows_token(case) if until else "",
        "stream": stream_for(case, pack, as_of),
        "form": form,
        "token": carried(request.POST.get("formulario", "")),
        "slots": slots,
        "most": {"files": asking.MOST_FILES, "bytes": asking.MOST_BYTES},
        "refusal": refusal,
        "here": address("portal-case", case.folio),
    }  # fmt: skip
    return show_private(request, pack, "web/portal/case.html", context, status=status)


def stream_for(case: Case, pack: Pack, as_of: datetime) -> list[Any]:
    """What was said, with the files that belong to it."""
    return list(
        portal_stream(
            queries.messages(case),
            files_by_message(items_of(case)),
            pack,
            as_of,
            folio=case.folio,
            cited=citations_in(case, public=True),
        )
    )
