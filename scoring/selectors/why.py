"""Why this number: facts, rulebook versions, parameter values, arithmetic, and a result to recompute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from institutions.models import Practitioner
from scoring.policy.account import Account, StatusOn, TraceLine
from scoring.policy.facts import Fact, events_from_facts, facts_from_events
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook
from scoring.selectors.accounts import load_account


@dataclass(frozen=True)
class WhyRulebook:
    """A version that was applied, by digest, and the parameters in it that are assumptions."""

    label: str
    title: str
    digest: str
    source: str
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Why:
    """Everything that leads to a person's total and status on a day.

    ``facts`` and the named rulebook versions are enough to come to the same ``total`` and ``status``
    again (``recomputed``); ``trace`` says in which steps.
    """

    on: date
    year: int
    total: int
    status: StatusOn
    facts: tuple[Fact, ...]
    rulebooks: tuple[WhyRulebook, ...]
    trace: tuple[TraceLine, ...]
    arithmetic: str


def why_account(practitioner: Practitioner, *, on: date, known_at: datetime | None = None) -> Why:
    """Why the person's total and status on a Shanghai date are what they are."""
    loaded = load_account(practitioner, known_at=known_at)
    account = loaded.account
    books = _books(account)
    return Why(
        on=on,
        year=on.year,
        total=account.points_on(on),
        status=account.status_on(on),
        facts=facts_from_events(loaded.events),
        rulebooks=tuple(
            WhyRulebook(b.label, b.title, b.digest, b.source, tuple(a.path for a in b.assumptions)) for b in books
        ),
        trace=account.trace,
        arithmetic=_sum(account, on),
    )


def recomputed(why: Why, rulebooks: dict[str, Rulebook]) -> tuple[int, StatusOn]:
    """Total and status again from nothing but the trace's own facts and rulebooks by label."""
    account = replay(events_from_facts(why.facts, rulebooks))
    return account.points_on(why.on), account.status_on(why.on)


def _books(account: Account) -> list[Rulebook]:
    books = {a.rulebook.label: a.rulebook for a in account.awards}
    return [books[label] for label in sorted(books)]


def _sum(account: Account, on: date) -> str:
    parts = [f"{a.points} ({a.on})" for a in account.awards if a.year == on.year and a.on <= on]
    credited = [f"− {c.points} ({c.on})" for c in account.credits if c.year == on.year and c.on <= on]
    terms = " + ".join(parts) or "0"
    return f"T({on.year}, {on}) = {' '.join([terms, *credited])} = {account.points_on(on)}"
