"""Delegation during leave: what a deputy holds, for how long, and what is never handed on (ADR 0051)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from institutions import clock, permissions
from institutions.clock import local_date
from institutions.errors import Forbidden, Invalid, RuleRefused, WrongState
from institutions.models import AuditEvent, Delegation, RoleAssignment
from institutions.permissions import Permission, ensure_permission, has_permission, regions_for
from institutions.selectors import delegations as rows
from institutions.selectors import users
from institutions.services import audit, delegations, roles
from tests.factories.delegation import stand_in
from tests.factories.second_factor import enrolled
from tests.factories.user import UserFactory, assign, hr_of, officer, user_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HERE, THERE = "150422", "431122"


def delegate(delegator, deputy, now, **given):
    if not users.has_second_factor(deputy):
        enrolled(deputy)
    today = local_date(now)
    facts = {"starts_on": today, "ends_on": today + timedelta(days=6), "reason": "年休假", "by": delegator} | given
    return delegations.delegate(delegator=delegator, deputy=deputy, now=now, **facts)


@pytest.fixture
def away():
    """An inspector of one county."""
    return officer("inspector", region=HERE)


@pytest.fixture
def deputy():
    """An approver of the same county."""
    return officer("approver", region=HERE)


class TestWhatADeputyHolds:
    def test_the_roles_of_who_is_away_over_the_same_regions_and_nothing_wider(self, away, deputy, now):
        assert not has_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)
        stand_in(deputy, away, now=now)
        assert has_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)
        assert regions_for(deputy, Permission.ATTRIBUTION_PROPOSE) == [HERE]
        assert not has_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=THERE)
        assert not has_permission(deputy, Permission.APPEAL_DECIDE, region=HERE)
        assert has_permission(away, Permission.ATTRIBUTION_PROPOSE, region=HERE)

    def test_from_the_first_day_to_the_last_and_then_no_more(self, away, deputy, now):
        made = stand_in(deputy, away, now=now, days=3, starts_on=local_date(now) + timedelta(days=1))
        held = {}
        for day in range(6):
            clock.move_to(clock.start_of(local_date(now)) + timedelta(days=day, hours=23, minutes=59))
            held[day] = has_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)
        assert held == {0: False, 1: True, 2: True, 3: True, 4: False, 5: False}
        assert rows.standing_of(made, on=clock.today()) == rows.Standing.OVER

    def test_nothing_that_who_is_away_loses_meanwhile(self, away, deputy, now):
        stand_in(deputy, away, now=now)
        roles.withdraw_role(assignment=RoleAssignment.objects.get(user=away), by=None, now=now)
        assert not has_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)

    @pytest.mark.parametrize("mark", ["is_active", "is_staff"])
    def test_nothing_once_who_is_away_is_no_active_officer(self, away, deputy, now, mark):
        stand_in(deputy, away, now=now)
        setattr(away, mark, False)
        away.save()
        assert not has_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)

    def test_nothing_once_the_deputy_is_no_officer(self, away, deputy, now):
        stand_in(deputy, away, now=now)
        deputy.is_staff = False
        deputy.save()
        assert not has_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)

    def test_it_cannot_be_passed_on(self, away, deputy, now):
        third = officer("publisher", region=HERE)
        stand_in(deputy, away, now=now)
        stand_in(third, deputy, now=now)
        assert has_permission(third, Permission.ATTRIBUTION_DECIDE, region=HERE)
        assert not has_permission(third, Permission.ATTRIBUTION_PROPOSE, region=HERE)

    def test_never_the_management_of_users(self, deputy, now):
        away = assign(officer("administrator", region=HERE), "inspector", region=HERE)
        stand_in(deputy, away, now=now)
        assert has_permission(deputy, Permission.CLAIM_END, region=HERE)
        assert not has_permission(deputy, Permission.USER_MANAGE)
        assert not users.manageable_by(deputy).exists()

    def test_never_a_role_over_an_institution(self, deputy, now):
        from tests.factories.institution import InstitutionFactory

        hospital = InstitutionFactory()
        away = assign(officer("inspector", region=HERE), "institution_hr", institution=hospital)
        stand_in(deputy, away, now=now)
        assert not has_permission(deputy, Permission.NOTICE_READ)

    def test_holders_of_a_permission_include_the_deputy_while_it_runs(self, away, deputy, now):
        made = stand_in(deputy, away, now=now)
        assert deputy in users.holders(Permission.ATTRIBUTION_PROPOSE, region=HERE)
        delegations.withdraw(delegation=made, reason="提前返岗", by=away, now=now)
        assert deputy not in users.holders(Permission.ATTRIBUTION_PROPOSE, region=HERE)

    def test_one_request_reads_what_a_deputy_holds_in_three_queries(
        self, away, deputy, now, django_assert_max_num_queries
    ):
        stand_in(deputy, away, now=now)
        with permissions.remembering(), django_assert_max_num_queries(3):  # roles, delegations, the moved clock
            for permission in Permission:
                has_permission(deputy, permission, region=HERE)

    def test_who_nobody_stands_in_for_costs_one_query(self, away, django_assert_num_queries):
        with permissions.remembering(), django_assert_num_queries(1):
            for permission in Permission:
                has_permission(away, permission, region=HERE)


class TestInWhoseName:
    def test_an_act_that_only_the_delegation_allows_is_recorded_as_x_for_y(self, away, deputy, now):
        stand_in(deputy, away, now=now)
        ensure_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)
        event = audit.record_event(action="x.done", subject="x:1", by=deputy, now=now)
        assert (event.by, event.acted_for) == (deputy, away)
        assert event.actor == f"{deputy.username} for {away.username}"

    def test_an_act_by_a_role_of_ones_own_is_ones_own(self, away, deputy, now):
        stand_in(deputy, away, now=now)
        ensure_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)
        ensure_permission(deputy, Permission.ATTRIBUTION_DECIDE, region=HERE)
        event = audit.record_event(action="x.done", subject="x:1", by=deputy, now=now)
        assert (event.acted_for, event.actor) == (None, deputy.username)

    def test_what_both_hold_is_done_in_ones_own_name(self, away, deputy, now):
        stand_in(deputy, away, now=now)
        ensure_permission(deputy, Permission.CASE_VIEW, region=HERE)
        assert deputy.acting_for is None


class TestDelegate:
    def test_is_written_down_for_the_auditors_of_the_region(self, away, deputy, now):
        stand_in(deputy, away, now=now)
        event = AuditEvent.objects.get(action="delegation.made")
        assert (event.by, event.subject_id, event.region_code, event.reason) == (away, str(away.pk), HERE, "年休假")
        assert event.detail["deputy"] == deputy.username

    def test_the_same_again_returns_the_first(self, away, deputy, now):
        assert delegate(away, deputy, now) == delegate(away, deputy, now)
        assert AuditEvent.objects.filter(action="delegation.made").count() == 1

    def test_by_an_administrator_of_their_regions_and_by_nobody_else(self, away, deputy, now):
        made = delegate(away, deputy, now, by=officer("administrator", region=HERE[:4]))
        assert made.deputy == deputy
        for other in (officer("administrator", region=THERE), officer("auditor"), deputy):
            with pytest.raises(Forbidden):
                delegate(away, officer("approver", region=HERE), now, by=other)

    def test_an_administrator_does_not_name_themselves(self, away, now):
        administrator = officer("administrator", region=HERE)
        with pytest.raises(Forbidden, match="Nobody makes themselves"):
            delegate(away, administrator, now, by=administrator)

    def test_no_deputy_who_is_no_active_officer(self, away, now):
        from tests.factories.institution import InstitutionFactory

        gone = UserFactory.create(is_staff=True, is_active=False)
        for deputy in (gone, hr_of(InstitutionFactory())):
            with pytest.raises(RuleRefused, match="active officer"):
                delegate(away, deputy, now)

    def test_no_deputy_without_a_second_factor(self, away, deputy, now):
        today = local_date(now)
        with pytest.raises(RuleRefused, match="no second factor"):
            delegations.delegate(
                delegator=away, deputy=deputy, starts_on=today, ends_on=today, reason="年休假", by=away, now=now
            )

    def test_not_oneself_and_not_without_anything_to_hand_on(self, away, deputy, now):
        with pytest.raises(RuleRefused, match="for themselves"):
            delegate(away, away, now)
        for poor in (UserFactory.create(is_staff=True), user_with([Permission.USER_MANAGE], region=HERE)):
            with pytest.raises(RuleRefused, match="no role over a region"):
                delegate(poor, deputy, now)

    @pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 183)])
    def test_not_in_the_past_not_backwards_and_not_beyond_half_a_year(self, away, deputy, now, first, last):
        today = local_date(now)
        span = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
        with pytest.raises(RuleRefused, match="183"):
            delegate(away, deputy, now, **span)

    def test_not_without_a_reason(self, away, deputy, now):
        with pytest.raises(Invalid):
            delegate(away, deputy, now, reason=" ")

    def test_one_deputy_at_a_time(self, away, deputy, now):
        stand_in(deputy, away, now=now, days=5)
        with pytest.raises(WrongState) as refused:
            delegate(away, officer("approver", region=HERE), now)
        assert deputy.username in str(refused.value)
        later = local_date(now) + timedelta(days=5)
        assert delegate(away, officer("approver", region=HERE), now, starts_on=later, ends_on=later)


class TestWithdraw:
    @pytest.mark.parametrize("who", ["away", "deputy", "administrator"])
    def test_ends_it_at_once_with_a_reason(self, away, deputy, now, who):
        made = stand_in(deputy, away, now=now)
        by = {"away": away, "deputy": deputy, "administrator": officer("administrator", region=HERE)}[who]
        delegations.withdraw(delegation=made, reason="提前返岗", by=by, now=now)
        assert not has_permission(deputy, Permission.ATTRIBUTION_PROPOSE, region=HERE)
        event = AuditEvent.objects.get(action="delegation.withdrawn")
        assert (event.by, event.reason, event.acted_for) == (by, "提前返岗", None)

    def test_not_by_others(self, away, deputy, now):
        made = stand_in(deputy, away, now=now)
        for other in (officer("administrator", region=THERE), officer("auditor", region=HERE)):
            with pytest.raises(Forbidden):
                delegations.withdraw(delegation=made, reason="x", by=other, now=now)

    def test_not_without_a_reason_and_not_twice(self, away, deputy, now):
        made = stand_in(deputy, away, now=now)
        with pytest.raises(Invalid):
            delegations.withdraw(delegation=made, reason="", by=away, now=now)
        delegations.withdraw(delegation=made, reason="提前返岗", by=away, now=now)
        assert delegations.withdraw(delegation=made, reason="提前返岗", by=away, now=now).withdrawn_by == away
        with pytest.raises(WrongState):
            delegations.withdraw(delegation=made, reason="另一原因", by=deputy, now=now)

    def test_not_after_its_last_day(self, away, deputy, now):
        made = stand_in(deputy, away, now=now, days=2)
        with pytest.raises(WrongState):
            delegations.withdraw(delegation=made, reason="x", by=away, now=now + timedelta(days=3))


class TestTheDatabase:
    """What holds whatever the code does."""

    def _row(self, away, deputy, now, **other):
        today = local_date(now)
        facts = {"starts_on": today, "ends_on": today, "reason": "x", "created_at": now, "created_by": away}
        return Delegation.objects.create(**{"delegator": away, "deputy": deputy} | facts | other)

    @pytest.mark.parametrize(
        ("wrong", "rule"),
        [
            ({"days": -1}, "delegation_is_a_span_of_days"),
            ({"days": 183}, "delegation_is_a_span_of_days"),
            ({"reason": " "}, "delegation_has_a_reason"),
            ({"starts": -1}, "delegation_begins_standing"),
            ({"to": "away"}, "delegation_to_a_colleague"),
        ],
    )
    def test_a_wrong_delegation_is_refused(self, away, deputy, now, wrong, rule):
        first = local_date(now) + timedelta(days=wrong.get("starts", 0))
        facts = {"starts_on": first, "ends_on": first + timedelta(days=wrong.get("days", 0))}
        facts |= {"reason": wrong.get("reason", "x")}
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            self._row(away, away if "to" in wrong else deputy, now, **facts)

    def test_two_deputies_on_one_day_are_refused(self, away, deputy, now):
        self._row(away, deputy, now)
        with pytest.raises(IntegrityError, match="delegation_to_one_at_a_time"), transaction.atomic():
            self._row(away, officer("approver", region=HERE), now)

    def test_it_is_withdrawn_once_and_never_edited_or_deleted(self, away, deputy, now):
        made = self._row(away, deputy, now)
        for change in ({"ends_on": local_date(now) + timedelta(days=1)}, {"deputy": officer("approver")}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Delegation.objects.filter(pk=made.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            made.delete()
        done = Delegation.objects.filter(pk=made.pk)
        done.update(withdrawn_at=now, withdrawn_by=away, withdrawal_reason="x")
        with pytest.raises(DatabaseError), transaction.atomic():
            done.update(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
