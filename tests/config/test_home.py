"""The home page: what waits for this officer, last night's runs, the charts and the rows behind them."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client

from cases.selectors.work_statistics import work_statistics
from cases.services import appeals
from cases.states import State
from institutions import clock
from tests.factories.appeal import REASONS, Hearing
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.user import assign, officer, user_with
from tests.infrastructure.queries import at_most

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def today(now):
    clock.move_to(now)


def case_opened(now, days, **facts):
    return CaseFileFactory(opened_at=now - timedelta(days=days), **facts)


class TestMyWork:
    def test_what_waits_by_deadline_overdue_first_and_nothing_of_others(self, now):
        inspector, colleague = officer("inspector", region="15"), officer("inspector", region="15")
        late, fresh, held, mine = (case_opened(now, days) for days in (45, 2, 60, 3))
        case_opened(now, 50, institution__region__code="431122")
        for holder, case in ((colleague, held), (inspector, mine)):
            client_of(holder).post(f"/admin/queues/cases/{case.pk}/act/", {"move": "claim"})
        page, answer = client_of(inspector).get("/admin/"), client_of(inspector).get("/admin/next/")
        lines = [one.line for one in answer.context["next"]]
        assert [line.reference for line in lines] == [late.number, mine.number, fresh.number]
        assert [line.days_late for line in lines] == [15, 0, 0]
        html = answer.content.decode()
        assert "15 days late" in html
        tiles = {str(tile.title): tile for tile in client_of(inspector).get("/admin/tiles/").context["tiles"]}
        assert [str(tile.title) for tile in page.context["tiles"]] == list(tiles)
        tile = tiles["Cases to attribute"]
        assert (tile.waiting, tile.overdue, tile.mine) == ("4", "2", "1")
        for address in (tile.address, tile.overdue_address, tile.mine_address):
            assert client_of(inspector).get(address).status_code == 200

    def test_only_what_the_role_may_do_is_next(self, now):
        case_opened(now, 45)
        walk = procedure(State.INTENT_SERVED, now=now).wait()
        clock.move_to(walk.now)
        answer = client_of(officer("approver", region="15")).get("/admin/next/")
        assert [one.line.reference for one in answer.context["next"]] == [walk.attribution.case.number]
        auditor = client_of(officer("auditor", region="15")).get("/admin/next/")
        assert auditor.context["next"] == []
        assert "Nothing waits for you." in auditor.content.decode()

    def test_who_has_no_queue_is_told_where_to_look(self):
        expert = client_of(officer("expert", region="15"))
        assert "Nothing waits for you." in expert.get("/admin/next/").content.decode()
        assert 'id="tiles"' in expert.get("/admin/").content.decode()
        html = client_of(user_with([])).get("/admin/").content.decode()
        assert "No queue is open to your roles." in html

    def test_a_missed_night_is_said(self):
        html = client_of(officer("inspector", region="15")).get("/admin/").content.decode()
        assert "runs are done" in html
        clock.move_to(datetime(2100, 6, 11, 9, tzinfo=clock.SHANGHAI))
        html = client_of(officer("inspector", region="15")).get("/admin/").content.decode()
        assert "Not done since" in html

    def test_home_and_its_parts_ask_the_database_a_few_times(self, now):
        everybody = officer("inspector", region="15")
        for role in ("approver", "appeal_officer", "administrator"):
            assign(everybody, role, region="15")
        for number in range(8):
            case = case_opened(now, number)
            procedure(State.PROPOSED, now=now)
            if number % 2:
                client_of(everybody).post(f"/admin/queues/cases/{case.pk}/act/", {"move": "claim"})
        client = client_of(everybody)
        for address, most in (("/admin/", 12), ("/admin/next/", 20), ("/admin/tiles/", 8)):
            with at_most(most):
                client.get(address)


class TestCharts:
    @pytest.fixture
    def decided(self, now):
        """Two decisions in effect, one of them varied on appeal, and one reversed."""
        team = officers("15")
        upheld = procedure(State.EFFECTIVE, now=now, team=team, case=CaseFileFactory(source="tip_off"))
        varied = procedure(State.EFFECTIVE, now=now, team=team)
        fallen = procedure(State.EFFECTIVE, now=now, team=team)
        judge = officer("appeal_officer", region="15")
        for walk, outcome, points in ((varied, "varied", 4), (fallen, "overturned", None)):
            hearing = Hearing(walk, judge, walk.now).file().assign().accept()
            by_line = {line.pk: points for line in walk.attribution.lines.all()} if points else {}
            appeals.decide(
                appeal=hearing.appeal, outcome=outcome, reasons=REASONS, points_by_line=by_line, by=judge, now=walk.now
            )
        clock.move_to(varied.now + timedelta(days=3))
        return upheld

    def test_cases_and_points_by_month_region_source_and_clause(self, decided, now):
        found = work_statistics(officer("inspector", region="15"), year=2025, today=clock.today())
        assert found.sources["tip_off"].points == 10
        assert found.sources["flying_inspection"].points == 4
        assert (found.total.cases, found.total.decisions, found.total.points) == (3, 2, 14)
        assert {key: amount.points for key, amount in found.regions.items()} == {"1504": 14}
        assert (found.clauses["D1"].decisions, found.clauses["D1"].points) == (2, 14)
        assert found.measures == {"suspend": 1}
        assert (found.appeal_total.filed, found.appeal_total.overturned) == (2, 2)
        assert found.overturn_rate == 1

    def test_other_regions_and_years_are_not_counted(self, decided, now):
        today = clock.local_date(now)
        for reader, year in ((officer("inspector", region="43"), 2025), (officer("inspector"), 2026)):
            found = work_statistics(reader, year=year, today=today)
            assert (found.total.cases, found.total.points, found.appeal_total.filed) == (0, 0, 0)

    def test_every_number_leads_to_as_many_rows(self, decided):
        client = client_of(officer("inspector", region="15"))
        charts = {chart.code: chart for chart in client.get("/admin/charts/").context["charts"]}
        columns = (*((code, 0) for code in charts), ("appeals", 1))
        for code, column in columns:
            for label, cells in charts[code].rows:
                cell = cells[column]
                shown = client.get(cell.address)
                assert shown.status_code == 200, (code, label, cell.address)
                assert shown.context["cl"].result_count == cell.value, (code, label, cell.address)

    def test_each_chart_has_its_table_and_the_part_stands_alone(self, decided):
        client = client_of(officer("inspector", region="15"))
        html = client.get("/admin/charts/").content.decode()
        assert html.count("As a table, with the rows behind each number") == html.count('class="chart"') == 6
        part = client.get("/admin/charts/?part=1").content.decode()
        assert "<html" not in part
        assert 'id="chart-months"' in part
        assert "/admin/charts/?part=1" in client.get("/admin/").content.decode()

    def test_the_numbers_as_csv(self, decided):
        answer = client_of(officer("inspector", region="15")).get("/admin/charts/?format=csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert ["sources", "Tip-off", "Points", "10"] in rows

    def test_empty_charts_say_so_and_others_are_refused(self):
        html = client_of(officer("inspector", region="15")).get("/admin/charts/").content.decode()
        assert "Nothing to draw yet." in html
        assert client_of(officer("publisher")).get("/admin/charts/").status_code == 403
