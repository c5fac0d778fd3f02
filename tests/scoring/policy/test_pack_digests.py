"""M15: the text of a clause, like every number, changes only with a new version (docs/adr/0061).

A new version is added to `pack_digests.json`: `python -m tests.scoring.policy.test_pack_digests` prints what it holds.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest

from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_files import SHIPPED, load_packs

SEALED = Path(__file__).with_name("pack_digests.json")


def clause_digests(book: Rulebook) -> dict[str, str]:
    """The digest of the wording of each clause."""
    return {
        code: hashlib.sha256(f"{clause.title}\n{clause.title_en}".encode()).hexdigest()[:16]
        for code, clause in sorted(book.clauses.items())
    }


def seals(books: tuple[Rulebook, ...]) -> dict[str, dict[str, object]]:
    """What the file holds of these versions."""
    return {book.label: {"digest": book.digest, "clauses": clause_digests(book)} for book in books}


def broken(books: tuple[Rulebook, ...]) -> list[str]:
    """What was changed without a new version, named."""
    sealed = json.loads(SEALED.read_text(encoding="utf-8"))
    found = []
    for label, now in seals(books).items():
        if label not in sealed:
            found.append(f"{label} is new: add it to {SEALED.name}")
        elif now != sealed[label]:
            wording = [c for c, seal in clause_digests_of(now).items() if sealed[label]["clauses"].get(c) != seal]
            what = f"the text of {', '.join(wording)}" if wording else "a parameter"
            found.append(f"{what} of {label} was changed: raise its version and effective_from instead")
    return found + [f"{label} is gone: a shipped version stays" for label in sealed if label not in seals(books)]


def clause_digests_of(seal: dict[str, object]) -> dict[str, str]:
    """The digests of clauses in a seal."""
    found = seal["clauses"]
    assert isinstance(found, dict)
    return found


def test_no_shipped_version_was_changed() -> None:
    assert broken(load_packs()) == []


@pytest.mark.parametrize(
    ("pattern", "named"),
    [(r"(code: D1\n.*?title: )(\S)", "the text of D1"), (r"(statement_working_days: )(\d+)", "a parameter")],
)
def test_a_changed_clause_text_or_number_without_a_new_version_is_named(
    tmp_path: Path, pattern: str, named: str
) -> None:
    for path in SHIPPED.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    national = tmp_path / "national.yaml"
    text = national.read_text(encoding="utf-8")
    bent, count = re.subn(pattern, r"\g<1>1\g<2>", text, count=1, flags=re.DOTALL)
    assert count == 1
    national.write_text(bent, encoding="utf-8")
    assert any(line.startswith(f"{named} of national@1") for line in broken(load_packs(tmp_path)))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seals(load_packs()), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
