"""`python -m config.size_check`: source files of at most 400 lines, functions of at most 70, test files of 600.

A limit that is only a wish is not kept, so `make check` runs this.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE_LINES_MAX = 400
TEST_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
ROOTS = ("config", "institutions", "scoring", "cases", "benchmarks", "tests")


def violations(root: Path) -> Iterator[str]:
    """Every file and function that is too long, with the place. Migrations, being generated, are left out."""
    for path in sorted(file for top in ROOTS for file in (root / top).rglob("*.py")):
        relative = path.relative_to(root)
        if "migrations" in relative.parts:
            continue
        text = path.read_text(encoding="utf-8")
        limit = TEST_LINES_MAX if relative.parts[0] == "tests" else SOURCE_LINES_MAX
        lines = text.count("\n")
        if lines > limit:
            yield f"{relative}: {lines} lines, at most {limit}"
        yield from _long_functions(relative, ast.parse(text))


def _long_functions(path: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            length = (node.end_lineno or node.lineno) - first + 1
            if length > FUNCTION_LINES_MAX:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES_MAX}"


def main() -> int:
    """Print the violations; 1 if there are any."""
    found = list(violations(Path(__file__).resolve().parent.parent))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
