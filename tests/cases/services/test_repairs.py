"""Earning points back: by a course on the clause or by an activity, decided by another officer, as the rules allow."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from cases.errors import RepairNotPossible, TwoOfficerRule
from cases.models import Activity, QuizAttempt, RepairApplication, SubmittedFile
from cases.selectors.repairs import Eligible, Ineligible, courses_for, is_taken, repair_eligibility
from cases.services import repair_decisions, repairs
from cases.states.repair import State
from institutions.clock import local_date
from institutions.errors import Forbidden, Invalid, RuleRefused, WrongState
from institutions.models import AuditEvent, Notice, NoticeKind
from scoring.models import AccountEvent, PointsEntry
from scoring.policy.account import Status
from scoring.selectors.status import points_on, status_on
from scoring.services import ledger
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.award import at_noon, line, post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.repair import (
    CLAUSE,
    REASONS,
    certificate,
    repairing,
    right_answers,
    scored_in_tianjin,
    site_of,
)
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db

WRONG: list[list[int]] = [[] for _answer in right_answers()]


def approve(walk, *, by=None, now=None):
    return repair_decisions.approve(
        application=walk.application, reasons=REASONS, by=by or walk.approver, now=now or walk.now
    )


# --- the whole way


def test_a_course_passed_and_approved_takes_a_point_off_on_the_day_it_was_handed_in(now: datetime) -> None:
    walk = repairing(State.SUBMITTED, now=now)
    handed_in = local_date(now)

    done = approve(walk, now=now + timedelta(days=20))

    assert (done.state, done.points, done.credited_on) == (State.APPROVED, 1, handed_in)
    assert points_on(walk.person, handed_in) == 4
    assert points_on(walk.person, handed_in - timedelta(days=1)) == 5
    assert done.event is not None
    assert PointsEntry.objects.get(event=done.event).points == -1
    assert QuizAttempt.objects.get().course_version == 1


def test_an_activity_is_shown_by_a_file_and_approved(now: datetime) -> None:
    walk = repairing(State.APPROVED, now=now, activity=Activity.VOLUNTEER)

    assert walk.application.points == 1
    assert walk.application.files.get().file_name == "certificate.txt"
    assert points_on(walk.person, local_date(now)) == 4


def test_a_repair_ends_a_suspension_and_every_site_hears_of_it(now: datetime) -> None:
    person = scored_in_tianjin(9, on=local_date(now) - timedelta(days=8))
    home, elsewhere = site_of(person), InstitutionFactory.create()
    person.registrations.create(institution=elsewhere, starts_on=date(2024, 1, 1))
    assert status_on(person, local_date(now)).status is Status.SUSPENDED

    walk = repairing(State.APPROVED, now=now, person=person, site=home)

    assert status_on(person, local_date(now) + timedelta(days=1)).status is Status.NORMAL
    told = Notice.objects.filter(kind=NoticeKind.REPAIR, cause=f"{walk.application.source_key}:approved")
    assert {n.institution for n in told if n.institution} == {home, elsewhere}
    own = told.get(practitioner=person)
    assert (own.payload["points_repaired"], own.payload["points"], own.payload["outcome"]) == (1, 8, "approved")
    assert all("receipt" not in n.payload and "points_repaired" not in n.payload for n in told if n.institution)
    assert own.region_id == home.region_id


def test_a_late_office_costs_nobody_the_year() -> None:
    last_day = at_noon(date(2025, 12, 31))
    person = scored_in_tianjin(on=date(2025, 12, 1))
    walk = repairing(State.SUBMITTED, now=last_day, person=person)

    done = approve(walk, now=at_noon(date(2026, 1, 20)))

    assert done.credited_on == date(2025, 12, 31)
    assert points_on(person, date(2025, 12, 31)) == 4


# --- refusals of the rules, with their reason


def test_the_cap_of_the_year_is_kept_whatever_is_applied_for(now: datetime) -> None:
    person = scored_in_tianjin(8, on=local_date(now) - timedelta(days=8))
    waiting = [
        repairing(State.SUBMITTED, now=now, person=person, clause=clause) for clause in ("A1", "A2", "A3", "B1", "B2")
    ]
    for walk in waiting[:4]:
        approve(walk)

    with pytest.raises(RepairNotPossible) as refused:
        approve(waiting[4])

    assert refused.value.rule == "repair.cap_per_year"
    assert "4" in str(refused.value.detail)
    waiting[4].application.refresh_from_db()
    assert waiting[4].application.state == State.SUBMITTED
    assert points_on(person, local_date(now)) == 4
    assert isinstance(repair_eligibility(person, site_of(person), on=local_date(now)), Ineligible)


@pytest.mark.parametrize(
    ("points", "articles", "rule"), [(12, (38,), "repair.excluded.single_full"), (5, (40,), "repair.excluded.articles")]
)
def test_the_excluded_are_told_why_before_they_begin(now, points, articles, rule) -> None:
    person = scored_in_tianjin(points, on=local_date(now) - timedelta(days=8), articles=articles)

    with pytest.raises(RepairNotPossible) as refused:
        repairing(now=now, person=person)

    assert refused.value.rule == rule
    assert not RepairApplication.objects.exists()


def test_where_repair_is_off_the_reason_says_so(now: datetime) -> None:
    person = scored_in_tianjin(on=local_date(now) - timedelta(days=8))
    home, elsewhere = site_of(person), InstitutionFactory.create()
    person.registrations.create(institution=elsewhere, starts_on=date(2024, 1, 1))

    with translation.override("zh-hans"):
        found = repair_eligibility(person, elsewhere, on=local_date(now))

    assert isinstance(found, Ineligible)
    assert found.rule == "repair"
    assert "没有规定记分修复" in found.reason
    assert isinstance(repair_eligibility(person, home, on=local_date(now)), Eligible)


def test_the_rules_of_a_place_where_the_person_does_not_work_do_not_help(now: datetime) -> None:
    person = scored_in_tianjin(on=local_date(now) - timedelta(days=8))
    other = site_of(scored_in_tianjin(on=local_date(now) - timedelta(days=8)))

    with pytest.raises(RepairNotPossible, match=other.name):
        repairs.start_course(practitioner=person, institution=other, clause=CLAUSE, by=None, now=now)


def test_nothing_is_left_to_earn_back_at_zero(now: datetime) -> None:
    person = scored_in_tianjin(1, on=local_date(now) - timedelta(days=8))
    repairing(State.APPROVED, now=now, person=person)

    with pytest.raises(RepairNotPossible) as refused:
        repairing(now=now, person=person, clause="A1")

    assert refused.value.rule == "repair.total"


# --- courses


def test_a_course_counts_once_a_clause_and_year(now: datetime) -> None:
    walk = repairing(State.APPROVED, now=now)
    again = repairs.start_course(
        practitioner=walk.person, institution=site_of(walk.person), clause=CLAUSE, by=None, now=now
    )

    assert again == walk.application
    assert is_taken(walk.person, CLAUSE, year=2025)
    assert AccountEvent.objects.filter(kind="repair").count() == 1
    with pytest.raises(IntegrityError, match="one_course_per_clause_and_year"), transaction.atomic():
        RepairApplication.objects.create(
            receipt="XF2025-999999", practitioner=walk.person, institution=site_of(walk.person),
            activity=Activity.COURSE, clause=CLAUSE, year=2025, started_at=now,
        )  # fmt: skip


def test_a_failed_attempt_is_kept_and_does_not_count(now: datetime) -> None:
    walk = repairing(now=now)

    attempt = repairs.take_quiz(application=walk.application, answers=WRONG, by=None, now=now)

    assert (attempt.passed, attempt.correct, attempt.needed) == (False, 0, 4)
    with pytest.raises(RuleRefused) as refused:
        repairs.submit(application=walk.application, by=None, now=now)
    assert refused.value.rule == repairs.QUIZ_RULE


def test_three_attempts_a_day_and_again_tomorrow(now: datetime) -> None:
    walk = repairing(now=now)
    for _attempt in range(3):
        repairs.take_quiz(application=walk.application, answers=WRONG, by=None, now=now)

    with pytest.raises(RepairNotPossible, match="3"):
        repairs.take_quiz(application=walk.application, answers=right_answers(), by=None, now=now)
    tomorrow = repairs.take_quiz(
        application=walk.application, answers=right_answers(), by=None, now=now + timedelta(days=1)
    )

    assert (tomorrow.number, tomorrow.passed) == (4, True)


def test_a_passed_course_is_not_marked_again(now: datetime) -> None:
    walk = repairing(now=now)
    passed = repairs.take_quiz(application=walk.application, answers=right_answers(), by=None, now=now)

    assert repairs.take_quiz(application=walk.application, answers=WRONG, by=None, now=now) == passed
    assert QuizAttempt.objects.count() == 1


@pytest.mark.parametrize("answers", [[], [[0]], [[9], [0], [0], [0], [0]]])
def test_answers_that_do_not_fit_are_refused(now, answers) -> None:
    walk = repairing(now=now)

    with pytest.raises(Invalid):
        repairs.take_quiz(application=walk.application, answers=answers, by=None, now=now)
    assert not QuizAttempt.objects.exists()


def test_a_clause_without_a_course_is_refused(now: datetime) -> None:
    with pytest.raises(Invalid):
        repairing(now=now, clause="Z9")


def test_the_courses_on_the_persons_own_clauses_come_first(now: datetime) -> None:
    person = scored_in_tianjin(on=local_date(now) - timedelta(days=8))
    lines = [replace(line(4, clause="C1", conduct="c9"), articles=())]
    post_award(person, 4, local_date(now), source_key="more", lines=lines)

    found = [course.clause for course in courses_for(person, on=local_date(now))]

    assert found[:3] == ["B3", "C1", "A1"]


# --- activities


@pytest.mark.parametrize(("first", "last"), [(1, 1), (-1, -2), (-400, -399)])
def test_an_activity_is_over_and_of_this_year(now, first, last) -> None:
    person = scored_in_tianjin(on=local_date(now) - timedelta(days=8))

    with pytest.raises(RuleRefused):
        repairs.start_activity(
            practitioner=person, institution=site_of(person), activity="inspection", description="协助飞行检查",
            took_place_from=local_date(now) + timedelta(days=first),
            took_place_to=local_date(now) + timedelta(days=last), by=None, now=now,
        )  # fmt: skip


def test_an_activity_without_a_file_is_not_handed_in(now: datetime) -> None:
    walk = repairing(now=now, activity=Activity.INSPECTION)

    with pytest.raises(RuleRefused) as refused:
        repairs.submit(application=walk.application, by=None, now=now)
    assert refused.value.rule == repairs.SHOWN_RULE


def test_the_same_activity_twice_is_one_application(now: datetime) -> None:
    first = repairing(now=now, activity=Activity.VOLUNTEER)

    again = repairing(now=now, activity=Activity.VOLUNTEER, person=first.person)

    assert again.application == first.application


def test_the_same_file_twice_is_kept_once(now: datetime) -> None:
    walk = repairing(now=now, activity=Activity.VOLUNTEER)

    for _time in range(2):
        repairs.add_files(application=walk.application, files=[certificate()], by=None, now=now)

    assert SubmittedFile.objects.filter(repair=walk.application).count() == 1


# --- officers


def test_who_entered_it_does_not_decide_it(now: datetime) -> None:
    walk = repairing(State.SUBMITTED, now=now, by_officer=True)
    both = assign(walk.clerk, "approver")

    with pytest.raises(TwoOfficerRule):
        approve(walk, by=both)
    with pytest.raises(TwoOfficerRule):
        repair_decisions.refuse(application=walk.application, reasons=REASONS, by=both, now=now)
    assert approve(walk).state == State.APPROVED


def test_only_those_who_may_enter_and_decide(now: datetime) -> None:
    walk = repairing(State.SUBMITTED, now=now)
    with pytest.raises(Forbidden):
        approve(walk, by=walk.clerk)
    with pytest.raises(Forbidden):
        repairs.withdraw(application=walk.application, by=officer("publisher"), now=now)
    with pytest.raises(Forbidden):
        approve(walk, by=officer("approver", region="15"))


@pytest.mark.parametrize("reasons", ["", "  "])
def test_a_decision_has_reasons(now, reasons) -> None:
    walk = repairing(State.SUBMITTED, now=now)
    for decide in (repair_decisions.approve, repair_decisions.refuse):
        with pytest.raises(RuleRefused):
            decide(application=walk.application, reasons=reasons, by=walk.approver, now=now)


def test_a_refusal_is_told_to_the_person_alone_with_its_reasons(now: datetime) -> None:
    walk = repairing(State.REFUSED, now=now)

    told = Notice.objects.get(cause=f"{walk.application.source_key}:refused")

    assert told.practitioner == walk.person
    assert told.payload["why"] == [REASONS]
    assert points_on(walk.person, local_date(now)) == 5
    assert AuditEvent.objects.filter(action="repair.refused", reason=REASONS).exists()


def test_no_notice_names_an_officer(now: datetime) -> None:
    walk = repairing(State.APPROVED, now=now, by_officer=True)

    for notice in Notice.objects.filter(kind=NoticeKind.REPAIR):
        for user in (walk.clerk, walk.approver):
            assert user.display_name not in str(notice.payload)
            assert user.username not in str(notice.payload)


@pytest.mark.parametrize("target", ["notices.queue_notice", "repair_moves.record"])
def test_when_the_last_write_fails_nothing_remains(monkeypatch, now, target) -> None:
    walk = repairing(State.SUBMITTED, now=now)
    module = "cases.services.repair_notices" if target.startswith("notices") else "cases.services.repair_decisions"
    fail_on(monkeypatch, f"{module}.{target}")

    with pytest.raises(LastWriteError), transaction.atomic():
        approve(walk)

    walk.application.refresh_from_db()
    assert walk.application.state == State.SUBMITTED
    assert not AccountEvent.objects.filter(kind="repair").exists()
    assert points_on(walk.person, local_date(now)) == 5


def test_a_second_approval_changes_nothing(now: datetime) -> None:
    walk = repairing(State.APPROVED, now=now)
    rows = PointsEntry.objects.count(), Notice.objects.count(), AuditEvent.objects.count()

    assert approve(walk) == walk.application
    assert (PointsEntry.objects.count(), Notice.objects.count(), AuditEvent.objects.count()) == rows


def test_a_reversed_decision_decides_the_repair_again(now: datetime) -> None:
    """Points given back by an appeal leave nothing to repair: the credit falls with them."""
    walk = repairing(State.APPROVED, now=now)
    entry = PointsEntry.objects.get(practitioner=walk.person, kind="award")

    ledger.reverse_award(entry=entry, reason="申诉成立。", by=None, now=now + timedelta(days=1))

    assert points_on(walk.person, local_date(now) + timedelta(days=1)) == 0
    with pytest.raises(WrongState):
        repairs.withdraw(application=walk.application, by=None, now=now)
