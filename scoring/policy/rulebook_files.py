"""Packs in YAML files: the shipped ones in `scoring/rulebooks/`, and any that is named by its path.

The only part of the rules that reads files. Complaints carry file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from scoring.policy.marked_yaml import Document, FileProblem, FileProblems, read_documents
from scoring.policy.rulebook import Rulebook, RulebookErrors, ensure_follows, parse_rulebook
from scoring.policy.rulebook_resolve import NATIONAL

SHIPPED = Path(__file__).resolve().parent.parent / "rulebooks"


def load_packs(directory: Path = SHIPPED) -> tuple[Rulebook, ...]:
    """Every pack of a directory (`*.yaml`), resolved, in the order of jurisdiction and date.

    Refuses (`FileProblems`, all files at once) a pack that does not parse, a version that does not follow its
    predecessor, and two packs for one jurisdiction.
    """
    problems: list[FileProblem] = []
    documents = [d for path in sorted(directory.glob("*.yaml")) for d in _read_one(path, problems)]
    loaded: list[tuple[Rulebook, Document]] = []
    for standing_alone in (True, False):
        for document in documents:
            if _stands_alone(document) is standing_alone:
                _load_into(loaded, document, problems)
    problems += _out_of_order(loaded)
    if problems:
        raise FileProblems(problems)
    return tuple(sorted((r for r, _ in loaded), key=lambda r: (r.jurisdiction, r.effective_from)))


def load_pack(path: Path, packs: Iterable[Rulebook], shown_as: str | None = None) -> Rulebook:
    """One pack from a file; `packs` holds the national versions that it may extend. Refuses with
    `FileProblems`.
    """
    documents = read_documents(path, shown_as)
    if len(documents) != 1:
        raise FileProblems([FileProblem(shown_as or str(path), 1, "has to hold exactly one pack")])
    return parse_document(documents[0], packs)


def parse_document(document: Document, packs: Iterable[Rulebook]) -> Rulebook:
    """One pack from a document already read; refuses with `FileProblems`, each error on its line."""
    if not isinstance(document.value, Mapping):
        raise FileProblems([document.problem("", "has to be a mapping, the pack")])
    try:
        return parse_rulebook(document.value, base_of(document.value, packs))
    except RulebookErrors as refused:
        raise FileProblems([document.problem(e.path, e.reason) for e in refused.errors]) from refused


def base_of(data: Mapping[str, object], packs: Iterable[Rulebook]) -> Mapping[str, object] | None:
    """The resolved national version in force on the pack's effective_from, or None."""
    since = data.get("effective_from")
    if isinstance(since, str):
        try:
            since = date.fromisoformat(since)
        except ValueError:
            return None
    if type(since) is not date:
        return None
    versions = [p for p in packs if p.id == NATIONAL and p.effective_from <= since]
    latest = max(versions, key=lambda p: p.effective_from, default=None)
    if latest is None or latest.repeal:
        return None
    return latest.resolved


def _read_one(path: Path, problems: list[FileProblem]) -> list[Document]:
    try:
        documents = read_documents(path)
    except FileProblems as refused:
        problems += refused.problems
        return []
    if len(documents) != 1:
        problems.append(FileProblem(str(path), 1, "has to hold exactly one pack"))
        return []
    return documents


def _stands_alone(document: Document) -> bool:
    return isinstance(document.value, Mapping) and document.value.get("id") == NATIONAL


def _load_into(loaded: list[tuple[Rulebook, Document]], document: Document, problems: list[FileProblem]) -> None:
    try:
        loaded.append((parse_document(document, [r for r, _ in loaded]), document))
    except FileProblems as refused:
        problems += refused.problems


def _out_of_order(loaded: Sequence[tuple[Rulebook, Document]]) -> list[FileProblem]:
    problems: list[FileProblem] = []
    in_order = sorted(loaded, key=lambda pair: (pair[0].version, pair[0].effective_from))
    for index, (rulebook, document) in enumerate(in_order):
        earlier = [r for r, _ in in_order[:index]]
        try:
            ensure_follows(rulebook, earlier)
        except RulebookErrors as refused:
            problems += [document.problem(e.path, e.reason) for e in refused.errors]
        for other in earlier:
            if other.jurisdiction == rulebook.jurisdiction and other.id != rulebook.id:
                problems.append(document.problem("jurisdiction", f"is already that of {other.label}"))
    return problems
