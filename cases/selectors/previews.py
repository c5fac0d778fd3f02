"""What a decision would cause if it took effect on a day: the same policy code that will apply it."""

from dataclasses import dataclass
from datetime import date

from cases.models import Attribution
from cases.selectors.assessments import Assessed, assess_attribution, plain_lines, scored_on
from scoring.policy.account import Account, PolicyMeasure
from scoring.policy.events import Award
from scoring.policy.replay import replay
from scoring.selectors.accounts import load_account


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
    year = scored_on(attribution, found.rulebook, on).year
    if not found.assessment.points:
        return Preview(0, year, before.account.total(year, on), ())
    award = Award(
        ref=attribution.source_key,
        seq=max((event.seq for event in before.events), default=0) + 1,
        on=on,
        points=found.assessment.points,
        scored_on=scored_on(attribution, found.rulebook, on),
        rulebook=found.rulebook,
        single_points=found.assessment.single_points,
        months=attribution.months,
        articles=frozenset(attribution.case.basis.articles),
        clauses=frozenset(line.clause for line in plain_lines(attribution)),
    )
    after = replay([*before.events, award])
    return Preview(award.points, year, after.total(year, on), _caused(before.account, after, award.ref))


def _caused(before: Account, after: Account, ref: str) -> tuple[PolicyMeasure, ...]:
    known = set(before.measures)
    return tuple(measure for measure in after.measures if measure.award == ref or measure not in known)
