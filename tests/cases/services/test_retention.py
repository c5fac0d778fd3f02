"""Files go when their time is over, never before (F64): window, appeal, measure, procedure. The row stays."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction

from cases.models import Activity, Evidence, FileDeletion
from cases.selectors.retention import kept_for_case, kept_for_repair, kept_for_reregistration
from cases.services import appeals, repairs, retention
from cases.services import evidence as evidence_rows
from cases.states import State
from cases.states.repair import EntryState
from cases.states.repair import State as RepairState
from institutions.clock import local_date, start_of
from institutions.models import AuditEvent, JobRun
from institutions.models.append_only import AppendOnly
from scoring.policy.terms import add_months
from tests.factories.attribution import AttributionFactory, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.repair import certificate, registering, repairing

pytestmark = pytest.mark.django_db

LONG_AFTER = date(2040, 1, 1)


def at(day: date) -> datetime:
    return start_of(day) + timedelta(hours=4)


@pytest.fixture
def purge(django_capture_on_commit_callbacks):
    """Run the job as of a day, with what happens after the commit."""

    def run(day: date = LONG_AFTER):
        with django_capture_on_commit_callbacks(execute=True):
            return retention.purge_expired(now=at(day), today=day)

    return run


def is_there(piece) -> bool:
    return default_storage.exists(str(piece.file.name))


# --- what holds a case's files


@pytest.mark.parametrize("state", [State.PROPOSED, State.INTENT_SERVED, State.DECIDED, State.SERVED])
def test_a_procedure_that_is_open_holds_every_file_of_its_case(now, purge, state) -> None:
    walk = procedure(state, now=now)

    counts = purge()

    assert counts["files_deleted"] == 0
    assert all(is_there(piece) for piece in Evidence.objects.filter(case=walk.attribution.case))
    assert kept_for_case(walk.attribution.case, on=LONG_AFTER).because == f"procedure_{state}"


def test_an_appeal_holds_them_until_it_is_closed_and_its_windows_have_ended(now, purge) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=4, line__clause="B1")
    appeal = appeals.file_appeal(attribution=walk.attribution, grounds="事实不清,请求复核。", by=None, now=walk.now)
    assert kept_for_case(walk.attribution.case, on=LONG_AFTER).because == "appeal"
    purge()
    assert is_there(Evidence.objects.get())

    appeals.withdraw(appeal=appeal, reason="本人撤回。", by=None, now=walk.now + timedelta(days=400))
    kept = kept_for_case(walk.attribution.case, on=LONG_AFTER)

    assert kept.because == "appeal"
    assert kept.until == add_months(local_date(walk.now + timedelta(days=400)), 60)
    assert purge()["files_deleted"] == 1


def test_a_bar_holds_them_until_the_person_is_registered_anew(now, purge) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=12)

    assert kept_for_case(walk.attribution.case, on=LONG_AFTER).because == "bar_until_registered_anew"
    assert purge()["files_deleted"] == 0


@pytest.mark.parametrize("offset", [0, 1])
def test_they_go_the_day_after_the_last_day_and_not_before(now, purge, offset) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=10)
    kept = kept_for_case(walk.attribution.case, on=LONG_AFTER)
    assert kept.until is not None
    assert kept.until == add_months(date(2025, 12, 31), 60)  # the year of the points outlasts window and suspension

    counts = purge(kept.until + timedelta(days=offset))

    assert counts["files_deleted"] == offset
    assert is_there(Evidence.objects.get()) is (offset == 0)


def test_the_window_of_a_decision_served_late_in_the_year_counts(now) -> None:
    served = datetime(2025, 12, 22, 2, 0, tzinfo=now.tzinfo)
    walk = procedure(State.EFFECTIVE, now=served - timedelta(days=10), line__points=1, line__clause="A3")

    kept = kept_for_case(walk.attribution.case, on=LONG_AFTER)

    assert kept.because == "appeal_window"
    assert kept.until is not None
    assert kept.until > add_months(date(2025, 12, 31), 60)


def test_an_old_draft_does_not_hold_for_ever_and_a_young_one_does(now) -> None:
    case = CaseFileFactory(opened_at=now)
    AttributionFactory(case=case)
    opened = local_date(now)

    assert kept_for_case(case, on=opened + timedelta(days=30)).until is None
    assert kept_for_case(case, on=LONG_AFTER).until == add_months(add_months(opened, 12), 60)


def test_rejected_and_set_aside_count_from_that_day(now) -> None:
    rejected, aside = procedure(State.REJECTED, now=now), procedure(State.SET_ASIDE, now=now)

    assert kept_for_case(rejected.attribution.case, on=LONG_AFTER).because in ("rejected", "statement_window")
    assert kept_for_case(aside.attribution.case, on=LONG_AFTER).until is not None


# --- what stays when they go


def test_the_row_stays_with_its_hash_and_the_record_says_when_and_why(now, purge) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=10)
    piece = Evidence.objects.get()
    kept = kept_for_case(walk.attribution.case, on=LONG_AFTER)

    purge()

    record = FileDeletion.objects.get()
    assert Evidence.objects.get().sha256 == piece.sha256
    assert (record.subject_id, record.sha256, record.bytes_removed) == (str(piece.pk), piece.sha256, True)
    assert (record.rule, record.kept_until, record.ended_with) == ("case_months", kept.until, "points_year")
    assert AuditEvent.objects.get(action="files.deleted").detail["files"] == 1
    with pytest.raises(AppendOnly):
        record.delete()


def test_a_second_run_finds_nothing_and_the_nightly_check_misses_nothing(now, purge) -> None:
    procedure(State.EFFECTIVE, now=now, line__points=10)
    purge()

    assert purge()["files_deleted"] == 0
    check = evidence_rows.verify_evidence(now=at(LONG_AFTER))
    assert check.is_clean
    assert check.checked == 0
    assert "2030" in str(evidence_rows.hash_mismatch(Evidence.objects.get()).detail)


def test_bytes_that_another_case_needs_stay_for_it(now, purge) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=10)
    piece = Evidence.objects.get()
    content = evidence_rows.read(piece)
    other = procedure(State.PROPOSED, now=now)
    twin = EvidenceFactory(case=other.attribution.case, content=content)

    purge()

    assert FileDeletion.objects.get(subject_id=str(piece.pk)).bytes_removed is False
    assert is_there(twin)
    assert walk.attribution.case_id != twin.case_id


def test_what_a_crash_left_behind_is_removed_by_the_next_run(now, purge) -> None:
    procedure(State.EFFECTIVE, now=now, line__points=10)
    piece = Evidence.objects.get()
    with transaction.atomic():  # as though the process ended before it removed the bytes
        retention.purge_expired(now=at(LONG_AFTER), today=LONG_AFTER)
    assert is_there(piece)

    assert purge()["files_removed_again"] == 1
    assert not is_there(piece)


# --- repairs, new registrations, drafts


def test_an_abandoned_draft_is_closed_and_its_files_follow(now, purge) -> None:
    walk = repairing(now=now, activity=Activity.VOLUNTEER)
    (file,) = repairs.add_files(application=walk.application, files=[certificate()], by=None, now=now)
    young = local_date(now) + timedelta(days=300)
    assert purge(young)["drafts_closed"] == 0

    closed = purge(add_months(local_date(now), 12) + timedelta(days=1))
    walk.application.refresh_from_db()
    assert (closed["drafts_closed"], walk.application.state) == (1, RepairState.WITHDRAWN)
    assert is_there(file)
    assert purge()["files_deleted"] == 1
    assert not is_there(file)


def test_a_repair_that_waits_is_held_and_an_approved_one_counts_to_the_end_of_its_year(now) -> None:
    waits = repairing(RepairState.SUBMITTED, now=now, activity=Activity.VOLUNTEER).application
    done = repairing(RepairState.APPROVED, now=now, activity=Activity.VOLUNTEER).application

    assert kept_for_repair(waits, on=LONG_AFTER).until is None
    assert kept_for_repair(done, on=LONG_AFTER).until == add_months(date(2025, 12, 31), 24)


def test_a_commitment_is_kept_while_the_registration_runs(now, purge) -> None:
    later = now + timedelta(days=365)
    approved = registering(EntryState.APPROVED, now=later).application
    refused = registering(EntryState.REFUSED, now=later).application

    assert kept_for_reregistration(approved, on=LONG_AFTER).because == "registration"
    purge()
    deleted = FileDeletion.objects.get()
    assert deleted.subject_id == str(refused.files.get().pk)
    assert deleted.bytes_removed is False  # both handed in the same form: the bytes stay for the other
    assert is_there(approved.files.get())


# --- the command and the job


def test_a_dry_run_says_what_would_go_and_changes_nothing(now) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=10)
    said = StringIO()

    call_command("purge_expired", "--dry-run", "--date", LONG_AFTER.isoformat(), stdout=said)

    assert walk.attribution.case.number in said.getvalue()
    assert "kept until 2030-12-31 (points_year)" in said.getvalue()
    assert "nothing was deleted" in said.getvalue()
    assert is_there(Evidence.objects.get())
    assert not FileDeletion.objects.exists()
    assert not JobRun.objects.filter(name="cases.purge_expired").exists()


def test_the_command_deletes_and_writes_its_run(now, django_capture_on_commit_callbacks) -> None:
    procedure(State.EFFECTIVE, now=now, line__points=10)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge_expired", "--date", LONG_AFTER.isoformat(), stdout=StringIO())

    assert not is_there(Evidence.objects.get())
    assert JobRun.objects.get(name="cases.purge_expired").counts["files_deleted"] == 1
