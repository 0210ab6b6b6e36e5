"""Who may do what: one vocabulary, one table, one answer to "may I?", "which rows?" and "why?"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ventanilla.accounts.models import Role, Staff
from ventanilla.core.actors import Actor, ActorKind
from ventanilla.core.refusals import Refusal


class Permission(StrEnum):
    """Everything a staff member can be allowed to do. Alphabetised; kept so by a test."""

    ADD_EVIDENCE = "add_evidence"
    ADD_NOTE = "add_note"
    ADOPT_POLICY = "adopt_policy"
    ASSESS_CASE = "assess_case"
    ASSIGN_CASE = "assign_case"
    CHANGE_CATEGORY = "change_category"
    CHANGE_COMMITTED_DATE = "change_committed_date"
    CHANGE_PRIORITY = "change_priority"
    CLOSE_CASE = "close_case"
    EXCUSE_COMMITMENT = "excuse_commitment"
    EXPORT_RECORD = "export_record"
    LINK_CASES = "link_cases"
    MANAGE_ABSENCES = "manage_absences"
    MANAGE_ARTICLES = "manage_articles"
    MANAGE_JOBS = "manage_jobs"
    MANAGE_STAFF = "manage_staff"
    MANAGE_TEMPLATES = "manage_templates"
    MARK_COMPLEX = "mark_complex"
    MERGE_CASES = "merge_cases"
    PAUSE_CASE = "pause_case"
    PUBLISH_POLICY = "publish_policy"
    REOPEN_CASE = "reopen_case"
    REPLAY_INBOUND = "replay_inbound"
    REPLY_TO_PERSON = "reply_to_person"
    RESOLVE_CASE = "resolve_case"
    RETRY_DELIVERY = "retry_delivery"
    SEND_PROGRESS_NOTICE = "send_progress_notice"
    SPLIT_CASE = "split_case"
    TEST_CHANNEL = "test_channel"
    UNMERGE_CASES = "unmerge_cases"
    VERIFY_RECORD = "verify_record"
    VIEW_ADMINISTRATION = "view_administration"
    VIEW_CASES = "view_cases"
    VIEW_INBOUND = "view_inbound"
    VIEW_OUTBOX = "view_outbox"
    VIEW_TEAM = "view_team"
    WITHDRAW_CASE = "withdraw_case"


_AGENT = frozenset(
    {
        Permission.ADD_EVIDENCE,
        Permission.ADD_NOTE,
        Permission.ASSESS_CASE,
        Permission.ASSIGN_CASE,
        Permission.CHANGE_CATEGORY,
        Permission.CHANGE_COMMITTED_DATE,
        Permission.CHANGE_PRIORITY,
        Permission.CLOSE_CASE,
        Permission.LINK_CASES,
        Permission.MARK_COMPLEX,
        Permission.MERGE_CASES,
        Permission.PAUSE_CASE,
        Permission.REOPEN_CASE,
        Permission.REPLY_TO_PERSON,
        Permission.RESOLVE_CASE,
        Permission.SEND_PROGRESS_NOTICE,
        Permission.SPLIT_CASE,
        Permission.VIEW_CASES,
        Permission.WITHDRAW_CASE,
    }
)
_LEAD = _AGENT | {
    Permission.EXCUSE_COMMITMENT,
    Permission.MANAGE_ABSENCES,
    Permission.MANAGE_ARTICLES,
    Permission.MANAGE_TEMPLATES,
    Permission.REPLAY_INBOUND,
    Permission.RETRY_DELIVERY,
    Permission.UNMERGE_CASES,
    Permission.VIEW_INBOUND,
    Permission.VIEW_OUTBOX,
    Permission.VIEW_TEAM,
}
_DIRECTOR = _LEAD | {
    Permission.ADOPT_POLICY,
    Permission.EXPORT_RECORD,
    Permission.PUBLISH_POLICY,
    Permission.TEST_CHANNEL,
    Permission.VERIFY_RECORD,
    Permission.VIEW_ADMINISTRATION,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset(_AGENT),
    Role.LEAD: frozenset(_LEAD),
    Role.DIRECTOR: frozenset(_DIRECTOR),
    # Keeps the house running: sees and repairs everything, but neither speaks to customers nor
    # decides their cases. A small team that has one person for both makes them a director.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.EXPORT_RECORD,
            Permission.MANAGE_ABSENCES,
            Permission.MANAGE_ARTICLES,
            Permission.MANAGE_JOBS,
            Permission.MANAGE_STAFF,
            Permission.MANAGE_TEMPLATES,
            Permission.PUBLISH_POLICY,
            Permission.REPLAY_INBOUND,
            Permission.RETRY_DELIVERY,
            Permission.TEST_CHANNEL,
            Permission.VERIFY_RECORD,
            Permission.VIEW_ADMINISTRATION,
            Permission.VIEW_CASES,
            Permission.VIEW_INBOUND,
            Permission.VIEW_OUTBOX,
            Permission.VIEW_TEAM,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.EXPORT_RECORD,
            Permission.VERIFY_RECORD,
            Permission.VIEW_ADMINISTRATION,
            Permission.VIEW_CASES,
            Permission.VIEW_INBOUND,
            Permission.VIEW_OUTBOX,
            Permission.VIEW_TEAM,
        }
    ),
}
"""What each role may do. What is not written here is denied."""

DESK_BOUND = frozenset({Role.AGENT, Role.LEAD})
"""The roles that see only the cases of their desks; without any desk in their file, all."""


class NotPermitted(Refusal):
    """No se hizo nada. {reason}"""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something is allowed, and why, in words for the person who asked.

    A page asks thirty times and shows one reason at most, so the words are made when asked for.
    """

    allowed: bool
    words: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why, as a sentence."""
        return _(self.words) % self.facts


def may(who: Staff | Actor, permission: Permission, desk: str | None = None) -> bool:
    """Whether this person may do it, on a case of ``desk`` if one is named."""
    return why(who, permission, desk).allowed


def which(who: Staff | Actor) -> frozenset[Permission]:
    """Everything this person may do on at least one desk."""
    return frozenset(each for each in Permission if may(who, each))


def why(who: Staff | Actor, permission: Permission, desk: str | None = None) -> Answer:
    """The answer and its reason. The one place where the decision is taken.

    The system itself may do what the policy makes it do. A person being served holds no
    permission: what is theirs they reach by folio and secret, not by this table.
    """
    if isinstance(who, Actor):
        if who.kind is ActorKind.SYSTEM:
            return Answer(True, gettext_noop("Lo hace el sistema según la política."))
        staff = _staff_of(who)
    else:
        staff = who
    if staff is None or not staff.is_active:
        inactive = gettext_noop("Su cuenta no está activa. Hable con quien administra el sistema.")
        return Answer(False, inactive)
    role = Role(staff.role)
    if permission not in GRANTS.get(role, frozenset()):
        refused = gettext_noop("La función «%(role)s» no lo permite. Pídalo a %(others)s.")
        return Answer(False, refused, {"role": role.label, "others": _HOLDERS(permission)})
    desks = visible_desks(staff)
    if desk is not None and desks is not None and desk not in desks:
        elsewhere = gettext_noop("El caso es de la mesa «%(desk)s», que no es una de las suyas.")
        return Answer(False, elsewhere, {"desk": desk})
    return Answer(True, gettext_noop("La función «%(role)s» lo permite."), {"role": role.label})


def require(who: Staff | Actor, permission: Permission, desk: str | None = None) -> None:
    """Pass, or raise NotPermitted with the reason."""
    answer = why(who, permission, desk)
    if not answer.allowed:
        raise NotPermitted(reason=answer.reason)


def visible_desks(staff: Staff) -> list[str] | None:
    """The desks whose cases this person sees; None means all, an empty list none."""
    role = Role(staff.role)
    if not staff.is_active or Permission.VIEW_CASES not in GRANTS.get(role, frozenset()):
        return []
    return list(staff.desks) if role in DESK_BOUND and staff.desks else None


def desks_of(who: Staff | Actor) -> list[str] | None:
    """The desks within which this person may act; None means all, as for the system itself."""
    if isinstance(who, Staff):
        return visible_desks(who)
    if who.kind is ActorKind.SYSTEM:
        return None
    staff = _staff_of(who)
    return visible_desks(staff) if staff else []


def _staff_of(actor: Actor) -> Staff | None:
    if actor.kind is not ActorKind.STAFF:
        return None
    return Staff.objects.filter(pk=actor.id or 0).first()


def _holders(permission: Permission) -> str:
    holders = [role.label for role in Role if permission in GRANTS.get(role, ())]
    return _(" o ").join(f"«{each}»" for each in holders)


_HOLDERS = lazy(_holders, str)
