"""`manage.py simulate`: scenario files are run without a database; 0 when all holds, 1 when not, 2 when malformed.

No test here asks for the database, so pytest-django refuses any query.
"""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

ONE_OFF = """\
scenario: 赤峰案:一次记12分
rulebook: inner-mongolia
events:
  - {date: 2025-06-10, award: 12, ref: a1, clause: D1, degree: principal}
expect:
  - {date: 2025-06-11, points: 12, status: terminated, until: 2028-06-10, may_reapply: false, reminders: [3, 6]}
"""


class Simulated:
    """What one call printed and how it ended."""

    def __init__(self, *arguments: object) -> None:
        out, err = StringIO(), StringIO()
        self.code: object = 0
        try:
            call_command("simulate", *map(str, arguments), stdout=out, stderr=err)
        except SystemExit as ended:
            self.code = ended.code
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def scenario(self) -> dict[str, Any]:
        """The first scenario of the JSON output."""
        found = json.loads(self.out)["scenarios"][0]
        assert isinstance(found, dict)
        return found


@pytest.fixture
def scenario(tmp_path: Path) -> "Any":
    """Write a scenario file; returns its path."""

    def write(text: str, name: str = "s.yaml") -> Path:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def story(events: str, expect: str = "", rulebook: str = "national", more: str = "") -> str:
    """A scenario from lines of events and expectations in flow style."""
    text = f"scenario: 例\nrulebook: {rulebook}\n{more}events:\n"
    text += "".join(f"  - {{{line.strip()}}}\n" for line in events.strip().splitlines())
    if expect:
        text += "expect:\n" + "".join(f"  - {{{line.strip()}}}\n" for line in expect.strip().splitlines())
    return text


def test_what_holds_exits_0_and_shows_the_reason_of_each_line(scenario: Any) -> None:
    ran = Simulated(scenario(ONE_OFF))
    assert ran.code == 0
    assert "terminate 2025-06-11..2028-06-10" in ran.out
    assert "measures.full.single" in ran.out
    assert "T(2025) = 12, in one go 12 ≥ 12" in ran.out
    assert "effect_starts=next_day (assumption)" in ran.out
    assert "at=12," in ran.out  # from a text, so not marked
    assert "2028-06-11  a1       status         terminated until 2028-06-10, may reapply" in ran.out
    assert "ok       2025-06-11" in ran.out
    assert ran.out.rstrip().endswith("1 scenario, 1 expectation: all ok")
    assert ran.err == ""


def test_a_wrong_expectation_exits_1_and_says_expected_and_got(scenario: Any) -> None:
    file = scenario(ONE_OFF.replace("2028-06-10", "2028-06-11").replace("points: 12,", "points: 11,"))
    ran = Simulated(file)
    assert ran.code == 1
    wrong = "points: expected 11, got 12; until: expected 2028-06-11, got 2028-06-10"
    assert f"FAILED   2025-06-11 {wrong} ({file}:6)" in ran.out
    assert ran.out.rstrip().endswith("1 FAILED")


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("award: 12", "award: twelve", 4, "events.0.award: has to be a whole number"),
        ("ref: a1", "reff: a1", 4, "events.0.reff: unknown key; did you mean ref?"),
        ("clause: D1", "clause: E1", 4, "events.0.clause: inner-mongolia@1 has no clause E1"),
        ("points: 12,", "point: 12,", 6, "expect.0.point: unknown key; did you mean points?"),
        ("rulebook: inner-mongolia", "rulebook: inner-mongolla", 2, "did you mean inner-mongolia?"),
        ("rulebook: inner-mongolia", "rulebook: ./none.yaml", 2, "rulebook: no file ./none.yaml"),
        ("2025-06-10, award", "2025-06-31, award", 4, "not a value: day is out of range for month"),
        ("scenario: 赤峰案:一次记12分", "story: x", 1, "unknown key"),
        ("expect:", "expect: [", 6, "not YAML"),
    ],
)
def test_a_malformed_file_exits_2_with_file_and_line(scenario: Any, old: str, new: str, line: int, reason: str) -> None:
    assert ONE_OFF.count(old) == 1
    file = scenario(ONE_OFF.replace(old, new))
    ran = Simulated(file)
    assert ran.code == 2
    assert ran.out == ""
    assert any(text.startswith(f"{file}:{line}: ") and reason in text for text in ran.err.splitlines())


def test_the_line_counts_through_several_documents(scenario: Any) -> None:
    file = scenario(ONE_OFF + "---\n" + ONE_OFF.replace("award: 12", "award: x"))
    assert Simulated(file).err.startswith(f"{file}:11: events.0.award:")


def test_several_scenarios_stand_in_one_file(scenario: Any) -> None:
    ran = Simulated(scenario(ONE_OFF + "---\n" + ONE_OFF.replace("points: 12,", "points: 1,")), "--json")
    whole = json.loads(ran.out)
    assert (ran.code, whole["ok"]) == (1, False)
    assert [(s["line"], s["ok"]) for s in whole["scenarios"]] == [(1, True), (8, False)]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "- 1\n"])
def test_a_file_without_a_scenario_is_malformed(scenario: Any, text: str) -> None:
    file = scenario(text)
    ran = Simulated(file)
    assert ran.code == 2
    assert ran.err.startswith((f"{file}:1: holds no scenario", f"{file}:1: has to be", f"{file}:2: has to be"))


def test_a_missing_file_and_an_empty_directory_are_malformed(tmp_path: Path) -> None:
    assert "cannot be read" in Simulated(tmp_path / "none.yaml").err
    assert "no scenario file" in Simulated(tmp_path).err
    assert Simulated(tmp_path).code == 2


def test_every_malformed_file_is_told_and_nothing_is_run(scenario: Any) -> None:
    good, first, second = scenario(ONE_OFF, "a.yaml"), scenario("x: 1", "b.yaml"), scenario("y: 1", "c.yaml")
    ran = Simulated(good, first, second)
    assert ran.code == 2
    assert f"{first}:1:" in ran.err
    assert f"{second}:1:" in ran.err
    assert ran.out == ""


def test_a_directory_stands_for_its_scenarios_and_not_its_packs(scenario: Any, tmp_path: Path) -> None:
    scenario(ONE_OFF, "a.yaml")
    scenario(ONE_OFF, "below/b.yml")
    scenario(PACK, "pack.yaml")
    assert "2 scenarios, 2 expectations: all ok" in Simulated(tmp_path).out


PACK = """\
id: jilin
jurisdiction: "22"
version: 1
effective_from: 2025-06-01
title: 吉林
source: 文件
extends: national
effect_starts: decision_day
"""


def test_a_pack_named_by_its_path_is_taken_as_it_is_on_every_day(scenario: Any) -> None:
    scenario(PACK, "pack.yaml")
    expect = "date: 2024-03-01, status: suspended, until: 2024-07-01"  # before the pack's own effective_from
    ran = Simulated(scenario(story("date: 2024-03-01, award: 10", expect, "./pack.yaml")), "--json")
    assert ran.code == 0
    assert ran.scenario["timeline"][0]["rulebook"] == "jilin@1"


def test_an_error_in_a_named_pack_is_told_at_the_line_of_the_pack(scenario: Any) -> None:
    scenario(PACK.replace("decision_day", "today"), "pack.yaml")
    ran = Simulated(scenario(story("date: 2025-07-01, award: 10", "", "./pack.yaml")))
    assert ran.code == 2
    assert ran.err.startswith("./pack.yaml:8: effect_starts: has to be one of decision_day")


def test_the_rules_of_each_day_are_chosen(scenario: Any) -> None:
    events = """date: 2025-02-20, award: 9, ref: before
                date: 2026-02-20, award: 9, ref: during
                date: 2027-03-01, award: 9, ref: after"""
    timeline = Simulated(scenario(story(events, "", "hunan")), "--json").scenario["timeline"]
    used = {line["ref"]: line["rulebook"] for line in timeline if line["event"] == "award"}
    assert used == {"before": "national@1", "during": "hunan@1", "after": "national@1"}


def test_an_award_with_no_rule_in_force_is_refused_with_what_to_do(scenario: Any) -> None:
    ran = Simulated(scenario(story("date: 2024-12-31, award: 9", "date: 2025-01-01, points: 0")), "--json")
    assert ran.code == 0
    assert "Activate a rulebook" in ran.scenario["refused"][0]["reason"]


def test_refused_events_have_no_effect_and_are_reported(scenario: Any) -> None:
    events = """date: 2025-06-10, award: 5, ref: a1
                date: 2025-06-11, reverse: nothing
                date: 2025-06-12, vary: a1, points: 6
                date: 2025-06-13, vary: a1, points: 0
                date: 2025-06-14, repair: 1
                date: 2025-06-15, reregister: true
                date: 2025-06-16, stay: a1"""
    ran = Simulated(scenario(story(events, "date: 2025-12-31, points: 5, status: normal")), "--json")
    assert ran.code == 0
    assert [refused["ref"] for refused in ran.scenario["refused"]] == [f"event-{n}" for n in range(2, 8)]
    assert all(refused["reason"] and refused["rule"] for refused in ran.scenario["refused"])
    text = Simulated(scenario(story(events, "date: 2025-12-31, points: 5"))).out
    assert "  refused  2025-06-14 event-5: repair is off under national" in text


def test_lines_that_score_nothing_make_no_award_and_say_why(scenario: Any) -> None:
    events = "date: 2025-06-10, ref: a1, lines: [{conduct: c1, points: 4, from: 2024-01-01, to: 2024-12-31}]"
    ran = Simulated(scenario(story(events, "date: 2025-06-10, points: 0")), "--json")
    assert ran.code == 0
    assert [line["rule"] for line in ran.scenario["timeline"]] == ["conduct_cutoff", "same_conduct", "award"]
    assert "before scheme start 2025-01-01" in ran.scenario["timeline"][0]["arithmetic"]
    assert ran.scenario["refused"][0]["ref"] == "a1"


def test_points_outside_the_band_and_months_outside_the_range_are_warned_of_and_stand(scenario: Any) -> None:
    events = """date: 2025-06-10, award: 7, ref: a1, clause: B1, degree: general
                date: 2025-06-11, award: 3, ref: a2, months: 8"""
    expect = "date: 2025-06-12, points: 10, status: suspended, until: 2026-02-11"
    ran = Simulated(scenario(story(events, expect)))
    assert ran.code == 0
    assert "7 outside the band 4–6" in ran.out
    assert "8 months outside the range 1–6" in ran.out
    assert ran.out.count("countersignature") == 2


def test_a_clause_lends_its_articles_to_the_award(scenario: Any) -> None:
    events = "date: 2025-06-10, award: 10, ref: a1, clause: {}\ndate: 2025-07-01, repair: 1"
    fraud = Simulated(scenario(story(events.format("D1"), "", "tianjin")), "--json").scenario
    other = Simulated(scenario(story(events.format("D3"), "", "tianjin")), "--json").scenario
    assert [refused["rule"] for refused in fraud["refused"]] == ["repair.excluded.articles"]
    assert other["refused"] == []


def test_known_at_hides_what_is_dated_after_it(scenario: Any) -> None:
    events = "date: 2025-06-10, award: 12, ref: a1\ndate: 2025-07-01, reverse: a1"
    expect = "date: 2025-06-11, status: {}"
    known = story(events, expect.format("terminated"), more="known_at: 2025-06-30\n")
    assert Simulated(scenario(known)).code == 0
    assert Simulated(scenario(known.replace("06-30", "07-01"))).code == 1
    assert Simulated(scenario(story(events, expect.format("normal")))).code == 0


def test_the_json_names_parameters_and_which_of_them_are_assumptions(scenario: Any) -> None:
    ran = Simulated(scenario(ONE_OFF), "--json").scenario
    award = next(line for line in ran["timeline"] if line["event"] == "award")
    assert award["parameters"]["effect_starts"] == "next_day"
    assert award["assumptions"] == ["effect_starts"]
    reminder = next(line for line in ran["timeline"] if line["event"] == "reminder")
    assert reminder["assumptions"] == ["at", "kind"]
    assert ran["expect"][0]["fields"]["until"] == {"expected": "2028-06-10", "got": "2028-06-10", "ok": True}
    assert ran["known_at"] is None


def test_a_new_year_shows_the_reset(scenario: Any) -> None:
    ran = Simulated(scenario(story("date: 2025-12-20, award: 9")))
    assert "2026-01-01           year           0 points" in ran.out
    assert "T(2025) = 9, T(2026) = 0" in ran.out


@pytest.mark.parametrize(("old", "code"), [("points: 12,", 0), ("award: 12", 2)])
def test_the_true_command_needs_no_database(scenario: Any, tmp_path: Path, old: str, code: int) -> None:
    file = scenario(ONE_OFF.replace(old, f"{old}{'' if code == 0 else 'x'}"))
    nowhere = "postgres://nobody@127.0.0.1:1/nothing"
    finished = subprocess.run(
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "simulate", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=False,
        env={**os.environ, "DATABASE_URL": nowhere, "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
    )
    assert finished.returncode == code, finished.stderr
    if code == 2:
        assert finished.stderr.startswith(f"{file}:4: events.0.award:")
