"""M5: quartiles over counts, and when a line is out of line."""

import statistics
from decimal import Decimal

import pytest

from cases.policy.concern_rules import ConsistencyRule
from cases.policy.consistency import NO_AMOUNT, Scope, band_of, out_of_line, spread_of, without

RULE = ConsistencyRule(amount_bands=(10_000, 100_000), cell_min=5, fence_percent=150, distance_min=1)


@pytest.mark.parametrize(
    ("amount", "band"),
    [(None, NO_AMOUNT), ("0", 0), ("9999.99", 0), ("10000", 1), ("99999.99", 1), ("100000", 2), ("5000000", 2)],
)
def test_a_bound_belongs_to_the_band_it_begins(amount, band):
    assert band_of(None if amount is None else Decimal(amount), RULE.amount_bands) == band


@pytest.mark.parametrize(
    "given", [[4] * 5, [4, 5, 5, 6, 6, 6], [1, 2, 3, 4, 5, 6, 7], [10, 10, 11, 12, 12], list(range(1, 13)) * 7]
)
def test_quartiles_are_those_of_the_standard_library(given):
    counts = {points: given.count(points) for points in set(given)}
    spread = spread_of(counts, 5)
    assert spread is not None
    expected = statistics.quantiles(given, n=4, method="inclusive")
    assert [float(x) for x in (spread.quarter, spread.median, spread.three_quarters)] == expected
    assert spread.decisions == len(given)


def test_a_small_cell_is_never_shown():
    assert spread_of({4: 4}, 5) is None
    assert spread_of({4: 5}, 5) is not None
    assert spread_of({}, 5) is None


@pytest.mark.parametrize(
    ("points", "region", "country", "expected"),
    [
        (5, {4: 3, 5: 10, 6: 3}, {}, None),
        (6, {5: 20}, {}, (Scope.REGION, True)),  # everybody gave five
        (4, {5: 20}, {}, (Scope.REGION, False)),
        (12, {10: 10, 11: 10}, {}, None),  # one and a half widths above eleven is more than twelve
        (7, {4: 10, 5: 10}, {}, (Scope.REGION, True)),
        (2, {4: 10, 5: 10}, {}, (Scope.REGION, False)),
        (9, {5: 4}, {5: 40}, (Scope.COUNTRY, True)),  # too few in the region: the country speaks
        (6, {6: 9}, {5: 40}, (Scope.COUNTRY, True)),  # in line at home, out of line in the country
        (9, {}, {}, None),
    ],
)
def test_what_is_out_of_line(points, region, country, expected):
    spreads = {Scope.REGION: spread_of(region, 5), Scope.COUNTRY: spread_of(country, 5)}
    found = out_of_line(points, spreads, RULE)
    assert (None if found is None else (found.scope, found.is_above)) == expected


def test_ones_own_case_is_not_compared_with_itself():
    assert without({4: 5, 6: 2}, {6: 2}) == {4: 5}
    assert without({4: 5}, {4: 1, 9: 3}) == {4: 4}
