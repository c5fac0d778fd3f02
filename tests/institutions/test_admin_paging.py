"""Pages of the admin's lists: counted as far as is within reach, and said to be so."""

import pytest
from django.core.paginator import InvalidPage
from django.test import Client, RequestFactory

from institutions.admin.paging import COUNT_MAX, PagesInReach, rows_within_reach
from institutions.models import Region
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def regions():
    """The list of regions, of which there are thousands."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(officer("auditor"))
    return lambda query="": client.get("/admin/institutions/region/" + query)


def test_a_long_list_is_counted_two_pages_ahead_and_says_that_there_are_more(regions):
    assert Region.objects.count() > 250
    first = regions()
    assert first.context["cl"].result_count == 150
    assert "150 or more" in first.content.decode()
    assert "?p=3" in first.content.decode()


def test_every_page_is_reached_from_the_one_before(regions):
    third = regions("?p=3")
    assert third.context["cl"].result_count == 250
    assert "?p=5" in third.content.decode()
    seen = {region.code for number in (1, 2, 3) for region in regions(f"?p={number}").context["cl"].result_list}
    assert len(seen) == 150


def test_a_list_that_ends_within_reach_shows_its_number(regions):
    found = regions("?q=150422")
    assert found.context["cl"].result_count == 1
    assert "or more" not in found.content.decode()


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        ("", 150),
        ("1", 150),
        ("2", 200),
        ("0", 150),
        ("x", 150),
        ("-3", 150),
        ("³", 150),
        ("9" * 30, 150),
        ("999999", COUNT_MAX),
    ],
)
def test_how_far_a_list_is_read_follows_the_page_and_ends(page, rows):
    assert rows_within_reach(RequestFactory().get("/", {"p": page}), 50) == rows


def test_rows_are_counted_up_to_the_limit_in_one_query(django_assert_num_queries):
    pages = PagesInReach(Region.objects.all(), 2)
    pages.most = 3
    with django_assert_num_queries(1) as captured:
        assert pages.count == 3
        assert pages.has_more
    assert "LIMIT 3" in captured.captured_queries[0]["sql"]
    assert PagesInReach([1, 2, 3], 2).count == 3
    with pytest.raises(InvalidPage):
        pages.page(3)
