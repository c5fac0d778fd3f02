"""The words for what the rulebook says about a proposal."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from cases.policy.suggestion import Concern, Rule
from institutions.json_types import Json

_TEXTS = {
    Rule.CLAUSE_UNKNOWN: gettext_lazy("Clause %(clause)s is not in the rulebook %(rulebook)s."),
    Rule.CATEGORY_OUT_OF_SCOPE: gettext_lazy(
        "Persons of the category %(category)s are not in the scope of the rulebook %(rulebook)s."
    ),
    Rule.BASIS_NOT_ACCEPTED: gettext_lazy(
        "Clause %(clause)s does not accept a basis of the kind %(basis)s; it accepts %(accepted)s."
    ),
    Rule.ARTICLES_NOT_CITED: gettext_lazy(
        "Clause %(clause)s needs a basis under article %(accepted)s; this one cites %(articles)s."
    ),
    Rule.POINTS_OUT_OF_BAND: gettext_lazy(
        "%(points)s points are outside the band %(points_min)s–%(points_max)s of clause %(clause)s."
    ),
    Rule.POINTS_NOT_AS_SUGGESTED: gettext_lazy(
        "Clause %(clause)s suggests %(suggested)s points for this degree; %(points)s are proposed."
    ),
    Rule.PRIOR_MISSING: gettext_lazy(
        "Clause %(clause)s is for repeats: no points under %(needed)s stand in the same year."
    ),
    Rule.CONDUCT_CUTOFF: gettext_lazy("%(conduct)s ended before the scheme started on %(cutoff)s: it adds no points."),
    Rule.SAME_CONDUCT: gettext_lazy("%(conduct)s counts once: this line adds no points."),
    Rule.CONDUCT_SCORED_ELSEWHERE: gettext_lazy("%(conduct)s of this person is already scored in a linked case."),
    Rule.NOTHING_TO_SCORE: gettext_lazy("No line adds any points."),
    Rule.MONTHS_OUT_OF_RANGE: gettext_lazy(
        "%(months)s months are outside the range %(months_min)s–%(months_max)s at %(total)s points."
    ),
    Rule.MONTHS_WITHOUT_SUSPENSION: gettext_lazy(
        "At %(total)s points no suspension follows whose %(months)s months could be chosen."
    ),
}


def describe(concern: Concern) -> str:
    """Return the concern as one sentence in the active language."""
    return str(_TEXTS[concern.rule]) % dict(concern.values)


def as_errors(concerns: Sequence[Concern]) -> list[dict[str, Json]]:
    """Return concerns as they stand in answers and in the record: place, rule, severity and sentence."""
    return [
        {
            "place": "" if concern.line is None else f"lines[{concern.line}]",
            "rule": concern.rule.value,
            "severity": concern.severity.value,
            "message": describe(concern),
        }
        for concern in concerns
    ]


def together(concerns: Sequence[Concern]) -> str:
    """Return several concerns as one text."""
    return " ".join(describe(concern) for concern in concerns)
