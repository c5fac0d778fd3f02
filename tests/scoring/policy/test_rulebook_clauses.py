"""Clauses: bands, degrees, accepted bases and references are checked when a pack is parsed."""

import pytest

from tests.scoring.policy.packs import REMOVED, changed, pack_data, refusals, rulebook


@pytest.mark.parametrize("band", [[3, 1], [0, 3], [1], "1-3", [1, 3, 5], [1.5, 3]])
def test_a_bad_band_is_refused(band: object) -> None:
    assert "clauses.A1.band" in refusals(changed("clauses.A1.band", band))


@pytest.mark.parametrize(("degree", "points"), [("general", 9), ("principal", 13)])
def test_a_degree_outside_the_band_is_refused(degree: str, points: int) -> None:
    reason = refusals(changed(f"clauses.D1.degrees.{degree}", points))[f"clauses.D1.degrees.{degree}"]
    assert reason == f"lies outside the band 10–12: {points}"


def test_degrees_have_to_rise() -> None:
    data = changed("clauses.D1.degrees", {"general": 12, "important": 11, "principal": 12})
    assert refusals(data) == {"clauses.D1.degrees": "has to rise with the degree: general ≤ important ≤ principal"}


def test_every_degree_is_needed_and_no_other() -> None:
    data = changed("clauses.D1.degrees", {"general": 10, "important": 11, "main": 12})
    assert set(refusals(data)) == {"clauses.D1.degrees.main", "clauses.D1.degrees.principal"}


def test_a_code_that_stands_twice_is_refused() -> None:
    data = pack_data()
    data["clauses"].append(dict(data["clauses"][0]))
    assert refusals(data) == {"clauses.12.code": "A1 stands twice"}


@pytest.mark.parametrize("reference", ["E", "A9", "a", ""])
def test_an_unknown_clause_reference_is_refused(reference: str) -> None:
    reason = refusals(changed("clauses.C2.requires_prior", ["A", reference]))["clauses.C2.requires_prior"]
    assert reason == f"unknown clause {reference!r}"


def test_a_reference_may_name_a_band_letter_or_a_clause() -> None:
    assert refusals(changed("clauses.C2.requires_prior", ["A", "B1"])) == {}


def test_a_clause_that_requires_itself_is_refused() -> None:
    assert "clauses.C2.requires_prior" in refusals(changed("clauses.C2.requires_prior", ["C2"]))


@pytest.mark.parametrize("basis", [[], ["rumour"], "circular", ["circular", "circular"], REMOVED, [["circular"]]])
def test_a_clause_names_the_kinds_of_basis_it_accepts(basis: object) -> None:
    assert "clauses.A2.basis" in refusals(changed("clauses.A2.basis", basis))


@pytest.mark.parametrize("articles", [[40, 40], ["40"], 40, [0]])
def test_bad_articles_are_refused(articles: object) -> None:
    assert "clauses.D1.articles" in refusals(changed("clauses.D1.articles", articles))


@pytest.mark.parametrize("code", ["d1", "D", "D0", "DD1", 1])
def test_a_bad_code_is_refused(code: object) -> None:
    reasons = refusals(changed("clauses.D3.code", code))
    assert any(path.startswith("clauses.") and path.endswith(".code") for path in reasons)


def test_a_pack_without_clauses_is_refused() -> None:
    data = changed("clauses", [])
    data["provenance"] = {k: v for k, v in data["provenance"].items() if not k.startswith("clauses")}
    assert refusals(data) == {"clauses": "has to name at least one clause"}


def test_points_are_suggested_by_clause_and_degree() -> None:
    assert rulebook().suggested_points("D1", "principal") == 12
    assert rulebook().suggested_points("B1", "general") == 4


def test_nothing_is_suggested_for_what_the_pack_does_not_name() -> None:
    with pytest.raises(KeyError):
        rulebook().suggested_points("E1", "general")
    with pytest.raises(ValueError, match="main"):
        rulebook().suggested_points("D1", "main")


def test_a_band_allows_both_its_ends() -> None:
    band = rulebook().clauses["B1"].band
    assert [band.allows(points) for points in (3, 4, 6, 7)] == [False, True, True, False]
