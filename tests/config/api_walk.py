"""Asks every operation of the API description, in everybody's name, things that fit its shapes and things that do not.

The answers are held against the description by schemathesis: no 5xx, no status, content type, header or body that is
not described. Half of what names something names something that is there, so that more than 404 is met.
"""

from __future__ import annotations

import math
import operator
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from tests.config.api_world import ApiWorld

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REAL = 0.6  # how often a name is replaced by that of something that is there


@dataclass
class Walked:
    """What was wrong, once each; how often each caller got each status; and what was cut short."""

    wrong: dict[str, None] = field(default_factory=dict)
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    cut: dict[str, None] = field(default_factory=dict)


def walk(
    world: ApiWorld,
    *,
    fitting: int,
    unfit: int,
    is_repeatable: bool,
    within: str = "",
    seconds: float = math.inf,
) -> Walked:
    """Ask each operation (whose path fits `within`) so many things of each kind for each caller.

    At most for so many `seconds` for each kind of each operation; what was cut short is in `Walked.cut`.
    """
    walked = Walked()
    with one_connection():
        schema: Any = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
        schema = schema.include(path_regex=within) if within else schema
        for made in map(operator.methodcaller("ok"), schema.get_all_operations()):
            for mode, examples in ((GenerationMode.POSITIVE, fitting), (GenerationMode.NEGATIVE, unfit)):
                if not examples:
                    continue
                _ask(made, mode, examples, world, walked, is_repeatable=is_repeatable, seconds=seconds)
    return walked


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep requests in the transaction of the test, as Django's own test client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


def _ask(
    operation: Any,
    mode: GenerationMode,
    examples: int,
    world: ApiWorld,
    walked: Walked,
    *,
    is_repeatable: bool,
    seconds: float,
) -> None:
    ends = time.monotonic() + seconds

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=is_repeatable,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), chance=st.randoms(use_true_random=False))
    def ask(case: Any, chance: random.Random) -> None:
        if time.monotonic() > ends:
            walked.cut[f"{case.method} {case.operation.path} {mode.value}"] = None
            return
        _make_real(case, world.known, chance)
        for caller, sent in world.callers.items():
            response = case.call(headers=sent.headers, cookies=sent.cookies)
            walked.statuses[caller][response.status_code] += 1
            try:
                case.validate_response(response, checks=CHECKS)
            except FailureGroup as found:
                for failure in found.exceptions:
                    place = f"{case.method} {case.operation.path} as {caller}: {response.status_code}"
                    said = " ".join(str(getattr(failure, "message", failure)).split())[:300]
                    asked = f"{case.path_parameters} {case.query} {str(case.body)[:200]}"
                    if not any(known.startswith(f"{place} {failure.title}") for known in walked.wrong):
                        walked.wrong[f"{place} {failure.title} {said} | {asked} | {response.text[:200]}"] = None

    try:
        ask()
    except Unsatisfiable:  # nothing that does not fit: every value does
        assert mode is GenerationMode.NEGATIVE


def _make_real(case: Any, known: dict[str, list[Any]], chance: random.Random) -> None:
    for given_in in (case.path_parameters, case.query, case.body):
        if isinstance(given_in, dict):
            for name in given_in:
                if known.get(name) and chance.random() < REAL:
                    given_in[name] = chance.choice(known[name])
