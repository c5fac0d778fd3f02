"""The six packs as shipped: what each says, what it inherits, and that every number says where it comes from."""

from datetime import date

import pytest

from scoring.policy.choice import choose_rulebook
from scoring.policy.rulebook import Rulebook, parse_rulebook
from scoring.policy.rulebook_files import load_packs
from scoring.policy.rulebook_parts import BasisKind, Category, MeasureKind

PACKS = {pack.label: pack for pack in load_packs()}
IN_FORCE = [pack for pack in PACKS.values() if not pack.repeal]
MID_2025 = date(2025, 7, 1)


def pack(region: str) -> Rulebook:
    return choose_rulebook(PACKS.values(), region, MID_2025)


def ladder(rulebook: Rulebook, table: str = "cumulative") -> dict[int, tuple[int, int, int]]:
    rule = rulebook.measures.suspend
    rows = rule.cumulative if table == "cumulative" else (rule.single or {})
    return {points: (row.minimum, row.maximum, row.default) for points, row in rows.items()}


NATIONAL_LADDER = {9: (1, 6, 2), 10: (1, 6, 4), 11: (1, 6, 6)}


def test_exactly_the_packs_of_the_table_are_shipped() -> None:
    shipped = {(p.id, p.jurisdiction, p.version, p.effective_from, p.repeal) for p in PACKS.values()}
    assert shipped == {
        ("national", "", 1, date(2025, 1, 1), False),
        ("inner-mongolia", "15", 1, date(2025, 3, 1), False),
        ("liaoning", "21", 1, date(2025, 4, 10), False),
        ("tianjin", "12", 1, date(2025, 3, 1), False),
        ("hunan", "43", 1, date(2025, 3, 1), False),
        ("hunan", "43", 2, date(2027, 3, 1), True),
        ("yantai", "3706", 1, date(2025, 6, 1), False),
    }


def test_national() -> None:
    rules = pack("")
    assert ladder(rules) == NATIONAL_LADDER
    assert rules.measures.suspend.at == 9
    assert rules.measures.suspend.single is None
    assert rules.measures.suspend.further_points == "top_up"
    assert (rules.measures.full.at, rules.measures.full.cumulative.years, rules.measures.full.single.years) == (
        12,
        1,
        3,
    )
    assert [(t.at, str(t.kind)) for t in rules.measures.reminders] == [(3, "remind"), (6, "interview")]
    assert (rules.effect_starts, rules.termination_end) == ("next_day", "application")
    assert (rules.statement_working_days, rules.appeal_working_days, rules.appeal_stays) == (5, 10, False)
    assert (rules.points_dated_by, rules.same_conduct, rules.single_scope) == ("basis", "highest", "decision")
    assert rules.conduct_cutoff == date(2025, 1, 1)
    assert rules.repair is None
    assert rules.publication.mode == "confirm"
    assert rules.categories == set(Category)


def test_inner_mongolia_differs_only_in_its_name() -> None:
    assert _differences(pack("150422")) == set()


def test_liaoning_tells_cumulative_from_single() -> None:
    rules = pack("210102")
    assert ladder(rules) == {9: (1, 3, 1), 10: (1, 3, 2), 11: (1, 3, 3)}
    assert ladder(rules, "single") == {9: (3, 6, 3), 10: (3, 6, 4), 11: (3, 6, 6)}
    assert _differences(rules) == {"measures"}


def test_tianjin_reminds_twice_at_six_and_lets_points_be_earned_back() -> None:
    rules = pack("120101")
    assert [(t.at, str(t.kind)) for t in rules.measures.reminders] == [(6, "interview"), (6, "key_supervision")]
    assert rules.repair is not None
    assert (rules.repair.points, rules.repair.cap_per_year) == (1, 4)
    assert rules.repair.excluded_single_full
    assert rules.repair.excluded_articles == {40}
    assert ladder(rules) == NATIONAL_LADDER
    assert _differences(rules) == {"measures", "repair"}


def test_hunan_starts_next_month() -> None:
    rules = pack("431122")
    assert ladder(rules) == {9: (1, 2, 2), 10: (2, 4, 4), 11: (4, 6, 6)}
    assert rules.effect_starts == "next_month"
    assert _differences(rules) == {"measures", "effect_starts"}


def test_yantai_suspends_at_twelve_unless_in_one_go() -> None:
    rules = pack("370683")
    full = rules.measures.full
    assert (full.cumulative.kind, full.cumulative.months, full.cumulative.years) == (MeasureKind.SUSPEND, 12, None)
    assert (full.single.kind, full.single.years) == (MeasureKind.TERMINATE, 3)
    assert rules.publication.mode == "open"
    assert rules.publication.points
    assert ladder(rules) == NATIONAL_LADDER
    assert _differences(rules) == {"measures", "publication"}


@pytest.mark.parametrize("rules", IN_FORCE, ids=lambda r: r.id)
def test_every_pack_has_the_twelve_clauses_in_their_bands(rules: Rulebook) -> None:
    bands = {"A": (1, 3), "B": (4, 6), "C": (7, 9), "D": (10, 12)}
    assert list(rules.clauses) == [f"{letter}{number}" for letter in "ABCD" for number in (1, 2, 3)]
    for code, clause in rules.clauses.items():
        low, high = bands[code[0]]
        assert (clause.band.minimum, clause.band.maximum) == (low, high)
        assert [clause.degrees[degree] for degree in clause.degrees] == [low, low + 1, high]
        assert clause.title
        assert clause.title_en


def test_clauses_accept_the_basis_that_the_list_names() -> None:
    clauses = pack("").clauses
    assert clauses["A1"].basis == (BasisKind.AGREEMENT_HANDLING,)
    assert clauses["A2"].basis == (BasisKind.CIRCULAR,)
    assert (clauses["B1"].basis, clauses["B1"].articles) == ((BasisKind.ADMINISTRATIVE_PENALTY,), (38, 39))
    assert clauses["B2"].basis == (BasisKind.OTHER_AUTHORITY_DECISION,)
    assert clauses["C2"].requires_prior == ("A", "B")
    assert (clauses["D1"].basis, clauses["D1"].articles) == ((BasisKind.ADMINISTRATIVE_PENALTY,), (40,))
    assert clauses["D2"].basis == (BasisKind.OTHER_AUTHORITY_DECISION,)


@pytest.mark.parametrize("rules", PACKS.values(), ids=lambda r: r.label)
def test_every_parameter_says_where_it_comes_from(rules: Rulebook) -> None:
    for path, provenance in rules.provenance.items():
        assert provenance.source or provenance.assumption, path
        assert provenance.note or not provenance.assumption, f"{path} is assumed without saying why"


@pytest.mark.parametrize(
    "path",
    [
        "measures.suspend.months.cumulative.10.default",
        "measures.reminders",
        "measures.suspend.further_points",
        "effect_starts",
        "statement_working_days",
        "appeal_working_days",
        "appeal_stays",
        "same_conduct",
        "single_scope",
        "clauses.D1.degrees",
        "clauses.A1.band",
        "institution_alerts",
        "publication",
    ],
)
def test_what_no_text_is_known_to_say_is_an_assumption(path: str) -> None:
    assert pack("").provenance_of(path).assumption


@pytest.mark.parametrize(
    "path",
    [
        "measures.suspend.at",
        "measures.suspend.months.cumulative.10.range",
        "measures.full",
        "cycle",
        "clauses.D1.band",
        "clauses.B1.band",
    ],
)
def test_what_was_seen_in_a_text_has_its_source(path: str) -> None:
    provenance = pack("").provenance_of(path)
    assert provenance.source
    assert not provenance.assumption


def test_local_assumptions_and_sources() -> None:
    assert pack("150422").provenance_of("effective_from").assumption
    assert not pack("431122").provenance_of("effective_from").assumption
    assert not pack("431122").provenance_of("effect_starts").assumption
    assert not pack("431122").provenance_of("conduct_cutoff").assumption
    assert not pack("120101").provenance_of("repair.cap_per_year").assumption
    assert pack("120101").provenance_of("repair.excluded").assumption
    assert pack("370683").provenance_of("measures.full.cumulative.months").assumption


@pytest.mark.parametrize("rules", PACKS.values(), ids=lambda r: r.label)
def test_a_pack_as_stored_parses_to_itself(rules: Rulebook) -> None:
    assert parse_rulebook(rules.resolved) == rules


def _differences(rules: Rulebook) -> set[str]:
    described = {"id", "jurisdiction", "effective_from", "title", "title_en", "source", "provenance"}
    base = pack("").resolved
    return {key for key, value in rules.resolved.items() if base[key] != value} - described
