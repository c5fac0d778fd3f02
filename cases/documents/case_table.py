"""Many case files in one table, CSV or XLSX: one row per line of an attribution (a person, a finding, a clause).

Rows with one case number are one case, wherever they stand. What is of the case, of a finding or of a person is written
on its first row and may be repeated or left blank on the others; it may not differ. Each case becomes the values of a
case document, read by the same reader as a case file, and every place of it leads back to a row and a column. Pure of
the database.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cases.documents.case_document import Reading, read_values
from cases.documents.case_table_columns import PLACES, REQUIRED, WORDS, Column, column_for
from cases.documents.section import Problem
from institutions.roster.checking import read_day
from institutions.roster.reading import Source, UnreadableRoster
from institutions.roster.report import RowError
from institutions.roster.tables import read_rows
from institutions.said import said as _

ROWS_MAX = 50_000
SEPARATORS = re.compile(r"[;;、|\n]")
DAYS = (Column.BASIS_DECIDED_ON, Column.FINDING_FROM, Column.FINDING_TO)
WHOLES = (Column.POINTS, Column.MONTHS)
_POSITION = re.compile(r"\[(\d+)\]")

Values = dict[object, object]


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written: `cells` by column, without surrounding blanks."""

    number: int
    cells: Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that could be read: its headings in their order, its columns, and its rows."""

    headings: tuple[str, ...]
    columns: Mapping[Column, str]
    rows: tuple[Row, ...]

    def cases(self) -> Iterator["CaseRows"]:
        """Yield the cases in the order of their first rows; a row without a number is a case by itself."""
        return (CaseRows(number, tuple(rows)) for number, rows in self._grouped().items())

    @property
    def case_count(self) -> int:
        """Return how many cases there are."""
        return len(self._grouped())

    def _grouped(self) -> dict[str, list[Row]]:
        grouped: dict[str, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row.cells[Column.CASE_NUMBER] or f"row {row.number}", []).append(row)
        return grouped


@dataclass
class CaseRows:
    """The rows of one case, and what they say as a case document."""

    number: str
    rows: tuple[Row, ...]
    reading: Reading = field(default_factory=Reading)
    _findings: list[Row] = field(default_factory=list)
    _people: list[list[Row]] = field(default_factory=list)
    _evidence: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the rows; problems are in the reading, those that rows have with each other in `errors`."""
        self.errors: list[RowError] = []
        values = self._case()
        self.reading = read_values(values)

    def errors_of(self, problems: Sequence[Problem]) -> list[RowError]:
        """Return problems of the document as errors of rows, each once, in the order of the rows."""
        found = dict.fromkeys(self._error_at(problem.place, problem.reason) for problem in problems)
        return sorted(found, key=lambda error: error.row)

    def _error_at(self, place: str, reason: str) -> RowError:
        positions = [int(position) for position in _POSITION.findall(place)]
        column = PLACES.get(_POSITION.sub("", place), Column.CASE_NUMBER)
        row = self._row_of(place, positions)
        return RowError(row.number, column.value, row.cells.get(column, ""), reason)

    def _row_of(self, place: str, positions: Sequence[int]) -> Row:
        if place.startswith("case.findings[") and positions[0] < len(self._findings):
            return self._findings[positions[0]]
        if place.startswith("case.evidence[") and positions[0] < len(self._evidence):
            return self._evidence[positions[0]]
        if place.startswith("case.attributions[") and positions[0] < len(self._people):
            rows = self._people[positions[0]]
            return rows[positions[1]] if ".lines[" in place and positions[1] < len(rows) else rows[0]
        return self.rows[0]

    def _case(self) -> Values:
        rows = self.rows
        case = self._given(rows, number=Column.CASE_NUMBER, region=Column.REGION, source=Column.SOURCE)
        case |= self._given(rows, amount=Column.CASE_AMOUNT)
        case["institution"] = self._given(
            rows, code=Column.INSTITUTION_CODE, name=Column.INSTITUTION_NAME, kind=Column.INSTITUTION_KIND
        )
        case["basis"] = self._given(
            rows,
            kind=Column.BASIS_KIND,
            document=Column.BASIS_DOCUMENT,
            authority=Column.BASIS_AUTHORITY,
            decided_on=Column.BASIS_DECIDED_ON,
        )
        articles = [_whole(item) for item in self._list(rows, Column.BASIS_ARTICLES)]
        if articles:
            case["basis"]["articles"] = articles  # type: ignore[index]
        linked = self._list(rows, Column.LINKED_CASES)
        if linked:
            case["linked"] = linked
        case["findings"] = self._finding_values()
        keys = self._evidence_keys()
        if keys:
            case["evidence"] = [{"id": key, "title": _stem(file), "file": file} for file, key in keys.items()]
        case["attributions"] = self._people_values(keys)
        return case

    def _finding_values(self) -> list[Values]:
        grouped: dict[str, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row.cells.get(Column.FINDING, ""), []).append(row)
        self._findings = [rows[0] for rows in grouped.values()]
        return [
            self._given(
                rows,
                id=Column.FINDING,
                conduct=Column.CONDUCT,
                title=Column.FINDING_TITLE,
                amount=Column.FINDING_AMOUNT,
                **{"from": Column.FINDING_FROM, "to": Column.FINDING_TO},
            )
            for rows in grouped.values()
        ]

    def _evidence_keys(self) -> dict[str, str]:
        keys: dict[str, str] = {}
        for row in self.rows:
            for file in _split(row.cells.get(Column.EVIDENCE, "")):
                if file not in keys:
                    keys[file] = f"e{len(keys) + 1}"
                    self._evidence.append(row)
        return keys

    def _people_values(self, keys: Mapping[str, str]) -> list[Values]:
        grouped: dict[tuple[str, ...], list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(_person_key(row), []).append(row)
        self._people = list(grouped.values())
        people = []
        for rows in self._people:
            person = self._given(rows, months=Column.MONTHS, countersignature=Column.COUNTERSIGNATURE)
            person["practitioner"] = self._given(
                rows, code=Column.PERSON_CODE, name=Column.PERSON_NAME, category=Column.PERSON_CATEGORY
            )
            person["lines"] = [self._line(row, keys) for row in rows]
            people.append(person)
        return people

    def _line(self, row: Row, keys: Mapping[str, str]) -> Values:
        line = self._given(
            [row],
            finding=Column.FINDING,
            clause=Column.CLAUSE,
            degree=Column.DEGREE,
            points=Column.POINTS,
            amount=Column.LINE_AMOUNT,
            reasoning=Column.REASONING,
        )
        files = _split(row.cells.get(Column.EVIDENCE, ""))
        return line | ({"evidence": [keys[file] for file in files]} if files else {})

    def _given(self, rows: Sequence[Row], **columns: Column) -> Values:
        """The values that the first of these rows to say anything gives; a row that says otherwise is an error."""
        values: Values = {}
        for key, column in columns.items():
            said = self._said(rows, column)
            if said:
                values[key] = _value(column, said)
        return values

    def _list(self, rows: Sequence[Row], column: Column) -> list[str]:
        return _split(self._said(rows, column))

    def _said(self, rows: Sequence[Row], column: Column) -> str:
        telling = [row for row in rows if row.cells.get(column)]
        if not telling:
            return ""
        first = telling[0].cells[column]
        for row in telling[1:]:
            if row.cells[column] != first:
                reason = _("Row %(row)d says “%(value)s”.") % {"row": telling[0].number, "value": first}
                self.errors.append(RowError(row.number, column.value, row.cells[column], reason))
        return first


def read_table(source: Source) -> Table:
    """Read a table of cases; refuses (`UnreadableRoster`) one that cannot be read as a whole.

    That is: another format or encoding, a column that case tables do not have, one that stands twice, a required
    column that is missing, more than 50,000 rows.
    """
    rows = read_rows(source)
    _number, headings = next(rows, (1, []))
    columns = _columns(headings)
    found: list[Row] = []
    for number, cells in rows:
        by_column = {column: cells[place] for place, column in columns.items() if place < len(cells) and cells[place]}
        by_column.pop(Column.REJECT_REASON, None)
        if by_column:
            found.append(Row(number, {Column.CASE_NUMBER: "", **by_column}))
        if len(found) > ROWS_MAX:
            raise UnreadableRoster(_("The table has more than %(most)d rows.") % {"most": ROWS_MAX})
    kept = [heading for heading in headings if heading and column_for(heading) is not Column.REJECT_REASON]
    return Table(tuple(kept), {column: headings[place] for place, column in columns.items()}, tuple(found))


def _columns(headings: Sequence[str]) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    unknown = []
    for place, heading in enumerate(headings):
        column = column_for(heading)
        if column is None and heading:
            unknown.append(heading)
        elif column in columns.values():
            first = next(headings[other] for other, known in columns.items() if known is column)
            raise UnreadableRoster(
                _("The columns “%(first)s” and “%(second)s” mean the same.") % {"first": first, "second": heading},
                next_step=_("Keep one of them."),
            )
        elif column is not None:
            columns[place] = column
    if unknown:
        raise UnreadableRoster(
            _("Case tables have no columns %(columns)s.") % {"columns": ", ".join(unknown)},
            next_step=_("Leave them out, or give them the headings of docs/workflow.md."),
        )
    missing = [column.value for column in REQUIRED if column not in columns.values()]
    if missing:
        raise UnreadableRoster(
            _("Columns are missing: %(columns)s.") % {"columns": ", ".join(missing)},
            next_step=_("The first row holds the headings; add these."),
        )
    return columns


def _value(column: Column, said: str) -> object:
    """What a cell means to the reader of documents; what it cannot mean is left for the reader to refuse."""
    if column in DAYS:
        day, fault = read_day(said)
        return said if fault else day
    if column in WHOLES:
        return _whole(said)
    return WORDS.get(column, {}).get(said, said)


def _whole(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() else text


def _split(text: str) -> list[str]:
    return list(dict.fromkeys(item.strip() for item in SEPARATORS.split(text) if item.strip()))


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or file


def _person_key(row: Row) -> tuple[str, ...]:
    """Who a row is about: the code; without one the name, the category and, for namesakes, a number."""
    code = row.cells.get(Column.PERSON_CODE, "")
    named = (Column.PERSON_NAME, Column.PERSON_CATEGORY, Column.PERSON_NUMBER)
    return (code,) if code else tuple(row.cells.get(column, "") for column in named)
