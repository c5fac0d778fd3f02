"""Published statistics agree with a hand count, and do not tell one person from another."""

import pytest

from scoring.selectors.statistics import published_statistics
from scoring.services import open_data
from tests.factories.award import at_noon, post_award
from tests.scoring.public_people import DECIDED_ON, TODAY, people, physician, set_today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "open-data"


def test_before_the_first_release_the_page_says_so(client):
    assert "There is no release yet" in client.get("/statistics/", headers={"accept-language": "en"}).content.decode()


def test_the_counts_are_those_of_the_rows(client):
    made = people()
    for number in range(3):
        person = physician(f"周某{number}", f"D15042200002{number}", made.hospital)
        post_award(person, 9, DECIDED_ON, institution=made.hospital)
    set_today()
    open_data.publish_open_data(now=at_noon(TODAY))

    found = published_statistics()
    assert found is not None
    assert (found.rows, found.with_points, found.suspended, found.terminated) == (6, 6, 4, 1)
    (province,) = found.by_province
    assert (province.label, province.with_points, province.suspended, province.terminated) == (
        "内蒙古自治区",
        6,
        4,
        None,
    )
    assert dict(found.by_points) == dict.fromkeys(range(1, 13), 0) | {4: None, 9: 3, 10: None, 12: None}
    page = client.get("/statistics/", headers={"accept-language": "en"}).content.decode()
    assert "12 June 2025" in page
    assert "&lt;3" in page
    assert page.count('class="chart__bar"') == 12
    assert 'width="230"' in page  # the largest group is as long as the box
