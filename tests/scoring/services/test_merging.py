"""Two records of one person: one account from the second officer's decision on, and two again, exactly as before."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from institutions.errors import Forbidden, Invalid
from institutions.models import AuditEvent, Notice, NoticeKind, Practitioner, PractitionerMerge
from institutions.selectors import practitioners as practitioner_selectors
from institutions.selectors import reconciliation
from scoring.models import Measure, PointsEntry, PointsTotal
from scoring.policy.account import Status
from scoring.selectors.accounts import load_account
from scoring.selectors.merging import preview_merge, preview_undo
from scoring.services import ledger, merging, verification
from tests.factories.award import at_noon, post_award, registered
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer

MERGED_ON = date(2025, 9, 1)
NOON = at_noon(MERGED_ON)
REASON = "同一执业证书,两次登记"

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector():
    return officer("inspector")


@pytest.fixture
def approver():
    return officer("approver")


def merge_records(kept, gone, inspector, approver, now: datetime = NOON) -> PractitionerMerge:
    merge = merging.propose_merge(kept=kept, gone=gone, reason=REASON, by=inspector, now=now)
    seen = preview_merge(kept=kept, gone=gone, on=MERGED_ON, now=now).digest
    return merging.approve_merge(merge=merge, seen=seen, by=approver, now=now)


def part_records(merge, inspector, approver, now: datetime) -> PractitionerMerge:
    merging.propose_undo(merge=merge, reason="两人同名同院,并非一人", by=inspector, now=now)
    merge.refresh_from_db()
    seen = preview_undo(merge=merge, on=(now + timedelta(hours=8)).date()).digest
    return merging.approve_undo(merge=merge, seen=seen, by=approver, now=now)


def agrees() -> bool:
    return verification.verify_ledger() == []


class TestUnion:
    def test_the_account_is_the_union_and_no_entry_is_touched(self, inspector, approver):
        kept, gone = registered(name="耿晓敏"), registered(name="耿某敏")
        post_award(kept, 3, date(2025, 5, 1))
        post_award(gone, 4, date(2025, 6, 1))
        before = list(PointsEntry.objects.order_by("posting").values())
        merge_records(kept, gone, inspector, approver)
        for record in (kept, gone):
            record.refresh_from_db()
            assert load_account(record).account.total(2025, MERGED_ON) == 7
        assert list(PointsEntry.objects.order_by("posting").values()) == before
        assert list(PointsTotal.objects.values_list("practitioner_id", "points")) == [(kept.pk, 7)]
        assert agrees()

    def test_what_the_union_causes_begins_after_the_merge_and_not_before(self, inspector, approver):
        kept, gone = registered(), registered()
        post_award(kept, 6, date(2025, 5, 1))
        post_award(gone, 6, date(2025, 6, 1))
        merge_records(kept, gone, inspector, approver)
        account = load_account(kept).account
        assert account.status_on(MERGED_ON).status is Status.NORMAL
        status = account.status_on(MERGED_ON + timedelta(days=1))
        assert (status.status, status.until) == (Status.TERMINATED, date(2026, 9, 1))
        measure = Measure.objects.get()
        assert (measure.kind, measure.starts_on) == ("terminate", date(2025, 9, 2))
        told = Notice.objects.filter(kind=NoticeKind.STATUS_CHANGE)
        assert {notice.cause for notice in told} == {f"merge:{PractitionerMerge.objects.get().pk}"}
        assert told.filter(institution__in=[p.registrations.get().institution_id for p in (kept, gone)]).count() == 2
        assert agrees()

    def test_measures_that_run_stay_and_the_ladder_is_topped_up_behind_them(self, inspector, approver):
        kept, gone = registered(), registered()
        post_award(kept, 9, date(2025, 8, 1))  # two months, to 1 October
        post_award(gone, 2, date(2025, 8, 10))
        merge_records(kept, gone, inspector, approver)
        spans = sorted((m.starts_on, m.ends_on) for m in Measure.objects.all())
        assert spans == [(date(2025, 8, 2), date(2025, 10, 1)), (date(2025, 10, 2), date(2026, 2, 1))]
        assert agrees()

    def test_two_suspensions_that_make_twelve_become_one_bar_from_the_merge_on(self, inspector, approver):
        kept, gone = registered(), registered()
        post_award(kept, 9, date(2025, 8, 1))
        post_award(gone, 9, date(2025, 8, 10))
        merge_records(kept, gone, inspector, approver)
        account = load_account(kept).account
        assert account.status_on(date(2025, 9, 1)).status is Status.SUSPENDED
        assert account.status_on(date(2025, 9, 2)).status is Status.TERMINATED
        assert agrees()

    def test_points_afterwards_count_with_both(self, inspector, approver):
        kept, gone = registered(), registered()
        post_award(kept, 4, date(2025, 5, 1))
        post_award(gone, 4, date(2025, 6, 1))
        merge_records(kept, gone, inspector, approver)
        gone.refresh_from_db()
        post_award(gone, 1, date(2025, 10, 1))  # nine in all
        assert load_account(kept).account.status_on(date(2025, 10, 2)).status is Status.SUSPENDED
        assert PointsTotal.objects.get().points == 9
        assert agrees()

    def test_a_reversal_after_the_merge_takes_back_what_the_union_caused(self, inspector, approver):
        kept, gone = registered(), registered()
        post_award(kept, 6, date(2025, 5, 1))
        entry = post_award(gone, 6, date(2025, 6, 1))
        merge_records(kept, gone, inspector, approver)
        ledger.reverse_award(entry=entry, reason="申诉成立", by=None, now=at_noon(date(2025, 9, 20)))
        account = load_account(kept).account
        assert account.measures == ()
        assert account.points_on(date(2025, 9, 20)) == 6
        assert agrees()

    def test_both_records_sites_are_the_persons_sites(self, inspector, approver):
        kept, gone = registered(), registered()
        merge_records(kept, gone, inspector, approver)
        kept.refresh_from_db()
        assert practitioner_selectors.sites_on(kept, MERGED_ON).count() == 2

    def test_what_was_known_before_the_merge_stays_known_as_such(self, inspector, approver):
        kept, gone = registered(), registered()
        post_award(kept, 6, date(2025, 5, 1))
        post_award(gone, 6, date(2025, 6, 1))
        merge_records(kept, gone, inspector, approver)
        earlier = NOON - timedelta(minutes=1)
        assert load_account(kept, known_at=earlier).account.total(2025, MERGED_ON) == 6
        assert load_account(kept, known_at=NOON).account.total(2025, MERGED_ON) == 12


class TestReconciliation:
    def test_a_provisional_person_scored_before_is_joined_with_who_came_on_the_roster(self, inspector, approver):
        person = registered(name="耿晓敏")
        institution = person.registrations.get().institution
        provisional = PractitionerFactory.create(
            name="耿某敏", code=None, is_provisional=True, provisional_institution=institution
        )
        post_award(provisional, 12, date(2025, 6, 10), institution=institution)
        assert reconciliation.waiting_provisional([""]) == [provisional]
        assert reconciliation.candidates_for(provisional, MERGED_ON).registered == (person,)
        merge_records(person, provisional, inspector, approver)
        assert load_account(person).account.status_on(MERGED_ON).status is Status.TERMINATED
        assert PointsEntry.objects.get().practitioner == provisional
        assert reconciliation.waiting_provisional([""]) == []
        assert agrees()


class TestUndo:
    def test_both_balances_are_back_and_the_unions_measures_are_over(self, inspector, approver):
        kept, gone = registered(), registered()
        post_award(kept, 6, date(2025, 5, 1))
        post_award(gone, 6, date(2025, 6, 1))
        totals = set(PointsTotal.objects.values_list("practitioner_id", "year", "points"))
        merge = merge_records(kept, gone, inspector, approver)
        part_records(merge, inspector, approver, NOON + timedelta(days=30))
        assert set(PointsTotal.objects.values_list("practitioner_id", "year", "points")) == totals
        gone = Practitioner.objects.get(pk=gone.pk)
        assert gone.merged_into is None
        for record in (kept, gone):
            assert load_account(Practitioner.objects.get(pk=record.pk)).account.measures == ()
        known = Measure.objects.get()
        assert known.recorded.upper is not None
        assert Notice.objects.filter(kind=NoticeKind.CORRECTION).exists()
        assert agrees()

    def test_days_that_would_become_graver_stand_in_the_way(self, inspector, approver):
        kept, gone = registered(), registered()
        yantai = InstitutionFactory.create(region__code="370613")  # twelve points suspend there, once a year
        post_award(kept, 6, date(2025, 6, 10), institution=yantai)
        post_award(kept, 6, date(2025, 6, 15), institution=yantai)
        post_award(gone, 4, date(2025, 6, 20), institution=yantai)
        merge = merge_records(kept, gone, inspector, approver)
        gone.refresh_from_db()
        post_award(
            gone, 8, date(2025, 10, 1), institution=yantai
        )  # twelve alone; as one person the year's bar was imposed already
        merging.propose_undo(merge=merge, reason="两人同名同院,并非一人", by=inspector, now=at_noon(date(2027, 1, 1)))
        merge.refresh_from_db()
        preview = preview_undo(merge=merge, on=date(2027, 1, 1))
        assert preview.blockers
        with pytest.raises(merging.NotTwoRecords):
            merging.approve_undo(merge=merge, seen=preview.digest, by=approver, now=at_noon(date(2027, 1, 1)))


class TestWhoAndWhen:
    def test_the_proposer_does_not_decide(self, inspector):
        kept, gone = registered(), registered()
        merge = merging.propose_merge(kept=kept, gone=gone, reason=REASON, by=inspector, now=NOON)
        with pytest.raises(Forbidden):
            merging.approve_merge(merge=merge, seen="", by=inspector, now=NOON)
        both = officer("approver")
        merge.proposed_by = both
        with pytest.raises(IntegrityError), transaction.atomic():
            PractitionerMerge.objects.filter(pk=merge.pk).update(
                proposed_by=both, decided_by=both, decision="refused", decided_at=NOON
            )

    def test_a_preview_that_is_out_of_date_is_not_approved(self, inspector, approver):
        kept, gone = registered(), registered()
        merge = merging.propose_merge(kept=kept, gone=gone, reason=REASON, by=inspector, now=NOON)
        seen = preview_merge(kept=kept, gone=gone, on=MERGED_ON, now=NOON).digest
        post_award(gone, 12, date(2025, 8, 1))
        with pytest.raises(merging.PreviewChanged):
            merging.approve_merge(merge=merge, seen=seen, by=approver, now=NOON)

    def test_the_preview_names_what_begins(self, inspector):
        kept, gone = registered(), registered()
        post_award(kept, 6, date(2025, 5, 1))
        post_award(gone, 6, date(2025, 6, 1))
        merge = merging.propose_merge(kept=kept, gone=gone, reason=REASON, by=inspector, now=NOON)
        (begins,) = merge.preview["begins"]
        assert (begins["kind"], begins["starts_on"], begins["until"]) == ("terminate", "2025-09-02", "2026-09-01")
        assert not Measure.objects.exists()

    def test_calls_again_change_nothing(self, inspector, approver):
        kept, gone = registered(), registered()
        merge = merge_records(kept, gone, inspector, approver)
        assert merging.approve_merge(merge=merge, seen="", by=approver, now=NOON) == merge
        part_records(merge, inspector, approver, NOON + timedelta(days=1))
        merge.refresh_from_db()
        merging.approve_undo(merge=merge, seen="", by=approver, now=NOON)
        actions = AuditEvent.objects.filter(action__startswith="merge.").values_list("action", flat=True)
        assert sorted(actions) == ["merge.approved", "merge.proposed", "merge.undo_proposed", "merge.undone"]

    def test_a_refused_merge_leaves_two_people(self, inspector, approver):
        kept, gone = registered(), registered()
        merge = merging.propose_merge(kept=kept, gone=gone, reason=REASON, by=inspector, now=NOON)
        merging.refuse_merge(merge=merge, reason="执业证书号不同,是两人", by=approver, now=NOON)
        gone.refresh_from_db()
        assert gone.merged_into is None
        with pytest.raises(merging.NotTwoRecords):
            merging.approve_merge(merge=merge, seen="", by=approver, now=NOON)

    def test_what_cannot_be_proposed(self, inspector, approver):
        kept, gone, other = registered(), registered(), registered()
        with pytest.raises(merging.NotTwoRecords):
            merging.propose_merge(kept=kept, gone=kept, reason=REASON, by=inspector, now=NOON)
        with pytest.raises(Invalid):
            merging.propose_merge(kept=kept, gone=gone, reason="像", by=inspector, now=NOON)
        with pytest.raises(Forbidden):
            merging.propose_merge(kept=kept, gone=gone, reason=REASON, by=officer("inspector", region="43"), now=NOON)
        merge_records(kept, gone, inspector, approver)
        gone.refresh_from_db()
        with pytest.raises(merging.NotTwoRecords):
            merging.propose_merge(kept=other, gone=gone, reason=REASON, by=inspector, now=NOON)

    def test_nothing_remains_when_the_last_step_fails(self, inspector, approver, monkeypatch):
        kept, gone = registered(), registered()
        merge = merging.propose_merge(kept=kept, gone=gone, reason=REASON, by=inspector, now=NOON)
        seen = preview_merge(kept=kept, gone=gone, on=MERGED_ON, now=NOON).digest
        monkeypatch.setattr(merging, "_publish_soon", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            merging.approve_merge(merge=merge, seen=seen, by=approver, now=NOON)
        gone.refresh_from_db()
        merge.refresh_from_db()
        assert (gone.merged_into, merge.decision) == (None, None)


AWARDS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(1, 12), st.dates(date(2025, 3, 1), date(2025, 8, 30)), st.booleans()),
    max_size=5,
    unique_by=lambda award: (award[0], award[2], award[1]),
)


@given(awards=AWARDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merge_then_undo_restores_both_accounts_exactly(awards, inspector, approver):
    people = [registered(), registered()]
    for record, points, on, is_reversed in sorted(awards, key=lambda award: award[2]):
        entry = post_award(people[record], points, on)
        if is_reversed:
            ledger.reverse_award(entry=entry, reason="申诉成立", by=None, now=at_noon(on + timedelta(days=1)))
    before = [load_account(person).account for person in people]
    entries = list(PointsEntry.objects.filter(practitioner__in=people).order_by("posting").values())
    totals = set(PointsTotal.objects.filter(practitioner__in=people).values_list("practitioner_id", "year", "points"))
    merge = merge_records(people[0], people[1], inspector, approver)
    union = load_account(people[0]).account
    for day in {day for account in before for day in account.boundaries() if day <= MERGED_ON}:
        assert union.status_on(day).status in {account.status_on(day).status for account in before}
    own = {(measure.award, measure.starts_on) for account in before for measure in account.measures}
    arisen = [measure for measure in union.measures if (measure.award, measure.starts_on) not in own]
    assert all(measure.starts_on > MERGED_ON for measure in arisen)
    part_records(merge, inspector, approver, NOON + timedelta(days=1))
    people = [Practitioner.objects.get(pk=person.pk) for person in people]
    assert [load_account(person).account for person in people] == before
    assert list(PointsEntry.objects.filter(practitioner__in=people).order_by("posting").values()) == entries
    assert totals == set(
        PointsTotal.objects.filter(practitioner__in=people).values_list("practitioner_id", "year", "points")
    )
    assert agrees()
