"""From cells to a row that is valid in itself: codes, dates, categories. Knows no other rows and no database."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from institutions.codes import normalise_code
from institutions.roster.columns import CATEGORIES, KINDS, Column
from institutions.roster.reading import RawRow, Sheet
from institutions.roster.report import RowError
from institutions.said import said as _

DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
OPEN_ENDED_YEAR = 2099  # the platform writes 2099-12-31 or 9999-12-31 for "still running"
LENGTH_MAX = 1000
LENGTHS = {
    Column.INSTITUTION_CODE: 40,
    Column.INSTITUTION_NAME: 200,
    Column.CODE: 40,
    Column.NAME: 100,
    Column.DEPARTMENT: 100,
    Column.POSITION: 100,
    Column.SPECIALTY: 100,
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One registration as the roster states it; empty text and None mean that the roster does not say."""

    raw: RawRow
    institution_code: str
    institution_name: str
    institution_kind: str
    region_code: str
    code: str
    name: str
    category: str
    department: str
    position: str
    specialty: str
    id_number_digest: str
    starts_on: date
    ends_on: date | None
    says_end: bool
    commitment_on: date | None

    @property
    def number(self) -> int:
        """Return the row's number in the file."""
        return self.raw.number


Cell = tuple[str, str]  # what the cell says, and why it cannot be taken ("" if it can)


def read_text(column: Column, value: str) -> Cell:
    """Read a cell as text; a fault where it is too long or holds a character that text may not."""
    if "\x00" in value:
        return value, _("The cell holds a character that text may not.")
    if len(value) > LENGTHS.get(column, LENGTH_MAX):
        return value, _("Longer than %(length)d characters.") % {"length": LENGTHS.get(column, LENGTH_MAX)}
    return value, ""


def read_choice(choices: Mapping[str, str], value: str) -> Cell:
    """Read a cell as one of the known words; a fault where it is none of them."""
    meaning = choices.get(unicodedata.normalize("NFKC", value).lower(), "")
    if meaning or not value:
        return meaning, ""
    return "", _("Not one of: %(known)s.") % {"known": ", ".join(dict.fromkeys(choices.values()))}


def read_day(value: str) -> Cell:
    """Read a cell as a date in ISO form; a fault where it is none, such as 30 February."""
    if not value:
        return "", ""
    plain = unicodedata.normalize("NFKC", value)
    match = COMPACT_DATE.fullmatch(plain) or DATE.fullmatch(plain)
    if match:
        year, month, day = (int(part) for part in match.groups()[:3])
        with suppress(ValueError):
            return date(year, month, day).isoformat(), ""
    return "", _("Not a date; write 2025-03-01.")


def read_last_day(value: str) -> Cell:
    """Read a cell as a last day; the platform's last day of time means that there is none."""
    day, fault = read_day(value)
    return ("" if day and int(day[:4]) >= OPEN_ENDED_YEAR else day), fault


class RowChecker:
    """Checks one row and gathers every fault in it."""

    def __init__(self, sheet: Sheet, raw: RawRow) -> None:
        """Start with no faults; `sheet` names the columns as the file writes them."""
        self._sheet = sheet
        self._raw = raw
        self.errors: list[RowError] = []

    def text(self, column: Column) -> str:
        """Return a cell; a fault where it cannot be text."""
        return self._take(column, read_text(column, self._raw.values.get(column, "")))

    def required(self, column: Column) -> str:
        """Return a cell; a fault where it is empty."""
        value = self.text(column)
        if not value:
            self.refuse(column, _("Empty, but needed."))
        return value

    def choice(self, column: Column, choices: dict[str, str], *, needed: bool) -> str:
        """Return what a cell means by one of the known words; a fault where it is none of them."""
        value = self.required(column) if needed else self.text(column)
        return self._take(column, read_choice(choices, value))

    def day(self, column: Column, *, needed: bool) -> date | None:
        """Return a cell as a date; a fault where it is none."""
        value = self.required(column) if needed else self.text(column)
        day = self._take(column, read_last_day(value) if column == Column.ENDS_ON else read_day(value))
        return date.fromisoformat(day) if day else None

    def refuse(self, column: Column, reason: str) -> None:
        """Note a fault."""
        self.errors.append(row_error(self._raw, self._sheet.columns, column, reason))

    def _take(self, column: Column, cell: Cell) -> str:
        value, fault = cell
        if fault:
            self.refuse(column, fault)
        return value


def row_error(raw: RawRow, headings: Mapping[Column, str], column: Column, reason: str) -> RowError:
    """Return a fault with the column as the file writes it, and the value (of identity numbers the last four only)."""
    value = raw.values.get(column, "")
    if column == Column.ID_NUMBER:
        value = "*" * max(len(value) - 4, 0) + value[-4:]
    return RowError(raw.number, headings.get(column, column.value), value, reason)


def check_row(sheet: Sheet, raw: RawRow, digest: Callable[[str], str]) -> tuple[RosterRow | None, list[RowError]]:
    """Return the row if it is valid in itself, else None and every fault; `digest` hashes an identity number."""
    checker = RowChecker(sheet, raw)
    starts_on = checker.day(Column.STARTS_ON, needed=True)
    ends_on = checker.day(Column.ENDS_ON, needed=False)
    if starts_on and ends_on and ends_on < starts_on:
        checker.refuse(Column.ENDS_ON, _("Before the first day of the registration."))
    code = normalise_code(checker.text(Column.CODE))
    id_number = normalise_code(checker.text(Column.ID_NUMBER))
    if not code and not id_number:
        checker.refuse(Column.CODE, _("Neither a code nor an identity number; a name identifies nobody."))
    row = RosterRow(
        raw=raw,
        institution_code=normalise_code(checker.required(Column.INSTITUTION_CODE)),
        institution_name=checker.text(Column.INSTITUTION_NAME),
        institution_kind=checker.choice(Column.INSTITUTION_KIND, KINDS, needed=False),
        region_code=checker.text(Column.REGION),
        code=code,
        name=checker.required(Column.NAME),
        category=checker.choice(Column.CATEGORY, CATEGORIES, needed=True),
        department=checker.text(Column.DEPARTMENT),
        position=checker.text(Column.POSITION),
        specialty=checker.text(Column.SPECIALTY),
        id_number_digest=digest(id_number) if id_number else "",
        starts_on=starts_on or date.min,
        ends_on=ends_on,
        says_end=Column.ENDS_ON in sheet.columns,
        commitment_on=checker.day(Column.COMMITMENT_ON, needed=False),
    )
    return (None, checker.errors) if checker.errors else (row, [])
