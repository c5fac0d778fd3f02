"""What the rulebook in force says about an attribution as it stands, or as it is meant to be changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from cases.models import Annulment, Attribution, AttributionLine, CaseFile, Finding, ScoredConduct
from cases.policy.suggestion import Assessment, Prior, Proposed, ProposedLine, assess
from cases.selectors.factors import factor_rules
from scoring.enums import EntryKind
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import PointsDatedBy
from scoring.selectors.accounts import LoadedAccount, load_account
from scoring.selectors.rulebooks import rulebook_for


def rulebook_in_force(case: CaseFile, on: date) -> Rulebook:
    """Return the rules that govern the institution of a case on a day; refuses (`NoRulebook`) where there are none."""
    return rulebook_for(case.institution.region_id, on)


@dataclass(frozen=True)
class Assessed:
    """An assessment with the rulebook it was made by."""

    assessment: Assessment
    rulebook: Rulebook


def assess_attribution(
    attribution: Attribution, *, on: date, lines: Sequence[ProposedLine] | None = None, months: int | None = None
) -> Assessed:
    """Hold an attribution against the rulebook in force on a day, as though it took effect then.

    `lines` and `months` stand for what it is meant to become; without lines the stored ones count.
    """
    case = attribution.case
    rulebook = rulebook_in_force(case, on)
    stored = lines is None
    proposed = Proposed(
        category=attribution.practitioner.category,
        basis_kind=case.basis.kind,
        basis_articles=frozenset(case.basis.articles),
        lines=tuple(plain_lines(attribution) if lines is None else lines),
        months=attribution.months if stored else months,
        factor_rules=factor_rules(),
    )
    return Assessed(assess(proposed, rulebook, prior_of(attribution, rulebook, on)), rulebook)


def plain_lines(attribution: Attribution) -> list[ProposedLine]:
    """Return the stored lines as plain values, in their order."""
    return [plain_line(line, line.finding) for line in stored_lines(attribution)]


def stored_lines(attribution: Attribution) -> list[AttributionLine]:
    """Return the lines that stand with their findings, in the order in which they are shown.

    A line about a finding that was annulled stands no more; it stays on record for the officers.
    """
    annulled = Annulment.objects.filter(finding=OuterRef("finding"), reinstated_at__isnull=True)
    lines = attribution.lines.filter(~Exists(annulled))
    return list(lines.select_related("finding").order_by("finding__key", "clause"))


def plain_line(line: AttributionLine, finding: Finding) -> ProposedLine:
    """Return one line as plain values."""
    return ProposedLine(
        conduct=finding.conduct,
        clause=line.clause,
        degree=line.degree,
        points=line.points,
        from_on=finding.from_on,
        to_on=finding.to_on,
        factors=frozenset(line.factors),
    )


def scored_on(case: CaseFile, rulebook: Rulebook, effective_on: date) -> date:
    """Return the date that places the points in a year: of the basis or of the effect, as the rulebook says."""
    if rulebook.points_dated_by is PointsDatedBy.BASIS:
        return case.basis.decided_on
    return effective_on


def prior_of(attribution: Attribution, rulebook: Rulebook, on: date) -> Prior:
    """Return what stands on the person's account in the year in which the points would count."""
    year = scored_on(attribution.case, rulebook, on).year
    loaded = load_account(attribution.practitioner)
    return prior_from(loaded, year, on, conducts_scored_elsewhere(attribution))


def prior_from(loaded: LoadedAccount, year: int, on: date, elsewhere: Collection[str]) -> Prior:
    """Return the same from an account that is read already, and the acts that linked cases scored. No query."""
    reversed_ = {entry.reverses_id for entry in loaded.entries}
    standing = [
        entry
        for entry in loaded.entries
        if entry.kind == EntryKind.AWARD and entry.year == year and entry.pk not in reversed_
    ]
    return Prior(
        total=loaded.account.total(year, on),
        clauses=frozenset(str(line["clause"]) for entry in standing for line in entry.lines),
        conducts_scored_elsewhere=frozenset(elsewhere),
    )


def conducts_scored_elsewhere(attribution: Attribution) -> set[str]:
    """Return the acts of this person that another of the linked cases has a standing claim on."""
    claims = ScoredConduct.objects.filter(
        practitioner=attribution.practitioner,
        scope=attribution.case.conduct_scope,
        released_at__isnull=True,
    ).exclude(attribution=attribution)
    return set(claims.values_list("conduct", flat=True))
