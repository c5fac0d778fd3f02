"""The front of the web process: published files with Django's own headers, and Django for everything else."""

import gzip
import shutil
from collections.abc import Iterable
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from config.front import Front
from institutions import clock, published_files
from institutions.api.throttling import WindowThrottle
from institutions.models import LookupCount, Practitioner
from scoring.api.throttling import LookupThrottle
from scoring.services import card_files, scorecards
from tests.factories.award import at_noon, post_award
from tests.scoring.public_people import HOSPITAL, TODAY, People, people_today

pytestmark = pytest.mark.django_db
NOW = at_noon(TODAY)
VARYING = {"ETag", "Content-Length", "X-Request-ID", "Vary", "Content-Encoding"}


class Refusing:
    """Stands where Django does, and remembers that it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        start_response("200 OK", [("X-From", "django")])
        return [b"django"]


@pytest.fixture(scope="module")
def published(shared_rows: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[People, Path]:
    """Everybody, and the files of the day."""
    folder = tmp_path_factory.mktemp("published")
    with override_settings(PUBLISHED_DIR=str(folder)):
        made = people_today()
        scorecards.publish_dirty(now=NOW)
        card_files.publish_files(now=NOW)
    return made, folder


@pytest.fixture
def who(published: tuple[People, Path], tmp_path: Path, settings) -> People:
    made, folder = published
    settings.PUBLISHED_DIR = str(shutil.copytree(folder, tmp_path / "published"))
    clock.move_to(NOW)
    return deepcopy(made)


def ask(path: str, application: Any = None, **changed: str) -> tuple[str, dict[str, str], bytes]:
    """Ask the front; a header that is None is not sent."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "wsgi.url_scheme": "http",
    } | changed
    seen: list[Any] = []
    front = Front(application or Refusing())
    body = b"".join(front(environ, lambda status, headers: seen.extend((status, headers))))
    return seen[0], dict(seen[1]), body


def page(person: Practitioner) -> str:
    return f"/s/{person.slug}"


def facts(person: Practitioner) -> str:
    return f"/api/v1/scorecards/{person.slug}/"


@pytest.mark.parametrize("door", [page, facts])
def test_what_it_sends_is_what_django_sends(who: People, door: Any) -> None:
    path = door(who.terminated)
    status, headers, body = ask(path)
    response = Client().get(path)
    assert status == "200 OK"
    assert gzip.decompress(body) == response.content
    assert int(headers["Content-Length"]) == len(body)
    theirs = {name: value for name, value in response.items() if name not in VARYING}
    if door is facts:
        theirs.pop("Content-Language", None)  # the facts are in no language
    assert {name: value for name, value in headers.items() if name not in VARYING} == theirs
    assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(headers["Vary"].split(", "))


def test_a_known_etag_is_answered_304_and_head_has_no_body(who: People) -> None:
    _status, headers, _body = ask(page(who.terminated))
    status, again, body = ask(page(who.terminated), HTTP_IF_NONE_MATCH=f'W/{headers["ETag"]}, "x"')
    assert (status, body, again["ETag"]) == ("304 Not Modified", b"", headers["ETag"])
    assert ask(page(who.terminated), REQUEST_METHOD="HEAD")[2] == b""


@pytest.mark.parametrize(
    ("sent", "language"),
    [
        ({}, "zh-hans"),
        ({"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh-hans"),
        ({"HTTP_ACCEPT_LANGUAGE": "zh-TW"}, "zh-hans"),
        ({"HTTP_ACCEPT_LANGUAGE": "EN-gb,en;q=0.9"}, "en"),
        ({"HTTP_COOKIE": "a=b; django_language=en; c=d", "HTTP_ACCEPT_LANGUAGE": "zh"}, "en"),
        ({"HTTP_ACCEPT_LANGUAGE": "fr, en;q=0.5"}, None),
        ({"HTTP_ACCEPT_LANGUAGE": "en;q=0.3, zh;q=0.8"}, None),
        ({"HTTP_COOKIE": "django_language=tlh"}, None),
    ],
)
def test_a_plain_language_is_answered_and_any_other_left_to_django(
    who: People, sent: dict[str, Any], language: str | None
) -> None:
    _status, headers, _body = ask(page(who.terminated), **sent)
    assert headers.get("Content-Language") == language
    if language is not None:
        assert Client().get(page(who.terminated), **sent)["Content-Language"] == language


@pytest.mark.parametrize(
    "sent",
    [
        {"REQUEST_METHOD": "POST"},
        {"QUERY_STRING": "as_of=2025-06-10"},
        {"HTTP_HOST": "evil.example"},
        {"PATH_INFO": "/s/../../etc/passwd"},
        {"PATH_INFO": "/s/ABCDEFGHIJKLMNOP"},
        {"PATH_INFO": "/"},
    ],
)
def test_whatever_is_not_plain_goes_to_django(who: People, sent: dict[str, str]) -> None:
    django = Refusing()
    assert ask(page(who.terminated), django, **sent)[1] == {"X-From": "django"}
    assert django.asked == 1


@pytest.mark.parametrize("encoding", ["identity", "gzip;q=0", ""])
@pytest.mark.parametrize("door", [page, facts])
def test_who_takes_no_gzip_and_who_has_no_file_gets_the_stored_bytes(who: People, door: Any, encoding: str) -> None:
    _status, headers, body = ask(door(who.terminated), HTTP_ACCEPT_ENCODING=encoding)
    response = Client().get(door(who.terminated))
    assert (body, headers["ETag"]) == (response.content, response["ETag"])
    assert "Content-Encoding" not in headers
    published_files.withdraw([who.terminated.slug])
    assert ask(door(who.terminated))[2] == body


def test_in_production_plain_http_is_redirected_by_django(who: People, settings) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    assert ask(page(who.terminated))[1] == {"X-From": "django"}
    assert ask(page(who.terminated), HTTP_X_FORWARDED_PROTO="https")[0] == "200 OK"


def test_after_a_change_and_on_another_date_django_is_asked(who: People) -> None:
    post_award(who.terminated, 1, TODAY)
    assert ask(page(who.terminated))[1] == {"X-From": "django"}
    assert ask(page(who.suspended))[0] == "200 OK"
    clock.move_to(at_noon(TODAY + timedelta(days=1)))
    assert ask(page(who.suspended))[1] == {"X-From": "django"}
    assert "notice--hold" in Client().get(page(who.suspended)).content.decode()


def test_look_ups_are_counted_like_django_does(who: People) -> None:
    ask(page(who.terminated))
    Client().get(page(who.terminated))
    assert LookupCount.objects.get(practitioner=who.terminated).lookups == 2


def test_a_sweep_through_the_front_runs_dry_by_code_and_by_name_and_guesses_no_published_facts(
    who: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published facts have no budget here: their address is learned from a look-up alone, and those are counted."""
    monkeypatch.setattr(LookupThrottle, "rate", "5/min", raising=False)
    monkeypatch.setattr(WindowThrottle, "timer", lambda throttle: 1_750_000_020.0)
    cache.clear()
    django = Client()

    def through(path: str, **query: str) -> tuple[str, bytes]:
        if not query:
            status, _headers, body = ask(path, _as_application(django))
            return status, body
        answer = django.get(path, query)
        return str(answer.status_code), answer.content

    people = [who.terminated, who.suspended, who.scored, who.clean]
    codes = [{"code": person.codes.get().code} for person in people]
    names = [{"name": person.name, "institution": HOSPITAL} for person in people]
    statuses = [through("/api/v1/scorecards/", **question)[0] for question in [*codes, *names, *codes]]
    assert statuses == ["200"] * 5 + ["429"] * 7
    assert through(facts(who.scored))[0] == "200 OK"  # who knows the address reads on
    for person in people:
        for guess in (person.codes.get().code.lower(), str(person.pk), person.pinyin, person.slug[:-1]):
            assert through(f"/api/v1/scorecards/{guess}/")[0].startswith("404")
    cache.clear()


def _as_application(client: Client) -> Any:
    """Django as a WSGI application, in the transaction of the test."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = client.get(environ["PATH_INFO"])
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]

    return application
