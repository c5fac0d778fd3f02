"""Every worked example of this folder holds under the shipped packs.

The examples were derived by hand from the text of the rules, not from the engine: a failure here is a
disagreement about the law before it is a broken test. `manage.py simulate tests/worked_examples` runs the same.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_files import load_packs
from scoring.policy.scenario_files import PlacedRun, run_files

FOLDER = Path(__file__).parent
TITLE = re.compile(r'^scenario: "(?P<title>.+)"$', re.MULTILINE)
CLAUSE = re.compile(r"^[ABCD][1-9]·")
PACKS = {"national", "inner-mongolia", "liaoning", "tianjin", "hunan", "yantai"}
EXAMPLES = [
    pytest.param(file, place, id=f"{file.stem}:{title}")
    for file in sorted(FOLDER.glob("*.yaml"))
    for place, title in enumerate(TITLE.findall(file.read_text(encoding="utf-8")))
]


@cache
def packs() -> tuple[Rulebook, ...]:
    return load_packs()


@cache
def runs(file: Path) -> list[PlacedRun]:
    return run_files([file], packs())


@pytest.mark.parametrize(("file", "place"), EXAMPLES)
def test_worked_example_holds(file: Path, place: int) -> None:
    placed = runs(file)[place]
    failures = [
        f"{check.expectation.on} {field.name}: expected {field.expected}, got {field.got}"
        for check in placed.run.checks
        for field in check.fields
        if field.expected != field.got
    ]
    assert placed.run.checks, "an example without an expectation proves nothing"
    assert not failures, "\n".join([f"{file.name}:{placed.placed.line}", *failures])


def test_every_document_of_every_file_is_an_example() -> None:
    collected = Counter(example.values[0] for example in EXAMPLES)
    assert {file: len(runs(file)) for file in FOLDER.glob("*.yaml")} == dict(collected)


def test_examples_are_many_and_use_every_pack() -> None:
    scenarios = [run.placed.scenario for file in FOLDER.glob("*.yaml") for run in runs(file)]
    assert len(scenarios) >= 110
    shipped = {s.rulebook for s in scenarios if not s.rulebook.startswith("packs/")}
    assert shipped == PACKS


def test_every_example_names_its_clause_and_no_two_share_a_name() -> None:
    titles = [run.placed.scenario.title for file in FOLDER.glob("*.yaml") for run in runs(file)]
    assert [title for title in titles if not CLAUSE.match(title)] == []
    assert [title for title, times in Counter(titles).items() if times > 1] == []
