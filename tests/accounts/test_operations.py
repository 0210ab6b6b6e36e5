"""Accounts: made, changed, ended; nobody locks themselves out and everything is written down."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import Client

from tests.accounts.house import NOON, acting, staff
from ventanilla.accounts import operations as accounts
from ventanilla.accounts.administrative import Act, entries
from ventanilla.accounts.models import AdministrativeEntry, Role, Staff
from ventanilla.accounts.permissions import NotPermitted
from ventanilla.core.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db


def changed(member: Staff, by: Actor, **wanted: Any) -> Staff:
    now = {"full_name": member.full_name, "role": member.role, "desks": member.desks}
    facts = {**now, "language": "es", **wanted}
    return accounts.change_staff(staff_id=member.pk, acting_user=by, as_of=NOON, **facts)


def test_the_vocabulary_of_acts_is_alphabetised() -> None:
    assert [each.value for each in Act] == sorted(each.value for each in Act)


def test_an_account_without_password_cannot_sign_in_and_is_written_down() -> None:
    boss = staff("marcela", Role.ADMINISTRATOR)
    made = accounts.create_staff(
        email=" Nuevo@Generasoft.Example ",
        full_name="Nuevo Pérez",
        role="agent",
        desks=["soporte"],
        password=None,
        acting_user=acting(boss),
        as_of=NOON,
    )
    assert made.email == "nuevo@generasoft.example"
    assert not made.has_usable_password()
    entry = entries()[0]
    assert (entry.kind, entry.about, entry.actor_id) == (Act.STAFF_CREATED, made, boss.pk)
    assert entry.payload == {"role": "agent", "desks": ["soporte"]}


def test_the_same_address_twice_or_a_weak_password_is_refused() -> None:
    boss = acting(staff("marcela", Role.ADMINISTRATOR))
    facts = {"full_name": "Uno", "role": "agent", "acting_user": boss, "as_of": NOON}
    for email, password in (("MARCELA@generasoft.example", None), ("x@y.example", "123")):
        with pytest.raises(accounts.StaffInvalid):
            accounts.create_staff(email=email, password=password, **facts)  # type: ignore[arg-type]  # one dict for two calls
    assert Staff.objects.count() == 1
    assert not entries()


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_administrators_manage_accounts(role: Role) -> None:
    other, victim = staff("otro", role), staff("berta")
    with pytest.raises(NotPermitted):
        changed(victim, acting(other), role="lead")
    with pytest.raises(NotPermitted):
        accounts.deactivate_staff(staff_id=victim.pk, acting_user=acting(other), as_of=NOON)
    with pytest.raises(NotPermitted):
        accounts.set_desk_members(desk="soporte", members=[], acting_user=acting(other), as_of=NOON)


def test_a_change_is_written_down_with_before_and_after() -> None:
    boss, berta = staff("marcela", Role.ADMINISTRATOR), staff("berta")
    changed(berta, acting(boss), role="lead", desks=["soporte", "soporte"])
    assert entries()[0].payload == {
        "changes": {"role": ["agent", "lead"], "desks": [[], ["soporte"]]}
    }
    changed(Staff.objects.get(pk=berta.pk), acting(boss))
    assert len(entries()) == 1, "nothing changed, nothing to say"


def test_of_a_name_only_that_it_changed_is_written_down_for_ever() -> None:
    boss, berta = staff("marcela", Role.ADMINISTRATOR), staff("berta")
    before = berta.full_name
    changed(berta, acting(boss), full_name="Berta Nieto de Paz", language="en")
    (entry,) = entries()
    assert entry.payload == {"changes": {"language": ["es", "en"]}, "changed": ["full_name"]}
    assert before not in str(entry.payload)
    changed(Staff.objects.get(pk=berta.pk), acting(boss), full_name="Berta N.", language="en")
    assert entries()[0].payload == {"changes": {}, "changed": ["full_name"]}


def test_nobody_changes_their_own_role_or_ends_their_own_account() -> None:
    boss, _second = staff("marcela", Role.ADMINISTRATOR), staff("rosa", Role.ADMINISTRATOR)
    with pytest.raises(accounts.NotYourself):
        changed(boss, acting(boss), role="director")
    with pytest.raises(accounts.NotYourself):
        accounts.deactivate_staff(staff_id=boss.pk, acting_user=acting(boss), as_of=NOON)
    assert changed(boss, acting(boss), full_name="Marcela I.").full_name == "Marcela I."


def test_the_last_active_administrator_stays() -> None:
    boss, gone = staff("marcela", Role.ADMINISTRATOR), staff("rosa", Role.ADMINISTRATOR)
    accounts.deactivate_staff(staff_id=gone.pk, acting_user=acting(boss), as_of=NOON)
    with pytest.raises(accounts.LastAdministrator):
        accounts.deactivate_staff(staff_id=boss.pk, acting_user=SYSTEM, as_of=NOON)
    with pytest.raises(accounts.LastAdministrator):
        changed(boss, SYSTEM, role="agent")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_at_once_leave_one() -> None:
    pair = [staff("marcela", Role.ADMINISTRATOR), staff("rosa", Role.ADMINISTRATOR)]
    start, refused = threading.Barrier(2), list[Exception]()

    def end(mine: Staff, other: Staff) -> None:
        start.wait(10)
        try:
            accounts.deactivate_staff(staff_id=other.pk, acting_user=acting(mine), as_of=NOON)
        except NotPermitted as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=end, args=each) for each in (pair, pair[::-1])]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert len(refused) == 1
    assert Staff.objects.filter(is_active=True).count() == 1


def test_ending_twice_is_ending_once_and_an_account_can_come_back() -> None:
    boss, berta = acting(staff("marcela", Role.ADMINISTRATOR)), staff("berta", Role.LEAD, "soporte")
    for _ in range(2):
        accounts.deactivate_staff(staff_id=berta.pk, acting_user=boss, as_of=NOON)
    for _ in range(2):
        back = accounts.reactivate_staff(staff_id=berta.pk, acting_user=boss, as_of=NOON)
    assert (back.is_active, back.role, back.desks) == (True, "lead", ["soporte"])
    assert [each.kind for each in entries()] == [Act.STAFF_REACTIVATED, Act.STAFF_DEACTIVATED]


@pytest.mark.parametrize("backend", ["ModelBackend", "allauth"])
def test_the_sessions_of_an_ended_account_are_refused_at_once(backend: str) -> None:
    boss, berta = acting(staff("marcela", Role.ADMINISTRATOR)), staff("berta")
    path = {
        "ModelBackend": "django.contrib.auth.backends.ModelBackend",
        "allauth": "allauth.account.auth_backends.AuthenticationBackend",
    }[backend]
    browser = Client()
    browser.force_login(berta, backend=path)
    assert browser.get("/").headers["Location"] == "/cola/"
    assert not browser.get("/cola/").headers["Location"].startswith("/cuenta/login/")
    accounts.deactivate_staff(staff_id=berta.pk, acting_user=boss, as_of=NOON)
    assert browser.get("/cola/").headers["Location"].startswith("/cuenta/login/")


def test_members_of_a_desk_are_said_in_one_go() -> None:
    boss = acting(staff("marcela", Role.ADMINISTRATOR))
    ana, beto = (
        staff("ana", Role.AGENT, "soporte"),
        staff("beto", Role.AGENT, "atencion", "soporte"),
    )
    free = staff("carla")
    moved = accounts.set_desk_members(
        desk="atencion", members=[ana.pk], acting_user=boss, as_of=NOON
    )
    assert moved == [ana, beto]
    desks = dict(Staff.objects.values_list("pk", "desks"))
    assert desks[ana.pk] == ["atencion", "soporte"]
    assert desks[beto.pk] == ["soporte"]
    assert desks[free.pk] == [], "who serves all desks is left alone"
    assert entries()[0].payload == {"desk": "atencion", "added": [ana.pk], "removed": [beto.pk]}


def test_nobody_comes_to_serve_all_desks_by_leaving_the_last_one() -> None:
    boss, ana = acting(staff("marcela", Role.ADMINISTRATOR)), staff("ana", Role.AGENT, "soporte")
    with pytest.raises(accounts.WouldServeAll):
        accounts.set_desk_members(desk="soporte", members=[], acting_user=boss, as_of=NOON)
    ana.refresh_from_db()
    assert ana.desks == ["soporte"]


@pytest.mark.parametrize("wanted", [{"role": "king"}, {"full_name": "x" * 121}, {"full_name": ""}])
def test_values_that_do_not_fit_are_refused(wanted: dict[str, str]) -> None:
    boss, ana = acting(staff("marcela", Role.ADMINISTRATOR)), staff("ana")
    with pytest.raises((accounts.StaffInvalid, ValueError)):
        changed(ana, boss, **wanted)


def test_an_unknown_colleague_is_refused() -> None:
    boss = acting(staff("marcela", Role.ADMINISTRATOR))
    with pytest.raises(accounts.StaffUnknown):
        accounts.deactivate_staff(staff_id=2**62, acting_user=boss, as_of=NOON)


@pytest.mark.parametrize("statement", ["update", "delete"])
def test_the_record_of_administration_is_not_changed(statement: str) -> None:
    boss = acting(staff("marcela", Role.ADMINISTRATOR))
    accounts.reactivate_staff(staff_id=boss.id or 0, acting_user=boss, as_of=NOON)
    accounts.deactivate_staff(staff_id=staff("berta").pk, acting_user=boss, as_of=NOON)
    rows = AdministrativeEntry.objects.all()
    with pytest.raises(DatabaseError, match="no se cambia"), transaction.atomic():
        rows.update(kind="nothing") if statement == "update" else rows.delete()
    assert rows.count() == 1
