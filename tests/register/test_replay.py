"""Whatever happens to cases, in whatever order: replaying the entries gives the same rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.register import cast
from tests.register.cast import FRIDAY_3PM, hours
from ventanilla.core.actors import SYSTEM
from ventanilla.core.refusals import Refusal
from ventanilla.register import operations as register
from ventanilla.register.entries import Entry
from ventanilla.register.entries.facts import Fact
from ventanilla.register.models import Case, LedgerEntry
from ventanilla.register.verification import verify

CATEGORIES = ["billing_query", "general_query", "urgent_problem", "feature_question"]
WAITS = ["waiting_customer", "waiting_area", "waiting_authorization"]

Deed = Callable[[list[Case], int, int, datetime], object]


def _by(at: datetime) -> dict[str, Any]:
    return {"acting_user": cast.acting(cast.berta()), "as_of": at}


def _alert(cases: list[Case], who: int, what: int, at: datetime) -> None:
    rows = list(cases[who].commitments.order_by("id"))
    register.record_alert(commitment_id=rows[what % len(rows)].pk, acting_user=SYSTEM, as_of=at)


def _split(cases: list[Case], who: int, what: int, at: datetime) -> None:
    ids = list(cases[who].messages.values_list("pk", flat=True))
    cases.append(
        register.split(
            case=cases[who], message_ids=ids[what % 3 :][:1], subject="Aparte",
            category=CATEGORIES[what % 4], **_by(at),
        )
    )  # fmt: skip


DEEDS: dict[str, Deed] = {
    "write": lambda c, i, n, at: cast.wrote(c[i], at),
    "write earlier": lambda c, i, n, at: cast.wrote(c[i], at - hours(n)),
    "thank": lambda c, i, n, at: cast.wrote(c[i], at, "gracias", substantive=False),
    "answer": lambda c, i, n, at: cast.answered(c[i], at),
    "answer earlier": lambda c, i, n, at: cast.answered(c[i], at - hours(n), recorded_at=at),
    "assess": lambda c, i, n, at: register.assess(
        case=c[i], category=CATEGORIES[n % 4], priority="high", asked="Eso.", **_by(at)
    ),
    "assign": lambda c, i, n, at: register.assign(
        case=c[i], assignee_id=cast.carlos().pk if n % 2 else None, **_by(at)
    ),
    "start": lambda c, i, n, at: register.start_work(case=c[i], **_by(at)),
    "wait": lambda c, i, n, at: register.wait(case=c[i], status=WAITS[n % 3], **_by(at)),
    "resume": lambda c, i, n, at: register.resume(case=c[i], **_by(at)),
    "resolve": lambda c, i, n, at: register.resolve(case=c[i], summary="Listo.", **_by(at)),
    "close": lambda c, i, n, at: register.close(case=c[i], **_by(at)),
    "reopen": lambda c, i, n, at: register.reopen(case=c[i], reason="No.", **_by(at)),
    "withdraw": lambda c, i, n, at: register.withdraw(case=c[i], reason="Ya no.", **_by(at)),
    "change category": lambda c, i, n, at: register.change_category(
        case=c[i], category=CATEGORIES[n % 4], reason="Era otra.", **_by(at)
    ),
    "change priority": lambda c, i, n, at: register.change_priority(
        case=c[i], priority="low", reason="Puede esperar.", **_by(at)
    ),
    "commit date": lambda c, i, n, at: register.commit_date(
        case=c[i], committed_at=at + hours(n + 1), reason="Así.", **_by(at)
    ),
    "mark complex": lambda c, i, n, at: register.mark_complex(case=c[i], reason="Sí.", **_by(at)),
    "unmark complex": lambda c, i, n, at: register.unmark_complex(case=c[i], **_by(at)),
    "notice": lambda c, i, n, at: register.record_progress_notice(case=c[i], **_by(at)),
    "renew secret": lambda c, i, n, at: register.renew_secret(case=c[i], **_by(at)),
    "adopt policy": lambda c, i, n, at: register.adopt_policy(
        case=c[i], policy_version=cast.policy(), reason="Corrección.", **_by(at)
    ),
    "merge": lambda c, i, n, at: register.merge(case=c[i], into=c[n % len(c)], **_by(at)),
    "unmerge": lambda c, i, n, at: register.unmerge(case=c[i], **_by(at)),
    "split": _split,
    "alert": _alert,
    "acknowledge": lambda c, i, n, at: register.note_fact(
        case=c[i], kind="acknowledgement_queued", payload={"outbound_id": n}, **_by(at)
    ),
}

RARE = ["resume", "reopen", "unmerge", "close", "notice", "unmark complex", "wait", "start"]
"""Tried, in this order, in place of what the case refuses: otherwise most steps would be refusals."""


def happen(name: str, cases: list[Case], who: int, what: int, at: datetime) -> None:
    for each in (name, *RARE[what % 4 :]):
        try:
            with transaction.atomic():
                DEEDS[each](cases, who % len(cases), what, at)
        except Refusal:
            continue
        return


happenings = st.lists(
    st.tuples(
        st.sampled_from(sorted(DEEDS)), st.integers(0, 5), st.integers(0, 40), st.integers(0, 60)
    ),
    min_size=15,
    max_size=40,
)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would outlast the timeout
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happened=happenings)
def test_replay_gives_the_same_rows(happened: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        cases = [cast.assessed(cast.opened(), FRIDAY_3PM), cast.opened(category="general_query")]
        at = FRIDAY_3PM
        for name, who, what, later in happened:
            at += hours(later / 4)
            happen(name, cases, who, what, at)
        assert [each.sentence for each in verify(words=True).findings] == []
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_kind_says_what_erasing_means_and_tells_itself() -> None:
    """The base decides neither, so that nobody adds a kind without deciding."""
    assert len(Entry.kinds) > 35
    for kind, each in Entry.kinds.items():
        assert each.scrub is not Entry.scrub, kind
        assert each.sentence is not Entry.sentence, kind
        assert each.__doc__, kind


@pytest.mark.django_db
def test_G12_no_personal_words_enter_the_chain() -> None:
    case, _ = cast.opened_with_message(text="Mi cédula es 52.123.456")
    cast.answered(case, FRIDAY_3PM + hours(1), "Señora Prado, ya quedó.")
    case = cast.assessed(case, FRIDAY_3PM + hours(2))
    register.mark_complex(case=case, reason="Lucía está enferma", **_by(FRIDAY_3PM + hours(3)))
    whole = str(list(LedgerEntry.objects.values_list("payload", flat=True)))
    for words in ("Prado", "52.123", "lucia@", "Lucía", "Cobro", "corrija"):
        assert words not in whole


def test_the_document_lists_every_kind_of_fact() -> None:
    told = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text("utf-8")
    for kind, each in Entry.kinds.items():
        if issubclass(each, Fact):
            fields = [name for name in each.model_fields if name != "commitments"]
            assert f"| `{kind}` | {', '.join(f'`{name}`' for name in fields) or '—'} |" in told
