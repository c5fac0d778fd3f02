"""Which rows of open data follow from a scorecard: never more than the card itself shows, and the name masked."""

from __future__ import annotations

from datetime import date

from institutions.json_types import Json
from institutions.masking import mask_name
from institutions.models import Institution
from scoring.enums import EntryKind
from scoring.models import PointsEntry
from scoring.policy.account import Status, StatusOn
from scoring.policy.rulebook_parts import MeasureKind, PublicationMode
from scoring.selectors.accounts import LoadedAccount
from scoring.selectors.public_facts import PublicScorecard, PublicSite

MEASURES = {Status.SUSPENDED: MeasureKind.SUSPEND.value, Status.TERMINATED: MeasureKind.TERMINATE.value}

OpenContent = dict[str, Json]


def open_rows(card: PublicScorecard, loaded: LoadedAccount, on: date) -> list[OpenContent]:
    """Return what open data says of a person on a day, without row ids: a row for each year of points that is shown.

    Where the rules publish a status but no points, one row without year and points while a measure is in force. Nothing
    where they publish nothing, and nothing of somebody with neither points nor measure.
    """
    if card.mode == PublicationMode.CLOSED:
        return []
    status = loaded.account.status_on(on)
    measure = MEASURES.get(status.status)
    if card.points is None:
        return [_row(card, _first_site(card), None, None, measure, status)] if measure else []
    latest = _latest_awards(loaded, on)
    rests_on = {award.year for award in loaded.account.awards if award.ref in status.awards}
    rows = []
    for shown in card.points_by_year:
        rests = measure if shown.year in rests_on else None
        if shown.points == 0 and rests is None:
            continue
        site = _site_of(latest.get(shown.year)) or _first_site(card)
        first = _first_points_on(card, shown.year)
        rows.append(_row(card, site, shown.year, shown.points, rests, status, first=first))
    if measure and not any(row["measure"] for row in rows):  # a licence that was lost: no points behind it
        rows.append(_row(card, _first_site(card), None, None, measure, status))
    return rows


def _row(
    card: PublicScorecard,
    site: PublicSite | None,
    year: int | None,
    points: int | None,
    measure: str | None,
    status: StatusOn,
    *,
    first: str | None = None,
) -> OpenContent:
    year_end = date(year, 12, 31) if year is not None else None
    until_on = status.until if measure else None
    return {
        "masked_name": mask_name(card.name),
        "category": card.category,
        "institution_code": site.code if site else None,
        "institution_name": site.name if site else None,
        "region": site.region if site else None,
        "measure": measure,
        "from": _iso(status.since) if measure else first,
        "until": _iso(until_on) if measure else _iso(year_end),
        "year": year,
        "points": points,
        "rulebook": f"{card.rulebook.id}/{card.rulebook.version}",
        "display_until": _iso(_display_until(measure, until_on, year_end)),
    }


def _display_until(measure: str | None, until_on: date | None, year_end: date | None) -> date | None:
    """A bar is shown until a new registration; a suspension until it ends, the points until the year does."""
    if measure == MeasureKind.TERMINATE.value or (measure and until_on is None):
        return None
    return max(day for day in (until_on, year_end) if day is not None)


def _first_points_on(card: PublicScorecard, year: int) -> str | None:
    shown = (e.effective_on for e in card.entries if e.kind == EntryKind.AWARD and e.year == year)
    return min(shown, default=None)


def _latest_awards(loaded: LoadedAccount, on: date) -> dict[int, PointsEntry]:
    """The award behind the points of each year that took effect last: its institution stands in the row."""
    latest: dict[int, PointsEntry] = {}
    for award in loaded.account.awards:
        if award.on <= on:
            latest[award.year] = loaded.entry_of[award.ref]
    return latest


def _site_of(entry: PointsEntry | None) -> PublicSite | None:
    if entry is None or entry.institution_id is None:
        return None
    site: Institution = entry.institution  # type: ignore[assignment]
    return PublicSite(site.code, site.name, site.region_id)


def _first_site(card: PublicScorecard) -> PublicSite | None:
    return card.institutions[0] if card.institutions else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
