"""What the rulebook suggests for a line, and what it has to say against a proposal. Pure; no Django.

A suggestion is never a bound: real authorities have stepped outside the bands. So a concern is one of four: a
`warning` is shown; `countersign` asks for a second officer's signature with a reason; `override` asks for the second
officer's reason to score an act again that a linked case already scored; only a `refusal` stops.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cases.policy.factors import FactorRules, FactorStep, shifted
from scoring.policy.awarding import AwardPoints, Line, lines_to_points
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import Clause, Degree, MonthsRow


class Severity(StrEnum):
    """How far a concern goes."""

    WARNING = "warning"
    COUNTERSIGN = "countersign"
    OVERRIDE = "override"
    REFUSAL = "refusal"


class Rule(StrEnum):
    """The rules a proposal is held against, as the answers name them."""

    CLAUSE_UNKNOWN = "clause_unknown"
    CATEGORY_OUT_OF_SCOPE = "category_out_of_scope"
    BASIS_NOT_ACCEPTED = "basis_not_accepted"
    ARTICLES_NOT_CITED = "articles_not_cited"
    POINTS_OUT_OF_BAND = "points_out_of_band"
    POINTS_NOT_AS_SUGGESTED = "points_not_as_suggested"
    PRIOR_MISSING = "prior_missing"
    CONDUCT_CUTOFF = "conduct_cutoff"
    SAME_CONDUCT = "same_conduct"
    CONDUCT_SCORED_ELSEWHERE = "conduct_scored_elsewhere"
    NOTHING_TO_SCORE = "nothing_to_score"
    MONTHS_OUT_OF_RANGE = "months_out_of_range"
    MONTHS_WITHOUT_SUSPENSION = "months_without_suspension"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Points suggested for a clause, a degree and the circumstances; all ends inclusive.

    `points_min` and `points_max` are the clause's band. Inside it `range_min` and `range_max` are what the
    circumstances leave: those that only speak for the person end the range at `base`, those that only speak against
    begin it there. `steps` says what each did to the suggestion.
    """

    points: int
    points_min: int
    points_max: int
    base: int
    range_min: int
    range_max: int
    steps: tuple[FactorStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """One finding scored under one clause, as proposed."""

    conduct: str
    clause: str
    degree: str
    points: int
    from_on: date
    to_on: date
    factors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for one person in one case. `months` is the term chosen for a suspension, or None.

    `factor_rules` says how the circumstances of a line move its suggestion; those without a rule do nothing.
    """

    category: str
    basis_kind: str
    basis_articles: frozenset[int]
    lines: tuple[ProposedLine, ...]
    months: int | None = None
    factor_rules: FactorRules = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prior:
    """What stands on the person's account already in the year the points would count in."""

    total: int = 0
    clauses: frozenset[str] = frozenset()
    conducts_scored_elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing the rules say about a proposal; `line` is the position of the line it is about, or None."""

    rule: Rule
    severity: Severity
    line: int | None = None
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The points a proposal comes to, with every concern."""

    points: int
    single_points: int
    arithmetic: str
    concerns: tuple[Concern, ...]

    def of(self, severity: Severity) -> tuple[Concern, ...]:
        """Return the concerns of one severity."""
        return tuple(concern for concern in self.concerns if concern.severity is severity)


def suggest(
    rulebook: Rulebook,
    clause: str,
    degree: str,
    factors: Collection[str] = (),
    factor_rules: FactorRules | None = None,
) -> Suggestion:
    """Return what the rulebook suggests; raises `KeyError` or `ValueError` for a clause or degree it does not name.

    Circumstances move the points one after the other and never out of the band.
    """
    rules = factor_rules or {}
    band, base = rulebook.clauses[clause].band, rulebook.suggested_points(clause, degree)
    steps = shifted(base, factors, rules, (band.minimum, band.maximum))
    sides = {step.shift < 0 for step in steps}
    return Suggestion(
        points=steps[-1].after if steps else base,
        points_min=band.minimum,
        points_max=band.maximum,
        base=base,
        range_min=base if sides == {False} else band.minimum,
        range_max=base if sides == {True} else band.maximum,
        steps=tuple(steps),
    )


def accepted_clauses(rulebook: Rulebook, basis_kind: str, basis_articles: Collection[int]) -> list[Clause]:
    """Return the clauses under which points can rest on such a basis, in the order of the rulebook."""
    return [
        clause
        for clause in rulebook.clauses.values()
        if basis_kind in {kind.value for kind in clause.basis}
        and (not clause.articles or set(basis_articles) & set(clause.articles))
    ]


def is_before_cutoff(rulebook: Rulebook, to_on: date) -> bool:
    """Say whether an act that ended on this day lies wholly before the day from which acts are scored."""
    return to_on < rulebook.conduct_cutoff


def assess(proposed: Proposed, rulebook: Rulebook, prior: Prior) -> Assessment:
    """Hold a proposal against the rulebook: what it comes to, and every concern in the order of the lines."""
    concerns: list[Concern] = []
    if proposed.category not in {category.value for category in rulebook.categories}:
        values: dict[str, str | int] = {"category": proposed.category, "rulebook": rulebook.label}
        concerns.append(Concern(Rule.CATEGORY_OUT_OF_SCOPE, Severity.REFUSAL, None, values))
    for position, line in enumerate(proposed.lines):
        concerns += _about_line(position, line, proposed, rulebook, prior)
    award = _award(proposed.lines, rulebook)
    concerns += _about_award(award, proposed, rulebook, prior)
    return Assessment(award.points, award.single_points, award.arithmetic, tuple(concerns))


def is_disadvantage(
    before: Sequence[ProposedLine], after: Sequence[ProposedLine], months: tuple[int | None, int | None]
) -> bool:
    """Say whether a change could leave the person worse off, so that a new statement window is owed.

    Any new line, clause, higher degree, more points or longer (or newly chosen, or dropped) term counts as worse;
    `months` is the term before and after.
    """
    old_months, new_months = months
    if old_months != new_months and (old_months is None or new_months is None or new_months > old_months):
        return True
    known = {(line.conduct, line.clause, line.from_on, line.to_on): line for line in before}
    for line in after:
        old = known.get((line.conduct, line.clause, line.from_on, line.to_on))
        if old is None or line.points > old.points or _rank(line.degree) > _rank(old.degree):
            return True
    return False


def _rank(degree: str) -> int:
    return list(Degree).index(Degree(degree))


def _award(lines: Sequence[ProposedLine], rulebook: Rulebook) -> AwardPoints:
    plain = [
        Line(line.conduct, line.points, line.from_on, line.to_on, key=str(position))
        for position, line in enumerate(lines)
    ]
    return lines_to_points(plain, rulebook)


def _about_line(
    position: int, line: ProposedLine, proposed: Proposed, rulebook: Rulebook, prior: Prior
) -> list[Concern]:
    clause = rulebook.clauses.get(line.clause)
    if clause is None:
        values: dict[str, str | int] = {"clause": line.clause, "rulebook": rulebook.label}
        return [Concern(Rule.CLAUSE_UNKNOWN, Severity.REFUSAL, position, values)]
    concerns = _about_basis(position, clause, proposed)
    concerns += _about_points(position, line, clause, rulebook, proposed.factor_rules)
    if clause.requires_prior and not _has_prior(clause, prior):
        needed = ", ".join(clause.requires_prior)
        values = {"clause": clause.code, "needed": needed}
        concerns.append(Concern(Rule.PRIOR_MISSING, Severity.COUNTERSIGN, position, values))
    if line.conduct in prior.conducts_scored_elsewhere:
        values = {"conduct": line.conduct}
        concerns.append(Concern(Rule.CONDUCT_SCORED_ELSEWHERE, Severity.OVERRIDE, position, values))
    return concerns


def _about_basis(position: int, clause: Clause, proposed: Proposed) -> list[Concern]:
    accepted = [kind.value for kind in clause.basis]
    if proposed.basis_kind not in accepted:
        values: dict[str, str | int] = {
            "clause": clause.code,
            "basis": proposed.basis_kind,
            "accepted": ", ".join(accepted),
        }
        return [Concern(Rule.BASIS_NOT_ACCEPTED, Severity.REFUSAL, position, values)]
    if clause.articles and not proposed.basis_articles & set(clause.articles):
        values = {
            "clause": clause.code,
            "articles": ", ".join(str(article) for article in sorted(proposed.basis_articles)) or "–",
            "accepted": ", ".join(str(article) for article in clause.articles),
        }
        return [Concern(Rule.ARTICLES_NOT_CITED, Severity.REFUSAL, position, values)]
    return []


def _about_points(
    position: int, line: ProposedLine, clause: Clause, rulebook: Rulebook, factor_rules: FactorRules
) -> list[Concern]:
    values: dict[str, str | int] = {
        "clause": clause.code,
        "degree": line.degree,
        "points": line.points,
        "points_min": clause.band.minimum,
        "points_max": clause.band.maximum,
    }
    if not clause.band.allows(line.points):
        return [Concern(Rule.POINTS_OUT_OF_BAND, Severity.COUNTERSIGN, position, values)]
    if Degree(line.degree) not in clause.degrees:
        return []
    suggested = suggest(rulebook, clause.code, line.degree, line.factors, factor_rules)
    if suggested.points != line.points:
        values |= {"suggested": suggested.points}
        return [Concern(Rule.POINTS_NOT_AS_SUGGESTED, Severity.WARNING, position, values)]
    return []


def _has_prior(clause: Clause, prior: Prior) -> bool:
    """A prior is named by its clause code or by the letter its code begins with."""
    return any(code.startswith(needed) for code in prior.clauses for needed in clause.requires_prior)


def _about_award(award: AwardPoints, proposed: Proposed, rulebook: Rulebook, prior: Prior) -> list[Concern]:
    concerns = []
    for dropped in award.dropped:
        rule = Rule.CONDUCT_CUTOFF if dropped.rule == Rule.CONDUCT_CUTOFF else Rule.SAME_CONDUCT
        values: dict[str, str | int] = {
            "conduct": dropped.line.conduct,
            "cutoff": rulebook.conduct_cutoff.isoformat(),
            "reason": dropped.reason,
        }
        concerns.append(Concern(rule, Severity.WARNING, int(dropped.line.key), values))
    if not award.points:
        concerns.append(Concern(Rule.NOTHING_TO_SCORE, Severity.REFUSAL))
    elif proposed.months is not None:
        concerns += _about_months(proposed.months, award, rulebook, prior)
    return concerns


def _about_months(months: int, award: AwardPoints, rulebook: Rulebook, prior: Prior) -> list[Concern]:
    total = prior.total + award.points
    row = term_row(rulebook, total, award.single_points)
    values: dict[str, str | int] = {"months": months, "total": total}
    if row is None:
        return [Concern(Rule.MONTHS_WITHOUT_SUSPENSION, Severity.WARNING, None, values)]
    if row.allows(months):
        return []
    values |= {"months_min": row.minimum, "months_max": row.maximum}
    return [Concern(Rule.MONTHS_OUT_OF_RANGE, Severity.COUNTERSIGN, None, values)]


def term_row(rulebook: Rulebook, total: int, single: int) -> MonthsRow | None:
    """Return the row that fixes the term at this total and these points in one go; None: no suspension follows.

    The cumulative table at the total or, where it is the longer, the single table at the points in one go.
    """
    suspend, full = rulebook.measures.suspend, rulebook.measures.full
    if total >= full.at or single >= full.at or total < suspend.at:
        return None
    row = suspend.cumulative[total]
    if single < suspend.at:
        return row
    other = (suspend.single or suspend.cumulative)[single]
    return other if other.default > row.default else row
