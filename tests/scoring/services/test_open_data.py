"""Open data is made of what is published, adds up, and lets go of what was undone."""

import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import frictionless
import pytest
from django.db import DatabaseError, connection, transaction

from institutions.api.throttling import ApiThrottle
from institutions.errors import NotThere, Withdrawn
from institutions.models import Practitioner
from scoring.api.throttling import LookupDayThrottle, LookupThrottle
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, OpenDataRelease, OpenDataRow
from scoring.open_data import files
from scoring.open_data.changes import CHANGE_COLUMNS, apply
from scoring.open_data.columns import COLUMNS, as_csv, as_ndjson, read_csv, read_ndjson
from scoring.selectors.open_data import open_file
from scoring.services import ledger, open_data, open_data_withdrawal
from tests.factories.award import at_noon, post_award
from tests.scoring.doors import by_the_api, by_the_files, by_the_page, found_by_search
from tests.scoring.public_people import DECIDED_ON, HOSPITAL, TODAY, people, publish_as, set_today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "open-data"
    return settings.OPEN_DATA_DIR


def released(day: date) -> list[dict[str, object]]:
    counts = open_data.publish_open_data(now=at_noon(day))
    assert counts["release"]
    return full_of(OpenDataRelease.objects.get(number=counts["release"]))


def full_of(release):
    return list(read_csv(content(release, "full.csv")))


def content(release, name):
    return Path(open_data_withdrawal.folder() / release.name / name).read_bytes()


def row_of(rows, name):
    return next((row for row in rows if row["masked_name"] == name), None)


def test_a_snapshot_holds_measures_and_points_with_masked_names():
    people()
    rows = released(TODAY)

    assert [row["row_id"] for row in rows] == sorted(str(row["row_id"]) for row in rows)
    terminated, suspended, scored = (row_of(rows, name) for name in ("耿某敏", "李某梅", "赵某鸣"))
    assert terminated == {
        "row_id": terminated["row_id"],
        "masked_name": "耿某敏",
        "category": "physician",
        "institution_code": "H15042200001",
        "institution_name": HOSPITAL,
        "region": "150422",
        "measure": "terminate",
        "from": "2025-06-11",
        "until": "2028-06-10",
        "year": 2025,
        "points": 12,
        "rulebook": "inner-mongolia/1",
        "display_until": None,
    }
    assert (suspended["measure"], suspended["until"], suspended["display_until"]) == (
        "suspend",
        "2025-10-10",
        "2025-12-31",
    )
    assert (scored["measure"], scored["points"], scored["from"], scored["until"]) == (
        None,
        4,
        "2025-06-10",
        "2025-12-31",
    )
    assert len(rows) == 3


def test_nothing_in_a_row_leads_back_to_the_person():
    made = people()
    data = json.dumps(released(TODAY), ensure_ascii=False)
    for person in (made.terminated, made.suspended, made.scored):
        assert person.name not in data
        assert person.slug not in data
        assert str(person.pk) not in data
        assert not any(code in data for code in person.codes.values_list("code", flat=True))


@pytest.mark.parametrize(("mode", "count"), [("open", 3), ("confirm", 3), ("status_only", 2), ("closed", 0)])
def test_each_publication_mode_gives_what_the_page_gives(mode, count):
    publish_as(mode)
    people()
    rows = released(TODAY)
    assert len(rows) == count
    if mode == "status_only":
        assert {(row["points"], row["year"]) for row in rows} == {(None, None)}
        assert {row["measure"] for row in rows} == {"suspend", "terminate"}


def test_provisional_people_are_not_in_open_data():
    made = people()
    Practitioner.objects.filter(pk=made.scored.pk).update(is_provisional=True)
    assert row_of(released(TODAY), "赵某鸣") is None


def test_the_same_day_a_second_time_releases_nothing():
    people()
    released(TODAY)
    assert open_data.publish_open_data(now=at_noon(TODAY))["release"] == 0
    assert OpenDataRelease.objects.count() == 1


def test_a_new_day_is_released_although_nothing_changed():
    people()
    first = released(TODAY)
    assert released(TODAY + timedelta(days=1)) == first
    assert list(read_csv(content(OpenDataRelease.objects.get(number=2), "delta.csv"))) == []


def test_an_undone_decision_leaves_only_the_id_and_its_files_are_withdrawn_at_once():
    made = people()
    row_id = row_of(released(TODAY), "赵某鸣")["row_id"]
    entry = made.scored.points_entries.get()
    moment = at_noon(TODAY) + timedelta(hours=1)

    ledger.reverse_award(entry=entry, reason="复议撤销", by=None, now=moment)

    for name in ("full.csv", "full.ndjson", "delta.csv"):
        with pytest.raises(Withdrawn):
            open_file("2025-06-12", name)
    counts = open_data.publish_open_data(now=moment + timedelta(minutes=1))
    assert counts["removed"] == 1
    second = OpenDataRelease.objects.get(number=2)
    assert second.name == "2025-06-12.2"
    assert row_of(full_of(second), "赵某鸣") is None
    (line,) = read_ndjson(content(second, "delta.ndjson"))
    assert line == {"change": "removed", "row_id": row_id}
    assert not (open_data_withdrawal.folder() / "2025-06-12" / "full.csv").exists()
    assert OpenDataRow.objects.get(pk=row_id).content is None
    tombstones = content(second, "tombstones.csv").decode()
    assert f"{row_id},removed,2025-06-12,2025-12-31" in tombstones
    assert "赵" not in tombstones
    effect = Consequence.objects.get(entry=entry, kind=ConsequenceKind.OPEN_DATA)
    assert (effect.target, effect.reversal.detail) == (row_id, {"row_id": row_id})


def test_a_varied_decision_is_corrected_in_its_row_and_older_files_are_withdrawn():
    made = people()
    released(TODAY)
    ledger.vary_award(
        entry=made.suspended.points_entries.get(),
        points=4,
        reason="部分成立",
        by=None,
        now=at_noon(TODAY) + timedelta(hours=1),
    )
    rows = released(TODAY + timedelta(days=1))
    assert row_of(rows, "李某梅")["points"] == 4
    (line,) = read_csv(content(OpenDataRelease.objects.get(number=2), "delta.csv"))
    assert line["change"] == "corrected"
    with pytest.raises(Withdrawn):
        open_file("2025-06-12", "full.csv")


def test_an_ended_suspension_is_restored_and_then_expires_with_the_year():
    people()
    released(date(2025, 10, 10))
    rows = released(date(2025, 10, 11))
    assert (row_of(rows, "李某梅")["measure"], row_of(rows, "李某梅")["points"]) == (None, 10)
    delta = list(read_csv(content(OpenDataRelease.objects.get(number=2), "delta.csv")))
    assert [line["change"] for line in delta] == ["restored"]

    rows = released(date(2026, 1, 1))
    assert {row["masked_name"] for row in rows} == {"耿某敏"}
    delta = list(read_csv(content(OpenDataRelease.objects.get(number=3), "delta.csv")))
    assert [line["change"] for line in delta] == ["expired", "expired"]
    assert row_of(rows, "耿某敏")["year"] == 2025


def test_old_files_are_withdrawn_and_deleted():
    people()
    released(TODAY)
    released(TODAY + timedelta(days=32))
    with pytest.raises(Withdrawn):
        open_file("2025-06-12", "full.csv")
    assert not (open_data_withdrawal.folder() / "2025-06-12").exists()


def test_an_unknown_release_or_file_is_not_there():
    people()
    released(TODAY)
    for release, name in (("2025-06-11", "full.csv"), ("latest", "../full.csv"), ("nonsense", "full.csv")):
        with pytest.raises(NotThere):
            open_file(release, name)


def test_the_hashes_and_sizes_listed_are_those_of_the_files():
    from hashlib import sha256

    people()
    released(TODAY)
    release = OpenDataRelease.objects.get()
    for name, facts in release.files.items():
        data = content(release, name)
        assert facts == {"size": len(data), "sha256": sha256(data).hexdigest()}
    package = json.loads(content(release, "datapackage.json"))
    assert {resource["path"] for resource in package["resources"]} == {
        "full.csv",
        "full.ndjson",
        "expiry.csv",
        "delta.csv",
        "delta.ndjson",
    }


def test_a_release_that_fails_leaves_no_row_and_no_folder(monkeypatch):
    people()

    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("scoring.open_data.files._write_text", broken)
    with pytest.raises(OSError, match="disk full"):
        open_data.publish_open_data(now=at_noon(TODAY))
    assert not OpenDataRelease.objects.exists()
    assert not OpenDataRow.objects.exists()
    assert list(open_data_withdrawal.folder().iterdir()) == []


def test_the_database_keeps_releases_and_row_ids():
    people()
    released(TODAY)
    for statement in (
        "DELETE FROM scoring_opendatarow",
        "UPDATE scoring_opendatarow SET row_id = 'x'",
        "DELETE FROM scoring_opendatarelease",
        "UPDATE scoring_opendatarelease SET rows = 0",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_on_sixty_days_files_add_up_byte_for_byte_and_every_door_says_the_same(settings, monkeypatch):
    """From June into April, five days apart: on each of them the page, the API, the files and the search agree.

    The search is asked by code on one day and by name on the next.
    """
    settings.OPEN_DATA_KEEP_DAYS = 400
    for throttle in (ApiThrottle, LookupThrottle, LookupDayThrottle):
        monkeypatch.setattr(throttle, "rate", "100000/min", raising=False)
    made = people()
    everybody = [made.terminated, made.suspended, made.scored, made.clean]
    day, before, statuses = TODAY, None, set()
    entries = {person.pk: person.points_entries.first() for person in everybody}
    for number in range(60):
        moment = at_noon(day)
        person = everybody[number % 4]
        if number % 4 == 1:  # 李晓梅's suspension runs its course
            pass
        elif number % 3 == 0 and number < 24:
            entries[person.pk] = post_award(
                person, 1 + number % 5, day, institution=made.hospital, source_key=f"attribution:{number}"
            )
        elif number % 7 == 5 and (undone := entries.pop(person.pk, None)):
            ledger.reverse_award(entry=undone, reason="撤销", by=None, now=moment)
        counts = open_data.publish_open_data(now=moment)
        release = OpenDataRelease.objects.get(number=counts["release"])
        rows = {name: content(release, name) for name in ("full.csv", "full.ndjson", "delta.csv", "delta.ndjson")}
        if before is not None:
            added_up = apply(read_csv(before["full.csv"]), read_csv(rows["delta.csv"]))
            assert as_csv(COLUMNS, added_up) == rows["full.csv"]
            added_up = apply(read_ndjson(before["full.ndjson"]), read_ndjson(rows["delta.ndjson"]))
            assert as_ndjson(COLUMNS, added_up) == rows["full.ndjson"]
        assert as_csv(CHANGE_COLUMNS, read_csv(rows["delta.csv"])) == rows["delta.csv"]
        set_today(day)
        snapshot = list(read_csv(rows["full.csv"]))
        for one in everybody:
            told = by_the_api(one)
            assert (day, by_the_page(one)) == (day, told)
            assert (day, by_the_files(one, snapshot, day)) == (day, told)
            assert found_by_search(one, by_code=number % 2 == 0) == {f"/s/{one.slug}"}
            statuses.add(told.status)
        before = rows
        day += timedelta(days=5)
    assert statuses == {"normal", "suspended", "terminated"}
    assert day > date(2026, 1, 1)
    kinds = set()
    for changes in OpenDataRelease.objects.values_list("changes", flat=True):
        kinds |= set(changes)
    assert kinds >= {"added", "updated", "corrected", "expired", "restored"}
    assert DECIDED_ON < TODAY


def test_the_expiry_feed_tells_what_to_drop_and_when():
    made = people()
    before = {row["masked_name"]: str(row["row_id"]) for row in released(TODAY)}
    ledger.reverse_award(entry=made.scored.points_entries.get(), reason="撤销", by=None, now=at_noon(TODAY))
    released(TODAY)
    latest = OpenDataRelease.objects.order_by("-number")[0]
    lines = {line["row_id"]: (line["drop_after"], line["why"]) for line in read_csv(content(latest, "expiry.csv"))}
    assert list(lines) == sorted(lines, key=str)
    assert lines == {
        before["李某梅"]: ("2025-12-31", "display_until"),
        before["赵某鸣"]: ("2025-06-11", "removed"),
    }  # 耿某敏 is shown until a new registration


def test_an_undone_row_leaves_no_day_in_an_older_expiry_feed():
    made = people()
    released(TODAY)
    first = OpenDataRelease.objects.get(number=1)
    ledger.reverse_award(entry=made.scored.points_entries.get(), reason="撤销", by=None, now=at_noon(TODAY))
    with pytest.raises(Withdrawn):
        open_file(first.name, "expiry.csv")
    released(TODAY)
    left = {path.name for path in (open_data_withdrawal.folder() / first.name).glob("*")}
    assert not left & {"full.csv", "full.csv.gz", "full.ndjson", "full.ndjson.gz", "expiry.csv", "expiry.csv.gz"}


def test_each_table_lies_there_compressed_too_the_same_each_time():
    people()
    released(TODAY)
    release = OpenDataRelease.objects.get()
    for name in files.COMPRESSED:
        packed = content(release, name + files.GZ)
        assert gzip.decompress(packed) == content(release, name)
        assert packed[4:8] == b"\0\0\0\0"  # no time of writing


def test_frictionless_finds_a_release_valid_and_a_changed_one_not():
    people()
    released(TODAY)
    package = open_data_withdrawal.folder() / "2025-06-12" / "datapackage.json"

    assert frictionless.validate(str(package)).valid

    table = package.parent / "full.csv"
    table.write_bytes(table.read_bytes().replace(b",12,", b",11,"))
    assert not frictionless.validate(str(package)).valid
