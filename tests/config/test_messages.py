"""The Chinese catalogue is complete, and what is collected is what people read."""

import re
from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.core.management import CommandError, call_command

from config import messages

CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
LATIN_ON_PURPOSE = {"SHA-256"}
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,;:?!](?!\d)|[\u3400-\u9fff]\(|\)[\u3400-\u9fff]|（[^（）]*\)")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return messages.read_catalogue()


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_nothing_is_untranslated_or_guessed(catalogue: Catalog) -> None:
    assert messages.untranslated(messages.collected(messages.read_catalogue())) == []


def test_the_stored_catalogue_is_what_code_and_templates_say_now() -> None:
    fresh = messages.catalogue_text(messages.collected(messages.read_catalogue()))
    assert messages.CATALOGUE.read_bytes() == fresh, "run `manage.py collect_messages` and translate"


def test_every_translation_has_the_placeholders_of_its_message(catalogue: Catalog) -> None:
    wrong = [
        ids(message)[-1]
        for message in catalogue
        if message.id
        for text in texts(message)
        if text and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(ids(message)[-1]))
    ]
    assert wrong == []


def test_messages_are_english_and_translations_chinese(catalogue: Catalog) -> None:
    said = [message for message in catalogue if message.id]
    assert [m.id for m in said if any(CHINESE.search(text) for text in ids(m))] == []
    plain = [m for m in said if not set(ids(m)) & LATIN_ON_PURPOSE]
    words = [PLACEHOLDER.sub("", text) for message in plain for text in texts(message)]
    assert [text for text in words if re.search("[a-z]{3}", text) and not CHINESE.search(text)] == []


def test_chinese_punctuation_is_full_width(catalogue: Catalog) -> None:
    narrow = [t for m in catalogue if m.id for t in texts(m) if HALF_WIDTH.search(PLACEHOLDER.sub("数", t))]
    assert narrow == []


def test_the_command_refuses_a_catalogue_that_is_out_of_date(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(messages, "CATALOGUE", tmp_path / "django.po")
    with pytest.raises(CommandError, match="out of date"):
        call_command("collect_messages", check=True)


@pytest.mark.parametrize(
    ("source", "function", "message"),
    [
        ('{% translate "Look up" %}', "gettext", "Look up"),
        ("{% translate 'Pages' as pages %}", "gettext", "Pages"),
        ('{% translate "Normal" context "status" %}', "pgettext", ("status", "Normal")),
        (
            "{% blocktranslate trimmed %}\n  Yes,\n  at {{ place }}\n{% endblocktranslate %}",
            "gettext",
            "Yes, at %(place)s",
        ),
        (
            "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            "ngettext",
            ("%(n)s day", "%(n)s days"),
        ),
        ('{{ _("Error") }}', "gettext", "Error"),
        ('{% translate "100%" %}', "gettext", "100%%"),
        ("{% comment %}{% translate 'not this' %}{% endcomment %}<p>{{ name }}</p>", None, None),
    ],
)
def test_what_is_read_from_a_template(source: str, function: str | None, message: object) -> None:
    found = list(messages.extract_template(BytesIO(source.encode()), None, None, {}))
    assert [(name, said) for _line, name, said, _comments in found] == ([(function, message)] if function else [])
