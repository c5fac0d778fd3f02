"""The list of people: those of the officer's regions, found by name or by region, never by asking everybody."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from institutions.models import Practitioner
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db
HERE, THERE = "150422", "431122"
CROWD = 20_000
FILL = """
WITH crowd AS (
  INSERT INTO institutions_practitioner
    (id, slug, name, category, pinyin, initials, is_provisional, created_at, profile_changed_at)
  SELECT gen_random_uuid(), 'x' || translate(lpad(number::text, 15, '0'), '0123456789', 'abcdefghij'),
         chr(19968 + number %% 300) || chr(20500 + number %% 4001), 'physician', 'a' || md5(number::text),
         substr(md5(number::text), 1, 3), false, now(), now()
  FROM generate_series(1, %s) AS number RETURNING id
)
INSERT INTO institutions_registration
  (id, practitioner_id, institution_id, starts_on, department, position, specialty)
SELECT gen_random_uuid(), id, (%s::uuid[])[1 + random() * 199], '2024-01-01', '', '', '' FROM crowd
"""


def listed(user, query="") -> list[Practitioner]:
    client = Client()
    client.force_login(user)
    answer = client.get("/admin/institutions/practitioner/" + query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


@pytest.fixture
def here():
    return InstitutionFactory(region__code=HERE)


@pytest.fixture
def there():
    return InstitutionFactory(region__code=THERE)


@pytest.mark.parametrize("query", ["", "?q=王", "?q=wang", "?q=wxm", "?category__exact=physician", "?q=wang&o=-1"])
def test_an_officer_sees_the_people_of_their_regions_and_no_others(query, here, there):
    working, left, named, both = (PractitionerFactory(name="王晓敏") for _ in range(4))
    RegistrationFactory(practitioner=working, institution=here)
    RegistrationFactory(practitioner=left, institution=here, ends_on="2025-02-01")
    Practitioner.objects.filter(pk=named.pk).update(is_provisional=True, provisional_institution=here)
    RegistrationFactory(practitioner=both, institution=here)
    RegistrationFactory(practitioner=both, institution=there)
    elsewhere, named_elsewhere, nowhere = (PractitionerFactory(name="王晓敏") for _ in range(3))
    RegistrationFactory(practitioner=elsewhere, institution=there)
    Practitioner.objects.filter(pk=named_elsewhere.pk).update(is_provisional=True, provisional_institution=there)
    seen = listed(officer("inspector", region="15"), query)
    assert sorted(person.pk for person in seen) == sorted(person.pk for person in (working, left, named, both))
    assert len(listed(officer("inspector"), query)) == 7
    assert nowhere in listed(officer("inspector"), query)


def test_people_come_by_name_however_they_were_found(here):
    for name in ("王乙", "王丙", "王甲"):
        RegistrationFactory(practitioner=PractitionerFactory(name=name), institution=here)
    Practitioner.objects.filter(pk=PractitionerFactory(name="王丁").pk).update(
        is_provisional=True, provisional_institution=here
    )
    names = [person.name for person in listed(officer("inspector", region="15"), "?q=王")]
    assert names == sorted(names)
    assert len(names) == 4


@pytest.mark.django_db(transaction=True)
def test_a_big_region_is_listed_by_name_and_a_small_one_by_its_institutions(here, there, superuser_cursor):
    for number in range(30):
        RegistrationFactory(practitioner=PractitionerFactory(name=f"耿{chr(20500 + number)}"), institution=there)
    hospitals = InstitutionFactory.create_batch(200, region=here.region)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [CROWD, [hospital.pk for hospital in hospitals]])
    superuser_cursor.execute("ANALYZE institutions_practitioner, institutions_registration, institutions_institution")
    big, small = ways_of(officer("inspector", region="15")), ways_of(officer("inspector", region="43"))
    assert "practitioner_by_name" in big, big
    assert "practitioner_by_name" not in small, small
    for plan in (big, small):
        assert "practitioner_by_provisional" in plan, plan
        assert not re.search("Seq Scan on institutions_practitioner", plan), plan
    assert "Seq Scan on institutions_registration" not in small, small


def ways_of(user) -> str:
    """Return the plan of the query that finds the keys of a list's people."""
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/admin/institutions/practitioner/").context["cl"].result_count
    [finding] = [
        query["sql"] for query in asked if "UNION ALL" in query["sql"] and "count(" not in query["sql"].lower()
    ]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (COSTS OFF) " + finding[finding.index("(SELECT") :].replace("%", "%%"))
        return "\n".join(line for (line,) in cursor.fetchall())
