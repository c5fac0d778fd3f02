"""What a decision would cause if it took effect on a day: the same policy code that will apply it."""

from dataclasses import dataclass
from datetime import date

from cases.models import Attribution
from cases.selectors.assessments import Assessed, assess_attribution, plain_lines, scored_on
from scoring.policy.account import Account, PolicyMeasure
from scoring.policy.events import Award
from scoring.policy.replay import replay
from scoring.selectors.accounts import LoadedAccount, load_account


@dataclass(frozen=True)
class Preview:
    """The points, the total they lead to, and the measures that would be caused; `until` is the last day."""

    points: int
    year: int
    total: int
    measures: tuple[PolicyMeasure, ...]

    @property
    def gravest(self) -> PolicyMeasure | None:
        """Return the measure that would last longest, or None where none would be caused."""
        return max(self.measures, key=lambda measure: measure.ends_on, default=None)


def preview(attribution: Attribution, *, on: date, assessed: Assessed | None = None) -> Preview:
    """Return what the attribution as it stands would cause if its decision were served on a day."""
    found = assessed or assess_attribution(attribution, on=on)
    before = load_account(attribution.practitioner)
    placed_on = scored_on(attribution.case, found.rulebook, on)
    if not found.assessment.points:
        return Preview(0, placed_on.year, before.account.total(placed_on.year, on), ())
    award = award_of(
        before,
        found,
        ref=attribution.source_key,
        on=on,
        scored_on=placed_on,
        months=attribution.months,
        articles=frozenset(attribution.case.basis.articles),
        clauses=frozenset(line.clause for line in plain_lines(attribution)),
    )
    after = replay([*before.events, award])
    year = placed_on.year
    return Preview(award.points, year, after.total(year, on), caused(before.account, after, award.ref))


def award_of(
    before: LoadedAccount,
    found: Assessed,
    *,
    ref: str,
    on: date,
    scored_on: date,
    months: int | None,
    articles: frozenset[int],
    clauses: frozenset[str],
) -> Award:
    """Return the award that a decision would be, as the next thing posted on an account."""
    return Award(
        ref=ref,
        seq=max((event.seq for event in before.events), default=0) + 1,
        on=on,
        points=found.assessment.points,
        scored_on=scored_on,
        rulebook=found.rulebook,
        single_points=found.assessment.single_points,
        months=months,
        articles=articles,
        clauses=clauses,
    )


def caused(before: Account, after: Account, ref: str) -> tuple[PolicyMeasure, ...]:
    """Return the measures that an award brings about, those of earlier awards that it changes included."""
    known = set(before.measures)
    return tuple(measure for measure in after.measures if measure.award == ref or measure not in known)
