"""Every kind of name search has an index that answers it in order: PostgreSQL, asked, says which it takes."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Value

from institutions.models import Practitioner
from institutions.models.practitioner import NameGrams
from tests.factories.practitioner import PractitionerFactory

pytestmark = pytest.mark.django_db

SEARCHES = {
    "exact": (Practitioner.objects.filter(name="耿晓敏").order_by("name", "id"), "practitioner_by_name"),
    "prefix": (Practitioner.objects.filter(name__startswith="耿晓").order_by("name", "id"), "practitioner_by_name"),
    "surname": (Practitioner.objects.filter(name__startswith="耿").order_by("name", "id"), "practitioner_by_name"),
    "pinyin": (
        Practitioner.objects.filter(pinyin__startswith="gengxiao").order_by("pinyin", "name", "id"),
        "practitioner_by_pinyin",
    ),
    "initials": (
        Practitioner.objects.filter(initials="gxm").order_by("initials", "name", "id"),
        "practitioner_by_initials",
    ),
}


def containing(part: str) -> "models.QuerySet[Practitioner]":
    wanted = Value([part], output_field=ArrayField(models.TextField()))
    return Practitioner.objects.annotate(grams=NameGrams("name")).filter(grams__contains=wanted)


def plan(queryset: "models.QuerySet[Practitioner]") -> str:
    with transaction.atomic(), connection.cursor() as cursor:  # a table of a few rows would be read through
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        return str(queryset[:20].explain())


@pytest.fixture
def crowd(superuser_cursor):
    """So many people, counted by PostgreSQL, that reading an index through costs more than going by it."""
    PractitionerFactory.create_batch(200)
    superuser_cursor.execute("ANALYZE institutions_practitioner")


@pytest.mark.usefixtures("crowd")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", SEARCHES)
def test_a_search_goes_by_its_index_and_is_not_sorted_afterwards(kind):
    queryset, index = SEARCHES[kind]
    found = plan(queryset)
    assert index in found, found
    assert "Sort" not in found, found


def test_two_characters_anywhere_in_a_name_go_by_the_index_of_grams():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    found = str(containing("晓敏").order_by()[:20].explain())
    assert "practitioner_name_grams" in found, found


@pytest.mark.parametrize(
    ("name", "parts", "others"),
    [
        ("耿敏", ["耿", "敏", "耿敏"], ["晓", "敏耿"]),
        ("耿晓敏", ["耿", "晓", "敏", "耿晓", "晓敏"], ["耿敏"]),
        ("欧阳晓敏", ["欧阳", "阳晓", "晓敏", "敏"], ["欧敏"]),
        ("敏", ["敏"], ["耿"]),
        ("阿卜杜拉·买买提", ["拉·", "买买", "提"], ["买提买"]),
    ],
)
def test_grams_are_every_character_and_every_two_neighbours(name, parts, others):
    person = PractitionerFactory.create(name=name)
    for part in parts:
        assert list(containing(part)) == [person], part
    for part in others:
        assert not containing(part).exists(), part


def test_the_function_is_folded_into_the_query():
    assert "institutions_name_grams" not in plan(containing("晓敏")).replace("practitioner_name_grams", "")
