"""Generated populations: the same for the same seed, imported whole but for the rows that are wrong on purpose."""

import csv
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction

from institutions.masking import mask_name
from institutions.models import Practitioner, PractitionerCode, Registration
from institutions.pinyin import name_initials, name_pinyin
from institutions.services import population, population_roster, population_tables, roster
from institutions.services.reference import shipped_regions
from scoring.models import Measure, PointsEntry, Scorecard
from scoring.services import scorecards, verification

UNTIL = date(2025, 6, 1)


def people(count: int, seed: int = 1) -> list[population.Person]:
    return list(population.generate_people(population.load_places(None, 30), count, seed, UNTIL))


def test_the_same_seed_gives_the_same_people_and_another_gives_others():
    assert people(200) == people(200)
    assert people(200) != people(200, seed=2)


def test_people_are_plausible():
    crowd = people(2000)
    assert len({person.code for person in crowd}) == 2000
    assert {len(person.name) for person in crowd} >= {2, 3}
    assert all(mask_name(person.name) != person.name for person in crowd)
    assert 0.01 < sum(len(person.spells) > 1 for person in crowd) / 2000 < 0.1
    assert all(spell.starts_on <= UNTIL for person in crowd for spell in person.spells)


def test_the_shipped_institutions_lie_in_known_regions_and_have_usual_codes():
    places = population.load_places(None, None)
    known = {region.code for region in shipped_regions()}
    assert len(places) == 2075
    assert {place.region for place in places} <= known
    assert len({place.code for place in places}) == 2075


def test_more_institutions_than_are_shipped_are_made_up(tmp_path):
    assert population.load_places(None, 2100)[2099].name == "虚拟第2100药店"
    file = tmp_path / "places.csv"
    file.write_text("name,city_code\n甲医院,110100\n乙医院,110100\n", encoding="utf-8")
    assert [place.code for place in population.load_places(file, None)] == ["H11010000001", "H11010000002"]


@pytest.mark.django_db
def test_every_wrong_row_of_a_roster_is_reported_in_its_place_and_no_other(now, tmp_path):
    target, truth = tmp_path / "r.csv", tmp_path / "truth.csv"
    places = population.load_places(None, 30)
    written = population_roster.write_roster(people(2000), places, target, seed=1, bad_share=0.05, truth=truth)
    report = roster.import_roster(source=target, by=None, now=now)
    with truth.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["kind"] for row in rows} == {fault.kind for fault in population_roster.FAULTS}
    assert {(error.row, error.column) for error in report.rejected} == {(int(r["row"]), r["column"]) for r in rows}
    assert all(error.reason for error in report.rejected)
    assert (report.rows, report.created) == (written.rows, written.rows - written.bad)
    assert Practitioner.objects.count() == 2000


@pytest.mark.django_db
def test_a_month_later_only_what_changed_is_written(now, tmp_path):
    places = population.load_places(None, 30)
    for name, share in (("a", None), ("b", 0.1)):
        crowd = population_roster.changed(people(500), seed=1, share=share) if share else people(500)
        population_roster.write_roster(crowd, places, tmp_path / name, seed=1)
    roster.import_roster(source=tmp_path / "a", by=None, now=now)
    report = roster.import_roster(source=tmp_path / "b", by=None, now=now)
    assert report.created == 0
    assert 20 < report.updated < 90
    assert report.updated + report.unchanged == report.rows


@pytest.mark.django_db
def test_the_command_fills_the_tables_with_a_ledger_that_agrees(now, capsys):
    call_command("generate_population", "--practitioners", "600", "--institutions", "20", "--scored-share", "0.2",
                 "--until", "2025-12-01")  # fmt: skip
    assert "people: 600" in capsys.readouterr().out
    assert Practitioner.objects.count() == PractitionerCode.objects.count() == 600
    assert Registration.objects.count() >= 600
    person = Practitioner.objects.order_by("pk").first()
    assert person is not None
    assert (person.pinyin, person.initials) == (name_pinyin(person.name), name_initials(person.name))
    assert 80 < Scorecard.objects.count() < 160
    assert PointsEntry.objects.filter(kind="reversal").exists()
    assert Measure.objects.exists()
    assert verification.verify_ledger() == []
    assert scorecards.publish_dirty(now=now) > 80


def test_keys_and_public_ids_follow_from_the_seed_and_the_last_day():
    keys = population_tables.keys_for(7, UNTIL)
    assert keys == population_tables.keys_for(7, UNTIL)
    assert keys.of(0, 12) not in (population_tables.keys_for(8, UNTIL).of(0, 12), keys.of(1, 12), keys.of(0, 13))
    assert str(keys.of(2, 4_999_999)) == keys.text(2, 4_999_999)
    assert keys.of(2, 4_999_999).version == 7
    assert keys.slug(3) != population_tables.keys_for(8, UNTIL).slug(3)


@pytest.mark.django_db
def test_the_same_population_made_in_batches_of_any_size_is_the_same(now, monkeypatch):
    def made(batch: int) -> list[tuple[object, ...]]:
        monkeypatch.setattr(population_tables, "BATCH", batch)
        places, keys = population.load_places(None, 30), population_tables.keys_for(3, UNTIL)
        told: list[int] = []
        with transaction.atomic():
            done = population_tables.write_tables(people(250, 3), places, keys=keys, now=now, told=told.append)
            assert (done, told[-1], len(told)) == (250, 250, -(-250 // batch))
            rows = Practitioner.objects.order_by("pk").values_list("pk", "slug", "name", "codes__code", "pinyin")
            found: list[tuple[object, ...]] = [
                *rows,
                *Registration.objects.order_by("pk").values_list("pk", "starts_on", "institution__code"),
            ]
            transaction.set_rollback(True)
        return found

    assert made(40) == made(1000)


@pytest.mark.django_db
def test_a_roster_is_written_by_the_command(tmp_path, capsys):
    target = tmp_path / "r.csv"
    call_command("generate_population", "--practitioners", "100", "--roster", str(target), "--bad-share", "0.1")
    assert "wrong rows" in capsys.readouterr().out
    assert len(target.read_text(encoding="utf-8").splitlines()) > 100
