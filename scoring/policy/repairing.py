"""Earning points back (§5 item 8): which year is credited, why not, and what gets shorter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scoring.policy.account import Credit, Refusal, Tier, TraceLine
from scoring.policy.events import Award, Repair
from scoring.policy.imposing import Imposed
from scoring.policy.posting import Cap

if TYPE_CHECKING:
    from scoring.policy.rulebook_parts import RepairRule


def credit_of(
    repair: Repair,
    imposed: Sequence[Imposed],
    caps: list[Cap],
    awards: Sequence[Award],
    credited: Sequence[Credit],
    total: Callable[[int], int],
) -> tuple[Credit | Refusal, TraceLine]:
    """Decide one repair on its day: the credit and its year, or the refusal with the reason."""
    year = _credited_year(repair, imposed, caps)
    rule = repair.rulebook.repair
    in_year = sum(c.points for c in credited if c.year == year)
    refused = _why_not(repair, rule, year, in_year, total(year), awards)
    parameters: dict[str, object] = {} if rule is None else {"cap_per_year": rule.cap_per_year}
    if refused is not None:
        return refused, _trace(repair, refused.rule, parameters, refused.reason, "refused")
    arithmetic = f"T({year}) = {total(year)} − {repair.points} = {total(year) - repair.points}"
    credit = Credit(repair.ref, repair.on, year, repair.points)
    return credit, _trace(repair, "repair", parameters, arithmetic, f"−{repair.points} in {year}")


def retier(repair: Repair, year: int, total: int, suspensions: Sequence[Imposed]) -> list[TraceLine]:
    """Shorten the year's ladder suspensions to what the lowered total allows.

    Below suspend.at: the running one ends on the day and waiting ones are void; else together they
    last no more than the default months of the total's row, taken off the latest first and never
    back before the day. Suspensions from a single table of its own count but are untouched, as is the
    full tier.
    """
    rule = repair.rulebook.measures.suspend
    ladder = [m for m in suspensions if m.tier is Tier.LADDER]
    if not ladder:
        return []
    if total < rule.at:
        for measure in ladder:
            measure.end_by(repair.on)
        why = f"T({year}) = {total} < {rule.at}"
        return [_trace(repair, "repair.suspensions", {"at": rule.at}, why, f"end on {repair.on}")]
    row = rule.cumulative.get(total)
    counted = [m for m in suspensions if m.tier is not Tier.FULL]
    over = sum(m.months for m in counted) - row.default if row is not None else 0
    if row is None or over <= 0:
        return []
    why = f"T({year}) = {total}: together at most {row.default} months, {over} over"
    for measure in sorted(ladder, key=lambda m: m.term.starts_on, reverse=True):
        last = measure.spans[-1][1] if measure.spans else None
        ended = last is None or last < repair.on
        if over <= 0 or (ended and not measure.unserved):
            continue
        taken = min(over, measure.months)
        measure.shorten(taken, repair.on)
        over -= taken
    return [_trace(repair, "repair.suspensions", {"default": row.default}, why, "shortened")]


def _credited_year(repair: Repair, imposed: Sequence[Imposed], caps: list[Cap]) -> int:
    """The year of the ladder suspension imposed last among those running or waiting on the day."""
    for measure in reversed(imposed):
        ends_on = measure.ends_on(caps)
        waits = measure.unserved > 0 or (ends_on is not None and ends_on >= repair.on)
        if measure.tier is Tier.LADDER and waits:
            return measure.year
    return repair.on.year


def _why_not(
    repair: Repair,
    rule: RepairRule | None,
    year: int,
    credited: int,
    total: int,
    awards: Sequence[Award],
) -> Refusal | None:
    def refused(rule: str, reason: str, **values: object) -> Refusal:
        return Refusal(repair.ref, repair.on, rule, reason, values)

    if rule is None:
        label = repair.rulebook.id
        return refused("repair", f"repair is off under {label}", rulebook=label)
    if repair.points < 1:
        return refused("repair.points", "a repair credits at least 1 point")
    if credited + repair.points > rule.cap_per_year:
        reason = f"{credited} credited in {year} + {repair.points} passes the cap of {rule.cap_per_year}"
        return refused("repair.cap_per_year", reason, credited=credited, year=year, cap=rule.cap_per_year)
    if repair.points > total:
        return refused("repair.total", f"{repair.points} is more than T({year}) = {total}", total=total, year=year)
    for award in awards:
        if award.year != year:
            continue
        if rule.excluded_single_full and award.single_points >= award.rulebook.measures.full.at:
            reason = f"{award.ref} was {award.single_points} points in one go"
            return refused("repair.excluded.single_full", reason, points=award.single_points, year=year)
        if award.articles & rule.excluded_articles:
            articles = sorted(award.articles & rule.excluded_articles)
            reason = f"{award.ref} rests on article {sorted(award.articles)}"
            return refused("repair.excluded.articles", reason, articles=articles, year=year)
    return None


def _trace(repair: Repair, rule: str, parameters: dict[str, object], arithmetic: str, outcome: str) -> TraceLine:
    return TraceLine(repair.on, repair.ref, "repair", rule, repair.rulebook.label, parameters, arithmetic, outcome)
