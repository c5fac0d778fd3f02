"""A generated population as a roster file, with rows that are wrong on purpose and a list of them.

Nothing else in the file depends on a wrong row: without them the same people would be imported.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from institutions.services.population import Person, Place, Spell

HEADINGS = (
    "fixmedins_code", "fixmedins_name", "fixmedins_type", "admdvs", "prac_psn_code", "prac_psn_name", "category",
    "dept_name", "position", "specialty", "certno", "begndate", "enddate", "commitment_on",
)  # fmt: skip
COLUMNS = {heading: place for place, heading in enumerate(HEADINGS)}
LATE = "2026-06-01"
LEAVES_AFTER = date(2025, 3, 31)

Row = list[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A way of being wrong: the column that the report names, and how to spoil a good row."""

    kind: str
    column: str
    spoil: Callable[[Row, int], Row]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: all rows, and how many of them are wrong."""

    rows: int
    bad: int


def _with(**cells: str) -> Callable[[Row, int], Row]:
    def spoil(row: Row, number: int) -> Row:
        changed = list(row)
        for heading, value in cells.items():
            changed[COLUMNS[heading]] = value.format(number=number)
        return changed

    return spoil


# A row that contradicts another begins later than any good row, so that it is the one refused.
_STRANGER = {"prac_psn_code": "BAD{number:08d}"}
FAULTS: tuple[Fault, ...] = (
    Fault("date", "begndate", _with(**_STRANGER, begndate="2025-02-30")),
    Fault("date_words", "commitment_on", _with(**_STRANGER, commitment_on="去年")),
    Fault("end_before_start", "enddate", _with(**_STRANGER, enddate="1999-12-31")),
    Fault("category", "category", _with(**_STRANGER, category="大夫")),
    Fault("no_name", "prac_psn_name", _with(**_STRANGER, prac_psn_name="")),
    Fault("long_name", "prac_psn_name", _with(**_STRANGER, prac_psn_name="长" * 101)),
    Fault("no_code", "prac_psn_code", _with(prac_psn_code="", certno="")),
    Fault("no_institution", "fixmedins_code", _with(**_STRANGER, fixmedins_code="")),
    Fault("kind", "fixmedins_type", _with(**_STRANGER, fixmedins_type="殿堂")),
    Fault("region", "admdvs", _with(**_STRANGER, fixmedins_code="H999999{number:05d}", admdvs="999999")),
    Fault(
        "unknown_institution", "fixmedins_name", _with(**_STRANGER, fixmedins_code="X{number:08d}", fixmedins_name="")
    ),
    Fault(
        "institution_contradicted", "fixmedins_name", _with(**_STRANGER, fixmedins_name="别名{number}", begndate=LATE)
    ),
    Fault("person_contradicted", "prac_psn_name", _with(prac_psn_name="另一人", begndate=LATE)),
    Fault("category_contradicted", "category", _with(category="药店主要负责人", begndate=LATE)),
    Fault("same_spell", "begndate", _with(dept_name="重复")),
    Fault("overlap", "begndate", _with(begndate=LATE)),
)


def write_roster(
    people: Iterable[Person],
    places: list[Place],
    target: Path,
    *,
    seed: int,
    bad_share: float = 0.0,
    truth: Path | None = None,
) -> Written:
    """Write a roster as CSV in UTF-8; about `bad_share` of its rows are wrong, each kind in turn.

    `truth` gets one line a wrong row: row (as spreadsheets count), column, kind of fault.
    """
    random = Random(seed + 1)  # noqa: S311  has to be the same for the same seed
    written = bad = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADINGS)
        lines = []
        for person in people:
            for spell in person.spells:
                row = _row(person, spell, places[spell.place])
                writer.writerow(row)
                written += 1
            if random.random() < bad_share * len(person.spells) and _may_be_spoilt(spell):
                fault = FAULTS[bad % len(FAULTS)]
                writer.writerow(fault.spoil(row, bad))
                written, bad = written + 1, bad + 1
                lines.append((written + 1, fault.column, fault.kind))
    if truth is not None:
        with truth.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([("row", "column", "kind"), *lines])
    return Written(written, bad)


def _row(person: Person, spell: Spell, place: Place) -> Row:
    return [
        place.code,
        place.name,
        place.kind,
        place.region,
        person.code,
        person.name,
        person.category,
        spell.department,
        spell.position,
        "",
        "",
        spell.starts_on.isoformat(),
        spell.ends_on.isoformat() if spell.ends_on else "",
        spell.commitment_on.isoformat() if spell.commitment_on else "",
    ]


def _may_be_spoilt(spell: Spell) -> bool:
    """A spell that still runs overlaps any later one, and one with a last day could end before it begins."""
    return spell.ends_on is None


def changed(people: Iterable[Person], *, seed: int, share: float) -> Iterator[Person]:
    """Yield the same people a month later: about `share` of them with another position, department or last day."""
    random = Random(seed + 2)  # noqa: S311  has to be the same for the same seed
    for person in people:
        if random.random() >= share:
            yield person
            continue
        last = person.spells[-1]
        if random.random() < 0.5 or last.ends_on is not None:
            last = replace(last, position="调任" + last.position, department="新" + last.department)
        else:
            last = replace(last, ends_on=max(last.starts_on, LEAVES_AFTER) + timedelta(days=1))
        yield replace(person, spells=(*person.spells[:-1], last))
