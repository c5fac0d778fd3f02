"""The accounts of many people in a handful of queries, for work that goes through them by the hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from operator import attrgetter
from uuid import UUID

from institutions.selectors import practitioners
from scoring.models import AccountEvent, PointsEntry
from scoring.selectors.accounts import LoadedAccount, account_from_rows, standing_merges, with_rules


def load_accounts(people: Collection[UUID]) -> dict[UUID, LoadedAccount]:
    """What `load_account` gives for each of these people, by all that is recorded."""
    person_of = practitioners.families(people)
    records_of: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for record, person in person_of.items():
        records_of[person].append(record)
    entries, happened = _entries(person_of), _events(person_of)
    merged = [record for family in records_of.values() for record in family if len(family) > 1]
    merges = list(standing_merges().filter(gone__in=merged)) if merged else []
    accounts = {
        person: account_from_rows(
            sorted((row for record in family for row in entries[record]), key=attrgetter("posting")),
            sorted((row for record in family for row in happened[record]), key=attrgetter("posting")),
            [merge for merge in merges if merge.gone_id in family and merge.kept_id in family],
        )
        for person, family in records_of.items()
    }
    return {person: accounts[person_of[person]] for person in people}


def _entries(records: Collection[UUID]) -> defaultdict[UUID, list[PointsEntry]]:
    found: defaultdict[UUID, list[PointsEntry]] = defaultdict(list)
    rows = with_rules(PointsEntry.objects.filter(practitioner__in=records)).select_related("institution")
    for row in rows.order_by():
        found[row.practitioner_id].append(row)
    return found


def _events(records: Collection[UUID]) -> defaultdict[UUID, list[AccountEvent]]:
    found: defaultdict[UUID, list[AccountEvent]] = defaultdict(list)
    for row in with_rules(AccountEvent.objects.filter(practitioner__in=records)).order_by():
        found[row.practitioner_id].append(row)
    return found
