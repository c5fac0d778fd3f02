"""Which rules apply: the longest prefix with a version in force on the day, else a shorter one, else a refusal."""

from datetime import date

import pytest

from scoring.policy.choice import NoRuleInForce, choose_rulebook
from scoring.policy.rulebook import Rulebook, parse_rulebook, resolve
from scoring.policy.rulebook_files import load_packs
from tests.scoring.policy.packs import local_pack, pack_data

PACKS = load_packs()


def chosen(region: str, on: date) -> str:
    return choose_rulebook(PACKS, region, on).label.partition("@")[0]


@pytest.mark.parametrize(
    ("region", "pack"),
    [
        ("150422", "inner-mongolia"),
        ("15", "inner-mongolia"),
        ("210102", "liaoning"),
        ("120101", "tianjin"),
        ("431122", "hunan"),
        ("370683", "yantai"),
        ("3706", "yantai"),
        ("370102", "national"),  # Shandong outside Yantai
        ("37", "national"),
        ("110101", "national"),
        ("", "national"),
    ],
)
def test_the_longest_prefix_wins(region: str, pack: str) -> None:
    assert chosen(region, date(2025, 7, 1)) == pack


@pytest.mark.parametrize(
    ("region", "eve", "first_day", "pack"),
    [
        ("150422", date(2025, 2, 28), date(2025, 3, 1), "inner-mongolia"),
        ("210102", date(2025, 4, 9), date(2025, 4, 10), "liaoning"),
        ("120101", date(2025, 2, 28), date(2025, 3, 1), "tianjin"),
        ("431122", date(2025, 2, 28), date(2025, 3, 1), "hunan"),
        ("370683", date(2025, 5, 31), date(2025, 6, 1), "yantai"),
    ],
)
def test_before_the_first_local_version_national_applies(region: str, eve: date, first_day: date, pack: str) -> None:
    assert chosen(region, eve) == "national"
    assert chosen(region, first_day) == pack


def test_after_hunans_repeal_national_applies() -> None:
    assert chosen("431122", date(2027, 2, 28)) == "hunan"
    assert chosen("431122", date(2027, 3, 1)) == "national"
    assert chosen("431122", date(2030, 1, 1)) == "national"


def test_before_any_rule_the_refusal_says_what_was_asked_and_what_to_do() -> None:
    with pytest.raises(NoRuleInForce) as refused:
        choose_rulebook(PACKS, "431122", date(2024, 12, 31))
    assert (refused.value.region, refused.value.on) == ("431122", date(2024, 12, 31))
    assert "Activate a rulebook" in refused.value.next_step
    assert "431122" in str(refused.value)


def test_a_repealed_national_rule_leaves_nothing() -> None:
    repeal = parse_rulebook(pack_data() | {"version": 2, "effective_from": "2030-01-01", "repeal": True})
    with pytest.raises(NoRuleInForce):
        choose_rulebook([*PACKS, repeal], "110101", date(2030, 1, 1))
    assert choose_rulebook([*PACKS, repeal], "210102", date(2030, 1, 1)).id == "liaoning"


def test_a_version_runs_until_the_next_and_may_return_after_a_repeal() -> None:
    versions = [_jilin(1, "2025-06-01"), _jilin(2, "2025-09-01", repeal=True), _jilin(3, "2026-01-01")]
    rulebooks = [*PACKS, *reversed(versions)]  # the order in which they are given does not matter
    found = [
        choose_rulebook(rulebooks, "220102", day).label.replace("@", "/")
        for day in (date(2025, 8, 31), date(2025, 9, 1), date(2025, 12, 31), date(2026, 1, 1))
    ]
    assert found == ["jilin/1", "national/1", "national/1", "jilin/3"]


def _jilin(version: int, since: str, *, repeal: bool = False) -> Rulebook:
    return parse_rulebook(local_pack(version=version, effective_from=since, repeal=repeal), resolve(pack_data()))
