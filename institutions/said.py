"""A sentence that can be said again in the language of whoever reads it.

What a worker finds is kept and read later, by somebody else perhaps. `said` translates at once, as `gettext` does, and
remembers the message and its values, so that `kept` can store both and `again` says it in the active language.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from institutions.json_types import Json


class Said(str):
    """A translated text that knows its message and values."""

    __slots__ = ("msgid", "values")
    msgid: str
    values: dict[str, object]

    def __mod__(self, values: Any) -> "Said":  # noqa: ANN401 - as str types it
        """Return the sentence with its values put in."""
        return _made(str.__mod__(self, values), self.msgid, dict(values))

    def __str__(self) -> str:
        """Return itself: what goes through `str` is not forgotten."""
        return self


def said(msgid: str) -> Said:
    """Translate a message now, to be said again later; imported as `_`."""
    return _made(gettext(msgid), msgid, {})


def kept(text: str) -> Json:
    """Return a text as it is stored: with message and values where it has them, else as it stands."""
    if not isinstance(text, Said):
        return text
    values: dict[str, Json] = {key: _value(value) for key, value in text.values.items()}
    return {"msgid": text.msgid, "values": values, "text": str.__str__(text)}


def again(stored: Json) -> str:
    """Return a stored text in the active language; one stored as it stood stands as it did."""
    if not isinstance(stored, dict):
        return str(stored)
    values = stored.get("values")
    try:
        words = {key: again(value) for key, value in values.items()} if isinstance(values, Mapping) else {}
        return gettext(str(stored["msgid"])) % words if words else gettext(str(stored["msgid"]))
    except (KeyError, TypeError, ValueError):  # worded otherwise by a later version
        return str(stored.get("text", ""))


def kept_line(*sentences: str) -> str:
    """Return sentences as one line of text for a column, from which `line_again` says them."""
    return json.dumps([kept(sentence) for sentence in sentences], ensure_ascii=False)


def line_again(line: str) -> str:
    """Return a stored line in the active language; plain text stands as it did."""
    try:
        stored = json.loads(line)
    except ValueError:
        return line
    return " ".join(again(sentence) for sentence in stored) if isinstance(stored, list) else line


def _value(value: object) -> Json:
    return kept(value) if isinstance(value, str) else str(value)


def _made(text: str, msgid: str, values: dict[str, object]) -> Said:
    found = Said(text)
    found.msgid, found.values = msgid, values
    return found
