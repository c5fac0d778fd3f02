"""Giving and withdrawing roles."""

import pytest

from institutions.errors import Forbidden, Invalid
from institutions.models import AuditEvent, RoleAssignment
from institutions.permissions import Permission, has_permission
from institutions.services import audit, roles
from tests.factories.institution import InstitutionFactory
from tests.factories.user import UserFactory, assign, builtin_role, officer

pytestmark = pytest.mark.django_db


def give(user, role, now, by, *, region="", institution=None):
    return roles.assign_role(
        user=user, role=builtin_role(role), region_prefix=region, institution=institution, by=by, now=now
    )


def test_an_administrator_gives_a_role_in_their_region_once(now):
    administrator, user = officer("administrator", region="15"), UserFactory()
    first = give(user, "inspector", now, administrator, region="1504")
    assert give(user, "inspector", now, administrator, region="1504") == first
    assert has_permission(user, Permission.CASE_IMPORT, region="150422")
    event = AuditEvent.objects.get(action="role.assigned")
    assert (event.by, event.detail["role"], event.region_code) == (administrator, "inspector", "1504")


def test_an_administrator_makes_hr_of_an_institution_in_their_region(now):
    hospital = InstitutionFactory()
    give(UserFactory(), "institution_hr", now, officer("administrator", region="15"), institution=hospital)
    with pytest.raises(Forbidden):
        give(UserFactory(), "institution_hr", now, officer("administrator", region="43"), institution=hospital)


@pytest.mark.parametrize("region", ["", "1", "43", "4311"])
def test_nobody_gives_a_role_beyond_their_region(now, region):
    with pytest.raises(Forbidden):
        give(UserFactory(), "inspector", now, officer("administrator", region="15"), region=region)


def test_only_administrators_give_roles_and_never_to_themselves(now):
    with pytest.raises(Forbidden):
        give(UserFactory(), "inspector", now, officer("inspector"), region="15")
    administrator = officer("administrator")
    with pytest.raises(Forbidden):
        give(administrator, "inspector", now, administrator, region="15")
    assert not RoleAssignment.objects.filter(role="inspector", user=administrator).exists()


def test_a_role_is_held_over_the_right_sort_of_thing(now):
    with pytest.raises(Invalid):
        give(UserFactory(), "institution_hr", now, None)
    with pytest.raises(Invalid):
        give(UserFactory(), "inspector", now, None, institution=InstitutionFactory())


def test_a_withdrawn_role_is_gone_and_remembered(now):
    user = assign(UserFactory(), "inspector", region="15")
    assignment = user.role_assignments.get()
    with pytest.raises(Forbidden):
        roles.withdraw_role(assignment=assignment, by=officer("administrator", region="43"), now=now)
    roles.withdraw_role(assignment=assignment, by=officer("administrator", region="15"), now=now)
    assert not has_permission(user, Permission.CASE_IMPORT, region="150422")
    assert AuditEvent.objects.filter(action="role.withdrawn", subject_id=str(user.pk)).exists()


def test_nothing_is_given_when_the_record_of_it_fails(now, monkeypatch):
    def fail(**facts):
        raise RuntimeError

    monkeypatch.setattr(audit, "record_event", fail)
    with pytest.raises(RuntimeError):
        give(UserFactory(), "inspector", now, None, region="15")
    assert not RoleAssignment.objects.exists()
