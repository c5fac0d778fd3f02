"""Design §11, whole: pending, effective, withdrawn, overturned and not-proven decisions in all four publication modes.

The world is made once, by the real workflow. Whoever looks is a stranger with a browser, a program, or a spreadsheet.
"""

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import ClassVar

import pytest
from django.test import Client, TestCase, override_settings

from cases.models import Attribution
from cases.services import attributions
from institutions.masking import mask_name
from institutions.models import AuditEvent, Notice
from scoring.models import OpenDataRow, PointsEntry
from scoring.open_data.columns import read_csv
from scoring.open_data.files import ALL
from tests.cases.strangers import (
    FATES,
    MODES,
    OFFICER,
    SECRETS,
    County,
    Seen,
    World,
    ask,
    in_open_data,
    in_the_api,
    make_world,
    on_the_page,
    page,
    release,
    ways_to_ask,
)
from tests.factories.award import at_noon
from tests.scoring.public_people import set_today

NOW = datetime(2025, 6, 10, 2, 0, tzinfo=UTC)
LANGUAGES = ("zh-CN", "en")

# The one effective decision: ten points, suspended for four months from the day after it was served.
EFFECTIVE = {
    "open": Seen("suspended", 10, 1),
    "confirm": Seen("suspended", 10, 1),
    "status_only": Seen("suspended", None, 0),
    "closed": None,
}
# Everybody else, and everybody once nothing stands against them.
CLEAN = {
    "open": Seen("normal", 0, 0),
    "confirm": Seen("normal", 0, 0),
    "status_only": Seen("normal", None, 0),
    "closed": None,
}
ROWS = {"open": ("suspend", 10), "confirm": ("suspend", 10), "status_only": ("suspend", None), "closed": None}
# Questions that leave no doubt whom the searcher means.
CONFIRMING = {"code", "name and institution", "name and institution's code", "initials and last four"}


class WhatStrangersSee(TestCase):
    """Twenty people in four counties."""

    world: ClassVar[World]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the world once; evidence goes to a folder of its own."""
        cls.enterClassContext(override_settings(MEDIA_ROOT=cls.enterClassContext(tempfile.TemporaryDirectory())))
        cls.world = make_world(NOW)

    @pytest.fixture(autouse=True)
    def own_folder(self, settings, tmp_path: Path) -> None:
        """Open data go to a folder of the test's own."""
        settings.OPEN_DATA_DIR = tmp_path / "open-data"

    def everybody(self) -> Iterator[tuple[str, str]]:
        """Each mode with each fate."""
        return product(MODES, FATES)

    def test_page_api_and_open_data_tell_of_the_effective_decision_and_of_no_other(self) -> None:
        files = release(self.world.today)
        for mode, fate in self.everybody():
            person = self.world.counties[mode].people[fate]
            told = (EFFECTIVE if fate == "effective" else CLEAN)[mode]
            with self.subTest(mode=mode, fate=fate):
                assert in_the_api(person) == told
                for language in LANGUAGES:
                    assert on_the_page(person, language) == told
                assert in_open_data(person, files) == (ROWS[mode] if fate == "effective" else None)
        assert len(list(read_csv(files["full.csv"]))) == 3

    def test_a_search_names_and_links_only_whom_the_mode_lets_it(self) -> None:
        for mode, fate in self.everybody():
            county = self.world.counties[mode]
            person = county.people[fate]
            for way, query in ways_to_ask(person, county).items():
                with self.subTest(mode=mode, fate=fate, way=way):
                    found = ask(**query)
                    told = [(row["name"], row["slug"]) for row in found["results"]]
                    if mode == "closed":
                        assert told == []
                    elif mode == "open" or way in CONFIRMING:
                        assert told == [(person.name, person.slug)]
                    else:
                        assert told == [(mask_name(person.name), None)]

    def test_the_search_page_says_what_the_api_says(self) -> None:
        for mode in MODES:
            county = self.world.counties[mode]
            person = county.people["effective"]
            for way, query in ways_to_ask(person, county).items():
                with self.subTest(mode=mode, way=way):
                    answer = Client().get("/", query, headers={"Accept-Language": "en"})
                    if mode != "closed" and way in CONFIRMING:
                        assert answer["Location"] == f"/s/{person.slug}"
                        continue
                    if mode == "open" and "name" in query and query["name"] == person.name:
                        assert answer["Location"] == f"/s/{person.slug}"
                        continue
                    html = answer.content.decode()
                    is_typed = query.get("name") == person.name  # what was typed stands in the form again
                    assert (person.name in html) is (mode == "open" or is_typed)
                    assert (f"/s/{person.slug}" in html) is (mode == "open")
                    assert (mask_name(person.name) in html) is (mode in ("confirm", "status_only"))

    def test_an_institution_counts_the_measures_in_force_and_names_nobody(self) -> None:
        for mode, county in self.world.counties.items():
            for language in LANGUAGES:
                html = page(f"/i/{county.hospital.code}", language)
                badge = page(f"/i/{county.hospital.code}/badge.svg", language)
                with self.subTest(mode=mode, language=language):
                    if mode == "closed":
                        assert 'class="counts"' not in html
                        assert ("Please ask the institution" if language == "en" else "请向机构询问") in badge
                    else:
                        staff, suspended, terminated = (
                            int(part.split("<")[0]) for part in html.split('<dd class="number">')[1:]
                        )
                        assert (staff, suspended, terminated) == (5, 1, 0)
                    for person in county.people.values():
                        assert person.name not in html + badge
                        assert mask_name(person.name) not in html + badge

    def test_statistics_count_what_open_data_holds(self) -> None:
        release(self.world.today)
        html = page("/statistics/", "en")
        with_points, suspended, terminated = (
            int(part.split("<")[0]) for part in html.split('<dd class="number">')[1:4]
        )
        assert (with_points, suspended, terminated) == (2, 3, 0)

    def test_no_public_byte_tells_more_and_full_names_stand_on_scorecards_alone(self) -> None:
        release(self.world.today)
        everything = self.public_bytes()
        assert len(everything) > 100
        hidden = [*SECRETS, *self.identifiers()]
        assert [(place, secret) for place, text in everything.items() for secret in hidden if secret in text] == []
        names = {person.name: f"{person.slug}" for person in self.world.everybody}
        told = [(place, name) for place, text in everything.items() for name in names if name in text]
        assert told
        for place, name in told:  # a scorecard tells of nobody but its own person
            assert place.startswith((f"/s/{names[name]} ", f"/api/v1/scorecards/{names[name]}/ "))

    def test_an_annulled_decision_leaves_nothing_but_the_id_of_its_row(self) -> None:
        files = release(self.world.today)
        row_ids = {row["row_id"] for row in read_csv(files["full.csv"])}
        for mode in MODES:
            walk = self.world.counties[mode].walks["effective"]
            attributions.annul_basis(
                case=Attribution.objects.get(pk=walk.attribution.pk).case,
                annulled_on=self.world.today,
                reason="行政复议撤销处罚决定。",
                by=walk.team.approver,
                now=at_noon(self.world.today),
            )
        self.assert_nobody_is_told_of()
        assert Client().get(f"/open-data/{self.world.today}/full.csv").status_code == 410
        after = release(self.world.today)
        assert list(read_csv(after["full.csv"])) == []
        assert {row["row_id"] for row in read_csv(after["tombstones.csv"])} == row_ids
        for name in ("delta.csv", "delta.ndjson", "tombstones.csv", "full.csv", "full.ndjson"):
            text = after[name].decode()
            for county in self.world.counties.values():
                assert county.hospital.name not in text
                assert county.hospital.code not in text
                assert mask_name(county.people["effective"].name) not in text

    def test_an_ended_measure_and_then_an_ended_year_leave_zero_points_qualified(self) -> None:
        release(self.world.today)
        set_today(date(2025, 11, 3))  # the suspension is over, the points of the year are not
        files = release(date(2025, 11, 3))
        for mode in MODES:
            person = self.world.counties[mode].people["effective"]
            shown = {"open": 10, "confirm": 10}.get(mode)
            told = None if mode == "closed" else Seen("normal", shown, 1 if shown else 0)
            with self.subTest(mode=mode):
                assert in_the_api(person) == on_the_page(person, "en") == on_the_page(person, "zh-CN") == told
                assert in_open_data(person, files) == ((None, 10) if shown else None)
        set_today(date(2026, 1, 1))
        files = release(date(2026, 1, 1))
        self.assert_nobody_is_told_of()
        assert list(read_csv(files["full.csv"])) == []
        changes = {str(row["row_id"]): row["change"] for row in read_csv(files["delta.csv"])}
        gone = {row.pk: (row.gone_as, row.year) for row in OpenDataRow.objects.all()}
        assert sorted(gone.values(), key=str) == [("expired", 2025), ("expired", 2025), ("restored", None)]
        assert all(gone[row_id][0] == change == "expired" for row_id, change in changes.items())
        assert "0 points, qualified" in page(f"/s/{self.world.counties['open'].people['effective'].slug}", "en")

    def assert_nobody_is_told_of(self) -> None:
        """Every door tells of everybody as of somebody with nothing against them."""
        for mode, fate in self.everybody():
            person = self.world.counties[mode].people[fate]
            with self.subTest(mode=mode, fate=fate):
                assert in_the_api(person) == on_the_page(person, "zh-CN") == on_the_page(person, "en") == CLEAN[mode]

    def identifiers(self) -> list[str]:
        """What links a public row back to the inside: keys, codes, numbers of notices, names of officers."""
        keys = [str(person.pk) for person in self.world.everybody]
        codes = [code.code for person in self.world.everybody for code in person.codes.all()]
        entries = [str(key) for entry in PointsEntry.objects.all() for key in (entry.pk, entry.source_key)]
        causes = [str(pk) for pk in Attribution.objects.values_list("pk", flat=True)]
        numbers = list(Notice.objects.values_list("number", flat=True))
        officers = set(AuditEvent.objects.exclude(by=None).values_list("by__username", flat=True)) | {OFFICER}
        assert len(keys) == len(codes) == 20
        assert numbers
        assert entries
        return [*keys, *codes, *entries, *causes, *numbers, *officers]

    def public_bytes(self) -> dict[str, str]:
        """What every public address answers, in both languages; questions that do not confirm, for each person."""
        addresses = ["/", "/about/", "/privacy/", "/rules/", "/statistics/", "/open-data/", "/developers/"]
        addresses += ["/api/v1/open-data/", *(f"/rules/county-{c.hospital.region_id}/1" for c in self.counties())]
        addresses += [f"/open-data/{self.world.today}/{name}" for name in ALL]
        for county in self.counties():
            code = county.hospital.code
            addresses += [f"/i/{code}", f"/i/{code}/plate", f"/i/{code}/badge.svg"]
            for person in county.people.values():
                addresses += [f"/s/{person.slug}", f"/api/v1/scorecards/{person.slug}/"]
        found = {}
        for address, language in product(addresses, LANGUAGES):
            answer = Client().get(address, headers={"Accept-Language": language})
            data = answer.getvalue()
            found[f"{address} {language}"] = data.decode()
        for county in self.counties():
            if county.mode == "open":
                continue
            for person in (county.people["effective"], county.people["pending"]):
                for way, query in ways_to_ask(person, county).items():
                    if way not in CONFIRMING and query["name"] != person.name:
                        for door in ("/", "/api/v1/scorecards/"):
                            found[f"{door}?{way} {person.slug}"] = Client().get(door, query).content.decode()
        return found

    def counties(self) -> list[County]:
        """The four counties."""
        return list(self.world.counties.values())
