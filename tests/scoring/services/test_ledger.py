"""The ledger service: what is posted, what follows, what is refused, what remains after a failure."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import DatabaseError, transaction

from institutions.models import AuditEvent, Notice, NoticeKind
from scoring.errors import NotAnOpenAward, NothingToScore, SourceKeyTaken
from scoring.models import Consequence, Measure, PointsEntry, PointsTotal, Scorecard
from scoring.policy.account import Status
from scoring.selectors.status import points_on, status_on
from scoring.services import ledger, measures
from tests.factories.award import at_noon, line, post_award, registered
from tests.factories.registration import RegistrationFactory

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 10)


def test_twelve_points_in_one_go_terminate_for_three_years() -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    measure = Measure.objects.get(entry=entry)
    assert (measure.kind, measure.starts_on, measure.ends_on) == ("terminate", date(2025, 6, 11), date(2028, 6, 10))
    assert status_on(person, DAY).status is Status.NORMAL
    assert status_on(person, date(2025, 6, 11)).status is Status.TERMINATED
    assert PointsTotal.objects.get(practitioner=person, year=2025).points == 12
    assert AuditEvent.objects.filter(action="points.awarded", subject_id=str(entry.pk)).exists()


def test_the_same_cause_is_posted_once() -> None:
    person = registered()
    first = post_award(person, 4, DAY)
    again = post_award(person, 4, DAY)
    assert again == first
    assert PointsEntry.objects.filter(practitioner=person).count() == 1
    with pytest.raises(SourceKeyTaken):
        post_award(person, 6, DAY, source_key=first.source_key)


def test_a_decision_without_a_countable_line_is_refused_with_each_reason() -> None:
    person = registered()
    early = line(6, from_on=date(2024, 1, 1), to_on=date(2024, 12, 31))
    with pytest.raises(NothingToScore) as refused:
        post_award(person, 6, DAY, lines=[early])
    assert refused.value.errors[0]["rule"] == "conduct_cutoff"
    assert not PointsEntry.objects.exists()


def test_a_line_up_to_new_year_2025_scores() -> None:
    straddling = line(6, from_on=date(2024, 1, 1), to_on=date(2025, 1, 1))
    assert post_award(registered(), 6, DAY, lines=[straddling]).points == 6


def test_same_conduct_counts_once_at_the_highest_and_different_conducts_add() -> None:
    lines = [line(4, conduct="a"), line(6, conduct="a"), line(3, conduct="b")]
    entry = post_award(registered(), 9, DAY, lines=lines)
    assert (entry.points, entry.single_points) == (9, 9)
    assert [row["dropped"] is not None for row in entry.lines] == [True, False, False]


def test_nothing_remains_when_the_last_write_fails() -> None:
    person = registered()
    with (
        mock.patch.object(ledger.status_notices, "tell_after_award", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        post_award(person, 12, DAY)
    assert not PointsEntry.objects.exists()
    assert not Measure.objects.exists()
    assert not Notice.objects.exists()
    assert not Scorecard.objects.exists()


def test_every_site_and_the_person_are_told_and_only_the_cases_site_gets_details() -> None:
    person = registered()
    second = RegistrationFactory.create(practitioner=person).institution
    entry = post_award(person, 10, DAY)
    told = Notice.objects.filter(kind=NoticeKind.STATUS_CHANGE)
    assert told.count() == 3
    elsewhere = told.get(institution=second).payload
    assert elsewhere["effect"] == "suspended"
    assert elsewhere["effect_until"] == "2025-10-10"
    assert "case_reference" not in elsewhere
    assert "why" not in elsewhere
    assert told.get(institution=entry.institution).payload["case_reference"] == entry.case_reference


def test_reminders_go_out_once_per_tier_and_year() -> None:
    person = registered()
    post_award(person, 3, DAY)
    post_award(person, 1, DAY + timedelta(days=1))
    reminders = Notice.objects.filter(kind=NoticeKind.REMINDER, institution__isnull=False)
    assert reminders.count() == 1
    post_award(person, 3, DAY + timedelta(days=2))
    assert Notice.objects.filter(kind=NoticeKind.INTERVIEW, institution__isnull=False).count() == 1
    post_award(person, 3, date(2026, 3, 1))
    assert reminders.count() == 2


def test_a_reversal_undoes_points_measures_and_ticks_every_consequence() -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    reversal = ledger.reverse_award(entry=entry, reason="复议撤销处罚", by=None, now=at_noon(date(2025, 7, 1)))
    assert reversal.points == -12
    assert points_on(person, DAY) == 0
    assert status_on(person, date(2025, 6, 20)).status is Status.NORMAL
    assert not Measure.objects.filter(practitioner=person, recorded__endswith__isnull=True).exists()
    assert not Consequence.objects.filter(entry=entry, reversal__isnull=True).exists()
    told = Notice.objects.filter(kind__in=[NoticeKind.STATUS_CHANGE, NoticeKind.REMINDER, NoticeKind.INTERVIEW])
    corrections = Notice.objects.filter(kind=NoticeKind.CORRECTION)
    assert {c.recipient_key for c in corrections} == {n.recipient_key for n in told}
    assert sorted(n for c in corrections for n in c.payload["corrects"]) == sorted(n.number for n in told)
    assert ledger.reverse_award(entry=entry, reason="again", by=None, now=at_noon(date(2025, 7, 2))) == reversal


def test_what_was_known_before_a_reversal_stays_known_as_such() -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    ledger.reverse_award(entry=entry, reason="复议撤销处罚", by=None, now=at_noon(date(2025, 7, 1)))
    known = status_on(person, date(2025, 6, 20), known_at=at_noon(date(2025, 6, 25)))
    assert known.status is Status.TERMINATED
    row = Measure.objects.get(entry=entry)
    assert at_noon(date(2025, 6, 25)) in row.recorded
    assert at_noon(date(2025, 7, 2)) not in row.recorded


def test_a_variation_replaces_the_award_with_the_same_dates() -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    varied = ledger.vary_award(entry=entry, points=10, reason="部分成立", by=None, now=at_noon(date(2025, 7, 1)))
    assert varied.source_key == f"{entry.source_key}:2"
    assert (varied.effective_on, varied.scored_on, varied.points) == (DAY, DAY, 10)
    assert points_on(person, date(2025, 7, 1)) == 10
    assert status_on(person, date(2025, 7, 2)).until == date(2025, 10, 10)
    again = ledger.vary_award(entry=varied, points=4, reason="再次变更", by=None, now=at_noon(date(2025, 8, 1)))
    assert again.source_key == f"{entry.source_key}:3"
    assert status_on(person, date(2025, 7, 2)).status is Status.NORMAL
    with pytest.raises(NotAnOpenAward):
        ledger.vary_award(entry=entry, points=9, reason="x", by=None, now=at_noon(date(2025, 8, 1)))
    with pytest.raises(NotAnOpenAward):
        ledger.vary_award(entry=again, points=4, reason="x", by=None, now=at_noon(date(2025, 8, 1)))
    assert sum(e.points for e in PointsEntry.objects.filter(practitioner=person)) == 4


def test_a_varied_award_can_be_reversed_altogether() -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    varied = ledger.vary_award(entry=entry, points=10, reason="部分成立", by=None, now=at_noon(date(2025, 7, 1)))
    with pytest.raises(NotAnOpenAward):
        ledger.reverse_award(entry=entry, reason="x", by=None, now=at_noon(date(2025, 8, 1)))
    ledger.reverse_award(entry=varied, reason="法院撤销", by=None, now=at_noon(date(2025, 8, 1)))
    assert points_on(person, date(2025, 8, 2)) == 0
    assert PointsTotal.objects.get(practitioner=person, year=2025).points == 0


def test_a_late_posting_keeps_its_own_dates_and_judges_later_awards_anew() -> None:
    person = registered()
    post_award(person, 9, DAY)
    late = post_award(person, 1, date(2025, 6, 1), now=at_noon(date(2025, 7, 1)))
    assert late.effective_on == date(2025, 6, 1)
    assert status_on(person, date(2025, 7, 2)).until == date(2025, 10, 10)
    before = status_on(person, date(2025, 7, 2), known_at=at_noon(date(2025, 6, 30)))
    assert before.until == date(2025, 8, 10)


def test_new_year_touches_no_row() -> None:
    person = registered()
    post_award(person, 11, date(2025, 12, 1))
    rows = list(PointsEntry.objects.values_list("pk", "points"))
    assert points_on(person, date(2025, 12, 31)) == 11
    assert points_on(person, date(2026, 1, 1)) == 0
    assert status_on(person, date(2026, 1, 1)).status is Status.SUSPENDED
    assert list(PointsEntry.objects.values_list("pk", "points")) == rows


def test_a_broken_seal_cannot_be_inserted_by_the_application() -> None:
    person = registered()
    entry = post_award(person, 4, DAY)
    forged = PointsEntry(
        practitioner=person,
        kind="reversal",
        points=-3,
        year=2025,
        effective_on=DAY,
        rulebook=entry.rulebook,
        source_key="forged",
        reverses=entry,
        reason="x",
        recorded_at=at_noon(DAY),
    )
    with pytest.raises(DatabaseError, match="exact negative"), transaction.atomic():
        forged.save()


def test_refresh_twice_changes_nothing() -> None:
    person = registered()
    post_award(person, 12, DAY)
    before = list(Measure.objects.values_list("pk", "recorded"))
    refreshed = measures.refresh(practitioner=person, cause=None, by=None, now=at_noon(DAY))
    assert (refreshed.added, refreshed.ended) == ((), ())
    assert list(Measure.objects.values_list("pk", "recorded")) == before
