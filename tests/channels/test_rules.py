"""Pure rules: what is not sent, and when a try is repeated."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from ventanilla.channels.rules import (
    GIVE_UP_AFTER,
    RETRY_AFTER,
    Caps,
    Circumstances,
    Suppression,
    next_attempt,
    suppression,
)

NOW = datetime(2026, 12, 4, 15, tzinfo=UTC)
CAPS = Caps(per_address_per_day=3, per_case=2, case_window=timedelta(hours=3))


@pytest.mark.parametrize(
    ("circumstances", "expected"),
    [
        (Circumstances(automatic=True), None),
        (Circumstances(automatic=True, sent_to_address=2, sent_in_case=1), None),
        (Circumstances(automatic=True, sent_to_address=3), Suppression.ADDRESS_CAP),
        (Circumstances(automatic=True, sent_in_case=2), Suppression.CASE_CAP),
        (Circumstances(automatic=True, answers_automatic=True), Suppression.ANSWERS_AUTOMATIC),
        (Circumstances(automatic=True, sender_disowned=True), Suppression.SENDER_DISOWNED),
        (Circumstances(automatic=True, address_bounced=True), Suppression.ADDRESS_BOUNCED),
        (Circumstances(automatic=True, own_address=True), Suppression.OWN_ADDRESS),
        (Circumstances(automatic=False, own_address=True), Suppression.OWN_ADDRESS),
        (
            Circumstances(
                automatic=False,
                answers_automatic=True,
                sender_disowned=True,
                address_bounced=True,
                sent_to_address=99,
                sent_in_case=99,
            ),
            None,
        ),
    ],
)
def test_suppression(circumstances: Circumstances, expected: Suppression | None) -> None:
    assert suppression(circumstances, CAPS) is expected


def test_tries_come_ever_later_and_end_after_three_days() -> None:
    moments = [NOW]
    while (again := next_attempt(tries=len(moments), first_at=NOW, as_of=moments[-1])) is not None:
        moments.append(again)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert gaps[: len(RETRY_AFTER)] == list(RETRY_AFTER)
    assert set(gaps[len(RETRY_AFTER) :]) == {RETRY_AFTER[-1]}
    assert GIVE_UP_AFTER - RETRY_AFTER[-1] < moments[-1] - NOW <= GIVE_UP_AFTER
