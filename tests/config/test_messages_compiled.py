"""Translations are compiled without any gettext program, and only when they have changed."""

import os
from gettext import GNUTranslations
from pathlib import Path

from config.compile_messages import compile_messages

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "suspended"
msgstr "暂停"
"""


def test_a_changed_catalogue_is_compiled_once(tmp_path: Path) -> None:
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE, encoding="utf-8")
    (compiled,) = compile_messages(tmp_path)
    with compiled.open("rb") as stream:
        assert GNUTranslations(stream).gettext("suspended") == "暂停"
    assert compile_messages(tmp_path) == []
    later = compiled.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert compile_messages(tmp_path) == [compiled]
