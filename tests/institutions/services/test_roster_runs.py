"""The record of a run: progress that others see, cancelling, failing, and being killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from institutions.models import AuditEvent, Institution, Practitioner, Registration, RosterImport, RosterImportState
from institutions.services import population, population_roster, roster, roster_apply, roster_staging
from tests.infrastructure.databases import TestDatabase
from tests.institutions.services.roster_files import load, row

SEED = 7


def big_roster(path: Path, people: int) -> Path:
    places = population.load_places(None, 40)
    written = population_roster.write_roster(
        population.generate_people(places, people, SEED, population.FIRST_DAY.replace(year=2025)),
        places,
        path,
        seed=SEED,
    )
    assert written.rows >= people
    return path


def nothing_is_there() -> bool:
    return not (Institution.objects.exists() or Practitioner.objects.exists() or Registration.objects.exists())


def elsewhere(statement: str) -> tuple[Any, ...]:
    """What another session sees or does meanwhile."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(statement)
            return tuple(cursor.fetchone())
    finally:
        other.close()


@pytest.mark.django_db
class TestRecord:
    def test_a_run_says_what_came_of_it(self, now):
        report = load(now, row(), name="五月名册.csv")
        record = RosterImport.objects.get(pk=report.run)
        assert (record.state, record.file_name, record.counts["created"]) == ("done", "五月名册.csv", 1)
        assert (record.rows_parsed, record.rows_staged, record.rows_applied) == (1, 1, 1)
        assert len(record.sha256) == 64
        assert record.context_id is not None
        assert AuditEvent.objects.get(action="roster.imported").detail["run"] == record.pk

    def test_a_dry_run_leaves_no_record(self, now):
        load(now, row(), dry_run=True)
        assert not RosterImport.objects.exists()

    def test_a_file_that_cannot_be_read_leaves_a_failed_run(self, now):
        with pytest.raises(roster.UnreadableRoster):
            roster.import_roster(source=b"a,b\n", by=None, now=now)
        record = RosterImport.objects.get()
        assert record.state == RosterImportState.FAILED
        assert "UnreadableRoster" in record.error

    def test_a_run_without_changes_is_a_run(self, now):
        load(now, row())
        load(now, row())
        assert RosterImport.objects.filter(state="done").count() == 2

    def test_what_a_finished_run_did_does_not_change(self, now):
        load(now, row())
        with pytest.raises(Exception, match="does not become"), connections["default"].cursor() as cursor:
            cursor.execute("UPDATE institutions_rosterimport SET state = 'running', finished_at = NULL")


@pytest.mark.django_db(transaction=True)
class TestCancel:
    def test_a_run_stops_between_two_batches_with_nothing_written(self, now, tmp_path, monkeypatch):
        monkeypatch.setattr(roster_staging, "BLOCK_ROWS", 100)
        seen = []

        def told(what, count):
            (parsed,) = elsewhere("SELECT rows_parsed FROM institutions_rosterimport")
            seen.append((what, parsed))
            if parsed >= 300:
                elsewhere("UPDATE institutions_rosterimport SET cancel_requested_at = now() RETURNING 1")

        with pytest.raises(roster.Cancelled):
            roster.import_roster(source=big_roster(tmp_path / "r.csv", 1000), by=None, now=now, told=told)
        assert RosterImport.objects.get().state == RosterImportState.CANCELLED
        assert nothing_is_there()
        assert [parsed for what, parsed in seen if what == "parsed"][:3] == [0, 100, 200]

    def test_a_run_stops_while_it_writes(self, now, tmp_path, monkeypatch):
        monkeypatch.setattr(roster_apply, "BATCH", 100)
        progress: list[int] = []

        def told(what, count):
            if what == "applied":
                progress.extend(elsewhere("SELECT rows_applied FROM institutions_rosterimport"))
                elsewhere("UPDATE institutions_rosterimport SET cancel_requested_at = now() RETURNING 1")

        with pytest.raises(roster.Cancelled):
            roster.import_roster(source=big_roster(tmp_path / "r.csv", 1000), by=None, now=now, told=told)
        assert progress == [0]
        assert RosterImport.objects.get().state == RosterImportState.CANCELLED
        assert nothing_is_there()

    def test_the_command_asks_a_running_import_to_stop(self, now):
        with pytest.raises(CommandError):
            call_command("import_roster", "--cancel", "1")
        record = RosterImport.objects.create(file_name="x", sha256="0" * 64, size=1, started_at=now)
        call_command("import_roster", "--cancel", str(record.pk))
        record.refresh_from_db()
        assert record.cancel_requested_at is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stage", ["staging", "writing"])
def test_a_killed_process_leaves_nothing_half_imported(now, tmp_path, stage, django_db_setup: TestDatabase):
    file = big_roster(tmp_path / "r.csv", 15_000 if stage == "writing" else 60_000)
    environment = os.environ | {
        "JIFEN_TEST_DATABASE": django_db_setup.name,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    child = subprocess.Popen(
        [sys.executable, "manage.py", "import_roster", str(file)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert child.stderr is not None
    try:
        deadline = time.monotonic() + 60
        while not _is_at(stage):
            assert child.poll() is None, child.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stderr.close()
    _wait_until_gone()
    assert nothing_is_there()
    assert RosterImport.objects.get().state == RosterImportState.RUNNING
    report = roster.import_roster(source=file, by=None, now=now)
    assert report.rejected == []
    assert list(RosterImport.objects.order_by("pk").values_list("state", flat=True)) == ["interrupted", "done"]


def _is_at(stage: str) -> bool:
    """Whether the child has staged some rows but not all, or is inserting rows into the tables."""
    with connection.cursor() as cursor:
        if stage == "staging":
            cursor.execute("SELECT EXISTS (SELECT FROM institutions_rosterimport WHERE rows_staged > 0)")
        else:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND query LIKE '%%INSERT INTO institutions_registration %%')"
            )
        (found,) = cursor.fetchone()
        return bool(found)


def _wait_until_gone() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND application_name <> 'keep'"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)
