"""The transparency report of a year, counted from the ledger and the cases each time anew: no number is kept.

Nobody is named or ranked. A cell that stands for fewer than `SMALLEST_CELL` people is not told, nor one from which it
could be subtracted. The
statements of reasons (`reasons`) say of each line of each award in effect what, how grave and how many points, by
quarter and prefecture; the place is left out where fewer than that many lines of a quarter and category lie in it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractMonth

from cases.models import CaseFile, RepairApplication
from cases.models.choices import Degree, Source
from cases.selectors import appeal_statistics
from cases.selectors.leads import Conversion, conversions
from cases.states.repair import State as RepairState
from institutions.models import Region
from institutions.models.institution import InstitutionKind
from institutions.models.practitioner import Category
from institutions.permissions import within
from scoring.enums import EntryKind
from scoring.models import Measure, PointsEntry
from scoring.policy.rulebook_parts import MeasureKind
from scoring.selectors.statistics import SMALLEST_CELL

AMOUNTS = (Decimal(1_000), Decimal(10_000), Decimal(100_000), Decimal(1_000_000))  # yuan
REASON_COLUMNS = (
    "quarter", "region", "institution_kind", "category", "clause", "degree", "points", "amount", "basis", "rulebook",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a table with its bar: `people` is None where they could be recognised."""

    label: str
    people: int | None
    points: int | None
    share: int  # of the largest, percent


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the report; `key` names its file."""

    key: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class YearlyReport:
    """The report of one calendar year (Shanghai dates), as known at its making."""

    year: int
    regions: tuple[str, ...]
    cases: int
    decisions: int
    people: int
    points: int
    suspensions: int
    terminations: int
    repairs: int
    cases_by_month: tuple[int, ...]
    cases_by_source: tuple[tuple[str, int], ...]
    tables: tuple[Table, ...]
    appeals: appeal_statistics.Row
    leads: tuple[Conversion, ...]


def yearly_report(year: int, prefixes: Sequence[str]) -> YearlyReport:
    """Return the report of a year for the regions whose codes begin with one of the prefixes; [""] is the country."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    cases = CaseFile.objects.filter(within(prefixes), basis__decided_on__range=(first, last))
    awards = _awards(year, prefixes)
    begun = Measure.objects.filter(
        within(prefixes, "entry__institution__region"),
        recorded__endswith__isnull=True,
        valid__startswith__range=(first, last),
    )
    kinds = dict(begun.order_by().values_list("kind").annotate(Count("practitioner", distinct=True)))
    repaired = RepairApplication.objects.filter(
        within(prefixes, "institution__region"), state=RepairState.APPROVED.value, credited_on__range=(first, last)
    )
    months = dict(cases.order_by().values_list(ExtractMonth("basis__decided_on")).annotate(Count("pk")))
    sources = dict(cases.order_by().values_list("source").annotate(Count("pk")))
    return YearlyReport(
        year=year,
        regions=_names(prefixes),
        cases=cases.count(),
        decisions=awards.count(),
        people=awards.order_by().values("practitioner").distinct().count(),
        points=sum(awards.order_by().values_list("points", flat=True)),
        suspensions=kinds.get(MeasureKind.SUSPEND.value, 0),
        terminations=kinds.get(MeasureKind.TERMINATE.value, 0),
        repairs=repaired.count(),
        cases_by_month=tuple(months.get(month, 0) for month in range(1, 13)),
        cases_by_source=tuple((str(Source(key).label), sources[key]) for key in Source.values if key in sources),
        tables=_tables(awards),
        appeals=appeal_statistics.statistics_within(prefixes, from_on=first, until_on=last).total,
        leads=tuple(conversions(prefixes, year=year)),
    )


def reasons(year: int, prefixes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the statements of reasons of a year, one for each line of each award in effect, in no telling order.

    The columns are `REASON_COLUMNS`; amounts are bands in yuan. No name, no code, no day and no text of a case.
    """
    rows = [row for entry in _detailed(year, prefixes) for row in _lines_of(entry)]
    crowd = Counter((row[0], row[1], row[3]) for row in rows)
    for row in sorted(rows):
        is_told = crowd[(row[0], row[1], row[3])] >= SMALLEST_CELL
        yield row if is_told else (row[0], "", *row[2:])


def _awards(year: int, prefixes: Sequence[str]) -> QuerySet[PointsEntry]:
    """The awards of a year that stand: not reversed; of a varied one the row that replaced it."""
    stand = Q(kind=EntryKind.AWARD.value, effective_on__year=year, reversal__isnull=True)
    return PointsEntry.objects.filter(stand, within(prefixes, "institution__region"))


def _detailed(year: int, prefixes: Sequence[str]) -> Iterator[PointsEntry]:
    rows = _awards(year, prefixes).select_related("practitioner", "institution", "rulebook").order_by("pk")
    yield from rows.iterator(chunk_size=2000)


def _tables(awards: QuerySet[PointsEntry]) -> tuple[Table, ...]:
    """Count people and points by clause, degree, category, kind of institution and province, in one reading."""
    people: dict[str, dict[str, set]] = {key: {} for key in ("clause", "degree", "category", "kind", "region")}
    points: dict[str, Counter[str]] = {key: Counter() for key in people}

    def count(key: str, label: str, person: object, amount: int) -> None:
        people[key].setdefault(label, set()).add(person)
        points[key][label] += amount

    for entry in awards.select_related("practitioner", "institution").order_by().iterator(chunk_size=2000):
        person = entry.practitioner_id
        assert entry.institution is not None  # check constraint entry_award
        count("category", entry.practitioner.category, person, entry.points)
        count("kind", entry.institution.kind, person, entry.points)
        count("region", entry.institution.region_id[:2], person, entry.points)
        for line in entry.lines:
            if not line.get("dropped"):
                count("clause", str(line["clause"]), person, int(line["points"]))
                count("degree", str(line["degree"]), person, int(line["points"]))
    return tuple(Table(key, _bars(key, people[key], points[key])) for key in people)


def _bars(key: str, people: dict[str, set], points: Counter[str]) -> tuple[Bar, ...]:
    names, hidden = _labels(key, people), _hidden({label: len(who) for label, who in people.items()})
    largest = max((len(who) for who in people.values()), default=1)
    return tuple(
        Bar(names.get(label, label), None, None, 0)
        if label in hidden
        else Bar(
            label=names.get(label, label),
            people=len(people[label]),
            points=points[label],
            share=round(100 * len(people[label]) / largest),
        )
        for label in sorted(people)
    )


def _hidden(counts: dict[str, int]) -> set[str]:
    """The cells that are not told: the small ones, and where that is one alone the next, or it could be subtracted."""
    hidden = {label for label, count in counts.items() if count < SMALLEST_CELL}
    told = sorted((count, label) for label, count in counts.items() if label not in hidden)
    return hidden | {told[0][1]} if len(hidden) == 1 and told else hidden


def _labels(key: str, found: dict[str, set]) -> dict[str, str]:
    if key == "region":
        codes = {label.ljust(6, "0"): label for label in found}
        rows = Region.objects.filter(pk__in=codes).values_list("pk", "name")
        return {codes[code]: name for code, name in rows}
    choices = {"degree": Degree, "category": Category, "kind": InstitutionKind}.get(key)
    return {value: str(label) for value, label in choices.choices} if choices is not None else {}


def _lines_of(entry: PointsEntry) -> Iterator[tuple[str, ...]]:
    assert entry.institution is not None  # check constraint entry_award
    quarter = f"{entry.effective_on.year}Q{(entry.effective_on.month + 2) // 3}"
    place = entry.institution.region_id[:4].ljust(6, "0")
    who = (quarter, place, entry.institution.kind, entry.practitioner.category)
    rules = f"{entry.rulebook.rulebook}@{entry.rulebook.version}"
    for line in entry.lines:
        if not line.get("dropped"):
            told = (str(line["clause"]), str(line["degree"]), str(line["points"]), _band(line.get("amount")))
            yield (*who, *told, str(line.get("basis") or ""), rules)


def _band(amount: object) -> str:
    """The band that an amount in yuan lies in: "" where none is known."""
    if amount in (None, ""):
        return ""
    value, floor = Decimal(str(amount)), Decimal(0)
    for bound in AMOUNTS:
        if value < bound:
            return f"{floor}-{bound}"
        floor = bound
    return f"{floor}+"


def _names(prefixes: Sequence[str]) -> tuple[str, ...]:
    codes = [prefix.ljust(6, "0") for prefix in prefixes if prefix]
    return tuple(Region.objects.filter(pk__in=codes).order_by("pk").values_list("name", flat=True))
