"""`/api/v1/registrations/`: narrowed by role, region and institution."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from institutions.models import Category
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import UserFactory, hr_of, officer

pytestmark = pytest.mark.django_db

URL = "/api/v1/registrations/"


def rows(user, **query):
    client = APIClient()
    client.force_authenticate(user)
    response = client.get(URL, query)
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def codes(user, **query) -> set[str]:
    return {row["practitioner_code"] for row in rows(user, **query)}


def test_hr_sees_the_people_of_their_own_institution_and_where_else_they_work_stays_hidden():
    person = PractitionerFactory(code="D150422000007")
    mine = RegistrationFactory(practitioner=person)
    RegistrationFactory(practitioner=person)
    (row,) = rows(hr_of(mine.institution))
    assert row == {
        "practitioner_slug": person.slug,
        "practitioner_code": "D150422000007",
        "practitioner_name": person.name,
        "category": "physician",
        "institution_code": mine.institution.code,
        "institution_name": mine.institution.name,
        "department": "全科",
        "position": "",
        "specialty": "",
        "starts_on": "2024-01-01",
        "ends_on": None,
        "commitment_on": "2025-01-01",
    }


def test_an_officer_sees_their_region():
    RegistrationFactory()
    there = RegistrationFactory(institution=InstitutionFactory(region__code="431122"))
    assert {row["institution_code"] for row in rows(officer("auditor", region="43"))} == {there.institution.code}


def test_who_may_see_none_is_told_so():
    client = APIClient()
    client.force_authenticate(UserFactory())
    assert client.get(URL).status_code == 403


def test_the_list_is_filtered():
    hospital = InstitutionFactory()
    nurse = PractitionerFactory(category=Category.NURSE, code="N1")
    left = PractitionerFactory(code="D2")
    RegistrationFactory(institution=hospital, practitioner=nurse, commitment_on=None)
    RegistrationFactory(institution=hospital, practitioner=left, ends_on=date(2024, 12, 31))
    user = hr_of(hospital)
    assert codes(user) == {"N1", "D2"}
    assert codes(user, on="2025-06-10") == {"N1"}
    assert codes(user, on="2024-06-10") == {"N1", "D2"}
    assert codes(user, category="nurse") == {"N1"}
    assert codes(user, code="D2") == {"D2"}
    assert codes(user, slug=nurse.slug) == {"N1"}
    assert codes(user, commitment_missing="true") == {"N1"}
    assert codes(user, institution="elsewhere") == set()


def test_the_list_takes_few_queries(django_assert_max_num_queries):
    hospital = InstitutionFactory()
    RegistrationFactory.create_batch(20, institution=hospital)
    user = hr_of(hospital)
    with django_assert_max_num_queries(9):  # three of them write down whose rows were looked at
        assert len(rows(user)) == 20
