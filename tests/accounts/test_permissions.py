"""Every permission for every role, written out, so that a change of the table is a decision."""

import pytest

from ventanilla.accounts.models import Role, Staff
from ventanilla.accounts.permissions import (
    GRANTS,
    NotPermitted,
    Permission,
    may,
    require,
    visible_desks,
    which,
    why,
)
from ventanilla.core.actors import SYSTEM, Actor

ROLES = "agent lead director administrator auditor"
# One line a permission; the columns are the roles in the order of ROLES.
TABLE = """
add_evidence          x x x . .
add_note              x x x . .
adopt_policy          . . x . .
assess_case           x x x . .
assign_case           x x x . .
change_category       x x x . .
change_committed_date x x x . .
change_priority       x x x . .
close_case            x x x . .
excuse_commitment     . x x . .
export_record         . . x x x
link_cases            x x x . .
manage_absences       . x x x .
manage_articles       . x x x .
manage_jobs           . . . x .
manage_staff          . . . x .
manage_templates      . x x x .
mark_complex          x x x . .
merge_cases           x x x . .
pause_case            x x x . .
publish_policy        . . x x .
reopen_case           x x x . .
replay_inbound        . x x x .
reply_to_person       x x x . .
resolve_case          x x x . .
retry_delivery        . x x x .
send_progress_notice  x x x . .
split_case            x x x . .
test_channel          . . x x .
unmerge_cases         . x x . .
verify_record         . . x x x
view_administration   . . x x x
view_cases            x x x x x
view_inbound          . x x x x
view_outbox           . x x x x
view_team             . x x x x
withdraw_case         x x x . .
"""
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
READS = {
    Permission.EXPORT_RECORD,
    Permission.VERIFY_RECORD,
    Permission.VIEW_ADMINISTRATION,
    Permission.VIEW_CASES,
    Permission.VIEW_INBOUND,
    Permission.VIEW_OUTBOX,
    Permission.VIEW_TEAM,
}


def member(role: str, *desks: str, is_active: bool = True) -> Staff:
    return Staff(email=f"{role}@generasoft.example", role=role, desks=desks, is_active=is_active)


def test_the_vocabulary_is_alphabetised_and_the_table_is_whole() -> None:
    names = [each.value for each in Permission]
    assert names == sorted(names)
    assert list(ROWS) == names
    assert ROLES.split() == [each.value for each in Role]


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_every_permission_for_every_role(permission: Permission, role: Role) -> None:
    allowed = ROWS[permission][ROLES.split().index(role)] == "x"
    assert may(member(role), permission) is allowed
    if allowed:
        require(member(role), permission)
    else:
        with pytest.raises(NotPermitted, match="no lo permite"):
            require(member(role), permission)


@pytest.mark.parametrize("permission", Permission)
def test_what_is_not_granted_is_denied(
    permission: Permission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role the table does not know, an account that ended, a person from outside: nothing."""
    monkeypatch.delitem(GRANTS, Role.DIRECTOR)
    assert not may(member(Role.DIRECTOR), permission)
    assert not may(member(Role.ADMINISTRATOR, is_active=False), permission)
    assert not may(Actor.person(1), permission)


def test_an_auditor_only_reads() -> None:
    assert which(member(Role.AUDITOR)) == READS


@pytest.mark.django_db
def test_an_actor_is_asked_by_its_account() -> None:
    berta = Staff.objects.create_user("berta@generasoft.example", full_name="Berta", role="agent")
    assert may(Actor.staff(berta.pk), Permission.ADD_NOTE)
    assert not may(Actor.staff(berta.pk), Permission.EXCUSE_COMMITMENT)
    assert not may(Actor.staff(berta.pk + 1), Permission.ADD_NOTE)
    assert may(SYSTEM, Permission.CLOSE_CASE)


def test_agents_and_leads_are_bound_to_their_desks_and_the_others_are_not() -> None:
    agent = member(Role.AGENT, "soporte")
    assert may(agent, Permission.REPLY_TO_PERSON, "soporte")
    assert not may(agent, Permission.REPLY_TO_PERSON, "atencion")
    assert "«atencion»" in why(agent, Permission.REPLY_TO_PERSON, "atencion").reason
    assert may(member(Role.AGENT), Permission.REPLY_TO_PERSON, "atencion")

    assert visible_desks(agent) == ["soporte"]
    assert visible_desks(member(Role.LEAD, "soporte")) == ["soporte"]
    assert visible_desks(member(Role.AGENT)) is None
    assert visible_desks(member(Role.DIRECTOR, "soporte")) is None
    assert visible_desks(member(Role.AUDITOR, "soporte")) is None
    assert visible_desks(member(Role.AGENT, "soporte", is_active=False)) == []


def test_the_refusal_says_whom_to_ask() -> None:
    with pytest.raises(NotPermitted) as refused:
        require(member(Role.AGENT), Permission.EXCUSE_COMMITMENT)
    assert "«Agente»" in refused.value.message
    assert "«Líder de equipo» o «Dirección»" in refused.value.message
