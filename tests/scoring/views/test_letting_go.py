"""M9: what is over says so: rows of open data in a feed, addresses with 410, robots asked to stay away."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from scoring.models import OpenDataRow
from scoring.services import ledger, open_data
from tests.factories.award import at_noon
from tests.scoring.public_people import TODAY, people, set_today

pytestmark = pytest.mark.django_db

TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "open-data"


def tombstones(client):
    root = ElementTree.fromstring(client.get("/open-data/expired.atom").content)  # noqa: S314 - our own answer
    return {stone.get("ref"): stone.findtext(f"{TOMBSTONE}comment") for stone in root.iter(f"{TOMBSTONE}deleted-entry")}


@pytest.fixture
def gone(client):
    """The row of a person whose decision fell after it had been released once."""
    made = people()
    set_today()
    open_data.publish_open_data(now=at_noon(TODAY))
    assert tombstones(client) == {}
    entry = made.terminated.points_entries.get()
    ledger.reverse_award(entry=entry, reason="撤销", by=None, now=at_noon(TODAY) + timedelta(hours=1))
    next_day = TODAY + timedelta(days=1)
    set_today(next_day)
    open_data.publish_open_data(now=at_noon(next_day))
    return OpenDataRow.objects.get(gone_on__isnull=False)


def test_an_undone_row_is_named_in_the_feed_by_its_id_alone(client, gone):
    assert tombstones(client) == {f"urn:jifen:row:{gone.row_id}": gone.gone_as}
    body = client.get("/open-data/expired.atom").content.decode()
    assert "耿" not in body
    assert gone.practitioner.slug not in body


def test_a_tombstone_is_told_until_its_last_day(client, gone):
    set_today(gone.tombstone_until)
    assert len(tombstones(client)) == 1
    set_today(gone.tombstone_until + timedelta(days=1))
    assert tombstones(client) == {}


def test_robots_are_asked_to_leave_persons_alone(client):
    text = client.get("/robots.txt").content.decode()
    for path in ("/s/", "/n/", "/verify/", "/?"):
        assert f"Disallow: {path}\n" in text
    assert "Disallow: /\n" not in text
