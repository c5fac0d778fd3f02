"""What an award causes (§5 items 3–5): the full tier, a suspension, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.policy.account import Tier, TraceLine
from scoring.policy.events import Award
from scoring.policy.imposing import Imposed
from scoring.policy.posting import RowKey, Standing
from scoring.policy.rulebook_parts import MeasureKind
from scoring.policy.terms import ONE_DAY, term

if TYPE_CHECKING:
    from scoring.policy.rulebook_parts import FullMeasure


@dataclass(frozen=True, slots=True)
class Caused:
    """What an award caused: a measure or nothing, why, and the table row that governed it where one did."""

    imposed: Imposed | None
    trace: TraceLine
    row: RowKey | None = None


def consequence_of(award: Award, total: int, era: int, imposed: Sequence[Imposed], standing: Standing) -> Caused:
    """The measure that ``award`` imposes at the total ``total`` (points after it), and why.

    First that applies: in one go ≥ full.at; total ≥ full.at, once a year; total ≥ suspend.at.
    """
    measures = award.rulebook.measures
    same_year = [m for m in imposed if m.year == award.year and m.era == era]
    single = award.single_points
    facts = f"T({award.year}) = {total}, in one go {single}"
    if single >= measures.full.at:
        return _full(award, era, "single", measures.full.single, f"{facts} ≥ {measures.full.at}")
    if total >= measures.full.at:
        if any(m.tier is Tier.FULL for m in same_year):
            why = f"{facts}; a full measure of {award.year} was already imposed"
            return Caused(None, _trace(award, "measures.full.cumulative", {"at": measures.full.at}, why, "nothing"))
        return _full(award, era, "cumulative", measures.full.cumulative, f"{facts}; T ≥ {measures.full.at}")
    if total >= measures.suspend.at:
        return _suspend(award, total, era, same_year, standing)
    why = f"{facts} < {measures.suspend.at}"
    return Caused(None, _trace(award, "measures.suspend", {"at": measures.suspend.at}, why, "nothing"))


def _full(award: Award, era: int, which: str, full: FullMeasure, why: str) -> Caused:
    run = term(award.rulebook.effect_starts, award.on, full.length_months)
    imposed = Imposed(award, MeasureKind(full.kind), Tier.FULL, era, full.length_months, run)
    parameters: dict[str, object] = {
        "at": award.rulebook.measures.full.at,
        "kind": full.kind,
        "months": full.length_months,
        "effect_starts": award.rulebook.effect_starts,
    }
    outcome = f"{full.kind} {run.starts_on}..{run.ends_on}"
    return Caused(imposed, _trace(award, f"measures.full.{which}", parameters, why, outcome))


def _suspend(award: Award, total: int, era: int, same_year: list[Imposed], standing: Standing) -> Caused:
    rule = award.rulebook.measures.suspend
    row, default = _row(award, total)
    months, choice = _months(award, row, default, standing.chosen_rows)
    earlier = [m for m in same_year if m.tier is not Tier.FULL]
    why = f"T({award.year}) = {total}, row {row[1]} of {row[0]}: {choice}"
    not_before = None
    if rule.further_points == "top_up" and earlier:
        before = sum(m.months_imposed for m in earlier)
        why += f"; {months} − {before} already imposed = {max(0, months - before)}"
        months -= before
        ends = [end for m in earlier if (end := m.ends_on(standing.caps)) is not None]
        not_before = max(ends) + ONE_DAY if ends else None
    parameters: dict[str, object] = {
        "at": rule.at,
        "default": default,
        "chosen": award.months,
        "further_points": rule.further_points,
        "effect_starts": award.rulebook.effect_starts,
    }
    path = f"measures.suspend.months.{row[0]}.{row[1]}"
    if months <= 0:
        return Caused(None, _trace(award, path, parameters, why, "nothing"), row)
    run = term(award.rulebook.effect_starts, award.on, months, not_before)
    tier = Tier.SINGLE if row[0] == "single" else Tier.LADDER
    imposed = Imposed(award, MeasureKind.SUSPEND, tier, era, months, run)
    outcome = f"suspend {run.starts_on}..{run.ends_on}"
    return Caused(imposed, _trace(award, path, parameters, f"{why}; {months} months", outcome), row)


def _row(award: Award, total: int) -> tuple[RowKey, int]:
    """The table row that applies and its default months: the longer of cumulative and single."""
    rule = award.rulebook.measures.suspend
    row, default = ("cumulative", total), rule.cumulative[total].default
    if award.single_points < rule.at:
        return row, default
    table = rule.cumulative if rule.single is None else rule.single
    name = "cumulative" if rule.single is None else "single"
    if table[award.single_points].default > default:
        return (name, award.single_points), table[award.single_points].default
    return row, default


def _months(award: Award, row: RowKey, default: int, chosen_rows: Mapping[str, RowKey | None]) -> tuple[int, str]:
    """The months to impose: the officer's choice while its row still applies, else the default.

    A late posting that lifts the total to a higher row does not shorten what the officer chose.
    """
    if award.months is None:
        return default, f"default {default} months"
    if award.ref not in chosen_rows:  # being posted: this is the row that the choice is made for
        return award.months, f"{award.months} months as chosen by the officer"
    chosen_for = chosen_rows[award.ref]
    if chosen_for is None:
        return default, f"default {default} months (no row of the table applied when {award.months} were chosen)"
    if chosen_for == row:
        return award.months, f"{award.months} months as chosen by the officer"
    if row[1] > chosen_for[1]:
        months = max(award.months, default)
        return months, f"the longer of default {default} and the {award.months} chosen for a lower row"
    return default, f"default {default} months (the choice of {award.months} was for row {chosen_for[1]})"


def _trace(award: Award, rule: str, parameters: dict[str, object], arithmetic: str, outcome: str) -> TraceLine:
    return TraceLine(award.on, award.ref, "award", rule, award.rulebook.label, parameters, arithmetic, outcome)
