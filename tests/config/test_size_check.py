"""The size limits are kept by a program, and the program sees what is too long."""

from pathlib import Path

from config.env import PROJECT_DIR
from config.size_check import violations


def test_long_files_and_functions_are_named_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "cases" / "long.py").write_text("x = 1\n" * 401)
    (tmp_path / "cases" / "function.py").write_text("def act():\n" + "    x = 1\n" * 70)
    (tmp_path / "cases" / "fits.py").write_text("def act():\n" + "    x = 1\n" * 69)
    (tmp_path / "tests" / "test_fits.py").write_text("x = 1\n" * 600)
    assert list(violations(tmp_path)) == [
        "cases/function.py:1: act has 71 lines, at most 70",
        "cases/long.py: 401 lines, at most 400",
    ]


def test_the_product_keeps_them() -> None:
    assert list(violations(PROJECT_DIR)) == []
