"""What a stranger gets through nginx: files where they hold, the application where they do not, never an old byte."""

import gzip
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client

from institutions import clock
from institutions.models import JobOutcome, JobRun, Practitioner
from scoring.models import OpenDataRelease
from scoring.services import card_files, open_data, scorecards
from tests.factories.award import at_noon, post_award
from tests.nginx.conftest import Answer, Site
from tests.scoring.public_people import People, people
from tests.scoring.published import file_of

FIXED = (
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "x-frame-options",
    "content-security-policy",
    "cache-control",
    "x-robots-tag",
)


@pytest.fixture
def who(site: Site, settings) -> People:
    """The people of the tests as they are today, by the real clock; whose files lie where nginx looks."""
    settings.PUBLISHED_DIR = str(site.home / "published")
    settings.OPEN_DATA_DIR = site.home / "open-data"
    made = people()
    post_award(made.scored, 6, clock.today() - timedelta(days=1))
    return made


def night_done() -> None:
    for name in django_settings.MANDATORY_JOBS:
        JobRun.objects.create(
            name=name, for_date=clock.today(), outcome=JobOutcome.DONE, started_at=clock.now(), duration_ms=1
        )


def publish() -> datetime:
    now = clock.now()
    scorecards.publish_dirty(now=now)
    card_files.publish_files(now=now)
    return now


def page(person: Practitioner) -> str:
    return f"/s/{person.slug}"


def facts(person: Practitioner) -> str:
    return f"/api/v1/scorecards/{person.slug}/"


def text(answer: Answer) -> str:
    zipped = answer.headers.get("content-encoding") == "gzip"
    return (gzip.decompress(answer.body) if zipped else answer.body).decode()


def test_a_published_person_is_sent_from_disk_and_anybody_else_by_the_application(who: People, site: Site) -> None:
    night_done()
    publish()
    with site.nginx() as get:
        hit, english, json_hit = (
            get(page(who.scored)),
            get(page(who.scored), Accept_Language="en-GB,en;q=0.8"),
            get(facts(who.scored)),
        )
        assert all(answer.status == 200 and answer.is_file for answer in (hit, english, json_hit))
        assert text(hit) == file_of(who.scored, day=clock.today())
        assert (hit.headers["content-language"], english.headers["content-language"]) == ("zh-hans", "en")
        assert "Payment qualification" in text(english)
        assert json.loads(text(json_hit))["as_of"] == clock.today().isoformat()
        known = get(page(who.scored), If_None_Match=hit.headers["etag"])
        assert (known.status, known.body) == (304, b"")
        assert get(page(who.scored), Accept_Language="en", If_None_Match=hit.headers["etag"]).status == 200
        for special in (
            get(page(who.scored), Accept_Encoding="identity"),
            get(page(who.scored) + "?from=qr"),
            get(page(who.scored), Accept_Language="fr, en;q=0.5"),
            get(page(who.clean)),
        ):
            assert special.status == 200
            assert not special.is_file
        assert get("/s/" + "a" * 16).status == 404


def test_headers_are_the_applications(who: People, site: Site) -> None:
    night_done()
    publish()
    theirs = Client().get(page(who.scored))
    with site.nginx() as get:
        for answer in (get(page(who.scored)), get(facts(who.scored))):
            assert answer.is_file
            assert {name: answer.headers[name] for name in FIXED} == {name: theirs[name] for name in FIXED}
            assert "strict-transport-security" in answer.headers
            assert "last-modified" not in answer.headers
            assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))
        css = get("/static/css/tokens.css")
        assert css.status == 200
        assert "immutable" in css.headers["cache-control"]


def test_after_a_change_no_old_byte_is_sent(who: People, site: Site) -> None:
    night_done()
    publish()
    with site.nginx() as get:
        for points in range(7, 12):
            assert json.loads(text(get(facts(who.scored))))["points"] == points - 1
            post_award(who.scored, 1, clock.today(), source_key=f"nginx:{points}", now=clock.now())
            changed = get(facts(who.scored))
            assert not changed.is_file
            assert json.loads(text(changed))["points"] == points
            publish()
            assert get(facts(who.scored)).is_file


def test_a_missed_night_shows_the_banner_and_a_foreign_zone_never_a_file(who: People, site: Site) -> None:
    earlier = clock.today() - timedelta(days=2)
    for name in django_settings.MANDATORY_JOBS:
        JobRun.objects.create(
            name=name, for_date=earlier, outcome=JobOutcome.DONE, started_at=at_noon(earlier), duration_ms=1
        )
    publish()
    with site.nginx() as get:
        answer = get(page(who.scored))
        assert not answer.is_file
        assert "notice--hold" in text(answer)
        assert f'datetime="{clock.today()}"' not in text(answer)
        assert json.loads(text(get(facts(who.scored))))["as_of"] == earlier.isoformat()
    night_done()
    publish()
    with site.nginx(zone="UTC") as get:
        assert not get(page(who.scored)).is_file
    with site.nginx() as get:
        assert get(page(who.scored)).is_file


def refused(get: Callable[..., Answer], paths: Iterable[str]) -> list[Answer]:
    """Ask for everything, one after the other, as a script would; return what was refused as too many."""
    return [answer for answer in map(get, paths) if answer.status == 429]


def test_sweeps_run_dry(who: People, site: Site) -> None:
    night_done()
    publish()
    with site.nginx() as get:
        by_name = refused(get, (f"/?name=x{number}" for number in range(40)))
        assert 3 < len(by_name) < 12  # thirty at once, then two a second
        assert "查询过于频繁" in by_name[0].body.decode()
        assert by_name[0].headers["retry-after"] == "60"
        by_code = refused(get, (f"/api/v1/scorecards/?code=D1504220{number:05}" for number in range(6)))
        assert len(by_code) > 2  # names and codes are one budget
        assert json.loads(by_code[0].body)["code"] == "too-often"
        assert by_code[0].headers["content-type"] == "application/problem+json"
        assert by_name[0].headers["content-type"] == "text/html; charset=utf-8"
        assert "x-content-type-options" in by_code[0].headers
        assert get("/").status == 200  # the form itself is no question
        by_name_for_programs = refused(
            get, (f"/api/v1/scorecards/?name=x{number}&institution=y" for number in range(6))
        )
        assert len(by_name_for_programs) > 2
        by_slug = refused(get, [page(who.scored)] * 60)
        assert 5 < len(by_slug) < 25  # forty at once: a waiting room
        of_facts = refused(get, [facts(who.scored), facts(who.clean), f"/api/v1/scorecards/{'a' * 16}/"] * 4)
        assert len(of_facts) > 6  # the published facts are in the same budget as the pages, whoever sends them
        assert json.loads(of_facts[0].body)["code"] == "too-often"


MEGABYTE = 1 << 20


def test_a_body_over_the_limit_is_refused_in_our_words_and_one_under_it_reaches_the_application(site: Site) -> None:
    with site.nginx() as get:
        for path in ("/", "/api/v1/scorecards/", page_of_nobody := "/s/" + "a" * 16):
            over = get(path, body=b"x" * (MEGABYTE + 1))
            assert over.status == 413
            assert "x-content-type-options" in over.headers
            assert over.headers["cache-control"] == "no-store"
            if path.startswith("/api/"):
                assert over.headers["content-type"] == "application/problem+json"
                assert json.loads(over.body)["code"] == "too-large"
            else:
                assert over.headers["content-type"] == "text/html; charset=utf-8"
                assert "文件过大" in over.body.decode()
                assert "Too large" in over.body.decode()
        under = get("/api/v1/scorecards/", body=b"x" * MEGABYTE)
        assert (under.status, json.loads(text(under))["status"]) == (405, 405)  # the application's word
        assert get(page_of_nobody, body=b"x" * MEGABYTE).status in (403, 405)


@pytest.mark.parametrize(("path", "limit"), [("/n/", 60), ("/portal/", 512), ("/api/v1/evidence/", 512)])
def test_those_who_send_files_may_send_more(site: Site, path: str, limit: int) -> None:
    with site.nginx() as get:
        announced = get(path, body=b"", Content_Length=str(limit * MEGABYTE + 1))  # refused before it is sent
        assert announced.status == 413
        assert ("too-large" if path.startswith("/api/") else "文件过大") in announced.body.decode()
        assert get(path, body=b"x" * 2 * MEGABYTE).status != 413


def test_open_data_is_decided_by_the_application(site: Site, who: People) -> None:
    open_data.publish_open_data(now=clock.now())
    release = OpenDataRelease.objects.get()
    with site.nginx() as get:
        name = release.name
        assert get(f"/_files/open-data/{name}/full.csv").status == 404  # not by its own name
        sent = get(f"/open-data/{name}/full.csv")
        assert sent.status == 200
        assert text(sent).startswith("\ufeffrow_id,")
        assert sent.headers["etag"].strip('"').removesuffix("-gz") == release.files["full.csv"]["sha256"]
        assert "x-accel-redirect" not in sent.headers
        assert get(f"/open-data/{name}/full.csv", If_None_Match=sent.headers["etag"]).status == 304
        assert get("/open-data/2001-01-01/full.csv").status == 404
        assert get("/healthz").status == 200
