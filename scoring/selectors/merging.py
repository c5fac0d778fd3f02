"""What it would cause to make two records one person's account, or to part them again; shown before anybody decides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from institutions.identifiers import new_id
from institutions.json_types import JsonObject
from institutions.models import Practitioner, PractitionerMerge
from institutions.selectors.practitioners import record_ids
from scoring.models import AccountEvent, PointsEntry
from scoring.policy.account import GRAVITY, Account, PolicyMeasure
from scoring.selectors.accounts import LoadedAccount, account_from_rows, load_account, standing_merges


@dataclass(frozen=True)
class MeasureShown:
    """A measure as a preview shows it; dates as ISO text, ``until`` the last day."""

    kind: str
    starts_on: str
    until: str
    award: str


@dataclass(frozen=True)
class AccountShown:
    """One account on the day of the preview."""

    practitioner: str
    status: str
    until: str | None
    totals: dict[str, int]
    measures: tuple[MeasureShown, ...]


@dataclass(frozen=True)
class Preview:
    """Accounts before and after, the measures that begin or end by it, and what stands in the way."""

    on: str
    before: tuple[AccountShown, ...]
    after: tuple[AccountShown, ...]
    begins: tuple[MeasureShown, ...]
    ends: tuple[MeasureShown, ...]
    blockers: tuple[str, ...] = ()

    def as_json(self) -> JsonObject:
        """The preview as it is kept with the proposal."""
        return cast("JsonObject", json.loads(json.dumps(asdict(self))))

    @property
    def digest(self) -> str:
        """What a second officer confirms to have seen: the same accounts give the same digest."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def preview_merge(*, kept: Practitioner, gone: Practitioner, on: date, now: datetime) -> Preview:
    """What follows if ``gone`` is the person of ``kept`` from a Shanghai date on."""
    apart = [load_account(kept), load_account(gone)]
    proposed = PractitionerMerge(id=new_id(), kept=kept, gone=gone, effective_on=on, recorded_at=now)
    records = [*record_ids(kept), *record_ids(gone)]
    together = _account(records, [*standing_merges().filter(gone__in=records), proposed])
    before = [_shown(str(kept.pk), apart[0].account, on), _shown(str(gone.pk), apart[1].account, on)]
    return _preview(on, before, [_shown(str(kept.pk), together.account, on)])


def preview_undo(*, merge: PractitionerMerge, on: date) -> Preview:
    """What follows if the records are parted again: each account is what it would be without the merge.

    Stands in the way: a past day on which a record would have been under something graver than the person was.
    """
    union = load_account(merge.kept)
    kept, gone = parted_accounts(merge)
    after = [_shown(str(merge.kept_id), kept.account, on), _shown(str(merge.gone_id), gone.account, on)]
    worse = sorted({day for account in (kept.account, gone.account) for day in _worse_days(union.account, account, on)})
    blockers = tuple(f"{day} would be graver than it was" for day in worse)
    return _preview(on, [_shown(str(merge.kept_id), union.account, on)], after, blockers)


def parted_accounts(merge: PractitionerMerge) -> tuple[LoadedAccount, LoadedAccount]:
    """The accounts of the kept and of the merged record without this merge."""
    family = record_ids(merge.gone)
    merges = [m for m in standing_merges().filter(gone__in=family) if m.pk != merge.pk]
    mine = _reached(merge.gone_id, merges)
    others = [record for record in family if record not in mine]
    return (
        _account(others, [m for m in merges if m.gone_id in others]),
        _account(list(mine), [m for m in merges if m.gone_id in mine]),
    )


def _reached(record: UUID, merges: Iterable[PractitionerMerge]) -> set[UUID]:
    reached, size = {record}, 0
    while len(reached) > size:
        size = len(reached)
        for merge in merges:
            if {merge.kept_id, merge.gone_id} & reached:
                reached |= {merge.kept_id, merge.gone_id}
    return reached


def _account(records: list[UUID], merges: list[PractitionerMerge]) -> LoadedAccount:
    entries = PointsEntry.objects.filter(practitioner__in=records).select_related("rulebook").order_by("posting")
    happened = AccountEvent.objects.filter(practitioner__in=records).select_related("rulebook").order_by("posting")
    return account_from_rows(list(entries), list(happened), merges)


def _preview(
    on: date, before: list[AccountShown], after: list[AccountShown], blockers: tuple[str, ...] = ()
) -> Preview:
    earlier = {measure for account in before for measure in account.measures}
    later = {measure for account in after for measure in account.measures}
    return Preview(
        on.isoformat(),
        tuple(before),
        tuple(after),
        tuple(sorted(later - earlier, key=_by_start)),
        tuple(sorted(earlier - later, key=_by_start)),
        blockers,
    )


def _shown(practitioner: str, account: Account, on: date) -> AccountShown:
    status = account.status_on(on)
    years = sorted({award.year for award in account.awards})
    return AccountShown(
        practitioner,
        str(status.status),
        status.until.isoformat() if status.until else None,
        {str(year): account.total(year, date.max) for year in years},
        tuple(_measure(measure) for measure in account.measures),
    )


def _measure(measure: PolicyMeasure) -> MeasureShown:
    return MeasureShown(str(measure.kind), measure.starts_on.isoformat(), measure.ends_on.isoformat(), measure.award)


def _by_start(measure: MeasureShown) -> tuple[str, str]:
    return measure.starts_on, measure.award


def _worse_days(union: Account, alone: Account, until: date) -> list[date]:
    """The days up to ``until`` from which the lone account is graver than the union was."""
    days = [day for day in {*union.boundaries(), *alone.boundaries()} if day <= until]
    return [day for day in days if GRAVITY[alone.status_on(day).status] > GRAVITY[union.status_on(day).status]]
