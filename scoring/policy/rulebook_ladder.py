"""Reading the ladder of a pack: reminders, suspension, the full tier; no total may fall into a gap or on
two rows.
"""

from __future__ import annotations

from scoring.policy.rulebook_parts import (
    FullMeasure,
    FullRule,
    FurtherPoints,
    MeasureKind,
    Measures,
    MonthsRow,
    ReminderKind,
    ReminderTier,
    SuspendRule,
)
from scoring.policy.section import Section, is_whole

SAME = "same"


def read_measures(section: Section) -> Measures:
    """The whole ladder; complains where suspension and full tier do not adjoin."""
    section.know_only(("reminders", "suspend", "full"))
    full = _full(section.section("full"))
    suspend = _suspend(section.section("suspend"), full.at)
    return Measures(_reminders(section, full.at), suspend, full)


def _reminders(section: Section, full_at: int) -> tuple[ReminderTier, ...]:
    tiers: list[ReminderTier] = []
    for tier in section.sections("reminders"):
        tier.know_only(("at", "kind"))
        read = ReminderTier(tier.whole("at"), tier.choice("kind", ReminderKind))
        if read in tiers:
            tier.refuse("at", f"a second {read.kind} at {read.at} points")
        if read.at > full_at:
            tier.refuse("at", f"lies above measures.full.at = {full_at}")
        tiers.append(read)
    return tuple(sorted(tiers, key=lambda t: t.at))


def _full(section: Section) -> FullRule:
    section.know_only(("at", "cumulative", "single"))
    return FullRule(
        section.whole("at", minimum=2),
        _full_measure(section.section("cumulative")),
        _full_measure(section.section("single")),
    )


def _full_measure(section: Section) -> FullMeasure:
    section.know_only(("kind",), ("years", "months"))
    if section.items and len({"years", "months"} & section.items.keys()) != 1:
        section.refuse("kind", "needs either years or months")
    kind = section.choice("kind", MeasureKind)
    if "years" in section.items:
        return FullMeasure(kind, section.whole("years"), None)
    return FullMeasure(kind, None, section.whole("months"))


def _suspend(section: Section, full_at: int) -> SuspendRule:
    section.know_only(("at", "months", "further_points"))
    at = section.whole("at")
    if at >= full_at:
        section.refuse("at", f"has to lie below measures.full.at = {full_at}, got {at}")
    months = section.section("months")
    months.know_only(("cumulative", "single"))
    cumulative = _table(months.section("cumulative"), at, full_at)
    single = None
    if months.items.get("single") != SAME and "single" in months.items:
        if months.has("single"):
            single = _table(months.section("single"), at, full_at)
        else:
            months.refuse("single", f"has to be {SAME} or a table of months")
    return SuspendRule(at, cumulative, single, section.choice("further_points", FurtherPoints))


def _table(section: Section, at: int, full_at: int) -> dict[int, MonthsRow]:
    rows: dict[int, MonthsRow] = {}
    for key in section.items:
        if not key.isdecimal() or str(int(key)) != key:
            section.refuse(key, "a row has to be named by its points, a whole number")
            continue
        rows[int(key)] = _row(section.section(key))
    _ensure_covered(section, rows, at, full_at)
    return rows


def _row(section: Section) -> MonthsRow:
    section.know_only(("range", "default"))
    low, high = section.pair("range")
    default = section.whole("default")
    complete = is_whole(section.items.get("default")) and "range" in section.items
    if complete and not low <= default <= high:
        section.refuse("default", f"lies outside its range {low}–{high}: {default}")
    return MonthsRow(low, high, default)


def _ensure_covered(section: Section, rows: dict[int, MonthsRow], at: int, full_at: int) -> None:
    """Every total from suspend.at to just below full.at has its row, and no other total has one."""
    for points in rows:
        if points < at:
            section.refuse(str(points), f"lies below measures.suspend.at = {at}")
        elif points >= full_at:
            section.refuse(str(points), f"overlaps the full tier, which begins at measures.full.at = {full_at}")
    missing = [points for points in range(at, full_at) if points not in rows]
    for first, last in _runs(missing):
        interval = f"{first}" if first == last else f"{first}–{last}"
        end = full_at - 1
        section.refuse_whole(f"no row for {interval}: the table has to cover {at}–{end}")


def _runs(points: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for point in points:
        if runs and runs[-1][1] == point - 1:
            runs[-1] = (runs[-1][0], point)
        else:
            runs.append((point, point))
    return runs
