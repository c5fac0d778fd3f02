"""The promises of the scoring tables, tried with raw SQL as the application's role."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from scoring.models import Measure, PointsEntry, RulebookVersion
from tests.factories.award import at_noon, post_award, registered

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 10)

APPEND_ONLY = [
    "scoring_pointsentry",
    "scoring_accountevent",
    "scoring_consequence",
    "scoring_consequencereversal",
    "scoring_measureend",
]


def refused(sql: str, *values: Any, match: str | None = None) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_tests_run_as_the_applications_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("jifen_app",)


def test_entries_cannot_be_changed_or_deleted() -> None:
    entry = post_award(registered(), 12, DAY)
    refused("UPDATE scoring_pointsentry SET points = 1 WHERE id = %s", entry.id, match="Cannot update")
    refused("DELETE FROM scoring_pointsentry WHERE id = %s", entry.id, match="Cannot (update or )?delete")


def test_no_session_variable_switches_a_trigger_off() -> None:
    entry = post_award(registered(), 12, DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{append_only,seal_entry}', false)")
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'scoring_pointsentry'::regclass")
        names = ",".join(f"scoring_pointsentry:{row[0]},{row[0]}" for row in cursor.fetchall())
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, false)", ["{" + names + "}"])
    refused("UPDATE scoring_pointsentry SET points = 1 WHERE id = %s", entry.id, match="Cannot update")


def test_consequences_cannot_be_changed_or_deleted() -> None:
    post_award(registered(), 12, DAY)
    refused("UPDATE scoring_consequence SET target = 'x'", match="Cannot update")
    refused("DELETE FROM scoring_consequence", match="Cannot (update or )?delete")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_application_cannot_truncate(table: str) -> None:
    refused(f"TRUNCATE {table} CASCADE", match="permission denied")


def test_the_application_cannot_disable_a_trigger() -> None:
    refused("ALTER TABLE scoring_pointsentry DISABLE TRIGGER ALL", match="must be owner")
    refused("SET session_replication_role = replica", match="permission denied")


def test_a_measure_is_never_deleted_and_only_its_known_end_is_set_once() -> None:
    post_award(registered(), 12, DAY)
    measure = Measure.objects.get()
    refused("DELETE FROM scoring_measure", match="Cannot (update or )?delete")
    refused("UPDATE scoring_measure SET kind = 'suspend'", match="only the end of recorded")
    refused("UPDATE scoring_measure SET valid = daterange('2025-01-01', '2025-02-01')", match="only the end")
    end = "UPDATE scoring_measure SET recorded = tstzrange(lower(recorded), %s) WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(end, [at_noon(date(2025, 7, 1)), measure.id])
    refused(end, at_noon(date(2025, 8, 1)), measure.id, match="only the end of recorded")


def test_an_active_rulebook_is_frozen() -> None:
    refused("UPDATE scoring_rulebookversion SET title = 'x' WHERE rulebook = 'national'", match="Cannot update")
    refused("DELETE FROM scoring_rulebookversion", match="Cannot (update or )?delete")


def test_one_version_number_and_one_start_per_rulebook() -> None:
    national = RulebookVersion.objects.get(rulebook="national", version=1)
    for clash in (
        {"version": 1, "effective_from": date(2030, 1, 1)},
        {"version": 9, "effective_from": national.effective_from},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            RulebookVersion.objects.create(
                rulebook="national", title="x", pack={}, digest="x", jurisdiction="", **clash
            )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"points": 0}, "entry_award"),
        ({"points": -3}, "entry_award"),
        ({"single_points": 13}, "entry_award"),
        ({"institution": None}, "entry_award"),
        ({"case_reference": ""}, "entry_award_case"),
        ({"year": 2024}, "entry_award_year"),
        ({"months": 0}, "entry_months_positive"),
        ({"kind": "gift"}, "entry_kind_known"),
    ],
)
def test_an_award_that_breaks_a_promise_is_refused(change: dict[str, object], constraint: str) -> None:
    good = post_award(registered(), 12, DAY)
    fields = [f.attname for f in PointsEntry._meta.fields if f.name not in ("id", "posting", "previous", "digest")]
    values = {name: getattr(good, name) for name in fields} | {"source_key": "other"}
    values |= {f"{k}_id" if k == "institution" else k: v for k, v in change.items()}
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        PointsEntry(**values).save()


def test_a_reversal_needs_a_reason_and_one_target_once() -> None:
    entry = post_award(registered(), 12, DAY)
    base = {
        "practitioner": entry.practitioner,
        "kind": "reversal",
        "points": -12,
        "year": 2025,
        "effective_on": DAY,
        "rulebook": entry.rulebook,
        "reverses": entry,
        "recorded_at": at_noon(DAY),
    }
    with pytest.raises(DatabaseError, match="entry_reversal"), transaction.atomic():
        PointsEntry(**base, source_key="r1").save()
    PointsEntry(**base, source_key="r2", reason="复议").save()
    with pytest.raises(DatabaseError, match="unique"), transaction.atomic():
        PointsEntry(**base, source_key="r3", reason="复议").save()


def test_totals_are_never_negative() -> None:
    post_award(registered(), 4, DAY)
    refused("UPDATE scoring_pointstotal SET points = -1", match="total_not_negative")


def test_the_ledger_survives_deletion_of_what_it_names() -> None:
    entry = post_award(registered(), 4, DAY)
    for table, row in (
        ("institutions_institution", entry.institution_id),
        ("institutions_practitioner", entry.practitioner_id),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refused(f"DELETE FROM {table} WHERE id = %s", row, match="foreign key")  # noqa: S608
