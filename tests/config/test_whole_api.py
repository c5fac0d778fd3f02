"""Every operation of the API description, asked by everybody: never a 5xx, never an answer that is not described."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from schemathesis import GenerationMode
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from tests.config.api_world import ApiWorld, make_world

pytestmark = pytest.mark.django_db

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def one_connection():
    """Requests stay in the transaction of the test, as with Django's own test client."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def test_all(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.OPEN_DATA_DIR = tmp_path / "open"
    import time
    t = time.time()
    world = make_world(now)
    print("world", time.time() - t); t = time.time()
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    print("schema", time.time() - t)
    import collections
    found = collections.Counter(); first = {}
    for caller, headers in world.callers.items():
        t = time.time(); n = 0
        for operation in list(operations(schema))[:int(__import__("os").environ.get("NOPS","999"))]:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                n += ask(operation, world, headers, int(__import__("os").environ.get("NEX","4")), found, first, caller, mode)
        print(caller, n, time.time() - t)
    for k, c in found.most_common():
        print(c, k, "\n      ", first[k])
    assert not found


def operations(schema: Any) -> Iterator[Any]:
    for made in schema.get_all_operations():
        yield made.ok()


def ask(operation, world, headers, examples, found, first, caller, mode):
    n = [0]
    @seed(1)
    @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), chance=st.randoms(use_true_random=False))
    def run(case, chance):
        n[0] += 1
        make_real(case, world.known, chance)
        response = case.call(headers=headers)
        try:
            case.validate_response(response, checks=CHECKS)
        except BaseException as e:
            msgs = [str(type(x).__name__) + ": " + str(x).split("\n")[0][:150] + " | " + str(getattr(x, "message", ""))[:300].replace("\n", " ") for x in getattr(e, "exceptions", [e])]
            for m in msgs:
                k = (case.method, case.operation.path, response.status_code, m)
                found[k] += 1
                first.setdefault(k, (caller, case.path_parameters, case.query, str(case.body)[:200], response.text[:300]))
    try:
        run()
    except BaseException as e:
        if "Unsatisf" not in type(e).__name__: found[(operation.path, operation.method, repr(e)[:300])] += 1; first.setdefault((operation.path, operation.method, repr(e)[:300]), "")
    return n[0]


def make_real(case: Any, known: dict[str, list[Any]], chance: random.Random) -> None:
    for given_in in (case.path_parameters, case.query, case.body):
        if not isinstance(given_in, dict):
            continue
        for name in given_in:
            if known.get(name) and chance.random() < 0.7:
                given_in[name] = chance.choice(known[name])
