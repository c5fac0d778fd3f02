"""The door to open data: a page in both languages, whole files with an ETag, 410 for what was withdrawn."""

import gzip
import shutil
from copy import deepcopy

import pytest
from django.test import override_settings

from institutions import clock
from scoring.models import OpenDataRelease
from scoring.services import ledger, open_data
from tests.factories.award import at_noon
from tests.scoring.public_people import TODAY, people_today

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "open-data"


@pytest.fixture(scope="module")
def released(shared_rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("open-data")
    with override_settings(OPEN_DATA_DIR=folder):
        found = people_today()
        open_data.publish_open_data(now=at_noon(TODAY))
    return found, folder


@pytest.fixture
def made(released, own_folder, settings):
    found, folder = released
    shutil.copytree(folder, settings.OPEN_DATA_DIR)
    clock.move_to(at_noon(TODAY))
    return deepcopy(found)


@pytest.mark.parametrize(("language", "words"), [("en", "Latest release: 12 June 2025"), ("zh-hans", "2025年6月12日")])
def test_the_page_leads_to_the_files(client, made, language, words):
    page = client.get("/open-data/", headers={"accept-language": language}).content.decode()
    assert words in page
    assert "/open-data/2025-06-12/full.csv" in page
    assert "display_until" in page


def test_the_whole_set_is_one_request_with_an_etag(client, made):
    leads = client.get("/open-data/latest/full.csv")
    assert (leads.status_code, leads["Location"]) == (302, "/open-data/2025-06-12/full.csv")
    whole = client.get(leads["Location"])
    data = b"".join(whole.streaming_content)
    assert data.count(b"\r\n") == 4
    assert whole["ETag"].strip('"') == OpenDataRelease.objects.get().files["full.csv"]["sha256"]
    assert client.get(leads["Location"], headers={"if-none-match": whole["ETag"]}).status_code == 304


def test_a_client_that_unpacks_gets_it_compressed_with_an_etag_of_its_own(client, made):
    address = "/open-data/2025-06-12/full.csv"
    plain = client.get(address)
    packed = client.get(address, headers={"accept-encoding": "br, gzip"})
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert packed["ETag"] != plain["ETag"]
    headers = {"accept-encoding": "gzip", "if-none-match": packed["ETag"]}
    assert client.get(address, headers=headers).status_code == 304


def test_the_list_is_there_for_programs(client, made):
    (release,) = client.get("/api/v1/open-data/").json()["releases"]
    assert (release["name"], release["number"], release["rows"], release["changes"]) == (
        "2025-06-12",
        1,
        3,
        {"added": 3},
    )
    assert {file["name"]: file["url"] for file in release["files"]}[
        "full.ndjson"
    ] == "/open-data/2025-06-12/full.ndjson"


def test_a_withdrawn_file_answers_410_and_says_what_to_take(client, made):
    moment = at_noon(TODAY)
    ledger.reverse_award(entry=made.scored.points_entries.get(), reason="复议撤销", by=None, now=moment)
    answer = client.get("/open-data/2025-06-12/full.csv", headers={"accept-language": "en"})
    assert answer.status_code == 410
    assert "Take the latest snapshot" in answer.content.decode()
    (release,) = client.get("/api/v1/open-data/").json()["releases"]
    assert {file["name"]: file["url"] for file in release["files"]}["full.csv"] is None
    open_data.publish_open_data(now=moment)
    assert client.get("/open-data/latest/full.csv")["Location"] == "/open-data/2025-06-12.2/full.csv"


@pytest.mark.parametrize("path", ["/open-data/2025-06-11/full.csv", "/open-data/2025-06-12/secrets.txt"])
def test_an_unknown_file_is_not_there(client, made, path):
    assert client.get(path).status_code == 404
