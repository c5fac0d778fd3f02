"""YAML read strictly, with the line of everything in it, so that every complaint can name `file:line`.

Stricter than YAML: a key that stands twice is refused (YAML keeps the last one, which hides an overlap in
a table), merge keys are refused, and so is a document that unfolds into more than `VALUES_MAX` values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

VALUES_MAX = 50_000
DEPTH_MAX = 40
PLAIN_COLLECTIONS = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong in a file, and on which line (1 is the first)."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        """The way compilers say it, so that editors can jump there."""
        return f"{self.file}:{self.line}: {self.reason}"


class FileProblems(Exception):
    """A file was refused; `problems` holds every reason found, in the order of lines."""

    def __init__(self, problems: list[FileProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line)))
        super().__init__("\n".join(str(p) for p in self.problems))


@dataclass(frozen=True)
class Document:
    """One YAML document: its plain value, and the line of each place in it."""

    file: str
    value: object
    lines: Mapping[Place, int]

    def line_of(self, path: str) -> int:
        """The line of a dotted path, or of the nearest enclosing place that is in the file."""
        place = tuple(path.split(".")) if path else ()
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, path: str, reason: str) -> FileProblem:
        """A complaint about a dotted path."""
        return FileProblem(self.file, self.line_of(path), f"{path}: {reason}" if path else reason)


@dataclass
class _Unfolding:
    """One document on its way from nodes to values."""

    file: str
    constructor: yaml.SafeLoader
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    values: int = 0

    def refuse(self, node: yaml.Node, reason: str) -> None:
        self.problems.append(FileProblem(self.file, _line(node), reason))

    def unfold(self, node: yaml.Node, place: Place) -> object:
        self.values += 1
        if self.values > VALUES_MAX or len(place) > DEPTH_MAX:
            raise FileProblems([FileProblem(self.file, _line(node), "too large or too deep to be a file of ours")])
        self.lines.setdefault(place, _line(node))
        if isinstance(node, yaml.CollectionNode) and node.tag not in PLAIN_COLLECTIONS:
            self.refuse(node, f"not a value: {node.tag}")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, place, index) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[object, object]:
        found: dict[object, object] = {}
        first_lines: dict[object, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
                self.refuse(key_node, "a key has to be a plain word or number")
                continue
            key = self._scalar(key_node)
            if key in found:
                self.refuse(key_node, f"{key!s} stands twice (first on line {first_lines[key]})")
                continue
            first_lines[key] = _line(key_node)
            inner = (*place, str(key))
            self.lines[inner] = _line(key_node)
            found[key] = self.unfold(value_node, inner)
        return found

    def _item(self, node: yaml.Node, place: Place, index: int) -> object:
        # An item is found by its number and, where it has one, by its code ("clauses.D1"), as in the paths of errors.
        code = _code_of(node)
        value = self.unfold(node, (*place, str(index)))
        if code is not None and (*place, code) not in self.lines:
            numbered = (*place, str(index))
            for inner, line in list(self.lines.items()):
                if inner[: len(numbered)] == numbered:
                    self.lines[(*place, code, *inner[len(numbered) :])] = line
        return value

    def _scalar(self, node: yaml.Node) -> object:
        try:
            value: object = self.constructor.construct_object(node)
        except (ValueError, yaml.YAMLError) as error:
            self.refuse(node, f"not a value: {_first_line(error)}")
            return None
        return value


def read_documents(path: Path, shown_as: str | None = None) -> list[Document]:
    """Read every YAML document of a file; refuses (`FileProblems`) what is not strict YAML in UTF-8."""
    file = shown_as or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileProblems([FileProblem(file, 1, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise FileProblems([FileProblem(file, 1, "not UTF-8")]) from error
    return read_text(text, file)


def read_text(text: str, file: str) -> list[Document]:
    """Read every YAML document of a text (an upload, for instance); `file` is the name to complain under."""
    try:
        return list(_documents(text, file))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise FileProblems([FileProblem(file, line, f"not YAML: {error.problem or error}")]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise FileProblems([FileProblem(file, line, f"not YAML: {error.reason}")]) from error
    except yaml.YAMLError as error:
        raise FileProblems([FileProblem(file, 1, f"not YAML: {_first_line(error)}")]) from error
    except RecursionError as error:
        raise FileProblems([FileProblem(file, 1, "nested too deep")]) from error


def _documents(text: str, file: str) -> Iterator[Document]:
    loader = yaml.SafeLoader(text)
    problems: list[FileProblem] = []
    documents: list[Document] = []
    try:
        while loader.check_node():
            unfolding = _Unfolding(file, loader)
            node = loader.get_node()
            if node is None:
                break
            value = unfolding.unfold(node, ())
            problems += unfolding.problems
            documents.append(Document(file, value, unfolding.lines))
    finally:
        loader.dispose()
    if problems:
        raise FileProblems(problems)
    yield from documents


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _code_of(node: yaml.Node) -> str | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value == "code" and isinstance(value, yaml.ScalarNode):
            return str(value.value)
    return None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
