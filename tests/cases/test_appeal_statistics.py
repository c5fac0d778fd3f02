"""F63: the statistics agree with a count by hand, on the page and in the CSV."""

import csv
import io
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.test import Client, override_settings

from cases.selectors.appeal_statistics import appeal_statistics
from cases.services import appeals
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions import clock
from tests.factories.appeal import hearing
from tests.factories.attribution import AttributionLineFactory, procedure
from tests.factories.case_file import CaseFileFactory, FindingFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.region import RegionFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

YEAR = {"from_on": date(2025, 1, 1), "until_on": date(2025, 12, 31)}


def case_in(region):
    return CaseFileFactory(institution=InstitutionFactory(region=RegionFactory(code=region, name=f"地区{region}")))


def decided(now, region, *, second_clause=False):
    walk = procedure(DecisionState.DRAFT, now=now, case=case_in(region))
    if second_clause:
        other = FindingFactory(case=walk.attribution.case, conduct="overcharging")
        AttributionLineFactory(attribution=walk.attribution, finding=other, clause="A3", degree="important", points=2)
    walk.propose().serve_intent().wait().decide().serve().make_effective()
    return walk


@pytest.fixture(scope="module")
def town(shared_rows, tmp_path_factory):
    """Six decisions; four appealed against; made and counted by hand.

    150422: 1 upheld after 10 days, then varied at the second level after 20 · 1 overturned after 30 (also A3)
            · 1 not appealed against
    431122: 1 withdrawn · 1 open (also A3) · 1 moot, which does not count
    """
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        _make_town(datetime(2025, 6, 10, 2, 0, tzinfo=UTC))


def _make_town(now):
    first = hearing(State.ACCEPTED, now=now, walk=decided(now, "150422")).later(10).decide("upheld")
    first.made = appeals.elevate(appeal=first.appeal, grounds="仍不服。", by=None, now=first.now)
    first.officer = officer("appeal_officer")
    line = first.walk.attribution.lines.get().pk
    first.assign().accept().later(20).decide("varied", points_by_line={line: 4})
    hearing(State.ACCEPTED, now=now, walk=decided(now, "150422", second_clause=True)).later(30).decide("overturned")
    decided(now, "150422")
    hearing(State.WITHDRAWN, now=now, walk=decided(now, "431122"))
    hearing(State.FILED, now=now, walk=decided(now, "431122", second_clause=True))
    hearing(State.MOOT, now=now, walk=decided(now, "431122"))


def numbers(row):
    return (
        *(row.decisions, row.appealed, row.still_open, row.upheld, row.overturned, row.varied, row.inadmissible),
        *(row.withdrawn, row.days),
    )


def test_they_agree_with_a_count_by_hand(town):
    found = appeal_statistics(officer("auditor"), **YEAR)
    assert numbers(found.total) == (6, 4, 1, 0, 1, 1, 0, 1, 20.0)
    assert (found.total.appeal_rate, found.total.overturn_rate) == (Fraction(4, 6), Fraction(2, 2))
    near, far = found.regions
    assert (near.key, *numbers(near)) == ("150422", 3, 2, 0, 0, 1, 1, 0, 0, 20.0)
    assert (far.key, *numbers(far)) == ("431122", 3, 2, 1, 0, 0, 0, 0, 1, None)
    assert far.overturn_rate is None
    a3, d1 = found.clauses
    assert (a3.key, *numbers(a3)) == ("A3", 2, 2, 1, 0, 1, 0, 0, 0, 30.0)
    assert (d1.key, *numbers(d1)) == ("D1", 6, 4, 1, 0, 1, 1, 0, 1, 20.0)


def test_only_the_regions_and_the_period_of_the_question(town):
    found = appeal_statistics(officer("inspector", region="43"), **YEAR)
    assert [row.key for row in found.regions] == ["431122"]
    assert found.total.decisions == 3
    before = appeal_statistics(officer("auditor"), from_on=date(2024, 1, 1), until_on=date(2024, 12, 31))
    assert (before.total.decisions, before.total.appeal_rate, before.regions) == (0, None, ())
    assert appeal_statistics(officer("publisher"), **YEAR).total.decisions == 0


def test_the_page_and_the_csv_say_the_same(town, now):
    clock.move_to(now)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(officer("auditor"))
    url = "/admin/cases/appeal/statistics/?from_on=2025-01-01&until_on=2025-12-31"
    page = client.get(url).content.decode()
    for shown in ("66.7%", "100.0%", "150422", "431122", "A3", "D1"):
        assert shown in page, shown
    answer = client.get(f"{url}&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["group"], row["key"]) for row in rows] == [
        ("all", ""),
        ("region", "150422"),
        ("region", "431122"),
        ("clause", "A3"),
        ("clause", "D1"),
    ]
    total = rows[0]
    counted = {name: total[name] for name in ("decisions", "appealed", "appeal_rate", "varied", "median_days")}
    assert counted == {"decisions": "6", "appealed": "4", "appeal_rate": "0.6667", "varied": "1", "median_days": "20"}
    assert rows[2]["overturn_rate"] == ""


def test_a_period_that_ends_before_it_begins_is_refused_and_others_are_kept_out(now):
    clock.move_to(now)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(officer("auditor"))
    url = "/admin/cases/appeal/statistics/"
    assert client.get(f"{url}?from_on=2025-02-01&until_on=2025-01-01").status_code == 422
    client.force_login(officer("publisher"))
    assert client.get(url).status_code == 403
