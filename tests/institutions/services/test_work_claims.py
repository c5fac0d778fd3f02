"""Taking work in hand: one officer holds a row, and what ends a claim."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from institutions.errors import Forbidden, Invalid
from institutions.models import AuditEvent, WorkClaim
from institutions.permissions import Permission
from institutions.services import audit, work_claims
from institutions.services.work_claims import AlreadyClaimed, NotClaimed, Work
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db

CASE = Work("cases", "01a22bc8", "试医保案〔2025〕001", "150422", (Permission.ATTRIBUTION_PROPOSE,))


@pytest.fixture
def inspector():
    return officer("inspector", region="15")


@pytest.fixture
def colleague():
    return officer("inspector", region="1504")


@pytest.fixture
def administrator():
    return officer("administrator", region="15")


class TestClaiming:
    def test_a_claim_names_holder_row_and_end_and_is_written_down(self, inspector, now):
        made = work_claims.claim(work=CASE, by=inspector, now=now)
        assert (made.holder, made.subject_id, made.reference, made.region_code) == (
            inspector,
            CASE.subject_id,
            CASE.reference,
            "150422",
        )
        assert made.lapses_at == now + timedelta(days=7)
        act = AuditEvent.objects.get(action="work.claimed")
        assert (act.by, act.region_code, act.detail["queue"]) == (inspector, "150422", "cases")

    def test_a_second_time_answers_the_claim_that_stands(self, inspector, now):
        first = work_claims.claim(work=CASE, by=inspector, now=now)
        assert work_claims.claim(work=CASE, by=inspector, now=now + timedelta(days=1)) == first
        assert WorkClaim.objects.count() == 1

    def test_what_somebody_else_holds_is_refused_by_name(self, inspector, colleague, now):
        work_claims.claim(work=CASE, by=inspector, now=now)
        with pytest.raises(AlreadyClaimed, match=inspector.username):
            work_claims.claim(work=CASE, by=colleague, now=now)

    def test_the_same_row_of_another_queue_is_other_work(self, inspector, colleague, now):
        work_claims.claim(work=CASE, by=inspector, now=now)
        other = Work("services", CASE.subject_id, CASE.reference, CASE.region, CASE.acts)
        assert work_claims.claim(work=other, by=colleague, now=now).holder == colleague

    @pytest.mark.parametrize(("role", "region"), [("inspector", "37"), ("auditor", ""), ("approver", "15")])
    def test_who_could_not_do_the_work_holds_nothing(self, role, region, now):
        with pytest.raises(Forbidden):
            work_claims.claim(work=CASE, by=officer(role, region=region), now=now)
        assert not WorkClaim.objects.exists()

    def test_a_lapsed_claim_holds_nobody_off_and_ends_with_the_next(self, inspector, colleague, now):
        first = work_claims.claim(work=CASE, by=inspector, now=now)
        work_claims.claim(work=CASE, by=colleague, now=now + timedelta(days=8))
        first.refresh_from_db()
        assert (first.end, first.ended_by) == ("lapsed", colleague)

    def test_nothing_remains_where_the_record_cannot_be_written(self, inspector, now, monkeypatch):
        def fail(**_facts):
            raise DatabaseError("disk full")

        monkeypatch.setattr(audit, "record_event", fail)
        with pytest.raises(DatabaseError), transaction.atomic():
            work_claims.claim(work=CASE, by=inspector, now=now)
        assert not WorkClaim.objects.exists()


class TestEnding:
    def test_the_holder_releases_and_another_may_claim(self, inspector, colleague, now):
        work_claims.claim(work=CASE, by=inspector, now=now)
        ended = work_claims.release(work=CASE, by=inspector, now=now)
        assert (ended.end, ended.ended_by, ended.ended_at) == ("released", inspector, now)
        assert work_claims.claim(work=CASE, by=colleague, now=now).holder == colleague

    def test_nobody_releases_what_nobody_or_somebody_else_holds(self, inspector, colleague, now):
        with pytest.raises(NotClaimed):
            work_claims.release(work=CASE, by=inspector, now=now)
        work_claims.claim(work=CASE, by=inspector, now=now)
        with pytest.raises(AlreadyClaimed):
            work_claims.release(work=CASE, by=colleague, now=now)

    def test_an_administrator_frees_a_claim_for_a_reason(self, inspector, administrator, now):
        made = work_claims.claim(work=CASE, by=inspector, now=now)
        with pytest.raises(Invalid):
            work_claims.free(claim=made, reason="  ", by=administrator, now=now)
        ended = work_claims.free(claim=made, reason="长期病假", by=administrator, now=now)
        assert (ended.end, ended.end_reason) == ("freed", "长期病假")
        assert AuditEvent.objects.get(action="work.freed").reason == "长期病假"
        with pytest.raises(NotClaimed):
            work_claims.free(claim=made, reason="再来", by=administrator, now=now)

    def test_an_administrator_of_elsewhere_frees_nothing(self, inspector, now):
        made = work_claims.claim(work=CASE, by=inspector, now=now)
        for stranger in (officer("administrator", region="37"), officer("approver", region="15")):
            with pytest.raises(Forbidden):
                work_claims.free(claim=made, reason="不归我管", by=stranger, now=now)

    def test_taking_over_needs_the_right_to_end_claims_and_to_do_the_work(self, inspector, colleague, now):
        work_claims.claim(work=CASE, by=inspector, now=now)
        with pytest.raises(Forbidden):
            work_claims.take_over(work=CASE, reason="急", by=colleague, now=now)
        with pytest.raises(Forbidden):
            work_claims.take_over(work=CASE, reason="急", by=officer("administrator", region="15"), now=now)
        head = assign(officer("inspector", region="15"), "administrator", region="15")
        made = work_claims.take_over(work=CASE, reason="期限将至", by=head, now=now)
        assert made.holder == head
        assert WorkClaim.objects.get(holder=inspector).end == "taken_over"
        with pytest.raises(NotClaimed):
            work_claims.take_over(work=CASE, reason="再来", by=head, now=now)


class TestTheDatabase:
    def test_refuses_two_open_claims_and_ends_without_a_reason(self, inspector, colleague, now):
        made = work_claims.claim(work=CASE, by=inspector, now=now)
        facts = {"queue": "cases", "subject_id": CASE.subject_id, "reference": "x", "claimed_at": now}
        with pytest.raises(DatabaseError), transaction.atomic():
            WorkClaim.objects.create(holder=colleague, lapses_at=now + timedelta(days=1), **facts)
        with pytest.raises(DatabaseError), transaction.atomic():
            WorkClaim.objects.filter(pk=made.pk).update(end="freed", ended_at=now, ended_by=colleague)

    def test_keeps_claims_as_they_were_made_and_ended(self, inspector, colleague, now):
        made = work_claims.claim(work=CASE, by=inspector, now=now)
        with pytest.raises(DatabaseError), transaction.atomic():
            WorkClaim.objects.filter(pk=made.pk).update(holder=colleague)
        with pytest.raises(DatabaseError), transaction.atomic():
            WorkClaim.objects.filter(pk=made.pk).delete()
        work_claims.release(work=CASE, by=inspector, now=now)
        with pytest.raises(DatabaseError), transaction.atomic():
            WorkClaim.objects.filter(pk=made.pk).update(ended_at=now + timedelta(days=1))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.mark.parametrize("lapsed", [False, True])
    def test_of_officers_who_claim_at_once_exactly_one_wins(self, lapsed, now):
        racers = [officer("inspector", region="15") for _ in range(4)]
        if lapsed:
            work_claims.claim(work=CASE, by=officer("inspector", region="15"), now=now - timedelta(days=8))
        barrier = Barrier(len(racers))

        def run(racer):
            barrier.wait()
            try:
                return work_claims.claim(work=CASE, by=racer, now=now)
            except AlreadyClaimed as refused:
                return refused
            finally:
                connection.close()

        with ThreadPoolExecutor(len(racers)) as pool:
            results = list(pool.map(run, racers))
        won = [one for one in results if isinstance(one, WorkClaim)]
        assert len(won) == 1
        assert WorkClaim.objects.filter(ended_at__isnull=True).count() == 1
        lost = [one for one in results if isinstance(one, AlreadyClaimed)]
        assert len(lost) == 3
        assert {refused.state for refused in lost} == {won[0].holder.username}
