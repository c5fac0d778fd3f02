"""Scenario files: YAML with one scenario a document, read strictly, every complaint with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from scoring.policy.choice import choose_rulebook
from scoring.policy.marked_yaml import Document, FileProblem, FileProblems, read_documents
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_files import load_pack
from scoring.policy.scenario import Scenario, ScenarioErrors, parse_scenario
from scoring.policy.scenario_run import Chooser, ScenarioRun, run_scenario

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class PlacedScenario:
    """A scenario with the file and line it came from and the rules it is to be run under."""

    file: str
    line: int
    scenario: Scenario
    document: Document
    choose: Chooser


@dataclass(frozen=True)
class PlacedRun:
    """A run with the place of its scenario."""

    placed: PlacedScenario
    run: ScenarioRun


def run_files(paths: Sequence[Path], packs: Sequence[Rulebook]) -> list[PlacedRun]:
    """Run every scenario of the files and directories given, in order.

    Refuses (`FileProblems`, of all files at once) when any is malformed; then nothing is run.
    """
    problems: list[FileProblem] = []
    runs: list[PlacedRun] = []
    for path in _files(paths, problems):
        for document in _documents(path, problems):
            try:
                placed = place_scenario(document, path, packs)
                runs.append(PlacedRun(placed, run_scenario(placed.scenario, placed.choose)))
            except ScenarioErrors as refused:
                problems += [document.problem(e.path, e.reason) for e in refused.errors]
            except FileProblems as refused:
                problems += refused.problems
    if problems:
        raise FileProblems(problems)
    return runs


def place_scenario(document: Document, path: Path, packs: Sequence[Rulebook]) -> PlacedScenario:
    """The scenario of a document; `path` is its file, beside which a pack named by its path is looked for.

    Refuses with `ScenarioErrors` or `FileProblems`.
    """
    scenario = parse_scenario(document.value)
    choose = _chooser(scenario.rulebook, document, path, packs)
    return PlacedScenario(document.file, document.line_of("scenario"), scenario, document, choose)


def _chooser(name: str, document: Document, path: Path, packs: Sequence[Rulebook]) -> Chooser:
    """A pack's name stands for its region, whose packs are chosen from; a path for that pack alone, on
    every day.
    """
    if "/" in name or name.endswith(SUFFIXES):
        alone = load_pack(_pack_path(name, document, path), packs, shown_as=name)
        return lambda on: alone
    regions = {pack.id: pack.jurisdiction for pack in packs}
    if name not in regions:
        near = get_close_matches(name, regions, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(regions))}"
        raise FileProblems([document.problem("rulebook", f"no rulebook {name!r}; {hint}")])
    region = regions[name]

    def choose(on: date) -> Rulebook:
        return choose_rulebook(packs, region, on)

    return choose


def _pack_path(name: str, document: Document, path: Path) -> Path:
    for candidate in (path.parent / name, Path(name)):
        if candidate.is_file():
            return candidate
    raise FileProblems([document.problem("rulebook", f"no file {name}, beside this one or from here")])


def _files(paths: Iterable[Path], problems: list[FileProblem]) -> list[Path]:
    """The files named, and those of the directories named except the packs that stand among them."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        found = [inner for inner in sorted(path.rglob("*")) if inner.suffix in SUFFIXES and not _is_pack(inner)]
        if not found:
            problems.append(FileProblem(str(path), 1, "no scenario file in this directory"))
        files += found
    return files


def _is_pack(path: Path) -> bool:
    try:
        documents = read_documents(path)
    except FileProblems:
        return False
    value = documents[0].value if len(documents) == 1 else None
    return isinstance(value, dict) and "jurisdiction" in value and "scenario" not in value


def _documents(path: Path, problems: list[FileProblem]) -> list[Document]:
    try:
        documents = read_documents(path)
    except FileProblems as refused:
        problems += refused.problems
        return []
    if not documents:
        problems.append(FileProblem(str(path), 1, "holds no scenario"))
    return documents
