"""The facts of a notice as its letter may use them: typed, in the reader's language, and only what the reader may know.

Whatever a payload holds, a reader outside the case gets the keys listed for them and nothing else.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from institutions.json_types import Json, JsonObject
from institutions.letters.letter import Audience

STATUS_KEYS = frozenset(
    {
        *("subject_name", "practitioner_code", "effect", "effect_from", "effect_until", "may_reapply"),
        *("measure", "ended_on", "corrects", "given_back", "as_of", "still_registered"),
    }
)
AUTHORITY_KEYS = STATUS_KEYS | {"points", "year", "clause"}
# None: everything in the payload, which never names an officer.
MAY_KNOW: dict[Audience, frozenset[str] | None] = {
    Audience.PERSON: None,
    Audience.CASE_INSTITUTION: None,
    Audience.OTHER_INSTITUTION: STATUS_KEYS,
    Audience.AUTHORITY: AUTHORITY_KEYS,
}


class Facts:
    """A payload as one audience may know it, in the active language."""

    def __init__(self, payload: JsonObject, audience: Audience) -> None:
        """Keep what the audience may know of the payload."""
        allowed = MAY_KNOW[audience]
        self.audience = audience
        self._known = {key: value for key, value in payload.items() if allowed is None or key in allowed}

    def has(self, *keys: str) -> bool:
        """Say whether all of these facts are given and not empty."""
        return all(self._known.get(key) not in (None, "", [], {}) for key in keys)

    def is_true(self, key: str) -> bool:
        """Say whether a switch is on."""
        return self._known.get(key) is True

    def text(self, key: str) -> str:
        """Return a fact as plain text; "" where it is not given."""
        value = self._known.get(key)
        return "" if value is None or isinstance(value, Mapping | list) else str(value)

    def number(self, key: str) -> int | None:
        """Return a whole number, or None where none is given."""
        value = self._known.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def texts(self, key: str) -> list[str]:
        """Return a list of texts; one text counts as a list of one."""
        value = self._known.get(key)
        if isinstance(value, str):
            return [value] if value else []
        return [str(item) for item in value if item not in (None, "")] if isinstance(value, Sequence) else []

    def part(self, key: str) -> "Facts":
        """Return the facts of a mapping inside the payload; empty where there is none."""
        value = self._known.get(key)
        inner = Facts({}, self.audience)
        inner._known = dict(value) if isinstance(value, Mapping) else {}
        return inner

    def rows(self, key: str) -> list["Facts"]:
        """Return the facts of each mapping in a list inside the payload."""
        value = self._known.get(key)
        found = []
        for row in value if isinstance(value, Sequence) and not isinstance(value, str) else ():
            inner = Facts({}, self.audience)
            inner._known = dict(row) if isinstance(row, Mapping) else {}
            found.append(inner)
        return found

    def date(self, key: str) -> date | None:
        """Return a date, or None where none is given."""
        value = self._known.get(key)
        return date.fromisoformat(value) if isinstance(value, str) and value else None

    def day(self, key: str) -> str:
        """Return a date as it is written in the reader's language; "" where none is given."""
        found = self.date(key)
        return written(found) if found is not None else ""

    @property
    def name(self) -> str:
        """Who it is about, with the code where there is one."""
        return named(self.text("subject_name"), self.text("practitioner_code"))

    @property
    def institution(self) -> str:
        """The institution of the case, or words for it."""
        return self.text("institution_name") or _("the institution of the case")

    def local(self, row: "Facts", key: str) -> str:
        """Return the fact in the reader's language where the row has it in English (`<key>_en`)."""
        return (row.text(f"{key}_en") if is_english() else "") or row.text(key)


def is_english() -> bool:
    """Say whether the reader reads English."""
    return (get_language() or "").startswith("en")


def written(day: date) -> str:
    """Return a date as it is written in the reader's language."""
    return date_format(day, "DATE_FORMAT")


def named(name: str, code: str) -> str:
    """Return a person's name with the code."""
    return pgettext("name and code", "%(name)s (%(code)s)") % {"name": name, "code": code} if code else name


def points(count: int | None) -> str:
    """Return a number of points in words."""
    count = count or 0
    return ngettext("%(points)s point", "%(points)s points", count) % {"points": count}


def working_days(count: int | None) -> str:
    """Return a number of working days in words."""
    count = count or 0
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def listed(items: Sequence[Json]) -> str:
    """Return several things as one line."""
    return pgettext("between items of a list", "; ").join(str(item) for item in items)
