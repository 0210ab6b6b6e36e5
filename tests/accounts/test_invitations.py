"""The link to choose a password: once, for whom it was made, and not for ever."""

from __future__ import annotations

import pytest

from tests.accounts.house import NOON, staff
from ventanilla.accounts import invitations
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import Staff

pytestmark = pytest.mark.django_db
GOOD = "caballo grapa batería 9"


def choose(uid: str, token: str, password: str = GOOD) -> Staff:
    return invitations.choose_password(uid=uid, token=token, password=password, as_of=NOON)


def test_the_link_is_used_once() -> None:
    ana = staff("ana")
    marks = invitations.marks_of(ana)
    assert choose(*marks) == ana
    assert Staff.objects.get(pk=ana.pk).check_password(GOOD)
    assert entries()[0].kind == Act.PASSWORD_CHOSEN
    with pytest.raises(invitations.InvitationVoid):
        choose(*marks)


def test_a_link_opens_nothing_of_another_or_of_an_ended_account() -> None:
    ana, beto = staff("ana"), staff("beto")
    uid, token = invitations.marks_of(ana)
    other, _ = invitations.marks_of(beto)
    ana.is_active = False
    ana.save()
    for marks in ((other, token), (uid, token)):
        with pytest.raises(invitations.InvitationVoid):
            choose(*marks)


@pytest.mark.parametrize(
    "uid",
    ["", "x", "====", "MQ", "ñ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "A" * 10_000, "LTE", "wrI"],
)
def test_what_is_no_link_is_refused(uid: str) -> None:
    for token in ("", "abc", "a-b", "ñ-ñ", "c9fhws-" + "0" * 5_000):
        with pytest.raises(invitations.InvitationVoid):
            invitations.invited(uid, token)


def test_a_weak_password_is_told_and_the_link_stays_good() -> None:
    ana = staff("ana")
    marks = invitations.marks_of(ana)
    with pytest.raises(invitations.PasswordUnfit):
        choose(*marks, password="1234")
    assert choose(*marks) == ana


def test_a_link_is_void_after_its_days(settings: object) -> None:
    ana = staff("ana")
    marks = invitations.marks_of(ana)
    settings.PASSWORD_RESET_TIMEOUT = -1  # type: ignore[attr-defined]  # pytest-django's wrapper
    with pytest.raises(invitations.InvitationVoid):
        invitations.invited(*marks)
