"""The scenario format: everything it does not know is an error, at its place."""

from typing import Any

import pytest

from scoring.policy.scenario import Action, ScenarioErrors, parse_scenario

AWARD = {"date": "2025-06-10", "award": 12}


def scenario(**changes: object) -> dict[str, Any]:
    return {"scenario": "例", "rulebook": "national", "events": [AWARD], **changes}


def refusals(data: object) -> dict[str, str]:
    with pytest.raises(ScenarioErrors) as refused:
        parse_scenario(data)
    return {error.path: error.reason for error in refused.value.errors}


def test_a_full_scenario_is_read() -> None:
    lines = [{"conduct": "c1", "points": 4}, {"conduct": "c2", "points": 3, "from": "2024-01-01", "to": "2024-05-31"}]
    events = [
        AWARD | {"ref": "a1", "clause": "D1", "degree": "principal", "months": 2, "articles": [40]},
        {"date": "2025-06-20", "lines": lines, "ref": "a2"},
        {"date": "2025-07-01", "reverse": "a1"},
        {"date": "2025-07-02", "vary": "a2", "points": 4},
        {"date": "2025-08-01", "repair": 1},
        {"date": "2025-08-02", "stay": "a2"},
        {"date": "2025-08-03", "dismiss": "a2"},
        {"date": "2028-09-01", "reregister": True},
    ]
    expect = [
        {"date": "2025-06-11", "points": 12, "status": "terminated", "until": "2028-06-10", "may_reapply": False},
        {"date": "2026-01-01", "reminders": [6, 3], "until": None},
    ]
    read = parse_scenario(scenario(events=events, expect=expect, known_at="2025-06-20"))
    assert [event.action for event in read.events] == [
        *(Action.AWARD, Action.LINES, Action.REVERSE, Action.VARY),
        *(Action.REPAIR, Action.STAY, Action.DISMISS, Action.REREGISTER),
    ]
    assert [event.ref for event in read.events[:3]] == ["a1", "a2", "event-3"]
    assert read.events[0].articles == frozenset({40})
    assert str(read.events[1].lines[1].to_on) == "2024-05-31"
    assert (read.events[3].target, read.events[3].points) == ("a2", 4)
    assert read.expect[1].fields == {"reminders": [3, 6], "until": None}
    assert str(read.known_at) == "2025-06-20"


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_a_document_that_is_no_mapping_is_refused(data: object) -> None:
    assert "has to be a mapping" in refusals(data)[""]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"extra": 1}, "extra"),
        ({"scenario": 5}, "scenario"),
        ({"scenario": ""}, "scenario"),
        ({"rulebook": None}, "rulebook"),
        ({"events": {}}, "events"),
        ({"events": [3]}, "events.0"),
        ({"known_at": "later"}, "known_at"),
        ({"known_at": None}, "known_at"),
        ({"expect": {"date": "2025-01-01"}}, "expect"),
        ({"expect": [{"date": "2025-01-01"}]}, "expect.0"),
        ({"expect": [{"points": 3}]}, "expect.0.date"),
        ({"expect": [{"date": "2025-01-01", "points": "3"}]}, "expect.0.points"),
        ({"expect": [{"date": "2025-01-01", "points": -1}]}, "expect.0.points"),
        ({"expect": [{"date": "2025-01-01", "status": "banned"}]}, "expect.0.status"),
        ({"expect": [{"date": "2025-01-01", "until": True}]}, "expect.0.until"),
        ({"expect": [{"date": "2025-01-01", "may_reapply": "no"}]}, "expect.0.may_reapply"),
        ({"expect": [{"date": "2025-01-01", "reminders": 3}]}, "expect.0.reminders"),
        ({"expect": [{"date": "2025-01-01", "reminders": [3, 3]}]}, "expect.0.reminders"),
        ({"expect": [{"date": "2025-01-01", "total": 3}]}, "expect.0.total"),
    ],
)
def test_a_malformed_part_is_refused_at_its_place(changes: dict[str, object], path: str) -> None:
    assert path in refusals(scenario(**changes))


@pytest.mark.parametrize("key", ["scenario", "rulebook", "events"])
def test_a_missing_part_is_refused(key: str) -> None:
    data = scenario()
    del data[key]
    assert refusals(data) == {key: "is missing"}


@pytest.mark.parametrize(
    ("event", "path"),
    [
        ({"date": "2025-06-10"}, ""),
        ({**AWARD, "repair": 1}, ""),
        ({"award": 12}, "date"),
        ({"date": "2025-13-10", "award": 12}, "date"),
        ({**AWARD, "award": "12"}, "award"),
        ({**AWARD, "award": 1.5}, "award"),
        ({**AWARD, "award": -1}, "award"),
        ({**AWARD, "points": 3}, "points"),
        ({**AWARD, "degree": "main"}, "degree"),
        ({**AWARD, "months": 0}, "months"),
        ({**AWARD, "articles": 40}, "articles"),
        ({**AWARD, "ref": 1}, "ref"),
        ({**AWARD, "clause": None}, "clause"),
        ({**AWARD, "scored_on": 2025}, "scored_on"),
        ({"date": "2025-06-10", "lines": []}, "lines"),
        ({"date": "2025-06-10", "lines": [{"conduct": "c"}]}, "lines.0.points"),
        ({"date": "2025-06-10", "lines": [{"points": 3}]}, "lines.0.conduct"),
        ({"date": "2025-06-10", "lines": [{"conduct": "c", "points": 3, "amount": 1}]}, "lines.0.amount"),
        (
            {
                "date": "2025-06-10",
                "lines": [{"conduct": "c", "points": 3, "from": "2025-02-01", "to": "2025-01-01"}],
            },
            "lines.0.to",
        ),
        ({"date": "2025-06-10", "reverse": 1}, "reverse"),
        ({"date": "2025-06-10", "reverse": "a1", "points": 1}, "points"),
        ({"date": "2025-06-10", "vary": "a1"}, "points"),
        ({"date": "2025-06-10", "reregister": False}, "reregister"),
        ({"date": "2025-06-10", "repair": "one"}, "repair"),
        ({"date": "2025-06-10", "repair": 1, "months": 1}, "months"),
    ],
)
def test_a_malformed_event_is_refused_at_its_place(event: dict[str, object], path: str) -> None:
    assert f"events.0.{path}".rstrip(".") in refusals(scenario(events=[event]))


def test_two_events_of_one_name_are_refused() -> None:
    event = {**AWARD, "ref": "a1"}
    assert "events.1.ref" in refusals(scenario(events=[event, event]))


def test_every_error_is_told_at_once() -> None:
    events = [{**AWARD, "award": "x"}, {"date": "never", "repair": 1}]
    assert len(refusals(scenario(events=events, extra=1))) == 3
