"""The facts of one decision letter as JSON: what the points and dates in it were computed from, and what it claims.

A document has the parts ``decision`` (which award, where, from when), ``lines`` (the acts and their clauses),
``rulebooks`` (label and digest of every version that had a say), ``events`` (all that was known of the account once
the decision was posted) and ``claims`` (what the letter says). ``facts_digest`` seals these parts; it is printed in
the letter. A file made of it also holds ``packs``: the rulebooks in full, found by their digests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scoring.policy.account import Account, PolicyMeasure, ReminderFired, StatusOn
from scoring.policy.outcome import outcome_of
from scoring.policy.rulebook_resolve import digest

FORMAT = "jifen-decision-facts/1"
UNSEALED = ("facts_digest", "packs")
SEPARATE = ("starts_on", "ends_on", "kind", "award")

Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What follows from a decision, as its letter says it: the account's part of the claims."""

    year: int
    total: int
    measures: tuple[PolicyMeasure, ...]
    reminders: tuple[ReminderFired, ...]
    course: tuple[tuple[date, StatusOn], ...]


def seal(facts: Mapping[str, object]) -> str:
    """SHA-256, in hex, of the canonical JSON of everything in a document but its seal and its packs."""
    return digest({key: value for key, value in facts.items() if key not in UNSEALED})


def sealed(facts: Facts) -> Facts:
    """The document with its seal."""
    return {**facts, "facts_digest": seal(facts)}


def claimed_by(account: Account, award: str, year: int, on: date) -> Claimed:
    """What an account says that follows on and after ``on``; the year is the award's."""
    return Claimed(
        year=year,
        total=account.total(year, on),
        measures=account.measures,
        reminders=tuple(r for r in account.reminders if r.award == award),
        course=tuple((change.on, change.status) for change in outcome_of(account, on).course),
    )


def plain_claims(claimed: Claimed) -> Facts:
    """The same as JSON values; the order of rows that begin on one day means nothing, so it is fixed."""
    return {
        "year": claimed.year,
        "total": claimed.total,
        "measures": plain_measures(claimed.measures),
        "reminders": [{"at": r.at, "kind": str(r.kind), "year": r.year} for r in claimed.reminders],
        "statuses": [_plain_status(on, status) for on, status in claimed.course],
    }


def plain_measures(measures: Iterable[PolicyMeasure]) -> list[Facts]:
    """Every measure on the account with its dates, and the award that caused it."""
    rows: list[Facts] = [
        {
            "kind": str(m.kind),
            "starts_on": m.starts_on.isoformat(),
            "ends_on": m.ends_on.isoformat(),
            "months": m.months_imposed,
            "award": m.award,
        }
        for m in measures
    ]
    return sorted(rows, key=lambda row: [str(row[key]) for key in SEPARATE])


def _plain_status(on: date, status: StatusOn) -> Facts:
    return {
        "on": on.isoformat(),
        "status": str(status.status),
        "since": status.since.isoformat() if status.since else None,
        "until": status.until.isoformat() if status.until else None,
        "may_reapply": status.may_reapply,
    }
