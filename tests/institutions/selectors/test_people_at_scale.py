"""Looking people up among millions: by the index made for it, and many at once as one by one."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.models import Practitioner, Registration
from institutions.selectors import practitioners
from tests.factories.award import registered
from tests.factories.practitioner import PractitionerFactory

pytestmark = pytest.mark.django_db
ON = date(2025, 6, 10)


def test_the_spells_of_a_person_are_never_looked_up_in_the_index_of_the_constraint() -> None:
    person = registered()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for spells in (
        Registration.objects.filter(practitioner=person),
        Registration.objects.filter(practitioner__in=[person.pk], starts_on__lte=ON),
        practitioners.registrations_on(person, ON).select_related(None),  # how joins are ordered is another question
    ):
        plan = spells.order_by().explain()
        assert "registration_spells_apart" not in plan, plan


def test_many_people_at_once_are_told_at_the_same_places_as_one_by_one() -> None:
    working, left, provisional = registered(), registered(), PractitionerFactory.create()
    Registration.objects.filter(practitioner=left).update(ends_on=ON - timedelta(days=1))
    place = working.registrations.get().institution
    Practitioner.objects.filter(pk=provisional.pk).update(is_provisional=True, provisional_institution=place)
    people = [Practitioner.objects.get(pk=person.pk) for person in (working, left, provisional)]
    sites = practitioners.sites_of([person.pk for person in people], ON)
    codes = practitioners.primary_codes([person.pk for person in people])
    for person in people:
        alone = set(practitioners.institutions_to_tell(person, ON))
        assert set(sites[person.pk]) == alone
        assert codes.get(person.pk, "") == practitioners.primary_code(person)


def test_the_places_of_many_take_as_many_queries_as_those_of_one() -> None:
    people = [registered() for _ in range(5)]

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            practitioners.sites_of([person.pk for person in people[:count]], ON)
        return len(seen)

    assert queries(5) == queries(1)
