"""The facts that a decision letter carries (M2): from rows to a document that anybody can recompute offline.

What the letter claims is read from what the server holds: the entry, its measures as recorded, the account. The check
recomputes it from the events; that both come to the same is what the document is for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scoring.enums import EntryKind
from scoring.models import PointsEntry, RulebookVersion
from scoring.policy.account import PolicyMeasure, Tier
from scoring.policy.awarding import AwardPoints, Dropped, Line, lines_to_points
from scoring.policy.choice import choose_rulebook
from scoring.policy.events import Award, Event
from scoring.policy.facts import facts_from_events
from scoring.policy.letter_facts import FORMAT, Claimed, Facts, claimed_by, plain_claims, sealed
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import MeasureKind
from scoring.selectors.accounts import LoadedAccount, load_account
from scoring.selectors.measures import known_measures
from scoring.selectors.rulebooks import rulebook_of


@dataclass(frozen=True)
class Intended:
    """A decision not yet in effect: what would be posted if it reached the person on ``award.on``."""

    award: Award
    case_reference: str
    region: str
    lines: tuple[Line, ...]
    clauses: tuple[tuple[str, str], ...]  # clause and degree of each line
    claimed: Claimed
    points: AwardPoints


def facts_of_entry(entry: PointsEntry, *, basis_decided_on: date | None = None) -> Facts:
    """The facts of a posted decision, as they were known just after it was posted.

    Of an award: the decision itself; of the award that replaced one: the variation, or the reinstatement by a court;
    of a reversal: the undoing. Refuses (ValueError) an entry of a repair, which no decision letter is about.
    """
    about = entry.reverses if entry.kind == EntryKind.REVERSAL else entry
    if about is None or about.kind != EntryKind.AWARD:
        raise ValueError(f"{entry} is no decision on points")
    if entry.kind == EntryKind.REVERSAL:  # a variation is a reversal and a new award, posted in one
        varied = PointsEntry.objects.filter(replaces=about, recorded_at=entry.recorded_at).first()
        if varied is not None:
            return facts_of_entry(varied, basis_decided_on=basis_decided_on)
    loaded = load_account(entry.practitioner, known_at=entry.recorded_at)
    ref = next(ref for ref, row in loaded.entry_of.items() if row.pk == about.pk)
    kind = _kind(entry)
    assert about.institution is not None  # check constraint entry_award
    assert about.scored_on is not None
    region = about.institution.region_id
    claimed = claimed_by(loaded.account, ref, about.year, about.effective_on)
    lines, dropped = _lines(about)
    standing = 0 if kind == "reversal" else about.points
    return _document(
        decision={
            "ref": ref,
            "kind": kind,
            "case": about.case_reference,
            "region": region,
            "effective_on": about.effective_on.isoformat(),
            "effective_on_is": "service",
            "basis_decided_on": basis_decided_on.isoformat() if basis_decided_on else None,
            "already_scored": _already_scored(about.lines),
        },
        lines=lines,
        events=loaded.events,
        candidates=_candidates(region, entry.recorded_at, rulebook_of(about.rulebook), about.effective_on),
        claims={
            "rulebook": rulebook_of(about.rulebook).label,
            "points": about.points,
            "single_points": about.single_points,
            "dropped": dropped,
            "points_standing": standing,
            **plain_claims(replace(claimed, measures=_recorded_measures(loaded, entry))),
        },
    )


def facts_of_intended(
    intended: Intended,
    *,
    events: Sequence[Event],
    known_at: datetime,
    basis_decided_on: date,
) -> Facts:
    """The facts of a decision that has not reached the person: its dates hold if it did on the day it was made."""
    degrees = [{"clause": clause, "degree": degree} for clause, degree in intended.clauses]
    return _document(
        decision={
            "ref": intended.award.ref,
            "kind": "award",
            "case": intended.case_reference,
            "region": intended.region,
            "effective_on": intended.award.on.isoformat(),
            "effective_on_is": "assumed",
            "basis_decided_on": basis_decided_on.isoformat(),
            "already_scored": [],
        },
        lines=[_plain_line(line) | degree for line, degree in zip(intended.lines, degrees, strict=True)],
        events=[*events, intended.award],
        candidates=_candidates(intended.region, known_at, intended.award.rulebook, intended.award.on),
        claims={
            "rulebook": intended.award.rulebook.label,
            "points": intended.points.points,
            "single_points": intended.points.single_points,
            "dropped": [{"line": int(d.line.key), "rule": d.rule} for d in _by_line(intended.points)],
            "points_standing": intended.award.points,
            **plain_claims(intended.claimed),
        },
    )


def intend(
    award: Award,
    *,
    case_reference: str,
    region: str,
    lines: Sequence[Line],
    clauses: Sequence[tuple[str, str]],
    before: Sequence[Event],
) -> Intended:
    """What would follow from an award, by the same replay that will apply it."""
    after = replay([*before, award])
    return Intended(
        award=award,
        case_reference=case_reference,
        region=region,
        lines=tuple(lines),
        clauses=tuple(clauses),
        claimed=claimed_by(after, award.ref, award.year, award.on),
        points=lines_to_points(lines, award.rulebook),
    )


def with_packs(facts: Mapping[str, object]) -> Facts:
    """The document with its rulebooks in full: what a person downloads and what is attached to the PDF."""
    rows = facts["rulebooks"]
    assert isinstance(rows, list)
    wanted = {str(row["digest"]) for row in rows}
    packs = dict(RulebookVersion.objects.filter(digest__in=wanted).values_list("digest", "pack"))
    return {**facts, "packs": {digest: packs[digest] for digest in sorted(wanted)}}


def file_of(facts: Mapping[str, object]) -> bytes:
    """The document as the bytes of a JSON file, complete with its rulebooks."""
    return json.dumps(with_packs(facts), ensure_ascii=False, indent=1, sort_keys=True).encode()


def _document(
    *,
    decision: Facts,
    lines: Sequence[Facts],
    events: Sequence[Event],
    candidates: Sequence[Rulebook],
    claims: Facts,
) -> Facts:
    used = {book.label: book for event in events if (book := getattr(event, "rulebook", None)) is not None}
    known = {book.label for book in candidates}
    books = used | {book.label: book for book in candidates}
    return sealed(
        {
            "format": FORMAT,
            "decision": decision,
            "lines": list(lines),
            "rulebooks": [
                {"label": label, "digest": book.digest, "candidate": label in known}
                for label, book in sorted(books.items())
            ],
            "events": list(facts_from_events(events)),
            "claims": claims,
        }
    )


def _kind(entry: PointsEntry) -> str:
    if entry.kind == EntryKind.REVERSAL:
        return "reversal"
    if entry.reinstates_id is not None:
        return "reinstatement"
    return "award" if entry.replaces_id is None else "variation"


def _candidates(region: str, known_at: datetime, own: Rulebook, on: date) -> list[Rulebook]:
    """Every version that could govern a region, as activated at an instant, from which ``own`` was chosen.

    Packs that came with the system count as always there, unless one came later and would have been chosen.
    """
    versions = RulebookVersion.objects.filter(activated_at__isnull=False).defer("pack")
    here = [version for version in versions if region.startswith(version.jurisdiction)]
    in_time = {v.digest for v in here if v.activated_at is not None and v.activated_at <= known_at} | {own.digest}
    books = [rulebook_of(v) for v in here if v.digest in in_time or v.activated_by_id is None]
    if choose_rulebook(books, region, on) == own:
        return books
    return [book for book in books if book.digest in in_time]


def _recorded_measures(loaded: LoadedAccount, entry: PointsEntry) -> tuple[PolicyMeasure, ...]:
    """The measures by their own rows, as recorded just after the entry was posted."""
    root_of = {row.source_key: ref for ref, row in loaded.entry_of.items()}
    return tuple(
        PolicyMeasure(
            award=root_of[row.award],
            kind=MeasureKind(row.kind),
            tier=Tier(row.tier),
            year=row.year,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            months_imposed=row.months_imposed,
        )
        for row in known_measures(entry.practitioner, known_at=entry.recorded_at)
    )


def _lines(award: PointsEntry) -> tuple[list[Facts], list[Facts]]:
    """The lines of an entry's snapshot as facts, and those that did not count, by number and rule."""
    kept = ("conduct", "clause", "degree", "points", "from_on", "to_on")
    lines: list[Facts] = [{key: row.get(key) for key in kept} for row in award.lines]
    dropped: list[Facts] = [
        {"line": number, "rule": row["dropped"]["rule"]} for number, row in enumerate(award.lines) if row.get("dropped")
    ]
    return lines, dropped


def _already_scored(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The acts of which no line counted since a linked case had scored them."""
    counted = {row["conduct"] for row in rows if not row.get("dropped")}
    refused = {row["conduct"] for row in rows if _rule(row) == "same_conduct"}
    return sorted(str(conduct) for conduct in refused - counted)


def _rule(row: Mapping[str, object]) -> object:
    dropped = row.get("dropped")
    return dropped["rule"] if isinstance(dropped, dict) else None


def _by_line(points: AwardPoints) -> list[Dropped]:
    return sorted(points.dropped, key=lambda d: int(d.line.key))


def _plain_line(line: Line) -> Facts:
    return {
        "conduct": line.conduct,
        "points": line.points,
        "from_on": line.from_on.isoformat() if line.from_on else None,
        "to_on": line.to_on.isoformat() if line.to_on else None,
    }
