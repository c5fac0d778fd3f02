"""How the same clause, degree and band of amount was scored elsewhere: read from the cells added up at night (M5)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, Q, Sum
from django.db.models.functions import Left

from cases.models import Attribution, AttributionLine, CaseFile, ConcernKind, ScoredCell
from cases.policy.concern_rules import ConsistencyRule
from cases.policy.consistency import OutOfLine, Scope, Spread, band_of, out_of_line, spread_of, without
from cases.question_texts import ABOVE, BELOW
from cases.selectors.concern_shape import Concern, concern, concern_rule
from institutions.json_types import JsonObject
from scoring.enums import EntryKind
from scoring.models import PointsEntry

Cell = tuple[str, str, int]  # clause, degree, band of the amount
Counts = dict[tuple[Scope, Cell], dict[int, int]]
PROVINCE = 2  # digits of a GB/T 2260 code


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line beside what others gave; a spread is None where too few decisions stand behind it."""

    line: AttributionLine
    band: int
    region: Spread | None
    country: Spread | None
    found: OutOfLine | None


def comparisons(lines: Sequence[AttributionLine], case: CaseFile, *, on: date) -> list[Comparison]:
    """Compare lines of a case (with their findings at hand) with decisions elsewhere that are in effect."""
    rule = concern_rule(on).consistency
    cells = {line: _cell(line, rule) for line in lines}
    if not cells:
        return []
    counts = _counts(set(cells.values()), case, rule)
    compared = []
    for line, cell in cells.items():
        spreads = {scope: spread_of(counts.get((scope, cell), {}), rule.cell_min) for scope in Scope}
        found = out_of_line(line.points, spreads, rule)
        compared.append(Comparison(line, cell[2], spreads[Scope.REGION], spreads[Scope.COUNTRY], found))
    return compared


def consistency_concerns(
    case: CaseFile, lines: Mapping[Attribution, Sequence[AttributionLine]], *, on: date
) -> list[Concern]:
    """Return a question for every line that is out of line with other decisions."""
    rule = concern_rule(on)
    every = [line for of_one in lines.values() for line in of_one]
    by_id = {attribution.pk: attribution for attribution in lines}
    return [
        _asked(by_id[row.line.attribution_id], row, row.found, rule.consistency, is_assumption=rule.assumption)
        for row in comparisons(every, case, on=on)
        if row.found is not None
    ]


def counted_at() -> datetime | None:
    """Return when the cells were added up, or None where they never were."""
    newest: datetime | None = ScoredCell.objects.aggregate(at=Max("counted_at"))["at"]
    return newest


def _asked(
    attribution: Attribution, row: Comparison, found: OutOfLine, rule: ConsistencyRule, *, is_assumption: bool
) -> Concern:
    line, spread = row.line, found.spread
    facts: JsonObject = {
        "finding": line.finding.title,
        "clause": line.clause,
        "degree": line.degree,
        "points": line.points,
        "band": row.band,
        "bands": list(rule.amount_bands),
        "scope": found.scope.value,
        "decisions": spread.decisions,
        "quarter": plain(spread.quarter),
        "median": plain(spread.median),
        "three_quarters": plain(spread.three_quarters),
    }
    return concern(
        ConcernKind.CONSISTENCY,
        ABOVE if found.is_above else BELOW,
        case=attribution.case,
        attribution=attribution,
        persons=[attribution.practitioner],
        facts=facts,
        weighing=("clause", "degree", "points", "band", "scope", "quarter", "median", "three_quarters"),
        about=line.finding.key + ":" + line.clause,
        is_assumption=is_assumption,
    )


def plain(value: Decimal) -> str:
    """Return a number of points without needless zeros."""
    return f"{value.normalize():f}"


def _cell(line: AttributionLine, rule: ConsistencyRule) -> Cell:
    amount = line.amount if line.amount is not None else line.finding.amount
    return line.clause, line.degree, band_of(amount, rule.amount_bands)


def _counts(cells: Collection[Cell], case: CaseFile, rule: ConsistencyRule) -> Counts:
    """Add up the cells of the province and of the country, less what this very case put into them."""
    wanted = Q(pk__in=[])
    for clause, degree, band in cells:
        wanted |= Q(clause=clause, degree=degree, band=band)
    rows = (
        ScoredCell.objects.filter(wanted)
        .annotate(province=Left("region_prefix", PROVINCE))
        .values_list("province", "clause", "degree", "band", "points")
        .annotate(total=Sum("decisions"))
    )
    home, counts = case.region_id[:PROVINCE], defaultdict[tuple[Scope, Cell], dict[int, int]](dict)
    for province, clause, degree, band, points, total in rows:
        cell = (clause, degree, band)
        _add(counts[Scope.COUNTRY, cell], points, total)
        if province == home:
            _add(counts[Scope.REGION, cell], points, total)
    own = _own(case, rule)
    return {(scope, cell): without(given, own.get(cell, {})) for (scope, cell), given in counts.items()}


def _own(case: CaseFile, rule: ConsistencyRule) -> dict[Cell, dict[int, int]]:
    """What this case's decisions in effect put into the cells when these were added up."""
    at = counted_at()
    entries = PointsEntry.objects.filter(
        kind=EntryKind.AWARD, reversal__isnull=True, practitioner__attributions__case=case, case_reference=case.number
    )
    given: dict[Cell, dict[int, int]] = defaultdict(dict)
    for lines in entries.filter(recorded_at__lte=at).distinct().values_list("lines", flat=True) if at else ():
        for cell, points in cells_of(lines, rule.amount_bands):
            _add(given[cell], points, 1)
    return given


def cells_of(lines: Iterable[JsonObject], bands: Sequence[int]) -> set[tuple[Cell, int]]:
    """Return the cells that one decision counts in, with the points, each once; lines that added nothing do not."""
    found = set()
    for line in lines:
        if not line.get("dropped"):
            amount = None if line["amount"] is None else Decimal(str(line["amount"]))
            cell = (str(line["clause"]), str(line["degree"]), band_of(amount, bands))
            found.add((cell, int(str(line["points"]))))
    return found


def _add(counts: dict[int, int], points: int, decisions: int) -> None:
    counts[points] = counts.get(points, 0) + decisions
