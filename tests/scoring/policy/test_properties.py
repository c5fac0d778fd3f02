"""What holds for every story: six promises about replay, tried on random stories under the shipped packs.

A story is posted by a clock that never runs back: corrections, repairs and re-registrations are dated on the
day they are posted, awards on that day or some weeks before it (a late case).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.policy.account import GRAVITY, KIND_GRAVITY, Account, Status
from scoring.policy.choice import choose_rulebook
from scoring.policy.events import Award, Event, Repair, Reregistration, Reversal, Variation
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_files import load_packs

FIRST_DAY = date(2025, 1, 1)
REGIONS = ("110101", "150422", "210102", "120101", "430102", "370602")  # national and the five other packs
ONE_DAY = timedelta(days=1)
ORDINARY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def packs() -> tuple[Rulebook, ...]:
    return load_packs()


@cache
def rules(region: str, on: date) -> Rulebook:
    return choose_rulebook(packs(), region, on)


@dataclass(frozen=True)
class Story:
    """The events of one person in posting order, and the day of the last posting."""

    events: tuple[Event, ...]
    today: date
    regions: tuple[str, ...]

    def then(self, *more: Event) -> tuple[Event, ...]:
        return (*self.events, *more)

    @property
    def next_seq(self) -> int:
        return len(self.events) + 1


@st.composite
def awards(draw: st.DrawFn, *, seq: int, on: date, regions: tuple[str, ...]) -> Award:
    points = draw(st.integers(min_value=1, max_value=14))
    basis_before = draw(st.sampled_from([0, 0, 0, 10, 60]))
    return Award(
        ref=f"a{seq}",
        seq=seq,
        on=on,
        points=points,
        scored_on=max(FIRST_DAY, on - timedelta(days=basis_before)),
        rulebook=rules(draw(st.sampled_from(regions)), on),
        single_points=points,
        months=draw(st.sampled_from([None, None, None, 1, 3, 6])),
        articles=draw(st.sampled_from([frozenset[int](), frozenset({38}), frozenset({40})])),
    )


@st.composite
def stories(draw: st.DrawFn, *, min_size: int = 0, max_size: int = 9, late: bool = True) -> Story:
    """A story of awards (some of them late), reversals, variations, repairs and re-registrations."""
    regions = tuple(draw(st.lists(st.sampled_from(REGIONS), min_size=1, max_size=2)))
    today = FIRST_DAY + timedelta(days=draw(st.integers(min_value=0, max_value=400)))
    events: list[Event] = []
    standing: list[Award] = []
    for seq in range(1, draw(st.integers(min_value=min_size, max_value=max_size)) + 1):
        today += timedelta(days=draw(st.sampled_from([0, 1, 7, 20, 31, 45, 120, 380])))
        act = draw(st.sampled_from(["award"] * 5 + ["reverse", "vary", "repair", "repair", "reregister"]))
        if act == "reverse" and standing:
            target = standing.pop(draw(st.integers(min_value=0, max_value=len(standing) - 1)))
            events.append(Reversal(ref=f"e{seq}", seq=seq, on=today, award=target.ref))
        elif act == "vary" and any(a.points > 1 for a in standing):
            target = draw(st.sampled_from([a for a in standing if a.points > 1]))
            standing.remove(target)  # what a ref means after a variation is left open: varied once, then let be
            points = draw(st.integers(min_value=1, max_value=target.points - 1))
            events.append(Variation(ref=f"e{seq}", seq=seq, on=today, award=target.ref, points=points))
        elif act == "repair":
            points = draw(st.integers(min_value=1, max_value=3))
            rulebook = rules(regions[0], today)
            events.append(Repair(ref=f"e{seq}", seq=seq, on=today, points=points, rulebook=rulebook))
        elif act == "reregister":
            events.append(Reregistration(ref=f"e{seq}", seq=seq, on=today))
        else:
            days_late = draw(st.sampled_from([0, 0, 0, 15, 70])) if late else 0
            on = max(FIRST_DAY, today - timedelta(days=days_late))
            award = draw(awards(seq=seq, on=on, regions=regions))
            standing.append(award)
            events.append(award)
    return Story(tuple(events), today, regions)


def days_that_matter(*accounts: Account) -> list[date]:
    """Every day on which any of the accounts may change, the days around it, and each New Year."""
    edges = {date(year, 1, 1) for year in range(2025, 2036)}
    for account in accounts:
        edges |= {measure.starts_on for measure in account.measures}
        edges |= {measure.ends_on for measure in account.measures}
        edges |= {award.on for award in account.awards} | {credit.on for credit in account.credits}
        edges |= {registration.on for registration in account.reregistrations}
    return sorted({edge + shift for edge in edges for shift in (-ONE_DAY, timedelta(0), ONE_DAY)})


def under(account: Account, day: date) -> int:
    """The gravity of the gravest measure that covers the day; 0 where none does."""
    return max((KIND_GRAVITY[m.kind] for m in account.measures if m.covers(day)), default=0)


def picture(account: Account, days: Sequence[date]) -> list[object]:
    """What the outside sees: points, status and reminders on each of the days."""
    return [(d, account.points_on(d), account.status_on(d), account.reminders_of(d.year, d)) for d in days]


def standing_points(events: Sequence[Event]) -> list[tuple[int, date, int]]:
    """(year, effective day, points) of what stands, worked out from the events alone."""
    stand: dict[str, Award] = {}
    for event in events:
        if isinstance(event, Award):
            stand[event.ref] = event
        elif isinstance(event, Reversal):
            del stand[event.award]
        elif isinstance(event, Variation):
            stand[event.award] = replace(stand[event.award], points=event.points)
    return [(a.scored_on.year, a.on, a.points) for a in stand.values()]


@ORDINARY
@given(story=stories(), data=st.data())
def test_a_later_award_never_shortens_a_measure(story: Story, data: st.DataObject) -> None:
    on = story.today + timedelta(days=data.draw(st.integers(min_value=0, max_value=90)))
    award = data.draw(awards(seq=story.next_seq, on=on, regions=story.regions))
    before, after = replay(story.events), replay(story.then(award))
    for day in days_that_matter(before, after):
        assert under(after, day) >= under(before, day), day
        old, new = before.status_on(day), after.status_on(day)
        assert GRAVITY[new.status] >= GRAVITY[old.status], day
        if new.status is old.status and old.until is not None:
            assert new.until is not None
            assert new.until >= old.until, day
    assert set(before.measures) <= set(after.measures)


@ORDINARY
@given(story=stories(min_size=1), data=st.data())
def test_no_correction_makes_any_day_worse(story: Story, data: st.DataObject) -> None:
    corrected = {e.award for e in story.events if isinstance(e, Reversal | Variation)}
    open_awards = [e for e in story.events if isinstance(e, Award) and e.ref not in corrected]
    assume(open_awards)
    target = data.draw(st.sampled_from(open_awards))
    on = story.today + timedelta(days=data.draw(st.integers(min_value=0, max_value=400)))
    correction: Event = Reversal(ref="c", seq=story.next_seq, on=on, award=target.ref)
    if target.points > 1 and data.draw(st.booleans()):
        points = data.draw(st.integers(min_value=1, max_value=target.points - 1))
        correction = Variation(ref="c", seq=story.next_seq, on=on, award=target.ref, points=points)
    before, after = replay(story.events), replay(story.then(correction))
    for day in days_that_matter(before, after):
        assert under(after, day) <= under(before, day), day
        assert GRAVITY[after.status_on(day).status] <= GRAVITY[before.status_on(day).status], day


@ORDINARY
@given(story=stories(), data=st.data())
def test_reversing_the_last_award_equals_never_having_made_it(story: Story, data: st.DataObject) -> None:
    on = story.today + timedelta(days=data.draw(st.integers(min_value=0, max_value=90)))
    award = data.draw(awards(seq=story.next_seq, on=on, regions=story.regions))
    undone_on = on + timedelta(days=data.draw(st.integers(min_value=0, max_value=400)))
    reversal = Reversal(ref="c", seq=story.next_seq + 1, on=undone_on, award=award.ref)
    never, undone = replay(story.events), replay(story.then(award, reversal))
    days = days_that_matter(never, undone)
    assert picture(undone, days) == picture(never, days)
    assert undone.awards == never.awards
    assert undone.credits == never.credits
    assert undone.reminders == never.reminders


@ORDINARY
@given(mine=stories(), yours=stories(), data=st.data())
def test_the_order_of_unrelated_persons_does_not_matter(mine: Story, yours: Story, data: st.DataObject) -> None:
    file = data.draw(st.permutations([0] * len(mine.events) + [1] * len(yours.events)))
    streams = (iter(mine.events), iter(yours.events))
    replayed: tuple[list[Event], list[Event]] = ([], [])
    for line, person in enumerate(file, start=1):
        replayed[person].append(replace(next(streams[person]), seq=line))
    for story, events in zip((mine, yours), replayed, strict=True):
        alone = replay(story.events)
        among_others = replay(data.draw(st.permutations(events)))
        days = days_that_matter(alone, among_others)
        assert picture(among_others, days) == picture(alone, days)
        assert among_others.measures == alone.measures
        assert among_others.credits == alone.credits
        assert among_others.refusals == alone.refusals


@ORDINARY
@given(story=stories(max_size=12))
def test_totals_equal_sums_and_are_never_negative(story: Story) -> None:
    account = replay(story.events)
    stand = standing_points(story.events)
    repairs = {e.ref: e for e in story.events if isinstance(e, Repair)}
    refused = {r.ref for r in account.refusals}
    assert {c.ref for c in account.credits} == repairs.keys() - refused
    for credit in account.credits:
        assert (credit.on, credit.points) == (repairs[credit.ref].on, repairs[credit.ref].points)
    for day in days_that_matter(account):
        for year in range(2024, 2036):
            awarded = sum(points for y, on, points in stand if y == year and on <= day)
            earned = sum(c.points for c in account.credits if c.year == year and c.on <= day)
            assert account.total(year, day) == awarded - earned >= 0, (year, day)
        assert account.points_on(day) == account.total(day.year, day)


@ORDINARY
@given(story=stories(max_size=12))
def test_new_year_resets_points_and_touches_nothing_else(story: Story) -> None:
    account = replay(story.events)
    for year in range(2026, 2036):
        old_year, new_year = date(year - 1, 12, 31), date(year, 1, 1)
        fresh = [a for a in account.awards if a.year == year and a.on <= new_year]
        assert account.points_on(new_year) == sum(a.points for a in fresh) - sum(
            c.points for c in account.credits if c.year == year and c.on <= new_year
        )
        if all(a.on != new_year for a in account.awards) and all(c.on != new_year for c in account.credits):
            assert account.total(year - 1, new_year) == account.total(year - 1, old_year)
        edges = {m.starts_on for m in account.measures} | {m.ends_on + ONE_DAY for m in account.measures}
        if new_year not in edges | {r.on for r in account.reregistrations}:
            assert account.status_on(new_year) == account.status_on(old_year), year


@ORDINARY
@given(story=stories(max_size=12))
def test_every_status_rests_on_a_measure_of_a_standing_award(story: Story) -> None:
    account = replay(story.events)
    standing = {award.ref for award in account.awards}
    assert {measure.award for measure in account.measures} <= standing
    for day in days_that_matter(account):
        status = account.status_on(day)
        if status.status is Status.SUSPENDED:
            assert under(account, day) == GRAVITY[Status.SUSPENDED]
        if status.status is Status.NORMAL:
            assert under(account, day) == 0
            assert status.until is None
        if status.may_reapply:
            assert status.status is Status.TERMINATED
            assert status.until is not None
            assert status.until < day
