"""What the demonstration came to: rows for machines, a table for people."""

import unicodedata
from dataclasses import asdict, dataclass
from datetime import date

from cases.models import Attribution
from config.demo.story import CHAPTERS
from institutions.masking import mask_name
from institutions.models import Notice
from institutions.selectors.practitioners import primary_code
from scoring.selectors.status import points_on, status_on

MAIN_CASE = CHAPTERS[-1].number
TWO_SITES = "D150422000007"
SECOND_SITE = "H15042200002"


@dataclass(frozen=True)
class Row:
    """One scored person on the last day; ``until`` is the last day of the measure."""

    code: str
    name: str
    points: int
    status: str
    until: str | None
    path: str


@dataclass(frozen=True)
class Received:
    """One notice in a hospital's inbox."""

    number: str
    kind: str
    subject: str
    effect: str
    effect_from: str | None
    effect_until: str | None


def rows_of(on: date, *, main_case: bool) -> list[Row]:
    """The scored persons of the Chifeng case, or of the other cases, in the order of their codes."""
    found = Attribution.objects.filter(entry__isnull=False).select_related("practitioner")
    found = found.filter(case__number=MAIN_CASE) if main_case else found.exclude(case__number=MAIN_CASE)
    rows = []
    for person in (a.practitioner for a in found):
        status = status_on(person, on)
        until = status.until.isoformat() if status.until else None
        name, path = mask_name(person.name), f"/s/{person.slug}"
        rows.append(Row(primary_code(person), name, points_on(person, on), str(status.status), until, path))
    return sorted(rows, key=lambda row: row.code)


def received_at_second_site() -> list[Received]:
    """What HR of the second site of the person with two sites found in the inbox."""
    notices = Notice.objects.filter(institution__code=SECOND_SITE, payload__practitioner_code=TWO_SITES)
    return [
        Received(
            notice.number,
            notice.kind,
            str(notice.payload.get("subject_name", "")),
            str(notice.payload.get("effect", "")),
            notice.payload.get("effect_from"),
            notice.payload.get("effect_until"),
        )
        for notice in notices.order_by("number")
    ]


def as_table(rows: list[Row]) -> list[str]:
    """The rows as aligned text; Chinese characters take two columns."""
    cells = [["name", "code", "points", "status", "until", "scorecard"]]
    cells += [[str(value) if value is not None else "–" for value in _in_order(row)] for row in rows]
    widths = [max(_width(line[i]) for line in cells) for i in range(len(cells[0]))]
    return [
        "  ".join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    ]


def _in_order(row: Row) -> list[object]:
    values = asdict(row)
    return [values[key] for key in ("name", "code", "points", "status", "until", "path")]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
