"""Strict reading of one mapping of a document: what is missing, malformed or unknown is noted with its place.

A `Section` never raises. It hands out plain values (a harmless one where the document is wrong) and collects problems,
so that one reading finds them all.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from institutions.said import said as _

AMOUNT_MAX = Decimal("999999999999.99")
ARTICLE_MAX = 32767
SHOWN_MAX = 60
_STEP = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at one place: `case.attributions[2].lines[0].clause`."""

    place: str
    reason: str

    def __str__(self) -> str:
        """Return place and reason as one line."""
        return f"{self.place}: {self.reason}" if self.place else self.reason

    @property
    def steps(self) -> str:
        """Return the place as a dotted path, list positions being steps of their own."""
        return _STEP.sub(r".\1", self.place)


@dataclass
class Section:
    """One mapping of the document, at its place; `problems` is shared by the whole reading."""

    values: Mapping[object, object]
    place: str
    problems: list[Problem]
    _asked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, value: object, place: str, problems: list[Problem]) -> "Section":
        """Wrap a value that has to be a mapping."""
        if isinstance(value, Mapping):
            return cls(value, place, problems)
        problems.append(Problem(place, _("must be a mapping of keys to values")))
        return cls({}, place, [])

    def at(self, key: str) -> str:
        """Return the place of a key."""
        return f"{self.place}.{key}" if self.place else key

    def refuse(self, key: str, reason: str) -> None:
        """Note a problem at a key."""
        self.problems.append(Problem(self.at(key), reason))

    def text(self, key: str, *, length_max: int, required: bool = True, length_min: int = 1) -> str:
        """Return a text of the given length in characters, blanks at the ends taken off."""
        value = self._get(key, required)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.refuse(key, _("must be a text"))
            return ""
        text = str(value).strip()
        if len(text) < length_min:
            self.refuse(
                key,
                _("must have at least %(least)s characters, has %(count)s") % {"least": length_min, "count": len(text)},
            )
        elif len(text) > length_max:
            self.refuse(key, _("must have at most %(most)s characters") % {"most": length_max})
        return text

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """Return one of the allowed words."""
        value = self._get(key, required=True)
        if value is None:
            return ""
        if value not in allowed:
            self.refuse(
                key,
                _("%(value)s is not known; one of %(allowed)s")
                % {"value": _shown(value), "allowed": ", ".join(allowed)},
            )
            return ""
        return str(value)

    def day(self, key: str) -> date:
        """Return a date written as 2025-06-10."""
        value = self._get(key, required=True)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if value is not None:
            self.refuse(key, _("%(value)s is not a date like 2025-06-10") % {"value": _shown(value)})
        return date.min

    def amount(self, key: str) -> Decimal | None:
        """Return an amount in yuan with at most two decimals, or None where the key is absent."""
        value = self._get(key, required=False)
        if value is None:
            return None
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise InvalidOperation
            amount = Decimal(str(value))
            if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
                raise InvalidOperation
        except InvalidOperation:
            self.refuse(key, _("%(value)s is not an amount in yuan") % {"value": _shown(value)})
            return None
        if not 0 <= amount <= AMOUNT_MAX:
            self.refuse(key, _("must be between 0 and %(most)s") % {"most": AMOUNT_MAX})
            return None
        return amount.quantize(Decimal("0.01"))

    def whole(self, key: str, *, most: int, required: bool = True) -> int | None:
        """Return a whole number of at least 1."""
        value = self._get(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            self.refuse(
                key,
                _("%(value)s is not a whole number from 1 to %(most)s") % {"value": _shown(value), "most": most},
            )
            return None
        return value

    def wholes(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers, empty where the key is absent."""
        value = self._get(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(
            isinstance(item, int) and not isinstance(item, bool) and 1 <= item <= ARTICLE_MAX for item in value
        ):
            self.refuse(key, _("must be a list of whole numbers"))
            return ()
        return tuple(sorted(set(value)))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of short texts, empty where the key is absent."""
        value = self._get(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.refuse(key, _("must be a list of texts"))
            return ()
        return tuple(item.strip() for item in value)

    def section(self, key: str) -> "Section | None":
        """Return the mapping at a key, or None (noted) where there is none."""
        value = self._get(key, required=True)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.refuse(key, _("must be a mapping of keys to values"))
            return None
        return Section(value, self.at(key), self.problems)

    def sections(self, key: str, *, required: bool = True, may_be_empty: bool = False) -> list["Section"]:
        """Return the mappings in the list at a key; a required list may be empty only where that says something."""
        value = self._get(key, required)
        if value is None:
            return []
        if not isinstance(value, list) or (required and not value and not may_be_empty):
            self.refuse(key, _("must be a list with at least one item"))
            return []
        found = []
        for position, item in enumerate(value):
            place = f"{self.at(key)}[{position}]"
            if isinstance(item, Mapping):
                found.append(Section(item, place, self.problems))
            else:
                self.problems.append(Problem(place, _("must be a mapping of keys to values")))
        return found

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.values:
            if key not in self._asked:
                self.refuse(_shown(key), _("unknown key"))

    def _get(self, key: str, required: bool) -> object | None:
        self._asked.add(key)
        value = self.values.get(key)
        if value is None and required:
            self.refuse(key, _("is required"))
        return value


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN_MAX else text[:SHOWN_MAX] + "…"
