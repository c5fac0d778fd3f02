"""Registering anew after a bar: a new commitment at an institution, entered by one, approved by another."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from cases.errors import OfficerNeeded, ReregistrationNotPossible, TwoOfficerRule
from cases.models import ReregistrationApplication
from cases.services import reregistrations
from cases.states.repair import EntryState
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused
from institutions.models import Notice, NoticeKind, Registration
from scoring.models import AccountEvent
from scoring.policy.account import Status
from scoring.selectors.status import status_on
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.award import at_noon, post_award, registered
from tests.factories.institution import InstitutionFactory
from tests.factories.repair import REASONS, barred, certificate, registering, site_of
from tests.factories.user import assign, hr_of, officer

pytestmark = pytest.mark.django_db

LAST_DAY = date(2026, 6, 9)
NOW = at_noon(LAST_DAY + timedelta(days=1))


def enter(person, *, now: datetime = NOW, by=None, commitment_on: date | None = None, **kwargs):
    return reregistrations.enter(
        practitioner=person,
        institution=kwargs.pop("institution", None) or site_of(person),
        commitment_on=commitment_on or local_date(now),
        by=by or officer("inspector"),
        now=now,
        **kwargs,
    )


def approve(walk, **kwargs):
    facts = {"application": walk.application, "reasons": REASONS, "by": walk.approver, "now": walk.now} | kwargs
    return reregistrations.approve(**facts)


def test_the_approved_are_qualified_again_from_that_day_with_the_new_commitment() -> None:
    person = barred(LAST_DAY)
    old = person.registrations.get()
    assert status_on(person, LAST_DAY + timedelta(days=1)).may_reapply

    walk = registering(EntryState.APPROVED, now=NOW, person=person)

    today = local_date(NOW)
    old.refresh_from_db()
    new = walk.application.registration
    assert new is not None
    assert status_on(person, today).status is Status.NORMAL
    assert status_on(person, LAST_DAY).status is Status.TERMINATED
    assert (old.ends_on, new.starts_on, new.ends_on) == (LAST_DAY, today, None)
    assert (new.commitment_on, new.department) == (today, "全科")
    assert walk.application.files.get().file_name == "commitment.txt"
    person.refresh_from_db()
    assert person.profile_changed_at == NOW


def test_another_institution_may_take_the_person() -> None:
    person, elsewhere = barred(LAST_DAY), InstitutionFactory.create()

    registering(EntryState.APPROVED, now=NOW, person=person, institution=elsewhere)

    assert elsewhere.registrations.get().starts_on == local_date(NOW)
    assert Registration.objects.filter(practitioner=person, ends_on__isnull=True).count() == 2


@pytest.mark.parametrize("day", [LAST_DAY - timedelta(days=30), LAST_DAY])
def test_during_the_bar_the_refusal_names_its_last_day(day: date) -> None:
    person = barred(LAST_DAY)

    with pytest.raises(ReregistrationNotPossible) as refused:
        enter(person, now=at_noon(day))

    assert refused.value.rule == "reregistration"
    assert "2026" in str(refused.value.detail)
    assert not ReregistrationApplication.objects.exists()


def test_whoever_is_not_terminated_is_refused(now: datetime) -> None:
    person = registered()
    post_award(person, 9, local_date(now))

    with pytest.raises(ReregistrationNotPossible):
        enter(person, now=now + timedelta(days=3))


@pytest.mark.parametrize("signed", [LAST_DAY, date(2025, 1, 1), LAST_DAY + timedelta(days=2)])
def test_the_commitment_is_new(signed: date) -> None:
    with pytest.raises(RuleRefused, match=r"signed after|签署"):
        enter(barred(LAST_DAY), commitment_on=signed)


def test_two_officers() -> None:
    walk = registering(now=NOW)
    assign(walk.clerk, "approver")

    for decide in (reregistrations.approve, reregistrations.refuse):
        with pytest.raises(TwoOfficerRule):
            decide(application=walk.application, reasons=REASONS, by=walk.clerk, now=NOW)


def test_hr_enters_for_its_own_institution_only() -> None:
    person = barred(LAST_DAY)
    with pytest.raises(Forbidden):
        enter(person, by=hr_of(InstitutionFactory.create()))

    made = enter(person, by=hr_of(site_of(person)))

    assert made.state == EntryState.ENTERED
    with pytest.raises(Forbidden):
        reregistrations.approve(application=made, reasons=REASONS, by=hr_of(site_of(person)), now=NOW)


def test_somebody_answers_for_an_entry() -> None:
    person = barred(LAST_DAY)
    with pytest.raises(OfficerNeeded):
        reregistrations.enter(
            practitioner=person, institution=site_of(person), commitment_on=local_date(NOW), by=None, now=NOW
        )


def test_one_application_at_a_time() -> None:
    walk = registering(now=NOW)
    person = walk.application.practitioner

    assert enter(person) == walk.application
    with pytest.raises(ReregistrationNotPossible, match=walk.application.receipt):
        enter(person, institution=InstitutionFactory.create())
    reregistrations.withdraw(application=walk.application, by=walk.clerk, now=NOW)
    assert enter(person, institution=InstitutionFactory.create()).state == EntryState.ENTERED


def test_a_new_bar_between_entry_and_decision_stops_it() -> None:
    walk = registering(now=NOW)
    post_award(walk.application.practitioner, 12, local_date(NOW), source_key="new")

    with pytest.raises(ReregistrationNotPossible):
        approve(walk, now=NOW + timedelta(days=2))

    assert not AccountEvent.objects.filter(kind="reregistration").exists()
    assert Registration.objects.filter(practitioner=walk.application.practitioner).count() == 1


def test_everybody_concerned_is_told() -> None:
    walk = registering(EntryState.APPROVED, now=NOW)
    it = walk.application

    told = Notice.objects.filter(kind=NoticeKind.REREGISTRATION)

    assert {n.cause.rsplit(":", 1)[1] for n in told.filter(practitioner=it.practitioner)} == {"received", "approved"}
    to_site = told.get(institution=it.institution)
    assert (to_site.payload["effect"], to_site.payload["outcome"]) == ("normal", "approved")
    assert to_site.payload["registered_from"] == local_date(NOW).isoformat()


def test_a_refusal_is_told_to_the_person_and_the_institution_that_applied() -> None:
    walk = registering(EntryState.REFUSED, now=NOW)

    told = Notice.objects.filter(cause=f"{walk.application.source_key}:refused")

    assert {n.institution or n.practitioner for n in told} == {
        walk.application.institution,
        walk.application.practitioner,
    }
    assert all(n.payload["why"] == [REASONS] for n in told)
    assert status_on(walk.application.practitioner, local_date(NOW)).status is Status.TERMINATED


def test_a_closed_institution_takes_nobody() -> None:
    walk = registering(now=NOW)
    walk.application.institution.closed_on = local_date(NOW)
    walk.application.institution.save()

    with pytest.raises(RuleRefused):
        approve(walk)


def test_when_the_last_write_fails_nothing_remains(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = registering(now=NOW)
    fail_on(monkeypatch, "cases.services.repair_notices.notices.queue_notice")

    with pytest.raises(LastWriteError), transaction.atomic():
        approve(walk)

    walk.application.refresh_from_db()
    assert walk.application.state == EntryState.ENTERED
    assert not AccountEvent.objects.filter(kind="reregistration").exists()
    assert Registration.objects.get(practitioner=walk.application.practitioner).ends_on is None


def test_the_signed_commitment_may_be_added_later() -> None:
    made = enter(barred(LAST_DAY))
    clerk = officer("inspector")

    reregistrations.add_files(application=made, files=[certificate("commitment.txt", "承诺")], by=clerk, now=NOW)

    assert made.files.get().recorded_by == clerk
