"""Checking a decision letter: points and dates again from the facts it carries, held against what it claims.

This module and those it imports are also shipped as one file, `verify_letter.py`, which the person runs on a bare
Python: there is one implementation of the rules. So it speaks to a reader who has nothing but that file, and it needs
no more than Python 3.9.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from scoring.policy.account import Account
from scoring.policy.awarding import AwardPoints, Line, lines_to_points
from scoring.policy.choice import NoRuleInForce, choose_rulebook
from scoring.policy.events import Award, Event, Reversal, Variation
from scoring.policy.facts import events_from_facts
from scoring.policy.letter_facts import FORMAT, claimed_by, plain_claims, seal
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook, RulebookErrors, digest, parse_rulebook
from scoring.policy.rulebook_parts import PointsDatedBy

CORRECTIONS = ("variation", "reversal")  # of an award that was posted before; a reinstatement posts an award anew
WORDS = {
    "seal": "事实摘要 facts digest",
    "rulebook": "规则集摘要 rulebook digest",
    "in_force": "适用规则 rules in force",
    "points": "本次记分 points of this decision",
    "single_points": "一次性记分 points in one go",
    "dropped": "不计分的行 lines that do not count",
    "scored_on": "计入日期 date that places the points",
    "posted": "入账分数 points on the account",
    "effective_on": "生效日 day of effect",
    "standing": "该记分是否存续 whether the award stands",
    "year": "计入年度 year",
    "total": "年度累计 total of the year",
    "measures": "处理措施 measures",
    "reminders": "提醒 reminders",
    "statuses": "支付资格状态 status by day",
}


class Unreadable(Exception):
    """Not a document of facts, or one that lacks what a check needs."""


@dataclass(frozen=True)
class Checked:
    """One thing recomputed. ``claimed`` is what the letter says; None where it says nothing and nothing is compared."""

    name: str
    recomputed: object
    claimed: object
    agrees: bool = True
    note: str = ""

    def __str__(self) -> str:
        mark = "PASS" if self.agrees else "FAIL"
        said = "" if self.claimed is None else f" | 告知书 letter: {_shown(self.claimed)}"
        note = f" ({self.note})" if self.note else ""
        return f"{mark}  {WORDS[self.name]}: {_shown(self.recomputed)}{said}{note}"


@dataclass(frozen=True)
class Decision:
    """The document, read: what the decision was about, its rules, its events and its claims."""

    ref: str
    kind: str
    region: str
    effective_on: date
    basis_decided_on: date | None
    already_scored: frozenset[str]
    lines: tuple[Line, ...]
    books: Mapping[str, Rulebook]
    candidates: tuple[Rulebook, ...]
    events: tuple[Event, ...]
    claims: Mapping[str, object]

    @property
    def award(self) -> Award:
        """The award the letter is about, as it was posted first."""
        found = [event for event in self.events if isinstance(event, Award) and event.ref == self.ref]
        if not found:
            raise Unreadable(f"no award {self.ref} among the events")
        return found[-1]


def check(document: Mapping[str, object], served_on: date | None = None, seal_wanted: str = "") -> list[Checked]:
    """Every line of the check, in the order in which a reader would do it by hand.

    ``served_on`` asks what would follow had the decision reached the person on that day: dates are then recomputed
    and shown, not compared. ``seal_wanted`` is the digest printed in the letter on paper, or its beginning. Refuses
    (Unreadable) what is no document of facts.
    """
    found = [_seal(document, seal_wanted)]
    try:
        found += _digests(document)
        decision = read(document)
        if served_on is not None:
            decision = served(decision, served_on)
        return found + list(_recomputed(decision, compare=served_on is None))
    except RulebookErrors as refused:
        return [*found, Checked("rulebook", f"cannot be read: {refused}", None, agrees=False)]
    except NoRuleInForce as refused:
        return [*found, Checked("in_force", str(refused), None, agrees=False)]
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Unreadable(f"{type(wrong).__name__}: {wrong}") from wrong


def read(document: Mapping[str, object]) -> Decision:
    """The parts of a document as plain values; refuses what does not fit with the errors of the type concerned."""
    decision, claims, packs = (_mapping(document, name) for name in ("decision", "claims", "packs"))
    books: dict[str, Rulebook] = {}
    for row in _rows(document, "rulebooks"):
        books[str(row["label"])] = parse_rulebook(_mapping(packs, str(row["digest"])))
    basis = decision.get("basis_decided_on")
    return Decision(
        ref=str(decision["ref"]),
        kind=str(decision["kind"]),
        region=str(decision["region"]),
        effective_on=date.fromisoformat(str(decision["effective_on"])),
        basis_decided_on=date.fromisoformat(basis) if isinstance(basis, str) else None,
        already_scored=frozenset(str(conduct) for conduct in _list(decision, "already_scored")),
        lines=tuple(_line(index, row) for index, row in enumerate(_rows(document, "lines"))),
        books=books,
        candidates=tuple(books[str(row["label"])] for row in _rows(document, "rulebooks") if row["candidate"]),
        events=tuple(events_from_facts(_rows(document, "events"), books)),  # type: ignore[arg-type]
        claims=claims,
    )


def served(decision: Decision, on: date) -> Decision:
    """The same decision, had it reached the person on that day."""
    rulebook = choose_rulebook(decision.candidates, decision.region, on)
    dated = on if rulebook.points_dated_by is PointsDatedBy.EFFECTIVE else decision.award.scored_on
    award = replace(decision.award, on=on, rulebook=rulebook, scored_on=dated)
    events = tuple(award if event is decision.award else event for event in decision.events)
    return replace(decision, effective_on=on, events=events)


def _recomputed(decision: Decision, *, compare: bool) -> Iterator[Checked]:
    claims, award = decision.claims, decision.award
    rulebook = choose_rulebook(decision.candidates, decision.region, award.on)
    yield _held("in_force", rulebook.label, claims["rulebook"])
    yield _held("effective_on", award.on.isoformat(), decision.effective_on.isoformat())
    if decision.kind == "award":
        yield from _points(decision, award, rulebook)
    account = replay(decision.events)
    yield from _corrected(decision, account)
    again = plain_claims(claimed_by(account, award.ref, award.year, award.on))
    for name, value in again.items():
        yield _held(name, value, claims[name] if compare else None)


def _points(decision: Decision, award: Award, rulebook: Rulebook) -> Iterator[Checked]:
    """The lines of the decision, added up by the rules, against what was posted."""
    added = lines_to_points(decision.lines, rulebook, decision.already_scored)
    yield _held("points", added.points, decision.claims["points"], added.arithmetic)
    yield _held("single_points", added.single_points, decision.claims["single_points"])
    yield _held("dropped", _dropped(added), decision.claims["dropped"])
    yield _held("posted", [award.points, award.single_points], [added.points, added.single_points])
    dated = award.on if rulebook.points_dated_by is PointsDatedBy.EFFECTIVE else decision.basis_decided_on
    if dated is not None:
        yield _held("scored_on", award.scored_on.isoformat(), dated.isoformat())


def _corrected(decision: Decision, account: Account) -> Iterator[Checked]:
    """What is left of the award after all that is known: its points, or nothing where it was undone."""
    left = sum(award.points for award in account.awards if award.ref == decision.ref)
    yield _held("standing", left, decision.claims["points_standing"])
    about = (Reversal, Variation)
    if decision.kind in CORRECTIONS and not any(
        isinstance(e, about) and e.award == decision.ref for e in decision.events
    ):
        yield Checked("standing", f"no correction of {decision.ref} among the events", None, agrees=False)


def _dropped(added: AwardPoints) -> list[dict[str, object]]:
    return [{"line": int(d.line.key), "rule": d.rule} for d in sorted(added.dropped, key=lambda d: int(d.line.key))]


def _held(name: str, recomputed: object, claimed: object, note: str = "") -> Checked:
    return Checked(name, recomputed, claimed, claimed is None or recomputed == claimed, note)


def _seal(document: Mapping[str, object], wanted: str) -> Checked:
    if document.get("format") != FORMAT:
        raise Unreadable(f"not a document of the format {FORMAT}")
    recomputed, printed = seal(document), wanted.replace(" ", "").lower()
    if printed:
        return Checked("seal", recomputed, printed, len(printed) >= 8 and recomputed.startswith(printed))
    return _held("seal", recomputed, str(document.get("facts_digest")))


def _digests(document: Mapping[str, object]) -> Iterator[Checked]:
    packs = _mapping(document, "packs")
    for row in _rows(document, "rulebooks"):
        pack = _mapping(packs, str(row["digest"]))
        yield _held("rulebook", digest(pack), row["digest"], str(row["label"]))
        label = f"{pack.get('id')}@{pack.get('version')}"
        if label != row["label"]:
            yield Checked("rulebook", label, row["label"], agrees=False)


def _line(index: int, row: Mapping[str, object]) -> Line:
    points = row["points"]
    if not isinstance(points, int):
        raise TypeError(f"points of line {index}")
    first, last = (date.fromisoformat(str(row[key])) if row[key] else None for key in ("from_on", "to_on"))
    return Line(str(row["conduct"]), points, first, last, str(index))


def _mapping(parts: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = parts[name]
    if not isinstance(part, dict):
        raise TypeError(f"{name} is no mapping")
    return part


def _list(parts: Mapping[str, object], name: str) -> list[object]:
    part = parts[name]
    if not isinstance(part, list):
        raise TypeError(f"{name} is no list")
    return part


def _rows(parts: Mapping[str, object], name: str) -> list[dict[str, object]]:
    rows = _list(parts, name)
    if not all(isinstance(row, dict) for row in rows):
        raise TypeError(f"{name} is no list of mappings")
    return [row for row in rows if isinstance(row, dict)]


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
