"""Finding people and where they work."""

from datetime import date

import pytest

from institutions.models import Practitioner
from institutions.selectors import practitioners
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerCodeFactory, PractitionerFactory
from tests.factories.registration import RegistrationFactory

pytestmark = pytest.mark.django_db

DAY = date(2025, 6, 10)


def test_a_person_is_found_by_any_code_however_it_is_typed():
    person = PractitionerFactory(code="D150422000001")
    PractitionerCodeFactory(practitioner=person, code="D431122000001", primary=False)
    assert practitioners.by_code(" d150422000001 ") == person
    assert practitioners.by_code("D431122000001") == person
    assert practitioners.by_code("D999") is None
    assert practitioners.primary_code(person) == "D150422000001"
    assert practitioners.primary_code(PractitionerFactory(code__skip=True)) == ""


def test_merged_records_lead_to_the_one_that_remains():
    last = PractitionerFactory()
    middle = PractitionerFactory(merged_into=last)
    first = PractitionerFactory(merged_into=middle, code="D1")
    assert practitioners.by_code("D1") == last
    assert practitioners.by_slug(first.slug) == last
    assert practitioners.by_slug("nobody") is None


def test_sites_are_those_of_the_day_last_day_included():
    person = PractitionerFactory()
    running = RegistrationFactory(practitioner=person, starts_on=date(2024, 1, 1))
    ending = RegistrationFactory(practitioner=person, starts_on=date(2024, 1, 1), ends_on=DAY)
    RegistrationFactory(practitioner=person, starts_on=date(2025, 6, 11))
    assert set(practitioners.sites_on(person, DAY)) == {running.institution, ending.institution}
    assert practitioners.is_registered_at(person, ending.institution, DAY)
    assert not practitioners.is_registered_at(person, ending.institution, date(2025, 6, 11))


def test_a_change_is_told_to_every_site_and_of_provisional_people_to_where_they_were_named():
    named_at = InstitutionFactory()
    person = PractitionerFactory(is_provisional=True, provisional_institution=named_at)
    site = RegistrationFactory(practitioner=person).institution
    assert set(practitioners.institutions_to_tell(person, DAY)) == {site, named_at}
    person.is_provisional = False
    assert set(practitioners.institutions_to_tell(person, DAY)) == {site}


class TestSearch:
    @pytest.fixture
    def person(self) -> Practitioner:
        hospital = InstitutionFactory(code="H15042200001", name="巴林左旗济仁中医医院")
        return RegistrationFactory(practitioner=PractitionerFactory(name="单晓敏"), institution=hospital).practitioner

    @pytest.mark.parametrize("name", ["单晓敏", "单晓", "单", "shanxiaomin", "Shan Xiao", "sxm", "SXM"])
    def test_by_name_prefix_reading_or_initials(self, person, name):
        assert list(practitioners.matching(name=name, on=DAY)) == [person]

    @pytest.mark.parametrize("name", ["晓敏", "danxiaomin", "sx", "", "  ", "%", "_"])
    def test_not_by_less(self, person, name):
        assert list(practitioners.matching(name=name, on=DAY)) == []

    @pytest.mark.parametrize(
        ("institution", "region", "found"),
        [
            ("济仁", "", True),
            ("h15042200001", "", True),
            ("仁爱", "", False),
            ("", "1504", True),
            ("", "43", False),
            ("济仁", "15", True),
        ],
    )
    def test_narrowed_by_place(self, person, institution, region, found):
        people = practitioners.matching(name="单", institution=institution, region=region, on=DAY)
        assert (person in people) is found

    def test_people_of_one_name_are_all_found(self, person):
        other = RegistrationFactory(practitioner=PractitionerFactory(name="单晓敏")).practitioner
        assert set(practitioners.matching(name="单晓敏", on=DAY)) == {person, other}

    def test_provisional_merged_and_former_people_are_not_found(self, person):
        RegistrationFactory(practitioner=PractitionerFactory(name="单晓敏", is_provisional=True))
        RegistrationFactory(practitioner=PractitionerFactory(name="单晓敏", merged_into=person))
        RegistrationFactory(practitioner=PractitionerFactory(name="单晓敏"), ends_on=date(2024, 12, 31))
        assert list(practitioners.matching(name="单晓敏", on=DAY)) == [person]
