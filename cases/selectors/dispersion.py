"""How evenly a clause is scored across the country: spreads by province, degree and band of amount (M5).

Never about a person, never in the order of the numbers; what fewer than `cell_min` decisions stand behind is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum
from django.db.models.functions import Left

from cases.models import Degree, ScoredCell
from cases.policy.consistency import Spread, spread_of
from cases.selectors.concern_shape import concern_rule
from cases.selectors.consistency import PROVINCE, counted_at
from institutions.models import Region

COUNTRY = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One province, or the whole country (code ""), with the spread of each degree; None where too few decisions."""

    code: str
    name: str
    spreads: Mapping[str, Spread | None]


@dataclass(frozen=True, slots=True)
class Dispersion:
    """One clause in one band of amounts ("" = all): the whole country first, then the provinces by their codes."""

    clause: str
    places: tuple[Place, ...]
    counted_at: datetime | None
    cell_min: int
    bands: tuple[int, ...]


def clauses_counted() -> list[str]:
    """Return the clauses under which anything was counted."""
    return list(ScoredCell.objects.order_by("clause").values_list("clause", flat=True).distinct())


def dispersion(clause: str, *, on: date, band: int | None = None) -> Dispersion:
    """Return how a clause was scored, in one band of amounts or in all together. Two queries."""
    rule = concern_rule(on).consistency
    rows = ScoredCell.objects.filter(clause=clause, **({} if band is None else {"band": band}))
    counted = (
        rows.annotate(province=Left("region_prefix", PROVINCE))
        .values_list("province", "degree", "points")
        .annotate(total=Sum("decisions"))
    )
    counts: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for province, degree, points, total in counted.order_by():
        for place in (COUNTRY, province):
            cell = counts[place, degree]
            cell[points] = cell.get(points, 0) + total
    codes = sorted({place for place, _degree in counts})
    names = _names(codes)
    places = (Place(code, names.get(code, code), _spreads(counts, code, rule.cell_min)) for code in codes)
    return Dispersion(clause, tuple(places), counted_at(), rule.cell_min, rule.amount_bands)


def _spreads(
    counts: Mapping[tuple[str, str], Mapping[int, int]], place: str, cell_min: int
) -> dict[str, Spread | None]:
    return {degree: spread_of(counts.get((place, degree), {}), cell_min) for degree in Degree.values}


def _names(codes: Iterable[str]) -> dict[str, str]:
    wanted = [f"{code}0000" for code in codes if code]
    return {code[:PROVINCE]: name for code, name in Region.objects.filter(pk__in=wanted).values_list("code", "name")}
