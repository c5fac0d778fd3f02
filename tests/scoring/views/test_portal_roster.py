"""The roster of a staff office: own staff with statuses, nobody else's, in few queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from institutions import clock
from institutions.clock import local_date
from institutions.models import AccessDoor, PilotRegion, RecordAccess
from tests.factories.award import at_noon, post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import assign, hr_of, officer

pytestmark = pytest.mark.django_db

DAY = date(2025, 6, 10)


@pytest.fixture
def hospital():
    clock.move_to(at_noon(DAY + timedelta(days=2)))
    return InstitutionFactory()


def client_of(user, language="en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def staff(hospital, name, points=0, **kwargs):
    person = PractitionerFactory(name=name, **kwargs)
    RegistrationFactory(practitioner=person, institution=hospital)
    if points:
        post_award(person, points, DAY, institution=hospital)
    return person


def rows(answer) -> list[tuple[str, str]]:
    return [(line.row.name, line.row.status) for line in answer.context["lines"]]


def test_own_staff_is_listed_with_status_and_dates_and_no_points(hospital):
    staff(hospital, "安一")
    staff(hospital, "白二", 10)
    staff(hospital, "蔡三", 12)
    answer = client_of(hr_of(hospital)).get("/portal/roster/")
    assert rows(answer) == [("安一", "normal"), ("白二", "suspended"), ("蔡三", "terminated")]
    suspended = answer.context["lines"][1].row
    assert suspended.status_from == DAY + timedelta(days=1)
    assert suspended.until is not None
    assert not hasattr(suspended, "points")
    assert answer["Cache-Control"].count("no-cache") or answer["Cache-Control"].count("no-store")


def test_hr_of_one_institution_sees_nothing_of_another(hospital):
    other = InstitutionFactory()
    staff(hospital, "安一")
    foreign = staff(other, "方四", 12)
    client = client_of(hr_of(hospital))
    for query in ("", "?text=方四", f"?text={foreign.codes.get().code}", "?under=on"):
        text = client.get(f"/portal/roster/{query}").content.decode()
        assert "方四" not in text.replace('value="方四"', "")
    assert rows(client_of(hr_of(other)).get("/portal/roster/")) == [("方四", "terminated")]


def test_somebody_who_works_at_both_is_seen_by_both(hospital):
    other = InstitutionFactory()
    person = staff(hospital, "安一", 10)
    RegistrationFactory(practitioner=person, institution=other)
    assert rows(client_of(hr_of(other)).get("/portal/roster/")) == [("安一", "suspended")]


def test_who_left_is_not_listed(hospital):
    person = PractitionerFactory(name="林五")
    RegistrationFactory(practitioner=person, institution=hospital, ends_on=DAY)
    assert rows(client_of(hr_of(hospital)).get("/portal/roster/")) == []


def test_it_is_narrowed_by_name_code_and_status(hospital):
    person = staff(hospital, "安一", 10)
    staff(hospital, "安二")
    client = client_of(hr_of(hospital))
    assert rows(client.get("/portal/roster/?text=安二")) == [("安二", "normal")]
    assert rows(client.get(f"/portal/roster/?text={person.codes.get().code.lower()}")) == [("安一", "suspended")]
    assert rows(client.get("/portal/roster/?under=on")) == [("安一", "suspended")]
    nobody = client.get("/portal/roster/?text=无人")
    assert rows(nobody) == []
    assert "Nobody on your roster fits" in nobody.content.decode()


def test_a_long_roster_has_pages_and_few_queries(hospital):
    for number in range(60):
        staff(hospital, f"员{number:02d}", 10 if number % 7 == 0 else 0)
    client = client_of(hr_of(hospital))
    client.get("/portal/roster/")  # notes the readings once
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/portal/roster/")
    asked = [query["sql"] for query in captured if "clockposition" not in query["sql"]]  # only where the clock moves
    assert len(asked) <= 12, "\n".join(asked)
    assert len(rows(answer)) == 50
    assert len(rows(client.get("/portal/roster/?page=2"))) == 10


def test_looking_is_written_down_for_the_persons_on_the_page(hospital):
    person, by = staff(hospital, "安一"), hr_of(hospital)
    client_of(by).get("/portal/roster/")
    row = RecordAccess.objects.get(practitioner=person)
    assert (row.door, row.role, row.institution, row.by) == (AccessDoor.ROSTER, "institution_hr", hospital, by)


def test_nothing_is_shown_while_the_region_is_in_pilot(hospital):
    staff(hospital, "白二", 10)
    PilotRegion.objects.create(region_prefix=hospital.region_id, starts_on=date(2025, 1, 1), reason="试运行")
    answer = client_of(hr_of(hospital)).get("/portal/roster/")
    assert rows(answer) == [("白二", "")]
    assert rows(client_of(hr_of(hospital)).get("/portal/roster/?under=on")) == []


def test_strangers_go_to_the_door_and_officers_have_no_roster(hospital):
    staff(hospital, "安一")
    assert Client().get("/portal/roster/")["Location"] == "/portal/login/?next=/portal/roster/"
    assert rows(client_of(officer("publisher")).get("/portal/roster/")) == []


def test_hr_of_two_institutions_sees_both_and_which_is_which(hospital):
    other = InstitutionFactory()
    staff(hospital, "安一")
    staff(other, "白二")
    user = assign(hr_of(hospital), "institution_hr", institution=other)
    answer = client_of(user).get("/portal/roster/")
    assert [line.row.institution_name for line in answer.context["lines"]] == [hospital.name, other.name]
    assert other.name in answer.content.decode()


class TestApi:
    def test_the_same_rows_for_machines(self, hospital):
        person = staff(hospital, "白二", 10)
        answer = client_of(hr_of(hospital)).get("/api/v1/roster/")
        (row,) = answer.json()["results"]
        assert (row["slug"], row["status"], row["status_from"]) == (person.slug, "suspended", "2025-06-11")
        assert "points" not in row

    def test_narrowed_and_only_ones_own(self, hospital):
        staff(hospital, "安一")
        staff(hospital, "白二", 10)
        staff(InstitutionFactory(), "方四", 10)
        client = client_of(hr_of(hospital))
        assert [row["name"] for row in client.get("/api/v1/roster/?under=true").json()["results"]] == ["白二"]
        assert [row["name"] for row in client.get("/api/v1/roster/?text=安").json()["results"]] == ["安一"]

    def test_by_category_department_institution_and_several_at_once(self, hospital):
        staff(hospital, "安一")
        barred = staff(hospital, "白二", 10)
        barred.registrations.update(department="骨科")
        client = client_of(hr_of(hospital))

        def found(query: str) -> list[str]:
            return [row["name"] for row in client.get(f"/api/v1/roster/?{query}").json()["results"]]

        assert found("department=骨科") == ["白二"]
        assert found("category=physician") == ["安一", "白二"]
        assert found("category=nurse") == []
        assert found(f"institution={hospital.code}&under=true") == ["白二"]
        assert found("under=false") == ["安一", "白二"]
        assert found(f"text={barred.codes.get().code}&under=true") == ["白二"]
        assert client.get("/api/v1/roster/?category=x").status_code == 422
        first = client.get("/api/v1/roster/?cursor=&page_size=1").json()
        assert [row["name"] for row in client.get(first["next"]).json()["results"]] == ["白二"]

    def test_only_who_reads_for_an_institution(self, hospital):
        assert client_of(officer("publisher")).get("/api/v1/roster/").status_code == 403
        assert Client().get("/api/v1/roster/").status_code == 403


def test_the_day_is_the_shanghai_date(hospital):
    assert client_of(hr_of(hospital)).get("/portal/roster/").context["on"] == local_date(clock.now())
