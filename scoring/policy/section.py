"""Reading one mapping of a file: the right types at known keys, every complaint with its path.

Reading goes on after a complaint with a value that fits the type, so that all errors are found in one
pass; what was read is thrown away when there was any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeGuard, TypeVar

from scoring.policy.place import Complaint, items_by_name

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Section:
    """One mapping of JSON values, at `path` (empty for the whole)."""

    items: dict[str, object]
    path: str
    errors: list[Complaint]

    @staticmethod
    def of(value: object, path: str, errors: list[Complaint]) -> Section:
        """The section at `path`; anything but a mapping is complained of and read as empty."""
        if isinstance(value, dict):
            return Section(value, path, errors)
        errors.append(Complaint(path, f"has to be a mapping, got {_shown(value)}"))
        return Section({}, path, [])  # the complaint about the whole says enough

    def at(self, key: str) -> str:
        """The path of a key here."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, reason: str) -> None:
        """Complain about a key here."""
        self.errors.append(Complaint(self.at(key), reason))

    def refuse_whole(self, reason: str) -> None:
        """Complain about this section itself."""
        self.errors.append(Complaint(self.path, reason))

    def know_only(self, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Refuse keys that mean nothing here, and the absence of those that have to be here."""
        needed = list(required)
        known = {*needed, *optional}
        for key in self.items:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                self.refuse(key, "unknown key" + (f"; did you mean {near[0]}?" if near else ""))
        for key in needed:
            if key not in self.items:
                self.refuse(key, "is missing")

    def text(self, key: str, *, empty: bool = False) -> str:
        """A text, not empty unless `empty`."""
        value = self.items.get(key, "")
        if isinstance(value, str) and (value.strip() or empty):
            return value
        if key in self.items:
            hint = " (put it in quotes)" if isinstance(value, int) else ""
            self.refuse(key, f"has to be a text, got {_shown(value)}{hint}")
        return ""

    def flag(self, key: str) -> bool:
        """true or false; absent counts as false."""
        value = self.items.get(key, False)
        if isinstance(value, bool):
            return value
        self.refuse(key, f"has to be true or false, got {_shown(value)}")
        return False

    def whole(self, key: str, minimum: int = 1) -> int:
        """A whole number of at least `minimum`."""
        value = self.items.get(key)
        if key not in self.items:
            return minimum
        if is_whole(value) and value >= minimum:
            return value
        self.refuse(key, f"has to be a whole number of at least {minimum}, got {_shown(value)}")
        return minimum

    def day(self, key: str) -> date:
        """A date, as ISO text."""
        value = self.items.get(key)
        if key not in self.items:
            return date.min
        try:
            return date.fromisoformat(value) if isinstance(value, str) else _not_a_day()
        except ValueError:
            self.refuse(key, f"has to be a date like 2025-03-01, got {_shown(value)}")
            return date.min

    def choice(self, key: str, among: type[Choice]) -> Choice:
        """One word of an enumeration."""
        value = self.items.get(key)
        words = [str(word) for word in among]
        if isinstance(value, str) and value in words:
            return among(value)
        if key in self.items:
            self.refuse(key, f"has to be one of {', '.join(words)}; got {_shown(value)}")
        return next(iter(among))

    def choices(self, key: str, among: type[Choice]) -> tuple[Choice, ...]:
        """A list, not empty, of different words of an enumeration."""
        words = [str(word) for word in among]
        value = self.items.get(key)
        if key not in self.items:
            return ()
        if not isinstance(value, list) or not value:
            self.refuse(key, f"has to be a list of {', '.join(words)}; got {_shown(value)}")
            return ()
        for word in value:
            if word not in words:
                self.refuse(key, f"has to hold only {', '.join(words)}; got {_shown(word)}")
        if len({str(word) for word in value}) < len(value):
            self.refuse(key, "names one word twice")
        return tuple(among(word) for word in value if word in words)

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of different whole numbers of at least 1; absent counts as empty."""
        value = self.items.get(key, [])
        numbers = [x for x in value if is_whole(x) and x >= 1] if isinstance(value, list) else []
        if not isinstance(value, list) or len(numbers) < len(value):
            self.refuse(key, f"has to be a list of whole numbers of at least 1, got {_shown(value)}")
        elif len(set(numbers)) < len(numbers):
            self.refuse(key, "names one number twice")
        return tuple(numbers)

    def pair(self, key: str, minimum: int = 1) -> tuple[int, int]:
        """[lowest, highest], two whole numbers in rising order, both inclusive."""
        value = self.items.get(key)
        if key not in self.items:
            return minimum, minimum
        if isinstance(value, list) and len(value) == 2:
            low, high = value
            if is_whole(low) and is_whole(high) and minimum <= low <= high:
                return low, high
        self.refuse(key, f"has to be [lowest, highest] with {minimum} ≤ lowest ≤ highest, got {_shown(value)}")
        return minimum, minimum

    def section(self, key: str) -> Section:
        """The mapping below a key."""
        if key not in self.items:
            return Section({}, self.at(key), [])  # its absence was complained of already
        return Section.of(self.items[key], self.at(key), self.errors)

    def sections(self, key: str) -> list[Section]:
        """The mappings of the list below a key, each with its name in the path."""
        value = self.items.get(key, [])
        if not isinstance(value, list):
            self.refuse(key, f"has to be a list, got {_shown(value)}")
            return []
        return [Section.of(item, self.at(f"{key}.{name}"), self.errors) for name, item in items_by_name(value)]

    def has(self, key: str) -> bool:
        """Whether the key is here with a value of the kind that can be read on (a mapping)."""
        return isinstance(self.items.get(key), dict)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number; true and false are not numbers."""
    return isinstance(value, int) and not isinstance(value, bool)


def _not_a_day() -> date:
    raise ValueError("not a text")


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    return repr(value) if not isinstance(value, bool) else str(value).lower()
