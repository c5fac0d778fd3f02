"""Admin pages above one app: calendar, pilots, the mark in the head; and the run book."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases import tasks as case_tasks
from cases.states import State
from institutions import clock
from institutions.models import CalendarDay, JobRun, PilotRegion
from institutions.services.job_runs import job_run
from scoring.services.pilots import begin_pilot
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

CALENDAR = "/admin/institutions/calendarday/"
PILOTS = "/admin/institutions/pilotregion/"
RUNS = "/admin/institutions/jobrun/"
FILE = "date,is_working,source\n2027-01-01,false,国办发明电〔2026〕7号\n2027-10-01,false,国办发明电〔2026〕7号\n"


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def upload(client: Client, text: str):
    return client.post(f"{CALENDAR}load/", {"file": SimpleUploadedFile("2027.csv", text.encode())})


@pytest.fixture(autouse=True)
def today(now):
    clock.move_to(now)
    return clock.local_date(now)


class TestCalendar:
    def test_an_administrator_of_the_country_loads_a_year(self):
        client = client_of(officer("administrator", region=""))
        assert "Load an announced calendar" in client.get(CALENDAR).content.decode()
        assert client.get(f"{CALENDAR}load/").status_code == 200
        response = upload(client, FILE)
        assert (response.status_code, response["Location"]) == (302, CALENDAR)
        assert CalendarDay.objects.filter(on__year=2027).count() == 365

    def test_bad_rows_are_shown_and_nothing_is_loaded(self):
        response = upload(client_of(officer("administrator", region="")), FILE + "2027-02-30,true,x\n")
        html = response.content.decode()
        assert response.status_code == 422
        assert 'id="row-errors"' in html
        assert "<td>4</td><td>date</td><td>2027-02-30</td>" in html
        assert not CalendarDay.objects.filter(on__year=2027).exists()

    def test_no_file_and_one_without_end_are_refused(self):
        client = client_of(officer("administrator", region=""))
        assert client.post(f"{CALENDAR}load/", {}).status_code == 422
        assert upload(client, "x" * (1024 * 1024 + 1)).status_code == 422

    @pytest.mark.parametrize(("role", "region"), [("administrator", "15"), ("inspector", ""), ("auditor", "")])
    def test_nobody_else_loads_it(self, role, region):
        client = client_of(officer(role, region=region))
        assert client.get(f"{CALENDAR}load/").status_code == 403
        assert upload(client, FILE).status_code == 403


class TestPilots:
    def test_a_publisher_begins_and_ends_a_pilot_in_their_region(self, today):
        client = client_of(officer("publisher", region="15"))
        begun = client.post(
            f"{PILOTS}add/", {"region_prefix": "1504", "starts_on": today.isoformat(), "why": "first trial"}
        )
        assert begun.status_code == 302, begun.content.decode()
        pilot = PilotRegion.objects.get()
        assert (pilot.region_prefix, pilot.starts_on, pilot.ends_on) == ("1504", today, None)
        page = client.get(f"{PILOTS}{pilot.pk}/change/")
        assert page.status_code == 200
        last = today + timedelta(days=30)
        ended = client.post(f"{PILOTS}{pilot.pk}/change/", {"ends_on": last.isoformat(), "why": "went well"})
        assert ended.status_code == 302, ended.content.decode()
        pilot.refresh_from_db()
        assert pilot.ends_on == last

    @pytest.mark.parametrize(
        ("prefix", "starts", "says"),
        [("37", 0, "Your roles do not include"), ("15", -1, "today or later"), ("150", 0, "form")],
    )
    def test_what_the_service_refuses_stands_beside_the_form(self, today, prefix, starts, says):
        client = client_of(officer("publisher", region="15"))
        facts = {"region_prefix": prefix, "starts_on": (today + timedelta(days=starts)).isoformat(), "why": "trial"}
        response = client.post(f"{PILOTS}add/", facts)
        assert response.status_code == 200
        assert says in response.content.decode()
        assert not PilotRegion.objects.exists()

    def test_an_end_without_a_day_is_refused(self, today, now):
        pilot = begin_pilot(region_prefix="15", starts_on=today, reason="trial", by=None, now=now)
        client = client_of(officer("publisher", region="15"))
        response = client.post(f"{PILOTS}{pilot.pk}/change/", {"ends_on": "", "why": "over"})
        assert "Give the last day" in response.content.decode()

    def test_an_inspector_sees_pilots_around_their_region_and_begins_none(self, today, now):
        for prefix in ("15", "37"):
            begin_pilot(region_prefix=prefix, starts_on=today, reason="trial", by=None, now=now)
        client = client_of(officer("inspector", region="1504"))
        html = client.get(PILOTS).content.decode()
        assert ">15<" in html
        assert ">37<" not in html
        assert client.get(f"{PILOTS}add/").status_code == 403

    def test_the_mark_stands_on_every_admin_page_while_it_runs(self, today, now):
        client = client_of(officer("inspector", region="1504"))
        assert "Pilot:" not in client.get("/admin/").content.decode()
        begin_pilot(region_prefix="15", starts_on=today, reason="trial", by=None, now=now)
        assert "Pilot: 内蒙古自治区" in client.get("/admin/").content.decode()
        assert "Pilot:" not in client_of(officer("inspector", region="37")).get("/admin/").content.decode()


class TestRunBook:
    def test_the_last_thirty_runs_with_their_counts_and_nothing(self, now, today):
        for number in range(31):
            with job_run("scoring.close_ended_measures", today, now) as counts:
                counts["ended"] = number
        html = client_of(officer("inspector", region="15")).get(RUNS).content.decode()
        assert "ended 30" in html
        assert "ended 1<" in html.replace("\n", "").replace(" <", "<")
        assert "nothing" not in html  # the oldest, which ended none, is on the second page

    def test_a_failure_is_red(self, now, today):
        with pytest.raises(ValueError, match="broken"), job_run("scoring.verify_ledger", today, now):
            raise ValueError("broken")
        html = client_of(officer("inspector", region="15")).get(RUNS).content.decode()
        assert "ValueError: broken" in html
        assert "nothing" in html
        assert "bg-red" in html

    def test_a_run_leads_to_its_acts_and_to_what_they_were_done_to(self, now):
        walk = procedure(State.INTENT_SERVED, now=now).wait()
        clock.move_to(walk.now)
        case_tasks.watch_deadlines()
        run = JobRun.objects.get(name="cases.watch_deadlines")
        html = client_of(officer("inspector", region="")).get(f"{RUNS}{run.pk}/change/").content.decode()
        assert "windows_ended 1" in html
        assert f'<a href="/admin/cases/attribution/{walk.attribution.pk}/change/">' in html
        elsewhere = client_of(officer("inspector", region="82")).get(f"{RUNS}{run.pk}/change/").content.decode()
        assert str(walk.attribution.pk) not in elsewhere
        assert "none in your regions" in elsewhere

    def test_a_missed_night_is_said_above_the_list(self):
        clock.move_to(datetime(2100, 6, 11, 9, tzinfo=clock.SHANGHAI))
        html = client_of(officer("inspector", region="15")).get(RUNS).content.decode()
        assert "Not done for" in html
        assert date(2100, 6, 11).isoformat() not in html
