"""How the same clause, degree and band of amount was scored elsewhere, and whether a line is out of line (M5). Pure.

The points given are kept as counts (points → decisions): of few values, however many decisions there are. What fewer
than `cell_min` decisions stand behind is neither shown nor compared with.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cases.policy.concern_rules import ConsistencyRule

NO_AMOUNT = -1  # the band of lines of which no amount is known


class Scope(StrEnum):
    """Where the decisions that a line is compared with were made."""

    REGION = "region"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of what was given: quartiles and median, over n decisions."""

    decisions: int
    quarter: Decimal
    median: Decimal
    three_quarters: Decimal


@dataclass(frozen=True, slots=True)
class OutOfLine:
    """A line that lies outside what others gave, and with whom it was compared."""

    scope: Scope
    spread: Spread
    is_above: bool


def band_of(amount: Decimal | None, bounds: Sequence[int]) -> int:
    """Return the number of the band an amount lies in, from 0; a bound belongs to the band it begins."""
    return NO_AMOUNT if amount is None else bisect_right(bounds, amount)


def spread_of(counts: Mapping[int, int], cell_min: int) -> Spread | None:
    """Return the spread of the points given (points → decisions), or None where too few decisions stand behind it."""
    decisions = sum(counts.values())
    if decisions < cell_min:
        return None
    quarters = [_quantile(counts, decisions, quarter) for quarter in (1, 2, 3)]
    return Spread(decisions, *quarters)


def out_of_line(points: int, spreads: Mapping[Scope, Spread | None], rule: ConsistencyRule) -> OutOfLine | None:
    """Say whether points lie outside the fences of what others gave, in the region first, then in the country."""
    for scope in Scope:
        spread = spreads.get(scope)
        if spread is None:
            continue
        width = spread.three_quarters - spread.quarter
        reach = max(Decimal(rule.distance_min), width * rule.fence_percent / 100)
        if points >= spread.three_quarters + reach and points > spread.three_quarters:
            return OutOfLine(scope, spread, is_above=True)
        if points <= spread.quarter - reach and points < spread.quarter:
            return OutOfLine(scope, spread, is_above=False)
    return None


def without(counts: Mapping[int, int], own: Mapping[int, int]) -> dict[int, int]:
    """Return counts less those of one's own case; what is newer than the counts takes nothing away."""
    return {points: left for points, count in counts.items() if (left := count - own.get(points, 0)) > 0}


def _quantile(counts: Mapping[int, int], decisions: int, quarter: int) -> Decimal:
    """Interpolate between neighbours, as statistics.quantiles(…, n=4, method="inclusive") does."""
    whole, rest = divmod((decisions - 1) * quarter, 4)
    low, high = _at(counts, whole), _at(counts, whole + 1 if rest else whole)
    return low + Decimal(high - low) * rest / 4


def _at(counts: Mapping[int, int], position: int) -> int:
    """Return the points of the decision at a position, from 0, when all stand in order."""
    passed = 0
    for points in sorted(counts):
        passed += counts[points]
        if position < passed:
            return points
    raise ValueError("the position lies past the last decision")
