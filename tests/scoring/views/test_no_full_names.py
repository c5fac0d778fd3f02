"""No list yields a full name where a stranger has to confirm whom they mean (design §11, mode confirm)."""

import pytest

from scoring.services import open_data
from tests.factories.award import at_noon
from tests.factories.typical_case import PublishedCaseFactory
from tests.scoring.public_people import HOSPITAL, TODAY, People, people_today

pytestmark = pytest.mark.django_db

# Everything a stranger can ask for without naming one person in full.
LISTS = [
    "/?name=gxm&institution=济仁",
    "/?name=耿晓&institution=济仁",
    f"/?name=李&institution={HOSPITAL}",
    f"/?institution={HOSPITAL}",
    "/?name=lixiaomei&institution=中心卫生院",
    "/api/v1/scorecards/?name=gxm&institution=济仁",
    "/api/v1/scorecards/?name=耿晓&institution=济仁",
    "/i/H15042200001",
    "/i/H15042200001/plate",
    "/i/H15042200001/badge.svg",
    "/cases/",
    "/cases/feed.atom",
    "/statistics/",
    "/open-data/",
    "/open-data/expired.atom",
    "/open-data/latest/full.csv",
    "/open-data/latest/full.ndjson",
    "/robots.txt",
]


@pytest.fixture
def who(settings, tmp_path) -> People:
    settings.OPEN_DATA_DIR = tmp_path / "open-data"
    made = people_today()
    PublishedCaseFactory.create(case__institution=made.hospital)
    open_data.publish_open_data(now=at_noon(TODAY))
    return made


def test_no_list_holds_full_names_addresses_or_codes_of_persons(client, who):
    told = []
    for path in LISTS:
        response = client.get(path, follow=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode()
        assert response.status_code in (200, 422), path
        assert not any(address.startswith("/s/") for address, _status in response.redirect_chain), path
        for person in (who.terminated, who.suspended, who.scored, who.clean):
            told += [(path, words) for words in (person.name, person.slug) if words in text]
        told += [(path, "a code")] if "D15042200000" in text else []
    assert told == []
