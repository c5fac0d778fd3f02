"""Reading a working calendar from a CSV: `date,is_working,source`. Pure; says row by row what is wrong."""

import csv
import io
from dataclasses import dataclass
from datetime import date

COLUMNS = ("date", "is_working", "source")
WORDS = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}
ROWS_MAX = 5_000
SOURCE_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day: whether it is worked, by which announcement, and in which line of the file it stood."""

    on: date
    is_working: bool
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class CalendarFault:
    """What is wrong in a line; line 1 is the heading."""

    line: int
    column: str
    value: str
    code: str


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8 or GB18030."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def read_calendar(data: bytes) -> tuple[list[CalendarRow], list[CalendarFault]]:
    """Return the days of a file and every fault in it; with a fault in the heading no day is read."""
    reader = csv.DictReader(io.StringIO(decode(data)))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        return [], [CalendarFault(1, column, "", "column-missing") for column in missing]
    rows: list[CalendarRow] = []
    faults: list[CalendarFault] = []
    seen: set[date] = set()
    for record in reader:
        line = reader.line_num
        if len(rows) + len(faults) >= ROWS_MAX:
            faults.append(CalendarFault(line, "", "", "too-many-rows"))
            break
        found = _read_row(record, line, seen)
        if isinstance(found, CalendarRow):
            rows.append(found)
            seen.add(found.on)
        else:
            faults += found
    return rows, faults


def _read_row(record: dict[str, str], line: int, seen: set[date]) -> CalendarRow | list[CalendarFault]:
    given = {column: (record.get(column) or "").strip() for column in COLUMNS}
    faults = []
    on = _date(given["date"])
    if on is None:
        faults.append(CalendarFault(line, "date", given["date"], "not-a-date"))
    elif on in seen:
        faults.append(CalendarFault(line, "date", given["date"], "twice"))
    working = WORDS.get(given["is_working"].lower())
    if working is None:
        faults.append(CalendarFault(line, "is_working", given["is_working"], "not-yes-or-no"))
    if not given["source"] or len(given["source"]) > SOURCE_LENGTH_MAX:
        faults.append(CalendarFault(line, "source", given["source"][:SOURCE_LENGTH_MAX], "no-source"))
    if on is None or working is None or faults:
        return faults
    return CalendarRow(on, working, given["source"], line)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
