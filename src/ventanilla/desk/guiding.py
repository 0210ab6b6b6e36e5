"""The guidelines of the policy, held against an answer to one case (S5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from ventanilla.accounts.models import Staff
from ventanilla.core.actors import Actor
from ventanilla.core.refusals import Refusal
from ventanilla.desk import citing, context
from ventanilla.policy.guidelines import Situation, Verdict, blocking, check
from ventanilla.policy.schema import Pack
from ventanilla.register import operations as register
from ventanilla.register.models import Case, Commitment
from ventanilla.register.recording import reason_digest
from ventanilla.workspace.models import Draft

EXCUSE_LENGTH = 300


class Answering(Protocol):
    """What is held against the guidelines: its words, and why it may ignore some."""

    @property
    def text(self) -> str:
        """The answer."""

    @property
    def excuse(self) -> str:
        """Why a required guideline is not met."""


class GuidelinesUnmet(Refusal):
    """Falta cumplir una pauta obligatoria: {words} Corrija el texto, o escriba por qué lo envía así;
    el motivo queda en el registro."""


def verdicts(
    *, case: Case, text: str, staff: Staff | None, article_versions: Sequence[int] = ()
) -> tuple[Verdict, ...]:
    """Every guideline of the case's policy and whether an answer of this person meets it.

    ``article_versions`` are those of the knowledge base that it cites.
    """
    pack = context.pack_of(case)
    if pack.knowledge is None:
        return ()
    about = situation(case, pack, staff, article_versions)
    return check(pack.knowledge.reply_guidelines, text, about)


def situation(
    case: Case, pack: Pack, staff: Staff | None, article_versions: Sequence[int] = ()
) -> Situation:
    """What an answer to this case is about."""
    return Situation(
        folio=case.folio,
        customer=case.person.name,
        agent=staff.full_name if staff else "",
        due=_due(case, pack),
        cites=not citing.lacks_article(article_versions) if citing.wants_article(pack) else None,
    )


def excused(
    case: Case,
    reply: Answering,
    acting_user: Actor,
    *,
    article_versions: Sequence[int] = (),
    as_of: datetime,  # noqa: ARG001 - every write names its moment
) -> dict[str, Any]:
    """What is excused and why, for the draft. Raises GuidelinesUnmet without a reason."""
    staff = Staff.objects.filter(pk=acting_user.id or 0).first()
    asked = verdicts(case=case, text=reply.text, staff=staff, article_versions=article_versions)
    unmet = blocking(asked)
    if not unmet:
        return {}
    reason = reply.excuse.strip()
    if not reason:
        raise GuidelinesUnmet(words=" ".join(each.guideline.words for each in unmet))
    return {"keys": [each.guideline.key for each in unmet], "reason": reason[:EXCUSE_LENGTH]}


def note_excuse(case: Case, draft: Draft, acting_user: Actor, *, as_of: datetime) -> None:
    """Write into the record that an answer left without meeting a required guideline, and why."""
    if not draft.excused:
        return
    reason = draft.excused["reason"]
    register.note_fact(
        case=case,
        kind="guidelines_excused",
        payload={"keys": draft.excused["keys"], "reason_digest": reason_digest(reason)},
        remark=reason,
        acting_user=acting_user,
        as_of=as_of,
    )


def _due(case: Case, pack: Pack) -> Any:
    """The local day that is promised now: the committed date, or else of the promise told.

    The resolution is what people wait for once they were answered.
    """
    if case.committed_at is not None:
        return case.committed_at.astimezone(pack.calendar.zone).date()
    main = pack.category(case.category).main_commitment
    keys = ["resolution", main.key if main else ""]
    owed = Commitment.objects.filter(case=case, met_at=None, cancelled_at=None)
    rows = {each.key: each for each in owed.filter(key__in=keys)}
    row = next((rows[key] for key in keys if key in rows), None)
    return row.due_at.astimezone(pack.calendar.zone).date() if row and row.due_at else None
