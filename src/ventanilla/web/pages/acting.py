"""The page of one thing done to a case, and what is kept of its text while it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ventanilla.register import queries
from ventanilla.register.models import Case
from ventanilla.web.addresses import address
from ventanilla.web.forms.case import Drafted
from ventanilla.web.offering import ActionView
from ventanilla.web.packs import pack_for
from ventanilla.web.pages.composer import KINDS
from ventanilla.web.presenters.case import case_view
from ventanilla.web.presenters.drafts import saved_words
from ventanilla.web.visit import Visit
from ventanilla.workspace import drafting
from ventanilla.workspace.models import Draft


@dataclass(frozen=True, slots=True)
class KeptText:
    """How the text of a form is kept; ``other`` is the text of another tab that it clashes with."""

    kind: str
    save_url: str
    saved: str
    other: str | None = None
    other_saved: str = ""


def action_context(
    visit: Visit, case: Case, action: ActionView, clash: Draft | None = None
) -> dict[str, Any]:
    """The form with what its writer began, or with what came back in it.

    ``clash`` is the draft that another tab kept meanwhile.
    """
    pack = pack_for(case)
    view = case_view(case, queries.commitments(case), pack, visit.as_of)
    return {"case": view, "action": action, "kept": _kept(visit, case, action, clash)}


def _kept(visit: Visit, case: Case, action: ActionView, clash: Draft | None) -> KeptText | None:
    kind = KINDS.get(action.noun)
    if kind is None or not isinstance(action.form, Drafted):
        return None
    row = drafting.written(case, kind, visit.staff.pk)
    action.form.go_on_from(row)
    zone = pack_for(case).calendar.zone
    return KeptText(
        kind=kind.value,
        save_url=address("draft", case.folio),
        saved=saved_words(row.updated_at, zone) if row and row.text and clash is None else "",
        other=clash.text if clash else None,
        other_saved=saved_words(clash.updated_at, zone) if clash else "",
    )
