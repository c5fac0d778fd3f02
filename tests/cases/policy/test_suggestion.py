"""What the rulebook says about a proposal, on the packs that ship."""

from dataclasses import replace
from datetime import date

import pytest

from cases.policy.suggestion import (
    Prior,
    Proposed,
    ProposedLine,
    Rule,
    Severity,
    assess,
    is_disadvantage,
    suggest,
    term_row,
)
from scoring.policy.rulebook_files import load_packs

PACKS = {book.label: book for book in load_packs()}
NATIONAL = PACKS["national@1"]
LIAONING = PACKS["liaoning@1"]

LINE = ProposedLine("over-charge", "B1", "general", 4, date(2025, 1, 1), date(2025, 2, 28))
PROPOSED = Proposed("nurse", "administrative_penalty", frozenset({38}), (LINE,))


NO_PRIOR = Prior()


def concerns(proposed=PROPOSED, prior=NO_PRIOR, rulebook=NATIONAL):
    return {concern.rule: concern for concern in assess(proposed, rulebook, prior).concerns}


def with_line(**changes):
    return replace(PROPOSED, lines=(replace(LINE, **changes),))


@pytest.mark.parametrize(
    ("clause", "degree", "points", "band"),
    [
        ("A1", "general", 1, (1, 3)),
        ("B1", "important", 5, (4, 6)),
        ("C1", "principal", 9, (7, 9)),
        ("D1", "principal", 12, (10, 12)),
    ],
)
def test_the_suggestion_is_clause_by_degree(clause, degree, points, band):
    """Regulation §4: general low, important middle, principal high in each band."""
    found = suggest(NATIONAL, clause, degree)
    assert (found.points, (found.points_min, found.points_max)) == (points, band)


def test_a_proposal_as_suggested_raises_no_concern():
    assert concerns() == {}


def test_seven_points_under_b1_need_a_countersignature():
    """Dong'an 2025: seven points for an Article 38 penalty with general responsibility."""
    found = concerns(with_line(points=7))
    assert list(found) == [Rule.POINTS_OUT_OF_BAND]
    assert found[Rule.POINTS_OUT_OF_BAND].severity is Severity.COUNTERSIGN
    assert found[Rule.POINTS_OUT_OF_BAND].values["points_max"] == 6


def test_other_points_within_the_band_are_a_warning_only():
    assert concerns(with_line(points=6))[Rule.POINTS_NOT_AS_SUGGESTED].severity is Severity.WARNING


def test_an_unknown_clause_is_refused():
    assert concerns(with_line(clause="Z9"))[Rule.CLAUSE_UNKNOWN].severity is Severity.REFUSAL


def test_a_clause_refuses_a_kind_of_basis_it_does_not_accept():
    found = concerns(replace(PROPOSED, basis_kind="agreement_handling"))
    assert found[Rule.BASIS_NOT_ACCEPTED].severity is Severity.REFUSAL


@pytest.mark.parametrize("articles", [frozenset(), frozenset({40})])
def test_a_clause_refuses_a_basis_that_cites_other_articles(articles):
    found = concerns(replace(PROPOSED, basis_articles=articles))
    assert found[Rule.ARTICLES_NOT_CITED].severity is Severity.REFUSAL


def test_a_clause_without_articles_asks_for_none():
    assert concerns(replace(with_line(clause="B3"), basis_articles=frozenset())) == {}


def test_a_category_out_of_scope_is_refused():
    """F17: which categories are in scope is a dated parameter."""
    found = concerns(replace(PROPOSED, category="accountant"))
    assert found[Rule.CATEGORY_OUT_OF_SCOPE].severity is Severity.REFUSAL


def test_c2_asks_for_a_prior_under_a_or_b():
    found = concerns(with_line(clause="C2", points=7))
    assert found[Rule.PRIOR_MISSING].severity is Severity.COUNTERSIGN


@pytest.mark.parametrize("prior", ["A1", "B3"])
def test_c2_is_content_with_a_prior_of_the_year(prior):
    assert concerns(with_line(clause="C2", points=7), Prior(total=2, clauses=frozenset({prior}))) == {}


def test_a_prior_under_c_is_not_what_c2_means():
    assert Rule.PRIOR_MISSING in concerns(with_line(clause="C2", points=7), Prior(clauses=frozenset({"C1"})))


def test_an_act_before_the_scheme_started_scores_nothing():
    """F09: an act of 2024-12-31 gives 0 points with the reason; one of 2025-01-01 scores."""
    found = concerns(with_line(from_on=date(2024, 12, 1), to_on=date(2024, 12, 31)))
    assert found[Rule.CONDUCT_CUTOFF].values["cutoff"] == "2025-01-01"
    assert found[Rule.NOTHING_TO_SCORE].severity is Severity.REFUSAL
    assert concerns(with_line(from_on=date(2025, 1, 1), to_on=date(2025, 1, 1))) == {}


def test_an_act_that_straddles_the_start_scores():
    """Chifeng 2025: January 2023 to March 2025."""
    assert concerns(with_line(from_on=date(2023, 1, 1), to_on=date(2025, 3, 31))) == {}


def test_one_act_under_two_clauses_counts_once_at_the_highest():
    two = replace(PROPOSED, lines=(LINE, replace(LINE, clause="B3", points=5, degree="important")))
    found = assess(two, NATIONAL, Prior())
    assert found.points == 5
    assert [concern.rule for concern in found.concerns] == [Rule.SAME_CONDUCT]


def test_different_acts_add():
    two = replace(PROPOSED, lines=(LINE, replace(LINE, conduct="split-admission")))
    assert assess(two, NATIONAL, Prior()).points == 8


def test_an_act_scored_in_a_linked_case_needs_an_override():
    found = concerns(prior=Prior(conducts_scored_elsewhere=frozenset({"over-charge"})))
    assert found[Rule.CONDUCT_SCORED_ELSEWHERE].severity is Severity.OVERRIDE


class TestTerm:
    """The officer chooses a term inside the range of the row that applies; outside it with a countersignature."""

    ten = Proposed(
        "physician", "administrative_penalty", frozenset({40}), (replace(LINE, clause="D1", points=10),), months=4
    )

    def test_four_months_at_ten_points_are_in_the_range(self):
        assert concerns(self.ten) == {}

    def test_seven_months_need_a_countersignature(self):
        found = concerns(replace(self.ten, months=7))
        assert found[Rule.MONTHS_OUT_OF_RANGE].severity is Severity.COUNTERSIGN
        assert (found[Rule.MONTHS_OUT_OF_RANGE].values["months_min"]) == 1

    def test_a_term_where_no_suspension_follows_is_a_warning(self):
        found = concerns(self.ten, Prior(total=5))  # 15 points: a termination
        assert found[Rule.MONTHS_WITHOUT_SUSPENSION].severity is Severity.WARNING

    def test_liaoning_measures_a_single_award_by_its_own_table(self):
        """Liaoning: cumulative 1–3 months, 9–11 in one go 3–6 months."""
        row = term_row(LIAONING, 10, 10)
        assert row is not None
        assert (row.minimum, row.maximum) == (3, 6)
        cumulative = term_row(LIAONING, 10, 4)
        assert cumulative is not None
        assert (cumulative.minimum, cumulative.maximum) == (1, 3)

    @pytest.mark.parametrize(("total", "single"), [(8, 8), (12, 4), (13, 12)])
    def test_no_row_below_the_ladder_or_at_the_full_tier(self, total, single):
        assert term_row(NATIONAL, total, single) is None


class TestDisadvantage:
    """A change that could leave the person worse off owes them a new window."""

    @pytest.mark.parametrize(
        ("after", "months"),
        [
            ([replace(LINE, points=5)], (None, None)),
            ([replace(LINE, degree="important")], (None, None)),
            ([replace(LINE, clause="B3")], (None, None)),
            ([replace(LINE, conduct="other")], (None, None)),
            ([LINE, replace(LINE, conduct="other")], (None, None)),
            ([LINE], (None, 2)),
            ([LINE], (2, None)),
            ([LINE], (2, 3)),
        ],
    )
    def test_worse(self, after, months):
        assert is_disadvantage([LINE], after, months)

    @pytest.mark.parametrize(
        ("after", "months"),
        [
            ([LINE], (None, None)),
            ([replace(LINE, points=3)], (None, None)),
            ([LINE], (3, 2)),
            ([LINE], (3, 3)),
        ],
    )
    def test_not_worse(self, after, months):
        assert not is_disadvantage([LINE, replace(LINE, conduct="other")], after, months)
