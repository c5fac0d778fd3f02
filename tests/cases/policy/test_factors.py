"""F14: circumstances as coded inputs, and what each does to the range."""

from dataclasses import replace
from pathlib import Path

import pytest

from cases.policy.factors import Factor, FactorErrors, parse_factors, shifted
from cases.policy.suggestion import Rule, accepted_clauses, assess, is_before_cutoff, suggest
from cases.selectors.factors import factor_rules, load_factors
from scoring.policy.marked_yaml import FileProblems
from tests.cases.policy.test_suggestion import LINE, NATIONAL, NO_PRIOR, PROPOSED

RULES = factor_rules()
MITIGATING = {Factor.SELF_REPORT, Factor.ORDERED_BY_SUPERIOR}


def test_every_circumstance_ships_with_a_number_marked_as_an_assumption():
    assert set(RULES) == set(Factor)
    assert all(rule.is_assumption and rule.source for rule in RULES.values())
    assert {rule.factor for rule in RULES.values() if rule.is_mitigating} == MITIGATING


@pytest.mark.parametrize(
    ("factor", "points", "range_"),
    [
        (Factor.SELF_REPORT, 4, (4, 5)),
        (Factor.ORDERED_BY_SUPERIOR, 4, (4, 5)),
        (Factor.REFUSED_TO_COOPERATE, 6, (5, 6)),
        (Factor.REPEAT, 6, (5, 6)),
    ],
)
def test_each_circumstance_moves_the_suggestion_and_narrows_the_range(factor, points, range_):
    """B1, important responsibility: five points within the band 4–6."""
    found = suggest(NATIONAL, "B1", "important", {factor}, RULES)
    assert (found.points, found.base, (found.range_min, found.range_max)) == (points, 5, range_)
    (step,) = found.steps
    assert (step.factor, step.before, step.after) == (factor, 5, points)


def test_circumstances_of_both_sides_leave_the_whole_band():
    found = suggest(NATIONAL, "B1", "important", {Factor.SELF_REPORT, Factor.REPEAT}, RULES)
    assert (found.points, (found.range_min, found.range_max)) == (5, (4, 6))
    assert [step.factor for step in found.steps] == [Factor.SELF_REPORT, Factor.REPEAT]


def test_no_circumstance_leads_out_of_the_band():
    assert suggest(NATIONAL, "D1", "principal", {Factor.REPEAT}, RULES).points == 12
    assert suggest(NATIONAL, "D1", "general", MITIGATING, RULES).points == 10


def test_without_circumstances_the_band_is_the_range():
    found = suggest(NATIONAL, "B1", "general", (), RULES)
    assert (found.points, found.base, found.range_min, found.range_max, found.steps) == (4, 4, 4, 6, ())


def test_points_are_held_against_the_moved_suggestion():
    line = replace(LINE, degree="important", points=4, factors=frozenset({Factor.SELF_REPORT}))
    proposed = replace(PROPOSED, lines=(line,), factor_rules=RULES)
    assert assess(proposed, NATIONAL, NO_PRIOR).concerns == ()
    (concern,) = assess(replace(proposed, lines=(replace(line, points=5),)), NATIONAL, NO_PRIOR).concerns
    assert (concern.rule, concern.values["suggested"]) == (Rule.POINTS_NOT_AS_SUGGESTED, 4)


def test_a_circumstance_without_a_rule_does_nothing():
    assert shifted(5, {"self_report"}, {}, (4, 6)) == []


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"points": 0, "source": "x"}, "repeat.points"),
        ({"points": True, "source": "x"}, "repeat.points"),
        ({"points": 1, "source": " "}, "repeat.source"),
        ("one", "repeat"),
    ],
)
def test_a_list_that_is_not_whole_is_refused_with_its_place(row, place):
    good = {factor.value: {"points": 1, "source": "x"} for factor in Factor}
    with pytest.raises(FactorErrors) as refused:
        parse_factors(good | {"repeat": row, "bribed": {"points": 1, "source": "x"}})
    assert {error.path for error in refused.value.errors} == {place, "bribed"}


def test_a_file_is_refused_with_its_line(tmp_path: Path):
    path = tmp_path / "factors.yaml"
    path.write_text("self_report:\n  points: 0\n  source: x\n", encoding="utf-8")
    with pytest.raises(FileProblems) as refused:
        load_factors(path)
    assert f"{path}:2" in str(refused.value) or "2:" in str(refused.value)
    path.write_text("- self_report\n", encoding="utf-8")
    with pytest.raises(FileProblems, match="mapping"):
        load_factors(path)


def test_only_clauses_that_the_basis_carries_are_offered():
    penalty = {clause.code for clause in accepted_clauses(NATIONAL, "administrative_penalty", {40})}
    handling = {clause.code for clause in accepted_clauses(NATIONAL, "agreement_handling", set())}
    assert "D1" in penalty
    assert "D1" not in handling
    assert penalty != handling


def test_acts_wholly_before_the_scheme_are_told_apart():
    assert is_before_cutoff(NATIONAL, NATIONAL.conduct_cutoff.replace(year=2024))
    assert not is_before_cutoff(NATIONAL, NATIONAL.conduct_cutoff)
