"""What officers type whole is found by an index: the number of a case, and the thing to which something happened."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from scoring.models import Consequence, Measure, PointsEntry

pytestmark = pytest.mark.django_db

SEARCHES: dict[str, QuerySet] = {
    "entry_by_case": PointsEntry.objects.filter(case_reference__in=["试医保案〔2025〕001"]),
    "consequence_by_target": Consequence.objects.filter(target__in=["试"]),
}


@pytest.fixture(autouse=True)
def small():
    with connection.cursor() as cursor:  # an empty table would be read through, or in the order of any index
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")  # a bitmap is made of what a condition finds


@pytest.mark.parametrize("index", SEARCHES)
def test_what_is_typed_whole_goes_by_its_index(index):
    assert index in SEARCHES[index].order_by().explain()


def test_measures_of_a_case_go_by_the_index_of_its_entries():
    assert "entry_by_case" in Measure.objects.filter(entry__case_reference__in=["试"]).order_by().explain()
