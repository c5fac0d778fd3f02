"""Scripted sweeps by name and by code run dry, whatever headers they send, and learn no full name on the way."""

from itertools import product

import pytest
from django.core.cache import cache
from django.test import Client

from institutions import clock
from institutions.api import throttling
from institutions.models import KeyScope, LookupCount
from scoring.api.throttling import LookupDayThrottle, LookupThrottle
from tests.factories.api_client import api_key
from tests.scoring.public_people import HOSPITAL, people_today

pytestmark = pytest.mark.django_db

LIST = "/api/v1/scorecards/"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("晓", "一", "建", "伟", "芳")
BUDGET = 8


@pytest.fixture(autouse=True)
def small_budget(monkeypatch):
    """Eight look-ups a minute, counted from nothing, and a clock that stands still within a window."""
    cache.clear()
    monkeypatch.setattr(LookupThrottle, "rate", f"{BUDGET}/min", raising=False)
    moment = {"now": 1_750_000_020.0}  # a window has just begun
    monkeypatch.setattr(throttling.WindowThrottle, "timer", lambda throttle: moment["now"])
    yield moment
    cache.clear()


def sweep(doors=("/", LIST), client=None, **headers):
    """Ask for common surnames at the hospital and for codes in a row, by page and API in turns; return the answers."""
    asker = client or Client()
    questions = [{"name": f"{s}{g}", "institution": HOSPITAL} for s, g in product(SURNAMES, GIVEN)][:20]
    questions += [{"code": f"D1504220000{n:02d}"} for n in range(20)]
    return [asker.get(doors[number % len(doors)], question, **headers) for number, question in enumerate(questions)]


def test_a_sweep_by_name_and_by_code_is_throttled_and_learns_no_full_name():
    made = people_today()
    answers = sweep()
    assert [answer.status_code for answer in answers].count(429) == len(answers) - BUDGET
    assert all(answer.status_code == 429 for answer in answers[BUDGET:])
    assert all(int(answer["Retry-After"]) > 0 for answer in answers[BUDGET:])
    for answer in answers:
        text = answer.content.decode()
        for person in (made.terminated, made.suspended, made.scored, made.clean):
            assert person.name not in text
            assert person.slug not in text


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For",
        "X-Real-IP",
        "Forwarded",
        "Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
    ],
)
def test_no_header_makes_another_address_of_one(settings, header):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 0}
    statuses = [
        Client().get(LIST, {"code": f"D15042299{n:04d}"}, headers={header: f"203.0.113.{n}"}).status_code
        for n in range(BUDGET + 3)
    ]
    assert statuses == [200] * BUDGET + [429] * 3


def test_behind_one_proxy_of_ours_only_its_own_word_counts(settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}

    def ask(n: int, seen_by_proxy: str) -> int:
        told = f"198.51.100.{n}, {seen_by_proxy}"  # what the caller made up, and what our proxy added
        return Client().get(LIST, {"code": f"D15042299{n:04d}"}, HTTP_X_FORWARDED_FOR=told).status_code

    assert [ask(n, "203.0.113.7") for n in range(BUDGET + 1)] == [200] * BUDGET + [429]
    assert ask(99, "203.0.113.8") == 200


def test_the_addresses_of_one_network_share_a_budget():
    asked = [
        Client().get(LIST, {"code": f"D15042299{n:04d}"}, REMOTE_ADDR=f"2001:db8:1:2::{n:x}").status_code
        for n in range(BUDGET + 1)
    ]
    assert asked == [200] * BUDGET + [429]
    assert Client().get(LIST, {"code": "D150422990000"}, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
    ],
)
def test_what_counts_as_one_network(address, network):
    assert throttling.network_of(address) == network


def test_the_budget_comes_back_bit_by_bit(small_budget):
    ask = lambda: Client().get(LIST, {"code": "D150422990000"})  # noqa: E731
    answers = [ask() for _n in range(BUDGET + 1)]
    assert answers[-1].status_code == 429
    wait = int(answers[-1]["Retry-After"])
    small_budget["now"] += wait
    assert ask().status_code == 200
    assert ask().status_code == 429
    small_budget["now"] += 120
    assert [ask().status_code for _n in range(BUDGET + 1)] == [200] * BUDGET + [429]


def test_patience_does_not_help_the_day_has_a_budget_too(small_budget, monkeypatch):
    monkeypatch.setattr(LookupDayThrottle, "rate", "10/day", raising=False)
    statuses = []
    for _minute in range(4):
        statuses += [Client().get(LIST, {"code": "D150422990000"}).status_code for _n in range(4)]
        small_budget["now"] += 120
    assert statuses == [200] * 10 + [429] * 6


def test_every_answer_says_what_is_left():
    first = Client().get(LIST, {"code": "D150422990000"})
    assert first["RateLimit-Policy"] == f'"lookup";q={BUDGET};w=60'
    assert first["RateLimit"].startswith(f'"lookup";r={BUDGET - 1};t=')
    assert Client().get("/", {"code": "D150422990000"})["RateLimit"].startswith(f'"lookup";r={BUDGET - 2};t=')


def test_a_key_has_a_budget_of_its_own_on_whatever_addresses_it_is_used(now):
    clock.move_to(now)
    _key, token = api_key(now, rate=12)
    statuses = [
        Client()
        .get(LIST, {"code": f"D15042299{n:04d}"}, REMOTE_ADDR=f"203.0.113.{n}", HTTP_AUTHORIZATION=f"Bearer {token}")
        .status_code
        for n in range(15)
    ]
    assert statuses == [200] * 12 + [429] * 3
    assert Client().get(LIST, {"code": "D150422990000"}).status_code == 200


def test_a_key_without_look_ups_counts_by_address_like_anybody(now):
    clock.move_to(now)
    _key, token = api_key(now, scopes=[KeyScope.CHANGES], rate=100)
    statuses = [
        Client().get(LIST, {"code": "D150422990000"}, HTTP_AUTHORIZATION=f"Bearer {token}").status_code
        for _n in range(BUDGET + 1)
    ]
    assert statuses == [200] * BUDGET + [429]


def test_a_key_that_does_not_count_is_told_so(now):
    answer = Client().get(LIST, {"code": "D150422990000"}, HTTP_AUTHORIZATION="Bearer jf_wrong")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "key-refused"


def test_a_sweep_by_slug_finds_nobody_and_counts_nobody():
    people_today()
    guesses = [Client().get(f"/s/{'abcdefgh' * 2}{n}"[:19]).status_code for n in range(5)]
    assert set(guesses) == {404}
    assert not LookupCount.objects.exists()
