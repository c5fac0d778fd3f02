"""Tables of leads, CSV or XLSX: hits of detectors, and traceability codes that were settled more than once. Pure.

Columns go by our names or their Chinese ones. Whatever else a detector sends is kept as its own fields; a column that
names an insured person is refused with the whole file, since such names have no place here.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from django.utils.translation import gettext as _

from cases.models.choices import Source
from institutions.codes import normalise_code
from institutions.roster.reading import Source as File
from institutions.roster.reading import UnreadableRoster
from institutions.roster.report import RowError
from institutions.roster.tables import read_rows

ROWS_MAX = 100_000
PATIENTS = frozenset(
    "姓名 患者 患者姓名 参保人 参保人姓名 身份证 身份证号 patient patient_name psn_name psn_no certno".split()  # noqa: SIM905
)


class Column(StrEnum):
    """What a table of leads may say by name."""

    INSTITUTION = "institution_code"
    SOURCE = "source"
    MODEL = "model"
    VERSION = "model_version"
    SCORE = "score"
    KEY = "key"
    SUMMARY = "summary"
    TRACE_CODE = "trace_code"
    ORDER = "order_id"
    SETTLED_ON = "settled_on"


WORDS = {
    "机构代码": Column.INSTITUTION,
    "定点医药机构代码": Column.INSTITUTION,
    "fixmedins_code": Column.INSTITUTION,
    "来源": Column.SOURCE,
    "模型": Column.MODEL,
    "模型版本": Column.VERSION,
    "得分": Column.SCORE,
    "编号": Column.KEY,
    "线索编号": Column.KEY,
    "摘要": Column.SUMMARY,
    "线索内容": Column.SUMMARY,
    "追溯码": Column.TRACE_CODE,
    "药品追溯码": Column.TRACE_CODE,
    "结算单号": Column.ORDER,
    "结算日期": Column.SETTLED_ON,
}
HITS = (Column.INSTITUTION, Column.SOURCE, Column.KEY, Column.SUMMARY)
DUPLICATES = (Column.INSTITUTION, Column.TRACE_CODE, Column.SETTLED_ON)


@dataclass(frozen=True, slots=True)
class Hit:
    """One hit of a detector as written; `row` as spreadsheets count."""

    row: int
    institution_code: str
    source: str
    model: str
    version: str
    score: Decimal | None
    key: str
    summary: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settled:
    """One settlement of a traced package. Code and order are kept as hashes only."""

    row: int
    institution_code: str
    trace: str
    order: str
    on: str


def read_hits(file: File) -> tuple[list[Hit], list[RowError]]:
    """Return the hits that can be read and the errors of the other rows; refuses a file whose headings are wrong."""
    hits: list[Hit] = []
    errors: list[RowError] = []
    for row, cells, others in _rows(file, HITS):
        found = list(_hit_errors(row, cells))
        if found:
            errors += found
            continue
        score = cells.get(Column.SCORE, "")
        hits.append(
            Hit(
                row=row,
                institution_code=normalise_code(cells[Column.INSTITUTION]),
                source=_source(cells[Column.SOURCE]),
                model=cells.get(Column.MODEL, "")[:100],
                version=cells.get(Column.VERSION, "")[:40],
                score=Decimal(score) if score else None,
                key=cells[Column.KEY],
                summary=cells[Column.SUMMARY],
                details=others,
            )
        )
    return hits, errors


def read_settled(file: File) -> tuple[list[Settled], list[RowError]]:
    """Return the settlements of a list of traced codes, and the errors of rows that lack something."""
    settled: list[Settled] = []
    errors: list[RowError] = []
    for row, cells, _others in _rows(file, DUPLICATES):
        missing = [column for column in DUPLICATES if not cells.get(column)]
        if missing:
            errors += [RowError(row, column.value, "", _("This has to be given.")) for column in missing]
            continue
        settled.append(
            Settled(
                row=row,
                institution_code=normalise_code(cells[Column.INSTITUTION]),
                trace=_hashed(cells[Column.TRACE_CODE]),
                order=_hashed(cells[Column.ORDER]) if cells.get(Column.ORDER) else "",
                on=cells[Column.SETTLED_ON],
            )
        )
    return settled, errors


def _rows(file: File, required: tuple[Column, ...]) -> Iterator[tuple[int, dict[Column, str], dict[str, str]]]:
    """Yield the rows as cells by column and the detector's own fields; blank rows are passed over."""
    rows = read_rows(file)
    _number, headings = next(rows, (0, []))
    _ensure_headings(headings, required)
    known = [_column(heading) for heading in headings]
    for number, cells in rows:
        if number > ROWS_MAX + 1:
            raise UnreadableRoster(_("The file has more than %(max)d rows.") % {"max": ROWS_MAX})
        if not any(cells):
            continue
        placed = list(zip(headings, known, cells, strict=False))
        named = {column: cell for _heading, column, cell in placed if column is not None}
        yield number, named, {heading: cell for heading, column, cell in placed if column is None and cell}


def _ensure_headings(headings: list[str], required: tuple[Column, ...]) -> None:
    patients = [heading for heading in headings if heading.strip().lower() in PATIENTS]
    if patients:
        raise UnreadableRoster(
            _("The column %(column)s names insured persons, which are not kept here.") % {"column": patients[0]},
            next_step=_("Leave it out of the file; an order number is enough."),
        )
    found = {_column(heading) for heading in headings}
    missing = [column.value for column in required if column not in found]
    if missing:
        raise UnreadableRoster(
            _("The file lacks the columns %(columns)s.") % {"columns": ", ".join(missing)},
            next_step=_("The first row names the columns."),
        )


def _column(heading: str) -> Column | None:
    text = heading.strip().lower()
    return Column(text) if text in set(Column) else WORDS.get(heading.strip())


def _hit_errors(row: int, cells: Mapping[Column, str]) -> Iterator[RowError]:
    for column in HITS:
        if not cells.get(column):
            yield RowError(row, column.value, "", _("This has to be given."))
    source = cells.get(Column.SOURCE, "")
    if source and not _source(source):
        yield RowError(row, Column.SOURCE.value, source, _("This is no known source."))
    if len(cells.get(Column.KEY, "")) > 128:
        yield RowError(row, Column.KEY.value, cells[Column.KEY], _("At most %(max)d characters.") % {"max": 128})
    score = cells.get(Column.SCORE, "")
    if score and not _is_score(score):
        yield RowError(row, Column.SCORE.value, score, _("Give a number below 100,000."))


def _source(text: str) -> str:
    """Return the wire value of a source given by it or by its name in the reader's language; "" for none."""
    names = {str(label): value for value, label in Source.choices} | {value: value for value in Source.values}
    return names.get(text, "")


def _is_score(text: str) -> bool:
    try:
        return abs(Decimal(text)) < 100_000
    except InvalidOperation:
        return False


def _hashed(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:32]
