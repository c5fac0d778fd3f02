"""一人一档: the whole file of a person on one page, each part for those who may see it, on two clocks."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.selectors.person_file import Clocks, person_file
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from institutions.models import AccessDoor, RecordAccess
from scoring.services import ledger
from tests.factories.attribution import days_later, procedure
from tests.factories.award import at_noon, post_award, registered
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

JUNE, JULY = date(2025, 6, 10), date(2025, 7, 10)
QUERIES_MAX = 60  # however many entries, cases and notices there are


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page_of(person) -> str:
    return f"/admin/institutions/practitioner/{person.pk}/change/"


@pytest.fixture
def person():
    return registered(name="李某梅")


@pytest.fixture
def scored(person):
    """Ten points in June and a reversal in July; today is 1 August."""
    entry = post_award(person, 10, JUNE)
    ledger.reverse_award(entry=entry, reason="复核后撤销。", by=None, now=at_noon(JULY))
    clock.move_to(at_noon(date(2025, 8, 1)))
    return person


def test_an_officer_sees_points_entries_and_why(scored):
    html = client_of(officer("inspector")).get(page_of(scored)).content.decode()
    assert 'id="person-file"' in html
    assert "0 points in 2025" in html
    assert "复核后撤销。" in html
    assert 'class="sheet__undone">10' in html
    assert "award" in html


def test_the_account_stands_on_two_clocks(scored):
    client = client_of(officer("inspector"))
    known_then = client.get(page_of(scored), {"as_of": "2025-06-20", "known_on": "2025-06-20"}).content.decode()
    assert "10 points in 2025" in known_then
    assert "Suspended" in known_then
    assert "复核后撤销。" not in known_then
    known_now = client.get(page_of(scored), {"as_of": "2025-06-20"}).content.decode()
    assert "0 points in 2025" in known_now
    assert 'id="what-if"' not in known_now


def test_a_day_that_has_not_ended_is_refused_and_today_is_shown(scored):
    answer = client_of(officer("inspector")).get(page_of(scored), {"known_on": "2025-08-02"})
    assert answer.status_code == 422
    assert "Nothing is known yet" in answer.content.decode()
    assert "As of 1 August 2025, with everything recorded so far." in answer.content.decode()


def test_what_would_happen_is_shown_for_today(person):
    post_award(person, 10, JUNE)
    clock.move_to(at_noon(JUNE + timedelta(days=2)))
    html = client_of(officer("inspector")).get(page_of(person)).content.decode()
    assert "An appeal against 10 points is won" in html
    assert "The year ends, in 203 days" in html


def test_cases_letters_and_registrations_stand_in_it(now):
    walk = procedure(State.EFFECTIVE, now=now)
    clock.move_to(walk.now)
    RegistrationFactory.create(
        practitioner=walk.attribution.practitioner, institution=walk.attribution.case.institution
    )
    html = client_of(walk.team.inspector).get(page_of(walk.attribution.practitioner)).content.decode()
    assert walk.attribution.case.number in html
    assert walk.attribution.case.institution.name in html
    assert "签收回执第1号" in html
    assert "notice of intended points" in html


def test_cases_of_other_regions_are_counted_and_not_shown(now):
    walk = procedure(State.EFFECTIVE, now=now)
    person = walk.attribution.practitioner
    home = RegistrationFactory.create(practitioner=person, institution__region__code="120101")
    clock.move_to(walk.now)
    assert home.institution.region_id == "120101"
    html = client_of(officer("inspector", region="12")).get(page_of(person)).content.decode()
    assert walk.attribution.case.basis.document not in html
    assert "1 more in another region." in html


def test_a_person_out_of_reach_is_not_there(person):
    assert client_of(officer("inspector", region="65")).get(page_of(person)).status_code == 404


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        ("inspector", {"account", "cases", "notices"}),
        ("auditor", {"account", "cases", "notices", "access", "acts"}),
    ],
)
def test_each_part_is_for_those_who_may_see_it(scored, role, parts):
    file = person_file(scored, by=officer(role), clocks=Clocks(date(2025, 8, 1)), today=date(2025, 8, 1))
    shown = {part for part in ("account", "cases", "notices", "access", "acts") if getattr(file, part) is not None}
    assert shown == parts


@pytest.mark.parametrize("role", ["publisher", "administrator", "expert"])
def test_who_may_not_read_the_register_sees_no_file(scored, role):
    assert client_of(officer(role)).get(page_of(scored)).status_code == 403


def test_nothing_is_changed_by_the_page(scored):
    client = client_of(officer("approver"))
    assert client.post(page_of(scored), {"name": "他人"}).status_code == 405
    scored.refresh_from_db()
    assert scored.name == "李某梅"


def test_looking_at_the_file_is_written_down_for_the_person(scored):
    reader = officer("inspector")
    client_of(reader).get(page_of(scored))
    doors = RecordAccess.objects.filter(practitioner=scored, by=reader).values_list("door", flat=True)
    assert set(doors) == {AccessDoor.PERSON, AccessDoor.ACCOUNT}


def test_the_number_of_queries_does_not_grow_with_the_file(person):
    reader = officer("auditor")
    client = client_of(reader)
    post_award(person, 3, JUNE)
    clock.move_to(days_later(at_noon(JUNE), 60))
    client.get(page_of(person))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page_of(person))
    for number in range(5):
        post_award(person, 1, JUNE + timedelta(days=number + 1))
    with CaptureQueriesContext(connection) as many:
        client.get(page_of(person))
    assert len(many) <= len(few)
    assert len(many) <= QUERIES_MAX
    assert local_date(clock.now()) == JUNE + timedelta(days=60)
