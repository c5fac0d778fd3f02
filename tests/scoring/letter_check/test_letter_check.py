"""A decision letter is recomputed by a file that anybody can run: it agrees with the server, and with nothing else."""

import ast
import json
import shutil
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from scoring.enums import EntryKind
from scoring.letter_check.alone import document_in
from scoring.letter_check.bundling import BUNDLE, bundle
from scoring.models import PointsEntry
from scoring.policy.letter_check import Unreadable, check
from scoring.policy.letter_facts import seal, sealed
from scoring.policy.rulebook import digest
from scoring.selectors.letter_facts import facts_of_entry, file_of
from scoring.services import account_events, ledger, reinstating
from tests.factories.award import at_noon, line, post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.region import RegionFactory
from tests.factories.registration import RegistrationFactory
from tests.walks.story import FIRST_DAY, PLACES, people
from tests.walks.town import Town, at

pytestmark = pytest.mark.django_db

Document = dict[str, Any]


def pythons() -> list[str]:
    """The interpreters of this machine that start, from 3.9 on; a version manager leaves names that lead nowhere."""
    named = [shutil.which(f"python3.{n}") for n in range(9, 20)]
    homes = Path.home().glob(".pyenv/versions/3.*/bin/python")
    found = {sys.executable, *filter(None, named), *map(str, homes)}
    return sorted(name for name in found if _minor(name) >= 9)


def _minor(python: str) -> int:
    asked = [python, "-I", "-S", "-c", "import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else 0)"]
    answer = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False).stdout.strip()
    return int(answer) if answer.isdecimal() else 0


def run(folder: Path, *arguments: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run the file as a person would: in an empty directory, isolated, without site packages."""
    shutil.copy(BUNDLE, folder / "verify_letter.py")
    return subprocess.run(
        [python, "-I", "-S", "verify_letter.py", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "PATH": "/usr/bin:/bin"},
        check=False,
    )


def decisions(count: int) -> list[PointsEntry]:
    """What so many generated people were told: awards, variations and reversals, everything through the services."""
    town = Town(people(count)).settle()
    for person in town.people:
        for minute, posting in enumerate(p for p in person.postings if not p.is_refused):
            if posting.day <= FIRST_DAY + timedelta(days=180):
                town.carry_out(person, replace(posting, by="service"), at(posting.day, 11, minute % 60))
    return list(PointsEntry.objects.exclude(kind=EntryKind.REPAIR).filter(event__isnull=True).order_by("posting"))


def document_of(entry: PointsEntry) -> Document:
    document: Document = json.loads(file_of(facts_of_entry(entry)))
    return document


def test_the_file_agrees_with_the_server_about_every_generated_decision(tmp_path: Path) -> None:
    told = Counter[str]()
    for number, entry in enumerate(decisions(42)):
        facts = facts_of_entry(entry)
        (tmp_path / f"{number}.json").write_bytes(file_of(facts))
        decision = facts["decision"]
        assert isinstance(decision, dict)
        told[str(decision["kind"])] += 1
        told[entry.rulebook.rulebook] += 1
    names = sorted(path.name for path in tmp_path.glob("*.json"))

    result = run(tmp_path, *names)

    assert result.stderr == ""
    assert [line for line in result.stdout.splitlines() if line.startswith("FAIL")] == []
    assert result.stdout.count("result: PASS") == len(names) >= 100
    assert result.returncode == 0
    assert told["award"] >= 80
    assert told["variation"] >= 3
    assert told["reversal"] >= 5
    assert all(told[place.pack] >= 5 for place in PLACES)


@pytest.fixture
def letter() -> Document:
    """A decision in Tianjin with a history: points, a repair, a variation; and with a line that does not count."""
    tianjin = InstitutionFactory.create(code="H12010100001", region=RegionFactory.create(code="120101"))
    person = PractitionerFactory.create()
    RegistrationFactory.create(practitioner=person, institution=tianjin)
    mild = [replace(line(5, clause="B3", conduct="old"), articles=(38,))]
    first = post_award(person, 5, date(2025, 4, 1), source_key="attribution:1", lines=mild)
    ledger.vary_award(entry=first, points=4, reason="部分成立。", by=None, now=at_noon(date(2025, 4, 20)))
    account_events.record_repair(
        practitioner=person, region="120101", points=1, on=date(2025, 5, 6), source_key="repair:1",
        reason="培训。", by=None, now=at_noon(date(2025, 5, 6)),
    )  # fmt: skip
    acts = [
        line(4, clause="B3", conduct="c1", from_on=date(2025, 1, 5), to_on=date(2025, 1, 20)),
        line(6, clause="B3", conduct="c1", from_on=date(2025, 1, 5), to_on=date(2025, 1, 20)),
        line(3, clause="A3", conduct="c2", from_on=date(2024, 11, 1), to_on=date(2024, 12, 31)),
    ]
    entry = post_award(person, 6, date(2025, 6, 10), source_key="attribution:2", scored_on=date(2025, 6, 2), lines=acts)
    document: Document = json.loads(file_of(facts_of_entry(entry, basis_decided_on=date(2025, 6, 2))))
    return document


def test_what_a_court_put_back_and_what_an_appeal_undid_agree_too(letter: Document) -> None:
    undone = PointsEntry.objects.get(source_key="attribution:2")
    reversal = ledger.reverse_award(entry=undone, reason="申诉成立。", by=None, now=at_noon(date(2025, 7, 1)))
    back = reinstating.reinstate_award(entry=undone, reason="再审改判。", by=None, now=at_noon(date(2025, 9, 1)))

    for entry, kind, standing in ((reversal, "reversal", 0), (back, "reinstatement", 6)):
        document = document_of(entry)
        assert [str(line) for line in check(document) if not line.agrees] == []
        assert (document["decision"]["kind"], document["claims"]["points_standing"]) == (kind, standing)


def leaves(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every plain value in a document, of an empty list or mapping too."""
    rows = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    found = False
    for key, inner in rows:
        found = True
        yield from leaves(inner, (*path, key))
    if not found:
        yield path


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        try:
            return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
        except ValueError:
            return f"{value}x"
    return 1 if value is None else [*value, 1] if isinstance(value, list) else {**value, "x": 1}


def changed(document: Document, path: tuple[Any, ...], value: Any = None) -> Document:
    again = deepcopy(document)
    inner = again
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = other(inner[path[-1]]) if value is None else value
    return again


def agrees(document: Document) -> bool:
    try:
        return all(line.agrees for line in check(document))
    except Unreadable:
        return False


def forged(document: Document) -> Document:
    """The document with every digest made anew, as a forger would."""
    packs = {digest(pack): pack for pack in document["packs"].values()}
    new = {f"{pack['id']}@{pack['version']}": key for key, pack in packs.items()}
    rulebooks = [{**row, "digest": new.get(row["label"], row["digest"])} for row in document["rulebooks"]]
    return sealed({**document, "packs": packs, "rulebooks": rulebooks})


def test_whatever_single_value_is_changed_the_check_disagrees(letter: Document) -> None:
    assert [str(line) for line in check(letter) if not line.agrees] == []
    places = list(leaves(letter))

    unnoticed = [place for place in places if agrees(changed(letter, place))]

    assert unnoticed == []
    assert len(places) > 500


PACK = ("packs", "tianjin@1")
FORGERIES: dict[str, tuple[tuple[Any, ...], Any]] = {
    "points of a line": (("lines", 1, "points"), 5),
    "points of a line that does not count": (("lines", 0, "points"), 7),
    "days of an act": (("lines", 2, "to_on"), "2025-01-02"),
    "act of a line": (("lines", 0, "conduct"), "c9"),
    "region": (("decision", "region"), "150422"),
    "day of effect": (("decision", "effective_on"), "2025-06-11"),
    "day of the basis": (("decision", "basis_decided_on"), "2025-06-03"),
    "award": (("decision", "ref"), "attribution:1"),
    "act already scored": (("decision", "already_scored"), ["c1"]),
    "points of an earlier award": (("events", 0, "points"), 2),
    "day of an earlier award": (("events", 0, "scored_on"), "2024-12-31"),
    "points left of an earlier award": (("events", 1, "points"), 1),
    "repaired points": (("events", 2, "points"), 2),
    "points of the award": (("events", 3, "points"), 7),
    "points of the award in one go": (("events", 3, "single_points"), 5),
    "months chosen": (("events", 3, "months"), 6),
    "rules of the award": (("events", 3, "rulebook"), "national@1"),
    "claimed points": (("claims", "points"), 5),
    "claimed points in one go": (("claims", "single_points"), 5),
    "claimed total": (("claims", "total"), 8),
    "claimed rules": (("claims", "rulebook"), "national@1"),
    "claimed standing": (("claims", "points_standing"), 5),
    "claimed start": (("claims", "measures", 0, "starts_on"), "2025-06-12"),
    "claimed last day": (("claims", "measures", 0, "ends_on"), "2025-08-09"),
    "claimed months": (("claims", "measures", 0, "months"), 1),
    "claimed status": (("claims", "statuses", 1, "status"), "terminated"),
    "claimed end of status": (("claims", "statuses", 1, "until"), "2025-08-09"),
    "claimed reminder": (("claims", "reminders"), []),
    "parameter: cut-off": ((*PACK, "conduct_cutoff"), "2024-01-01"),
    "parameter: suspension from": ((*PACK, "measures", "suspend", "months", "cumulative", "9", "default"), 3),
    "parameter: start": ((*PACK, "effect_starts"), "decision_day"),
    "parameter: same act": ((*PACK, "same_conduct"), "sum"),
    "parameter: repair cap": ((*PACK, "repair"), None),
    "parameter: reminder": ((*PACK, "measures", "reminders", 0, "at"), 7),
    "parameter: in force from": ((*PACK, "effective_from"), "2025-12-01"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forger_who_seals_the_changed_facts_anew_is_found_out_by_arithmetic(letter: Document, name: str) -> None:
    path, value = FORGERIES[name]
    by_label = {row["label"]: row["digest"] for row in letter["rulebooks"]}
    place = tuple(by_label.get(key, key) if n == 1 and path[0] == "packs" else key for n, key in enumerate(path))
    again = deepcopy(letter)
    inner: Any = again
    for key in place[:-1]:
        inner = inner[key]
    assert inner[place[-1]] != value
    inner[place[-1]] = value

    resealed = forged(again)

    assert resealed["facts_digest"] == seal(resealed)
    assert agrees(forged(letter))
    assert not agrees(resealed)


def test_the_program_answers_by_its_exit_status_and_line_by_line(letter: Document, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(json.dumps(letter), encoding="utf-8")
    (tmp_path / "changed.json").write_text(json.dumps(changed(letter, ("claims", "total"))), encoding="utf-8")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")

    good, bad, none, absent = (run(tmp_path, name) for name in ("facts.json", "changed.json", "other.json", "no.json"))

    assert (good.returncode, bad.returncode, none.returncode, absent.returncode) == (0, 1, 2, 2)
    assert "points of this decision: 6 | 告知书 letter: 6 (c1 6 = 6)" in good.stdout
    assert '"starts_on": "2025-06-11", "ends_on": "2025-08-10"' in good.stdout
    assert "FAIL  年度累计 total of the year: 9 | 告知书 letter: 10" in bad.stdout
    assert "cannot read" in none.stderr


def test_the_digest_on_paper_is_held_against_the_file(letter: Document, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(json.dumps(letter), encoding="utf-8")
    printed = " ".join(letter["facts_digest"][n : n + 4] for n in range(0, 16, 4)).upper()

    assert run(tmp_path, "facts.json", "--digest", printed).returncode == 0
    assert run(tmp_path, "facts.json", "--digest", "0" * 16).returncode == 1
    assert run(tmp_path, "facts.json", "--digest", letter["facts_digest"][:4]).returncode == 1  # too short to mean much


def test_another_day_of_service_may_be_supposed(letter: Document, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(json.dumps(letter), encoding="utf-8")

    result = run(tmp_path, "facts.json", "--served-on", "2025-07-01")

    assert result.returncode == 0, result.stdout
    assert '"starts_on": "2025-07-02", "ends_on": "2025-09-01"' in result.stdout


def test_the_facts_are_found_in_a_pdf_that_carries_them(letter: Document) -> None:
    packed = zlib.compress(json.dumps(letter).encode())
    pdf = b"%PDF-1.7\n1 0 obj\n<< /Length 3 >>\nstream\nq Q\nendstream\nendobj\n2 0 obj\n<<>>\nstream\n"

    assert document_in(pdf + packed + b"\nendstream\nendobj\n") == letter
    with pytest.raises(Unreadable):
        document_in(pdf + b"\nendstream\n")


def test_every_python_of_this_machine_from_3_9_on_agrees(letter: Document, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(json.dumps(letter), encoding="utf-8")

    for python in pythons():
        result = run(tmp_path, "facts.json", python=python)
        assert (python, result.returncode, result.stderr) == (python, 0, "")


def test_the_file_in_the_tree_is_made_of_the_sources_as_they_are() -> None:
    assert BUNDLE.read_text(encoding="utf-8") == bundle(), "run manage.py build_letter_check"


def test_the_file_needs_nothing_but_the_standard_library_of_python_3_9() -> None:
    outer = ast.parse(bundle(), feature_version=(3, 9))
    sources = [str(node.value) for node in ast.walk(outer) if isinstance(node, ast.Constant) and _is_module(node.value)]
    assert len(sources) >= 20
    for tree in [outer, *(ast.parse(source, feature_version=(3, 9)) for source in sources)]:
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                top = name.partition(".")[0]
                assert top == "scoring" or top in sys.stdlib_module_names, name
                assert top not in {"socket", "urllib", "http", "ssl", "subprocess"}, name


def _is_module(value: object) -> bool:
    return isinstance(value, str) and "from __future__ import annotations" in value
