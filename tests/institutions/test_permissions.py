"""Who may do what, where: the truth table of roles, regions and institutions."""

import pytest
from django.contrib.auth.models import AnonymousUser

from institutions import permissions
from institutions.errors import Forbidden
from institutions.models import Institution
from institutions.permissions import Permission, ensure_permission, has_permission, institutions_for, regions_for
from institutions.roles import BUILTIN_ROLES
from institutions.services import roles
from tests.factories.institution import InstitutionFactory
from tests.factories.user import UserFactory, assign, hr_of, officer, user_with

pytestmark = pytest.mark.django_db

CHIFENG = "150422"
DONGAN = "431122"


@pytest.mark.parametrize(
    ("prefix", "region", "allowed"),
    [
        ("", CHIFENG, True),
        ("", "", True),
        ("15", CHIFENG, True),
        ("1504", CHIFENG, True),
        ("150422", CHIFENG, True),
        ("150422", "1504", False),
        ("15", "", False),
        ("43", CHIFENG, False),
        ("1505", CHIFENG, False),
        ("15", DONGAN, False),
        ("15", None, True),
    ],
)
def test_a_role_over_a_region_reaches_what_begins_with_its_prefix(prefix, region, allowed):
    user = user_with([Permission.CASE_VIEW], region=prefix)
    assert has_permission(user, Permission.CASE_VIEW, region=region) is allowed


@pytest.mark.parametrize(("prefix", "allowed"), [("", True), ("15", True), ("150422", True), ("43", False)])
def test_a_role_over_a_region_reaches_its_institutions(prefix, allowed):
    hospital = InstitutionFactory(region__code=CHIFENG)
    user = user_with([Permission.CASE_VIEW], region=prefix)
    assert has_permission(user, Permission.CASE_VIEW, institution=hospital) is allowed
    assert (hospital in institutions_for(user, Permission.CASE_VIEW)) is allowed


def test_a_role_over_an_institution_reaches_it_and_nothing_else():
    own, other = InstitutionFactory(), InstitutionFactory()
    user = hr_of(own)
    assert has_permission(user, Permission.NOTICE_READ, institution=own)
    assert has_permission(user, Permission.NOTICE_READ, institution=own, region=CHIFENG)
    assert has_permission(user, Permission.NOTICE_READ)
    assert not has_permission(user, Permission.NOTICE_READ, institution=other)
    assert not has_permission(user, Permission.NOTICE_READ, institution=own, region=DONGAN)
    assert not has_permission(user, Permission.NOTICE_READ, region=CHIFENG)
    assert regions_for(user, Permission.NOTICE_READ) == []
    assert list(institutions_for(user, Permission.NOTICE_READ)) == [own]


def test_every_condition_must_hold_when_region_and_institution_are_given():
    hospital = InstitutionFactory(region__code=CHIFENG)
    user = user_with([Permission.CASE_VIEW], region="15")
    assert has_permission(user, Permission.CASE_VIEW, region=CHIFENG, institution=hospital)
    assert not has_permission(user, Permission.CASE_VIEW, region=DONGAN, institution=hospital)


def test_a_permission_that_no_role_includes_is_not_held():
    user = user_with([Permission.CASE_VIEW])
    assert not has_permission(user, Permission.CASE_IMPORT)
    assert regions_for(user, Permission.CASE_IMPORT) == []
    assert not institutions_for(user, Permission.CASE_IMPORT).exists()


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_nobody_holds_nothing(nobody):
    InstitutionFactory()
    assert not has_permission(nobody, Permission.CASE_VIEW)
    assert regions_for(nobody, Permission.CASE_VIEW) == []
    assert not institutions_for(nobody, Permission.CASE_VIEW).exists()


def test_an_inactive_user_holds_nothing():
    user = officer("inspector")
    user.is_active = False
    user.save()
    assert not has_permission(user, Permission.CASE_VIEW)
    assert regions_for(user, Permission.CASE_VIEW) == []
    assert not institutions_for(user, Permission.CASE_VIEW).exists()


def test_a_superuser_holds_everything():
    user = UserFactory(is_superuser=True)
    hospital = InstitutionFactory()
    for permission in Permission:
        assert has_permission(user, permission, region=CHIFENG, institution=hospital)
    assert regions_for(user, Permission.CASE_VIEW) == [permissions.WHOLE_COUNTRY]
    assert hospital in institutions_for(user, Permission.CASE_VIEW)


def test_the_system_passes_and_a_stranger_is_told_which_permission_is_missing():
    ensure_permission(None, Permission.CASE_IMPORT, region=CHIFENG)
    with pytest.raises(Forbidden) as refusal:
        ensure_permission(UserFactory(), Permission.CASE_IMPORT, region=CHIFENG)
    assert refusal.value.rule == "case.import"
    with pytest.raises(Forbidden):
        ensure_permission(AnonymousUser(), Permission.CASE_IMPORT, region=CHIFENG)


def test_prefixes_within_others_are_left_out():
    user = user_with([Permission.CASE_VIEW], region="1504")
    assign(user, "inspector", region="15")
    assign(user, "inspector", region="43")
    assert regions_for(user, Permission.CASE_VIEW) == ["15", "43"]


def test_no_prefix_means_no_rows():
    InstitutionFactory()
    assert not Institution.objects.filter(permissions.within([])).exists()
    assert Institution.objects.filter(permissions.within([""])).exists()


OFFICERS = ["inspector", "approver", "appeal_officer", "expert", "publisher", "auditor", "administrator"]
HELD_BY = {
    Permission.CASE_VIEW: {"inspector", "approver", "appeal_officer", "auditor", "expert"},
    Permission.CASE_IMPORT: {"inspector"},
    Permission.EVIDENCE_VIEW: {"inspector", "approver", "appeal_officer", "auditor", "expert"},
    Permission.ATTRIBUTION_PROPOSE: {"inspector"},
    Permission.ATTRIBUTION_DECIDE: {"approver"},
    Permission.ATTRIBUTION_COUNTERSIGN: {"approver"},
    Permission.ATTRIBUTION_SERVE: {"inspector"},
    Permission.ASSESSMENT_OPEN: {"inspector", "approver"},
    Permission.ASSESSMENT_OPINION: {"expert"},
    Permission.BASIS_ANNUL: {"approver"},
    Permission.APPEAL_DECIDE: {"appeal_officer"},
    Permission.EVIDENCE_REDACT: {"inspector", "approver"},
    Permission.DATA_ANSWER: {"inspector", "approver"},
    Permission.OWN_STATEMENT_MODERATE: {"inspector", "approver", "publisher"},
    Permission.APPEAL_ASSIGN: {"appeal_officer"},
    Permission.APPEAL_OPINION: {"expert"},
    Permission.REPAIR_ENTER: {"inspector"},
    Permission.REPAIR_DECIDE: {"approver"},
    Permission.REREGISTRATION_ENTER: {"inspector", "institution_hr"},
    Permission.REREGISTRATION_DECIDE: {"approver"},
    Permission.SCORECARD_PUBLISH: {"publisher"},
    Permission.LEDGER_VIEW: {"inspector", "approver", "appeal_officer", "publisher", "auditor"},
    Permission.RULEBOOK_DRAFT: {"inspector", "approver"},
    Permission.RULEBOOK_ACTIVATE: {"approver"},
    Permission.ROSTER_IMPORT: {"inspector"},
    Permission.REGISTRATION_VIEW: {"inspector", "approver", "appeal_officer", "auditor", "institution_hr"},
    Permission.AUDIT_VIEW: {"auditor", "administrator"},
    Permission.JOB_VIEW: {"inspector", "approver", "appeal_officer", "publisher", "auditor", "administrator"},
    Permission.USER_MANAGE: {"administrator"},
    Permission.CALENDAR_LOAD: {"administrator"},
    Permission.DESK_MANAGE: {"administrator"},
    Permission.CLAIM_END: {"administrator"},
    Permission.NOTICE_VIEW: {"inspector", "approver", "appeal_officer", "auditor"},
    Permission.NOTICE_READ: {"institution_hr"},
    Permission.NOTICE_ACKNOWLEDGE: {"institution_hr"},
    Permission.LETTER_HANDOVER: {"institution_hr"},
    Permission.OVERSIGHT: {"auditor"},
    Permission.ATTRIBUTION_RELEASE: {"approver"},
    Permission.LEAD_VIEW: {"inspector", "approver", "auditor"},
    Permission.LEAD_ENTER: {"inspector"},
    Permission.LEAD_DECIDE: {"inspector"},
    Permission.TIP_UNSEAL: {"approver"},
    Permission.TYPICAL_VIEW: {"inspector", "approver", "publisher", "auditor"},
    Permission.TYPICAL_DRAFT: {"inspector"},
    Permission.TYPICAL_APPROVE: {"approver"},
}


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_is_held_by_exactly_these_roles(permission):
    holders = {role.code for role in BUILTIN_ROLES if permission in role.permissions}
    assert holders == HELD_BY[permission]


@pytest.mark.parametrize("role", OFFICERS)
def test_an_officer_holds_what_the_table_says_in_the_region_and_nothing_outside(role):
    user = officer(role, region="15")
    for permission, holders in HELD_BY.items():
        assert has_permission(user, permission, region=CHIFENG) is (role in holders)
        assert not has_permission(user, permission, region=DONGAN)


def test_an_auditor_writes_nothing():
    auditor = next(role for role in BUILTIN_ROLES if role.code == "auditor")
    assert all(permission.value.endswith(".view") for permission in auditor.permissions)


def test_within_a_request_assignments_are_read_once(django_assert_num_queries):
    user = officer("inspector", region="15")
    with permissions.remembering(), django_assert_num_queries(1):
        assert has_permission(user, Permission.CASE_VIEW, region=CHIFENG)
        assert not has_permission(user, Permission.ATTRIBUTION_DECIDE, region=CHIFENG)
        assert regions_for(user, Permission.CASE_VIEW) == ["15"]
    with django_assert_num_queries(2):
        has_permission(user, Permission.CASE_VIEW)
        has_permission(user, Permission.CASE_VIEW)


def test_a_role_withdrawn_within_a_request_is_gone_at_once(now):
    user, administrator = officer("inspector", region="15"), officer("administrator", region="")
    with permissions.remembering():
        assert has_permission(user, Permission.CASE_VIEW)
        roles.withdraw_role(assignment=user.role_assignments.get(), by=administrator, now=now)
        assert not has_permission(user, Permission.CASE_VIEW)
