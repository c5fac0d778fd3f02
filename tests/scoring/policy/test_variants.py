"""What no shipped pack does: revoked licences, and the promises of replay under packs made up for the worked examples.

The stories of `tests/worked_examples/variant_*.yaml` say what has to follow under each switch; here the same packs meet
random stories, with appeals that stop a measure and licences that come and go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from scoring.policy.account import GRAVITY, Account, PolicyMeasure, Status, StatusOn
from scoring.policy.events import (
    Award,
    Dismissal,
    Event,
    LicenceLoss,
    Repair,
    Reregistration,
    Reversal,
    Stay,
    Variation,
)
from scoring.policy.facts import facts_from_events
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_files import load_pack, load_packs
from scoring.policy.scenario_files import run_files
from tests.scoring.policy.test_properties import (
    FIRST_DAY,
    ONE_DAY,
    days_that_matter,
    picture,
    standing_points,
    under,
)

EXAMPLES = Path(__file__).parents[2] / "worked_examples"
FILES = sorted((EXAMPLES / "packs").glob("*.yaml"))
NAMES = [file.stem for file in FILES]
BRISK = settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = date(2025, 6, 10)


@cache
def shipped() -> tuple[Rulebook, ...]:
    return load_packs()


@cache
def pack(name: str) -> Rulebook:
    if name == "national":
        return next(rulebook for rulebook in shipped() if rulebook.id == name)
    return load_pack(EXAMPLES / "packs" / f"{name}.yaml", shipped())


STAYING = [name for name in NAMES if pack(name).appeal_stays]


def an_award(
    points: int, on: date = DAY, *, seq: int = 1, under_pack: str = "national", months: int | None = None
) -> Award:
    return Award(f"a{seq}", seq, on, points, on, pack(under_pack), points, months)


# The packs themselves


def test_every_pack_is_used_by_a_worked_example() -> None:
    runs = run_files(sorted(EXAMPLES.glob("variant_*.yaml")), shipped())
    assert {f"packs/{name}.yaml" for name in NAMES} <= {run.placed.scenario.rulebook for run in runs}


@pytest.mark.parametrize("name", NAMES)
def test_every_pack_differs_from_national_and_calls_what_it_changes_an_assumption(name: str) -> None:
    rules, national = pack(name), pack("national")
    changed = {
        path
        for path in ("points_dated_by", "same_conduct", "single_scope", "effect_starts", "termination_end")
        if getattr(rules, path) != getattr(national, path)
    }
    changed |= {path for path in ("appeal_stays", "repair") if getattr(rules, path) != getattr(national, path)}
    if rules.measures.suspend.further_points != national.measures.suspend.further_points:
        changed.add("measures.suspend.further_points")
    if rules.measures.suspend.single != national.measures.suspend.single:
        changed.add("measures.suspend.months.single")
    if rules.measures.full != national.measures.full:
        changed.add("measures.full.cumulative")
    assert changed
    assert all(rules.provenance_of(path).assumption for path in changed)


# Revoked licences (design §5.11)


def test_a_revoked_licence_ends_qualification_from_its_day_with_no_end_known() -> None:
    account = replay([LicenceLoss("l1", 1, DAY)])
    assert account.status_on(DAY - ONE_DAY) == StatusOn(Status.NORMAL)
    for day in (DAY, DAY + ONE_DAY, date(2026, 1, 1), date(2035, 1, 1)):
        assert outline(account, day) == (Status.TERMINATED, None, False)
        assert account.points_on(day) == 0


def test_a_licence_given_back_restores_qualification_on_its_day() -> None:
    account = replay([LicenceLoss("l1", 1, DAY, date(2026, 1, 10))])
    assert outline(account, DAY) == (Status.TERMINATED, date(2026, 1, 9), False)
    assert outline(account, date(2026, 1, 9)) == (Status.TERMINATED, date(2026, 1, 9), False)
    assert outline(account, date(2026, 1, 10)) == (Status.NORMAL, None, False)


def test_the_loss_of_a_licence_is_graver_than_a_suspension_which_runs_on_beside_it() -> None:
    # 10 on 05-10: 4 months 05-11 to 09-10; licence lost from 06-10 to 06-30.
    account = replay([an_award(10, date(2025, 5, 10)), LicenceLoss("l1", 2, DAY, date(2025, 7, 1))])
    assert outline(account, date(2025, 6, 9)) == (Status.SUSPENDED, date(2025, 9, 10), False)
    assert outline(account, DAY) == (Status.TERMINATED, date(2025, 6, 30), False)
    assert outline(account, date(2025, 7, 1)) == (Status.SUSPENDED, date(2025, 9, 10), False)
    assert outline(account, date(2025, 9, 11)) == (Status.NORMAL, None, False)


def test_points_of_the_decision_are_recorded_beside_the_loss() -> None:
    # D2 with 8 points: no measure of its own. The status is the licence's, the points are the ledger's.
    account = replay([an_award(8), LicenceLoss("l1", 2, DAY, date(2025, 12, 1))])
    assert (account.points_on(DAY), account.reminders_of(2025, DAY)) == (8, [3, 6])
    assert account.measures == ()
    assert outline(account, DAY) == (Status.TERMINATED, date(2025, 11, 30), False)
    assert outline(account, date(2025, 12, 1)) == (Status.NORMAL, None, False)
    assert account.points_on(date(2025, 12, 1)) == 8


def test_a_bar_goes_on_after_the_licence_is_back() -> None:
    # 12 on 06-10: bar 2025-06-11 to 2028-06-10; licence lost from 06-10 to 2026-01-09.
    account = replay([an_award(12), LicenceLoss("l1", 2, DAY, date(2026, 1, 10))])
    assert account.status_on(DAY).status is Status.TERMINATED
    assert outline(account, date(2026, 1, 10)) == (Status.TERMINATED, date(2028, 6, 10), False)
    assert outline(account, date(2028, 6, 11)) == (Status.TERMINATED, date(2028, 6, 10), True)


def test_the_later_end_counts_where_a_bar_runs_beside_a_lost_licence() -> None:
    # `until` is the latest last day among the measures of that kind in force (§5.6): the bar's, not the licence's.
    account = replay([an_award(12), LicenceLoss("l1", 2, DAY, date(2026, 1, 10))])
    assert outline(account, date(2025, 12, 1)) == (Status.TERMINATED, date(2028, 6, 10), False)


def test_no_end_is_known_where_a_bar_runs_beside_a_licence_that_is_not_given_back() -> None:
    account = replay([an_award(12), LicenceLoss("l1", 2, DAY)])
    assert outline(account, date(2025, 12, 1)) == (Status.TERMINATED, None, False)


def test_nobody_may_reapply_after_a_bar_while_the_licence_is_lost() -> None:
    # 6+6 = 12 on 06-10: bar 2025-06-11 to 2026-06-10; licence lost 2026-05-01 to 2026-08-31.
    bar = [an_award(6, date(2025, 5, 10)), an_award(6, DAY, seq=2)]
    account = replay([*bar, LicenceLoss("l1", 3, date(2026, 5, 1), date(2026, 9, 1))])
    assert outline(account, date(2026, 6, 11)) == (Status.TERMINATED, date(2026, 8, 31), False)
    assert outline(account, date(2026, 9, 1)) == (Status.TERMINATED, date(2026, 6, 10), True)


def test_registering_anew_is_refused_while_the_licence_is_lost() -> None:
    # The bar is over, but nobody can be registered without a licence: what may not be applied for is not accepted.
    bar = [an_award(6, date(2025, 5, 10)), an_award(6, DAY, seq=2)]
    loss = LicenceLoss("l1", 3, date(2026, 5, 1), date(2026, 9, 1))
    account = replay([*bar, loss, Reregistration("r1", 4, date(2026, 7, 1)), Reregistration("r2", 5, date(2026, 9, 5))])
    assert [refusal.ref for refusal in account.refusals] == ["r1"]
    assert outline(account, date(2026, 9, 4)) == (Status.TERMINATED, date(2026, 6, 10), True)
    assert outline(account, date(2026, 9, 6)) == (Status.NORMAL, None, False)


def test_registering_anew_does_not_bring_back_a_licence() -> None:
    account = replay([LicenceLoss("l1", 1, DAY), Reregistration("r1", 2, date(2025, 8, 1))])
    assert [refusal.ref for refusal in account.refusals] == ["r1"]
    assert outline(account, date(2025, 8, 2)) == (Status.TERMINATED, None, False)


def test_a_won_appeal_against_the_points_leaves_the_licence_lost() -> None:
    events: list[Event] = [an_award(12), LicenceLoss("l1", 2, DAY, date(2025, 12, 1))]
    account = replay([*events, Reversal("e3", 3, date(2025, 8, 1), "a1")])
    assert account.points_on(DAY) == 0
    assert outline(account, date(2025, 8, 2)) == (Status.TERMINATED, date(2025, 11, 30), False)
    assert outline(account, date(2025, 12, 1)) == (Status.NORMAL, None, False)


def test_an_appeal_that_stops_the_bar_does_not_give_back_the_licence() -> None:
    # The bar, 06-11 to 2028-06-10, is stopped from 06-20 on; the licence is lost until 2025-08-31.
    events: list[Event] = [an_award(12, under_pack="stays"), LicenceLoss("l1", 2, DAY, date(2025, 9, 1))]
    account = replay([*events, Stay("e3", 3, date(2025, 6, 20), "a1")])
    assert outline(account, date(2025, 6, 20)) == (Status.TERMINATED, date(2025, 8, 31), False)
    assert outline(account, date(2025, 9, 1)) == (Status.NORMAL, None, False)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_qualification_comes_back_with_the_last_of_two_licences(order: tuple[int, int]) -> None:
    first = LicenceLoss("l1", order[0], date(2025, 6, 1), date(2025, 7, 1))
    second = LicenceLoss("l2", order[1], date(2025, 6, 15), date(2025, 9, 1))
    account = replay([first, second])
    assert outline(account, date(2025, 6, 20)) == (Status.TERMINATED, date(2025, 8, 31), False)
    assert outline(account, date(2025, 7, 1)) == (Status.TERMINATED, date(2025, 8, 31), False)
    assert outline(account, date(2025, 9, 1)) == (Status.NORMAL, None, False)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_longer_of_two_losses_counts_when_the_shorter_lies_inside(order: tuple[int, int]) -> None:
    longer = LicenceLoss("l1", order[0], date(2025, 6, 1))
    shorter = LicenceLoss("l2", order[1], date(2025, 6, 15), date(2025, 7, 1))
    account = replay([longer, shorter])
    assert outline(account, date(2025, 6, 20)) == (Status.TERMINATED, None, False)
    assert outline(account, date(2025, 7, 1)) == (Status.TERMINATED, None, False)


def outline(account: Account, day: date) -> tuple[Status, date | None, bool]:
    status = account.status_on(day)
    return status.status, status.until, status.may_reapply


# Random stories under the packs of the worked examples


@dataclass(frozen=True)
class Story:
    """The events of one person in posting order, the day of the last, and the packs they are judged under."""

    events: tuple[Event, ...]
    today: date
    names: tuple[str, ...]

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """Show a failing story with its rulebooks by label; in full it is longer than Hypothesis puts up with."""
        printer.text("\n".join(["", *map(str, facts_from_events(self.events))]))

    def then(self, *more: Event) -> tuple[Event, ...]:
        return (*self.events, *more)

    @property
    def next_seq(self) -> int:
        return len(self.events) + 1


@st.composite
def awards(draw: st.DrawFn, *, seq: int, on: date, names: Sequence[str]) -> Award:
    rulebook = pack(draw(st.sampled_from(names)))
    points = draw(st.integers(min_value=1, max_value=14))
    single = draw(st.integers(min_value=1, max_value=points)) if rulebook.single_scope == "conduct" else points
    basis_before = 0 if rulebook.points_dated_by == "effective" else draw(st.sampled_from([0, 0, 0, 10, 60]))
    return Award(
        ref=f"a{seq}",
        seq=seq,
        on=on,
        points=points,
        scored_on=max(FIRST_DAY, on - timedelta(days=basis_before)),
        rulebook=rulebook,
        single_points=single,
        months=draw(st.sampled_from([None, None, None, 1, 3, 6])),
        articles=draw(st.sampled_from([frozenset[int](), frozenset[int](), frozenset({40})])),
    )


@st.composite
def one_award(draw: st.DrawFn, *, on: date, names: Sequence[str]) -> Story:
    """A story of one award only."""
    name = draw(st.sampled_from(names))
    return Story((draw(awards(seq=1, on=on, names=[name])),), on, (name,))


ACTS = ["award"] * 6 + ["stay", "stay", "dismiss", "reverse", "vary", "repair", "repair", "reregister", "licence"]


@st.composite
def stories(draw: st.DrawFn, *, min_size: int = 0, max_size: int = 9, names: Sequence[str] = tuple(NAMES)) -> Story:
    """A story as in `test_properties`, with stays, dismissals and licences; an award may be varied more than once."""
    first = draw(st.sampled_from(names))
    # Where a bar that ended by itself is cut away, one that waits for an application may stand in its place: not mixed.
    alike = [name for name in names if pack(name).termination_end == pack(first).termination_end]
    chosen = (first, draw(st.sampled_from([first, *alike])))
    today = FIRST_DAY + timedelta(days=draw(st.integers(min_value=0, max_value=400)))
    events: list[Event] = []
    standing: dict[str, int] = {}
    for seq in range(1, draw(st.integers(min_value=min_size, max_value=max_size)) + 1):
        today += timedelta(days=draw(st.sampled_from([0, 1, 7, 20, 31, 45, 120, 380])))
        act = draw(st.sampled_from(ACTS))
        target = draw(st.sampled_from(sorted(standing))) if standing else ""
        if act == "repair":
            points = draw(st.integers(min_value=1, max_value=3))
            events.append(Repair(f"e{seq}", seq, today, points, pack(chosen[0])))
        elif act == "reregister":
            events.append(Reregistration(f"e{seq}", seq, today))
        elif act == "licence":
            back = draw(st.sampled_from([None, today + ONE_DAY, today + timedelta(days=100)]))
            events.append(LicenceLoss(f"e{seq}", seq, today, back))
        elif act == "stay" and target:
            events.append(Stay(f"e{seq}", seq, today, target))
        elif act == "dismiss" and target:
            events.append(Dismissal(f"e{seq}", seq, today, target))
        elif act == "reverse" and target:
            del standing[target]
            events.append(Reversal(f"e{seq}", seq, today, target))
        elif act == "vary" and target and standing[target] > 1:
            standing[target] = draw(st.integers(min_value=1, max_value=standing[target] - 1))
            events.append(Variation(f"e{seq}", seq, today, target, standing[target]))
        else:
            on = max(FIRST_DAY, today - timedelta(days=draw(st.sampled_from([0, 0, 0, 15, 70]))))
            award = draw(awards(seq=seq, on=on, names=chosen))
            standing[award.ref] = award.points
            events.append(award)
    return Story(tuple(events), today, chosen)


@st.composite
def stories_and_an_award(draw: st.DrawFn) -> Story:
    """A story with one more award at its end, dated on the day of the last posting or later."""
    story = draw(stories())
    on = story.today + timedelta(days=draw(st.integers(min_value=0, max_value=90)))
    award = draw(awards(seq=story.next_seq, on=on, names=story.names))
    return Story(story.then(award), on, story.names)


def points_standing(events: Sequence[Event]) -> dict[str, int]:
    points: dict[str, int] = {}
    for event in events:
        if isinstance(event, Award):
            points[event.ref] = event.points
        elif isinstance(event, Variation):
            points[event.award] = event.points
        elif isinstance(event, Reversal):
            del points[event.award]
    return points


def covered(measures: Sequence[PolicyMeasure], ref: str) -> set[date]:
    return {
        m.starts_on + timedelta(days=n)
        for m in measures
        if m.award == ref
        for n in range((m.ends_on - m.starts_on).days + 1)
    }


@BRISK
@given(story=stories(min_size=1), data=st.data())
def test_no_correction_makes_any_day_worse(story: Story, data: st.DataObject) -> None:
    """The outcome of an appeal ends its stay as a dismissal does (ADR 0006): days are compared with those after one."""
    standing = points_standing(story.events)
    assume(standing)
    target = data.draw(st.sampled_from(sorted(standing)))
    on = story.today + timedelta(days=data.draw(st.integers(min_value=0, max_value=400)))
    correction: Event = Reversal("c", story.next_seq, on, target)
    if standing[target] > 1 and data.draw(st.booleans()):
        points = data.draw(st.integers(min_value=1, max_value=standing[target] - 1))
        correction = Variation("c", story.next_seq, on, target, points)
    before = replay(story.then(Dismissal("c", story.next_seq, on, target)))
    after = replay(story.then(correction))
    for day in days_that_matter(before, after):
        assert under(after, day) <= under(before, day), day
        assert GRAVITY[after.status_on(day).status] <= GRAVITY[before.status_on(day).status], day


@BRISK
@given(story=stories(max_size=12))
def test_totals_equal_sums_and_are_never_negative(story: Story) -> None:
    account = replay(story.events)
    stand = standing_points(story.events)
    for day in days_that_matter(account):
        for year in range(2024, 2036):
            awarded = sum(points for y, on, points in stand if y == year and on <= day)
            earned = sum(c.points for c in account.credits if c.year == year and c.on <= day)
            assert account.total(year, day) == awarded - earned >= 0, (year, day)


@BRISK
@given(story=stories_and_an_award())
def test_a_later_award_never_shortens_a_measure(story: Story) -> None:
    before, after = replay(story.events[:-1]), replay(story.events)
    for day in days_that_matter(before, after):
        assert under(after, day) >= under(before, day), day
        old, new = before.status_on(day), after.status_on(day)
        assert GRAVITY[new.status] >= GRAVITY[old.status], day
        if new.status is old.status and old.until is not None:
            assert new.until is not None
            assert new.until >= old.until, day
    assert set(before.measures) <= set(after.measures)


@BRISK
@given(story=stories_and_an_award(), data=st.data())
def test_winning_the_last_appeal_equals_never_having_been_scored(story: Story, data: st.DataObject) -> None:
    """Stayed or not, dismissed in between or not: after the reversal nothing is left of the award."""
    on, award = story.today, story.events[-1]
    outcome: list[Event] = []
    for kind in (Stay, Dismissal, Reversal):
        if kind is Reversal or data.draw(st.booleans()):
            on += timedelta(days=data.draw(st.integers(min_value=0, max_value=200)))
            seq = story.next_seq + len(outcome)
            outcome.append(kind(f"c{seq}", seq, on, award.ref))
    never, undone = replay(story.events[:-1]), replay(story.then(*outcome))
    days = days_that_matter(never, undone)
    assert picture(undone, days) == picture(never, days)
    assert (undone.awards, undone.credits, undone.reminders) == (never.awards, never.credits, never.reminders)
    for ref in {measure.award for measure in (*undone.measures, *never.measures)}:
        assert covered(undone.measures, ref) == covered(never.measures, ref)


@BRISK
@given(story=stories(max_size=12))
def test_new_year_resets_points_and_touches_nothing_else(story: Story) -> None:
    account = replay(story.events)
    edges = {m.starts_on for m in account.measures} | {m.ends_on + ONE_DAY for m in account.measures}
    edges |= {r.on for r in account.reregistrations}
    edges |= {x.on for x in account.licence_losses} | {x.restored_on for x in account.licence_losses if x.restored_on}
    for year in range(2026, 2036):
        old_year, new_year = date(year - 1, 12, 31), date(year, 1, 1)
        fresh = sum(a.points for a in account.awards if a.year == year and a.on <= new_year)
        assert account.points_on(new_year) == fresh - sum(
            c.points for c in account.credits if c.year == year and c.on <= new_year
        )
        if new_year not in edges:
            assert account.status_on(new_year) == account.status_on(old_year), year


@BRISK
@given(story=stories(max_size=12))
def test_every_status_rests_on_a_measure_or_on_the_licence(story: Story) -> None:
    account = replay(story.events)
    assert {measure.award for measure in account.measures} <= {award.ref for award in account.awards}
    for day in days_that_matter(account):
        status = account.status_on(day)
        lost = any(x.on <= day and (x.restored_on is None or day < x.restored_on) for x in account.licence_losses)
        if lost:
            assert status.status is Status.TERMINATED
            assert not status.may_reapply
        elif status.status is Status.NORMAL:
            assert under(account, day) == 0
            assert status.until is None
        elif not status.may_reapply:
            assert under(account, day) == GRAVITY[status.status]
            assert status.until is not None
            assert status.until >= day


@BRISK
@given(story=one_award(on=DAY, names=STAYING), data=st.data())
def test_a_dismissed_appeal_costs_no_day_and_saves_none(story: Story, data: st.DataObject) -> None:
    """Days before the stay are served where they are; those left are as many as before and follow the dismissal."""
    stayed_on = DAY + timedelta(days=data.draw(st.integers(min_value=0, max_value=200)))
    dismissed_on = stayed_on + timedelta(days=data.draw(st.integers(min_value=0, max_value=200)))
    stay, dismissal = Stay("s", 2, stayed_on, "a1"), Dismissal("d", 3, dismissed_on, "a1")
    plain = covered(replay(story.events).measures, "a1")
    while_open = covered(replay(story.then(stay)).measures, "a1")
    dismissed = covered(replay(story.then(stay, dismissal)).measures, "a1")
    served = {day for day in plain if day < stayed_on}
    assert while_open == served
    assert {day for day in dismissed if day <= dismissed_on} == served
    assert len(dismissed) == len(plain)
    if min(plain, default=dismissed_on) > dismissed_on:
        assert dismissed == plain


@BRISK
@given(story=stories(min_size=1, names=STAYING), data=st.data())
def test_a_stay_frees_days_of_its_own_award_only(story: Story, data: st.DataObject) -> None:
    standing = points_standing(story.events)
    assume(standing)
    target = data.draw(st.sampled_from(sorted(standing)))
    on = story.today + timedelta(days=data.draw(st.integers(min_value=0, max_value=90)))
    before, after = replay(story.events), replay(story.then(Stay("s", story.next_seq, on, target)))
    for day in days_that_matter(before, after):
        assert under(after, day) <= under(before, day), day
    others = [m for m in before.measures if m.award != target]
    assert [m for m in after.measures if m.award != target] == others
    assert covered(after.measures, target) == {day for day in covered(before.measures, target) if day < on}
    assert after.total(on.year, on) == before.total(on.year, on)
