"""What others see of a person whose records were merged: from the merge one person, before it two."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from institutions.models import Practitioner, User
from scoring.models import PointsTotal, Scorecard
from scoring.policy.account import Status
from scoring.selectors import search
from scoring.selectors.measures import known_measures
from scoring.selectors.search import Question
from scoring.selectors.status import points_on, status_on
from scoring.services import rebuilding, scorecards, verification
from tests.factories.award import at_noon, post_award, registered
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer
from tests.scoring.services.test_merging import MERGED_ON, NOON, merge_records, part_records

pytestmark = pytest.mark.django_db

DAY_BEFORE = MERGED_ON - timedelta(days=1)


@pytest.fixture
def inspector() -> User:
    return officer("inspector")


@pytest.fixture
def approver() -> User:
    return officer("approver")


class TestBeforeTheMerge:
    def test_each_record_answers_for_its_own_measures_until_the_day_of_the_merge(
        self, inspector: User, approver: User
    ) -> None:
        kept, gone = registered(), registered()
        post_award(kept, 2, date(2025, 5, 1))
        post_award(gone, 9, date(2025, 8, 1))  # two months, to 1 October
        merge_records(kept, gone, inspector, approver)
        assert status_on(kept, DAY_BEFORE).status is Status.NORMAL
        assert points_on(kept, DAY_BEFORE) == 2
        assert status_on(gone, DAY_BEFORE).status is Status.SUSPENDED
        assert points_on(gone, DAY_BEFORE) == 9
        for record in (kept, gone):
            assert status_on(record, MERGED_ON).status is Status.SUSPENDED
            assert points_on(record, MERGED_ON) == 11

    def test_before_it_was_recorded_nobody_knew_of_the_merge_on_its_own_day_either(
        self, inspector: User, approver: User
    ) -> None:
        kept, gone = registered(), registered()
        post_award(gone, 9, date(2025, 8, 1))
        merge_records(kept, gone, inspector, approver)
        earlier = NOON - timedelta(minutes=1)
        assert status_on(kept, MERGED_ON, known_at=earlier).status is Status.NORMAL
        assert known_measures(kept, known_at=earlier) == ()
        assert len(known_measures(gone, known_at=earlier)) == 1

    def test_after_parting_each_record_answers_for_itself_again(self, inspector: User, approver: User) -> None:
        kept, gone = registered(), registered()
        post_award(gone, 9, date(2025, 8, 1))
        merge = merge_records(kept, gone, inspector, approver)
        part_records(merge, inspector, approver, at_noon(date(2025, 9, 10)))
        kept, gone = (Practitioner.objects.get(pk=record.pk) for record in (kept, gone))
        assert status_on(kept, date(2025, 9, 12)).status is Status.NORMAL
        assert status_on(gone, date(2025, 9, 12)).status is Status.SUSPENDED

    def test_three_records_merged_one_after_another_join_day_by_day(self, inspector: User, approver: User) -> None:
        first, second, third = registered(), registered(), registered()
        post_award(third, 9, date(2025, 8, 25))
        merge_records(second, third, inspector, approver)
        second.refresh_from_db()
        later = at_noon(date(2025, 9, 11))
        from scoring.selectors.merging import preview_merge
        from scoring.services import merging

        merge = merging.propose_merge(kept=first, gone=second, reason="同一执业证书,两次登记", by=inspector, now=later)
        seen = preview_merge(kept=first, gone=second, on=date(2025, 9, 11), now=later).digest
        merging.approve_merge(merge=merge, seen=seen, by=approver, now=later)
        assert status_on(second, date(2025, 9, 10)).status is Status.SUSPENDED
        assert status_on(first, date(2025, 9, 10)).status is Status.NORMAL
        assert status_on(first, date(2025, 9, 11)).status is Status.SUSPENDED


class TestMeasuresKnown:
    def test_the_survivor_lists_the_measures_of_both_records(self, inspector: User, approver: User) -> None:
        kept, gone = registered(), registered()
        post_award(gone, 9, date(2025, 8, 1))
        merge_records(kept, gone, inspector, approver)
        kept.refresh_from_db()
        assert [measure.kind for measure in known_measures(kept)] == ["suspend"]
        assert known_measures(kept) == known_measures(Practitioner.objects.get(pk=gone.pk))


class TestSearch:
    def person_at(self, name: str, code: str, institution: Any) -> Practitioner:
        person: Practitioner = PractitionerFactory.create(name=name, code=code)
        RegistrationFactory.create(practitioner=person, institution=institution, starts_on=date(2025, 1, 1))
        return person

    def test_the_survivor_is_found_at_the_merged_records_site_and_by_its_code(
        self, inspector: User, approver: User
    ) -> None:
        here = InstitutionFactory.create(name="巴林医院")
        there = InstitutionFactory.create(name="松山医院")
        kept = self.person_at("耿晓敏", "D150422000101", here)
        gone = self.person_at("耿晓敏", "D150422000202", there)
        merge_records(kept, gone, inspector, approver)
        for question in (
            Question(name="耿晓敏", institution="松山医院"),
            Question(name="耿晓敏", institution="巴林医院"),
            Question(name="耿晓", institution="松山医院", last_four="0202"),
            Question(name="耿晓敏", institution="巴林医院", last_four="0202"),
            Question(code="D150422000202"),
        ):
            found = search.find(question, on=MERGED_ON)
            (candidate,) = found.candidates
            assert candidate.slug == kept.slug, question
            assert {site.institution for site in candidate.sites} == {"巴林医院", "松山医院"}, question

    def test_the_survivor_is_found_under_the_name_on_the_merged_record(self, inspector: User, approver: User) -> None:
        here = InstitutionFactory.create(name="巴林医院")
        there = InstitutionFactory.create(name="松山医院")
        kept = self.person_at("耿晓敏", "D150422000101", here)
        gone = self.person_at("耿小敏", "D150422000202", there)
        merge_records(kept, gone, inspector, approver)
        (candidate,) = search.find(Question(name="耿小敏", institution="松山医院"), on=MERGED_ON).candidates
        assert (candidate.slug, candidate.name) == (kept.slug, "耿晓敏")

    def test_one_person_found_through_both_records_is_one_candidate(self, inspector: User, approver: User) -> None:
        here = InstitutionFactory.create(name="巴林医院")
        kept = self.person_at("耿晓敏", "D150422000101", here)
        gone = self.person_at("耿晓敏", "D150422000202", here)
        merge_records(kept, gone, inspector, approver)
        found = search.find(Question(name="耿晓敏", institution="巴林医院"), on=MERGED_ON)
        assert [candidate.slug for candidate in found.candidates] == [kept.slug]
        assert found.only_confirmed is not None

    def test_a_provisional_record_finds_nobody_until_it_is_reconciled(self, inspector: User, approver: User) -> None:
        here = InstitutionFactory.create(name="巴林医院")
        kept = self.person_at("耿晓敏", "D150422000101", here)
        named = PractitionerFactory.create(name="耿某敏", code=None, is_provisional=True, provisional_institution=here)
        assert search.find(Question(name="耿某敏", institution="巴林医院"), on=MERGED_ON).candidates == ()
        merge_records(kept, named, inspector, approver)
        (candidate,) = search.find(Question(name="耿晓敏", institution="巴林医院"), on=MERGED_ON).candidates
        assert candidate.slug == kept.slug


class TestRebuilding:
    def test_totals_and_cards_of_merged_people_are_what_they_were(self, inspector: User, approver: User) -> None:
        kept, gone, alone = registered(), registered(), registered()
        post_award(gone, 9, date(2025, 8, 1))
        post_award(alone, 3, date(2025, 8, 1))
        merge_records(kept, gone, inspector, approver)
        scorecards.publish_dirty(now=NOON)
        totals = set(PointsTotal.objects.values_list("practitioner_id", "year", "points"))
        assert totals == {(kept.pk, 2025, 9), (alone.pk, 2025, 3)}
        PointsTotal.objects.all().delete()
        PointsTotal.objects.create(practitioner=gone, year=2024, points=5)
        rebuilt = rebuilding.rebuild(now=NOON)
        assert (rebuilt.people, rebuilt.totals) == (2, 2)
        assert set(PointsTotal.objects.values_list("practitioner_id", "year", "points")) == totals
        assert set(Scorecard.objects.values_list("practitioner_id", flat=True)) == {kept.pk, alone.pk}
        assert verification.verify_ledger() == []

    def test_the_command_finds_nothing_wrong_afterwards(self, inspector: User, approver: User) -> None:
        kept, gone = registered(), registered()
        post_award(gone, 9, date(2025, 8, 1))
        merge_records(kept, gone, inspector, approver)
        call_command("rebuild", stdout=StringIO())
        assert verification.verify_ledger() == []
