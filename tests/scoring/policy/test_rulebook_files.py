"""Packs in files: every complaint has file and line, and a set of packs has to fit together."""

from pathlib import Path
from shutil import copytree

import pytest

from scoring.policy.marked_yaml import FileProblems, read_text
from scoring.policy.rulebook_files import SHIPPED, load_pack, load_packs


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the shipped packs that may be spoilt."""
    return Path(copytree(SHIPPED, tmp_path / "packs"))


def spoil(directory: Path, name: str, old: str, new: str) -> int:
    """Replace a text in a pack; returns the line it stood on."""
    file = directory / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems_of(directory: Path) -> list[str]:
    with pytest.raises(FileProblems) as refused:
        load_packs(directory)
    return [str(problem).replace(f"{directory}/", "") for problem in refused.value.problems]


def test_a_hole_is_reported_at_its_table(packs: Path) -> None:
    spoil(packs, "hunan", "        11: {range: [4, 6], default: 6}\n", "        12: {range: [4, 6], default: 6}\n")
    line = 1 + (packs / "hunan.yaml").read_text(encoding="utf-8").splitlines().index(
        "        12: {range: [4, 6], default: 6}"
    )
    assert problems_of(packs)[0].startswith(f"hunan.yaml:{line}: measures.suspend.months.cumulative.12: overlaps")


def test_two_rows_for_10_are_reported_with_both_lines(packs: Path) -> None:
    row = "        10: {range: [2, 4], default: 4}\n"
    line = spoil(packs, "hunan", row, row + row)
    assert problems_of(packs) == [f"hunan.yaml:{line + 1}: 10 stands twice (first on line {line})"]


def test_an_error_in_a_clause_is_reported_at_its_line(packs: Path) -> None:
    line = spoil(
        packs,
        "national",
        "degrees: {general: 10, important: 11, principal: 12}\n  - code: D2",
        "degrees: {general: 9, important: 11, principal: 12}\n  - code: D2",
    )
    assert f"national.yaml:{line}: clauses.D1.degrees.general: lies outside the band 10–12: 9" in problems_of(packs)


def test_errors_of_several_files_are_told_at_once(packs: Path) -> None:
    spoil(packs, "hunan", "effect_starts: next_month", "effect_starts: next_week")
    spoil(packs, "tianjin", "cap_per_year: 4", "cap_per_year: four")
    assert {problem.partition(":")[0] for problem in problems_of(packs)} == {"hunan.yaml", "tianjin.yaml"}


def test_a_version_not_after_its_predecessor_is_refused(packs: Path) -> None:
    line = spoil(packs, "hunan-2", "effective_from: 2027-03-01", "effective_from: 2025-03-01")
    problem = f"hunan-2.yaml:{line}: effective_from: has to be after 2025-03-01, when hunan@1 begins; got 2025-03-01"
    assert problems_of(packs) == [problem]


def test_two_packs_for_one_jurisdiction_are_refused(packs: Path) -> None:
    line = spoil(packs, "tianjin", 'jurisdiction: "12"', 'jurisdiction: "15"')
    assert problems_of(packs) == [f"tianjin.yaml:{line}: jurisdiction: is already that of inner-mongolia@1"]


def test_a_local_pack_from_before_any_national_rule_is_refused(packs: Path) -> None:
    spoil(packs, "liaoning", "effective_from: 2025-04-10", "effective_from: 2024-04-10")
    assert any("no version of national is in force on 2024-04-10" in problem for problem in problems_of(packs))


def test_a_file_that_is_no_yaml_is_refused_with_its_line(packs: Path) -> None:
    spoil(packs, "yantai", "publication:\n", "publication: [\n")
    assert problems_of(packs)[0].startswith("yantai.yaml:")


def test_a_file_with_two_packs_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text("id: a\n---\nid: b\n", encoding="utf-8")
    with pytest.raises(FileProblems, match="exactly one pack"):
        load_pack(file, load_packs())


def test_a_pack_named_by_its_path_extends_the_shipped_national(tmp_path: Path) -> None:
    file = tmp_path / "jilin.yaml"
    text = 'id: jilin\njurisdiction: "22"\nversion: 1\neffective_from: 2025-06-01\n'
    text += "title: 吉林\nsource: 文件\nextends: national\n"
    file.write_text(text + "effect_starts: decision_day\n", encoding="utf-8")
    rulebook = load_pack(file, load_packs())
    assert rulebook.effect_starts == "decision_day"
    assert rulebook.measures.full.at == 12


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a stands twice (first on line 1)"),
        ("a: 2025-02-30\n", 1, "not a value: day is out of range for month"),
        ("a:\n  - [1, 2\n", 3, "not YAML"),
        ("a: \x00\n", 1, "not YAML"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "a key has to be a plain word or number"),
        ("? [1, 2]\n: 3\n", 1, "a key has to be a plain word or number"),
        ("a: !!python/object:os.system {}\n", 1, "not a value"),
        ("a: *nothing\n", 1, "not YAML"),
    ],
)
def test_strict_yaml(text: str, line: int, reason: str) -> None:
    with pytest.raises(FileProblems) as refused:
        read_text(text, "f.yaml")
    assert str(refused.value.problems[0]).startswith(f"f.yaml:{line}: {reason}")


def test_a_document_that_unfolds_without_end_is_refused() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    with pytest.raises(FileProblems, match="too large"):
        read_text(bomb, "bomb.yaml")
    with pytest.raises(FileProblems, match="too large"):
        read_text("a: &a [*a]\n", "loop.yaml")
