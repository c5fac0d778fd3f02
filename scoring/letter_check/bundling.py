"""Puts the check and the rules it needs into one file that runs on a bare Python 3.9 or later.

The modules go in as they are, each as a text under its own name, and are imported from there: what the person runs is
what the server runs. What older Pythons lack is made up for at the top.
"""

from __future__ import annotations

import ast
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
PROGRAM = "scoring.letter_check.alone"
BUNDLE = PROJECT / "static" / "verify" / "verify_letter.py"
QUOTES = "'''"

HEAD = '''#!/usr/bin/env python3
"""核对记分决定告知书：依据告知书所附事实重新计算记分与日期，不联网，不需安装任何软件。
Recomputes the points and dates of a decision letter from the facts it carries. Offline; nothing to install.

    python3 verify_letter.py LETTER.pdf        or the facts file (JSON) from your page

退出码 exit status: 0 一致 agrees, 1 不一致 disagrees, 2 无法读取 unreadable. Python 3.9+.

由下列源文件自动生成，请勿修改。Made from the product's own sources below by `manage.py build_letter_check`; not edited.
"""

import dataclasses
import enum
import importlib.abc
import importlib.util
import sys
import typing

if sys.version_info < (3, 9):
    sys.exit("Python 3.9+")
if sys.version_info < (3, 11):

    class _StrEnum(str, enum.Enum):
        __str__ = str.__str__

    enum.StrEnum = _StrEnum
if sys.version_info < (3, 10):
    import builtins

    _dataclass, _zip = dataclasses.dataclass, zip
    dataclasses.dataclass = lambda *args, slots=False, **rest: _dataclass(*args, **rest)
    builtins.zip = lambda *rows, strict=False: _zip(*rows)
    typing.TypeGuard = typing.Optional

SOURCES = {}
'''

TAIL = '''

class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules above, and nothing of their names from anywhere else."""

    def find_spec(self, name, path=None, target=None):
        if name in SOURCES:
            return importlib.util.spec_from_loader(name, self)
        packages = {part for known in SOURCES for part in (known.rpartition(".")[0], known.partition(".")[0])}
        return importlib.util.spec_from_loader(name, self, is_package=True) if name in packages else None

    def exec_module(self, module):
        exec(compile(SOURCES.get(module.__name__, ""), module.__name__, "exec"), module.__dict__)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.meta_path.insert(0, Sources())
    from scoring.letter_check.alone import main

    sys.exit(main())
'''


def bundle() -> str:
    """The text of `verify_letter.py`, the same for the same sources."""
    parts = [HEAD]
    for name in _needed(PROGRAM):
        source = _path(name).read_text(encoding="utf-8")
        assert QUOTES not in source, name
        parts.append(f"\n# {'=' * 30} {name}\nSOURCES[{name!r}] = r{QUOTES}{source}{QUOTES}\n")
    return "".join([*parts, TAIL])


def _needed(program: str) -> list[str]:
    """The program and every module of ours that it imports, directly or not, by name."""
    found: set[str] = set()
    waiting = [program]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += _imports(_path(name).read_text(encoding="utf-8"))
    return sorted(found)


def _imports(source: str) -> list[str]:
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = [node.module for node in nodes if node.module]
    return [name for name in names if name.split(".")[0] == "scoring"]


def _path(name: str) -> Path:
    return PROJECT.joinpath(*name.split(".")).with_suffix(".py")
