"""Deltas fit the snapshot that they follow, and no other."""

import pytest

from scoring.open_data.changes import CHANGE_COLUMNS, Change, DeltaDoesNotFit, apply, change_row
from scoring.open_data.columns import COLUMNS


def row(row_id, **values):
    return dict.fromkeys(COLUMNS) | {"row_id": row_id, "masked_name": "李某梅"} | values


def test_a_delta_adds_changes_and_takes_away():
    full = [row("a"), row("b", points=3), row("c")]
    delta = [
        change_row(Change.REMOVED, "a", None),
        change_row(Change.UPDATED, "b", row("b", points=9)),
        change_row(Change.ADDED, "aa", row("aa")),
        change_row(Change.RESTORED, "c", None),
    ]
    assert apply(full, delta) == [row("aa"), row("b", points=9)]


def test_a_removed_row_leaves_nothing_but_its_id():
    assert change_row(Change.REMOVED, "a", None) == {"change": "removed", "row_id": "a"}
    assert ("change", *COLUMNS) == CHANGE_COLUMNS


@pytest.mark.parametrize(
    "line", [change_row(Change.ADDED, "a", row("a")), change_row(Change.REMOVED, "z", None)], ids=["there", "missing"]
)
def test_a_delta_of_another_snapshot_is_refused(line):
    with pytest.raises(DeltaDoesNotFit, match="the snapshot before is another one"):
        apply([row("a")], [line])
