"""Which actions a person is offered on a case, and each as its form shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ventanilla.accounts.queries import serving
from ventanilla.register.models import Case, Message
from ventanilla.register.queries import showing
from ventanilla.web.actions import (
    ACTIONS,
    ASSESS,
    FILE,
    LINK,
    NOTE,
    REPLY,
    RESOLVE,
    RESUME,
    UNLINK,
    Action,
)
from ventanilla.web.addresses import address
from ventanilla.web.cases import find_case
from ventanilla.web.choosing import likely_cases, linked_cases
from ventanilla.web.forms.case import CaseForm, Setting
from ventanilla.web.packs import pack_for
from ventanilla.web.presenters.moments import moment
from ventanilla.web.presenters.refusals import RefusalView
from ventanilla.web.presenters.team import away_words
from ventanilla.web.telling import consequences_for
from ventanilla.web.visit import Visit

MOST_SPLIT = 100
EXCERPT = 80
PRIMARY = (ASSESS, RESUME, RESOLVE, ACTIONS["cierre"])
"""The first of these that fits is the one primary action of the page."""


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action as a form, or as a link to it."""

    noun: str
    url: str
    title: str
    name: str
    verb: str
    icon: str
    intro: str
    consequences: tuple[str, ...]
    danger: bool
    multipart: bool
    draft: str
    form: CaseForm | None
    refusal: RefusalView | None


def fits(action: Action, case: Case) -> bool:
    """Whether the action makes sense for the case as it stands."""
    return action.fits(case)


def offered(visit: Visit, case: Case) -> list[Action]:
    """What this person can do now, in the order of the menu."""
    return [
        each
        for each in ACTIONS.values()
        if each.fits(case) and visit.may(each.permission, case.desk)
    ]


def primary_of(actions: list[Action]) -> Action | None:
    """The one thing to do next."""
    return next((each for each in PRIMARY if each in actions), None)


def links(case: Case, actions: list[Action]) -> list[ActionView]:
    """The secondary actions as links; others have their own place on the page."""
    aside = [REPLY, NOTE, FILE, LINK, UNLINK, primary_of(actions)]
    return [link_of(case, each) for each in actions if each not in aside]


def link_of(case: Case, action: Action) -> ActionView:
    """An action without its form."""
    return _view(case, action, None, None)


def action_view(
    visit: Visit,
    case: Case,
    action: Action,
    *,
    form: CaseForm | None = None,
    refusal: RefusalView | None = None,
) -> ActionView:
    """An action with its form: an empty one, or the one that was sent."""
    view = _view(case, action, form or action.form(setting_of(visit, case)), refusal)
    return replace(view, consequences=consequences_for(visit, case, action))


def _view(
    case: Case, action: Action, form: CaseForm | None, refusal: RefusalView | None
) -> ActionView:
    return ActionView(
        noun=action.noun,
        url=address("case-action", case.folio, action.noun),
        title=action.title,
        name=action.name,
        verb=action.verb,
        icon=action.icon,
        intro=action.intro,
        consequences=action.consequences,
        danger=action.danger,
        multipart=form.is_multipart() if form else False,
        draft=f"{case.folio}/{action.noun}" if action.draft else "",
        form=form,
        refusal=refusal,
    )


def setting_of(visit: Visit, case: Case) -> Setting:
    """What the form of an action may ask about the case."""
    pack = pack_for(case)

    def said() -> list[tuple[int, str]]:
        rows = showing.messages(case, limit=MOST_SPLIT)
        theirs = (each for each in rows if each.direction == Message.Direction.IN)
        zone = pack.calendar.zone
        return [
            (each.pk, f"{moment(each.at, zone, visit.as_of).short}: {each.text[:EXCERPT]}")
            for each in theirs
        ]

    return Setting(
        case=case,
        pack=pack,
        colleagues=lambda: serving(case.desk),
        away=lambda: away_words(pack.calendar.zone, visit.as_of),
        messages=said,
        find=lambda text: find_case(visit, text),
        likely=lambda: likely_cases(visit, case),
        linked=lambda: linked_cases(visit, case),
    )


__all__ = [
    "ActionView",
    "action_view",
    "fits",
    "link_of",
    "links",
    "offered",
    "primary_of",
    "setting_of",
]
