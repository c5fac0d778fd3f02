"""A ladder in which some total falls into a gap or on two rows is refused, with the exact interval."""

import pytest

from scoring.policy.rulebook import RulebookErrors, parse_rulebook
from tests.scoring.policy.packs import REMOVED, changed, pack_data, refusals

CUMULATIVE = "measures.suspend.months.cumulative"
ROW = {"range": [1, 6], "default": 2}


def test_a_hole_at_11_is_refused_with_the_interval() -> None:
    assert refusals(changed(f"{CUMULATIVE}.11", REMOVED))[CUMULATIVE] == "no row for 11: the table has to cover 9–11"


def test_a_hole_of_two_totals_is_named_as_one_interval() -> None:
    data = changed(f"{CUMULATIVE}.10", REMOVED)
    del data["measures"]["suspend"]["months"]["cumulative"][11]
    assert refusals(data)[CUMULATIVE].startswith("no row for 10–11:")


def test_two_holes_are_both_named() -> None:
    with pytest.raises(RulebookErrors) as refused:
        parse_rulebook(changed(CUMULATIVE, {10: ROW}))
    reasons = [error.reason for error in refused.value.errors if error.path == CUMULATIVE]
    assert [reason.partition(":")[0] for reason in reasons] == ["no row for 9", "no row for 11"]


def test_a_full_tier_that_does_not_adjoin_the_ladder_is_refused() -> None:
    assert refusals(changed("measures.full.at", 13)) == {CUMULATIVE: "no row for 12: the table has to cover 9–12"}


def test_a_row_that_overlaps_the_full_tier_is_refused() -> None:
    reasons = refusals(changed(f"{CUMULATIVE}.12", ROW))
    assert reasons == {f"{CUMULATIVE}.12": "overlaps the full tier, which begins at measures.full.at = 12"}


def test_a_row_below_the_threshold_is_refused() -> None:
    assert refusals(changed(f"{CUMULATIVE}.8", ROW)) == {f"{CUMULATIVE}.8": "lies below measures.suspend.at = 9"}


def test_two_rows_for_10_are_refused() -> None:
    reasons = refusals(changed(f"{CUMULATIVE}", {9: ROW, 10: ROW, "10": ROW, 11: ROW}))
    assert reasons[f"{CUMULATIVE}.10"] == "stands twice"


def test_a_row_not_named_by_a_whole_number_is_refused() -> None:
    data = pack_data()
    data["measures"]["suspend"]["months"]["cumulative"]["9-11"] = ROW
    assert "whole number" in refusals(data)[f"{CUMULATIVE}.9-11"]


def test_the_single_table_is_held_to_the_same() -> None:
    data = changed("measures.suspend.months.single", {9: ROW, 10: ROW})
    del data["provenance"]["measures.suspend.months.single"]
    assert refusals(data) == {
        "measures.suspend.months.single": "no row for 11: the table has to cover 9–11",
    }


def test_a_single_table_is_same_or_a_table() -> None:
    assert "same" in refusals(changed("measures.suspend.months.single", "other"))["measures.suspend.months.single"]


@pytest.mark.parametrize("default", [0, 7])
def test_a_default_outside_its_range_is_refused(default: int) -> None:
    assert list(refusals(changed(f"{CUMULATIVE}.10.default", default))) == [f"{CUMULATIVE}.10.default"]


@pytest.mark.parametrize("default", [1, 6])
def test_the_ends_of_a_range_belong_to_it(default: int) -> None:
    assert refusals(changed(f"{CUMULATIVE}.10.default", default)) == {}


@pytest.mark.parametrize("months", [[6, 1], [0, 6], [1], [1, 2, 3], 6, ["1", "6"], [True, 6]])
def test_a_bad_range_is_refused(months: object) -> None:
    assert f"{CUMULATIVE}.9.range" in refusals(changed(f"{CUMULATIVE}.9.range", months))


def test_a_threshold_at_the_full_tier_is_refused() -> None:
    assert (
        "has to lie below measures.full.at = 12" in refusals(changed("measures.suspend.at", 12))["measures.suspend.at"]
    )


def test_a_reminder_that_stands_twice_is_refused() -> None:
    data = changed("measures.reminders", [{"at": 6, "kind": "remind"}, {"at": 6, "kind": "remind"}])
    assert refusals(data) == {"measures.reminders.1.at": "a second remind at 6 points"}


def test_two_kinds_of_reminder_at_one_total_are_fine() -> None:
    data = changed("measures.reminders", [{"at": 6, "kind": "interview"}, {"at": 6, "kind": "key_supervision"}])
    assert refusals(data) == {}


def test_a_reminder_above_the_full_tier_is_refused() -> None:
    assert "measures.reminders.0.at" in refusals(changed("measures.reminders", [{"at": 13, "kind": "remind"}]))


@pytest.mark.parametrize(
    ("measure", "path"),
    [
        ({"kind": "terminate"}, "kind"),
        ({"kind": "terminate", "years": 1, "months": 2}, "kind"),
        ({"kind": "forgive", "years": 1}, "kind"),
        ({"kind": "terminate", "years": 0}, "years"),
        ({"kind": "suspend", "months": "12"}, "months"),
        ({"years": 1}, "kind"),
        ({"kind": "suspend", "days": 30}, "days"),
    ],
)
def test_a_full_measure_has_a_kind_and_one_length(measure: dict[str, object], path: str) -> None:
    assert f"measures.full.single.{path}" in refusals(changed("measures.full.single", measure))
