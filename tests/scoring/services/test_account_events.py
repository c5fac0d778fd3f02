"""Repairs, re-registrations, stays and licence events through the service."""

from datetime import date

import pytest

from institutions.errors import Forbidden
from scoring.errors import EventRefused
from scoring.models import AccountEvent, Measure, PointsEntry
from scoring.policy.account import Status
from scoring.selectors.status import points_on, status_on
from scoring.services import account_events, ledger
from tests.factories.award import at_noon, line, post_award, registered
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 10)
TIANJIN = "120101"


def in_tianjin():
    person = PractitionerFactory.create()
    RegistrationFactory.create(
        practitioner=person, institution=InstitutionFactory.create(region__code=TIANJIN, code="H12010100001")
    )
    return person


def suspended_in_tianjin(points: int = 10):
    person = in_tianjin()
    post_award(person, points, DAY, lines=[line(points, clause="C1")], months=None)
    return person


def repair(person, points: int, on: date, key: str = "repair:1", by=None):
    return account_events.record_repair(
        practitioner=person,
        region=TIANJIN,
        points=points,
        on=on,
        source_key=key,
        reason="参加政策宣传",
        by=by,
        now=at_noon(on),
    )


def not_fraud(person, points: int, on: date = DAY):
    """An award that does not rest on article 40, which excludes repair in Tianjin."""
    from dataclasses import replace

    return post_award(person, points, on, lines=[replace(line(points, clause="C1"), articles=(38,))])


def test_a_repair_is_a_ledger_entry_and_shortens_the_suspension() -> None:
    person = in_tianjin()
    not_fraud(person, 10)
    repair(person, 1, date(2025, 7, 1))
    assert points_on(person, date(2025, 7, 1)) == 9
    assert PointsEntry.objects.get(kind="repair").points == -1
    assert status_on(person, date(2025, 7, 2)).until == date(2025, 8, 10)


def test_a_repair_is_refused_with_the_rule_and_leaves_nothing() -> None:
    person = suspended_in_tianjin()
    with pytest.raises(EventRefused) as refused:
        repair(person, 1, date(2025, 7, 1))
    assert refused.value.rule == "repair.excluded.articles"
    assert not AccountEvent.objects.exists()
    assert not PointsEntry.objects.filter(kind="repair").exists()


def test_the_same_repair_counts_once() -> None:
    person = in_tianjin()
    not_fraud(person, 10)
    first = repair(person, 1, date(2025, 7, 1))
    assert repair(person, 1, date(2025, 7, 1)) == first
    assert points_on(person, date(2025, 7, 2)) == 9


def test_only_those_with_the_permission_credit_a_repair() -> None:
    person = in_tianjin()
    not_fraud(person, 10)
    with pytest.raises(Forbidden):
        repair(person, 1, date(2025, 7, 1), by=UserFactory.create())


def test_a_repair_is_decided_again_when_the_award_behind_it_falls() -> None:
    person = in_tianjin()
    entry = not_fraud(person, 4)
    repair(person, 2, date(2025, 7, 1))
    ledger.reverse_award(entry=entry, reason="撤销", by=None, now=at_noon(date(2025, 7, 10)))
    assert points_on(person, date(2025, 7, 11)) == 0
    assert sum(e.points for e in PointsEntry.objects.filter(practitioner=person)) == 0


def test_reregistration_is_refused_during_the_bar_and_restores_after_it() -> None:
    person = registered()
    post_award(person, 12, DAY)

    def again(on: date, key: str) -> AccountEvent:
        return account_events.record_reregistration(
            practitioner=person, region="150422", on=on, commitment_on=on, source_key=key, by=None, now=at_noon(on)
        )

    with pytest.raises(EventRefused):
        again(date(2027, 1, 1), "r:1")
    assert status_on(person, date(2028, 6, 11)).may_reapply
    again(date(2028, 6, 20), "r:2")
    assert status_on(person, date(2028, 6, 19)).status is Status.TERMINATED
    assert status_on(person, date(2028, 6, 20)).status is Status.NORMAL


def test_a_revoked_licence_ends_qualification_until_it_is_given_back() -> None:
    person = registered()
    account_events.record_licence_loss(
        practitioner=person, on=DAY, source_key="licence:1", reason="吊销执业证书", by=None, now=at_noon(DAY)
    )
    assert status_on(person, DAY).status is Status.TERMINATED
    account_events.record_licence_restored(
        practitioner=person,
        on=date(2025, 9, 1),
        source_key="licence:2",
        reason="吊销决定被撤销",
        by=None,
        now=at_noon(date(2025, 9, 1)),
    )
    assert status_on(person, date(2025, 8, 31)).status is Status.TERMINATED
    assert status_on(person, date(2025, 9, 1)).status is Status.NORMAL
    assert not Measure.objects.exists()


def test_a_stay_without_effect_is_kept_as_the_mark_of_an_open_appeal() -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    event = account_events.record_stay(
        entry=entry, on=date(2025, 6, 20), source_key="appeal:1", by=None, now=at_noon(date(2025, 6, 20))
    )
    assert event.pk
    assert status_on(person, date(2025, 6, 21)).status is Status.TERMINATED
