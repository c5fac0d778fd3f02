"""What the deciding officer is asked before a decision, with the answers that count.

Three questions: are the points in line with other decisions (M5), who is not held responsible (M6), who treats the
patients meanwhile (M11). The rules are in `cases/policy/`; nothing is stored but the answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from cases.models import Attribution, AttributionLine, CaseFile, ConcernAnswer
from cases.selectors.assessments import stored_lines
from cases.selectors.concern_shape import Concern, concern_rule
from cases.selectors.consistency import Comparison, comparisons, consistency_concerns
from cases.selectors.continuity import continuity_concerns
from cases.selectors.responsibility import responsibility_concerns
from cases.states import State
from institutions.models import User
from institutions.permissions import Permission, ensure_permission

__all__ = ["Comparison", "Concern", "answers_of", "comparisons_of", "concern_rule", "concerns_before", "concerns_of"]

UNDECIDED = (State.DRAFT, State.PROPOSED, State.INTENT_SERVED)


def concerns_of(case: CaseFile, *, on: date, by: User | None) -> tuple[Concern, ...]:
    """Return every question about what is not decided yet in a case, on a day, each with its answer if it has one.

    Refuses (403) whoever may not see the case. Nothing is asked where nothing waits for a decision.
    """
    ensure_permission(by, Permission.CASE_VIEW, region=case.region_id)
    waiting = case.attributions.filter(state__in=UNDECIDED)
    return _concerns(case, list(waiting.select_related("case__basis", "case__institution", "practitioner")), on)


def concerns_before(attribution: Attribution, *, on: date) -> tuple[Concern, ...]:
    """Return the questions to be answered before one attribution is decided: its own, and those about its case."""
    return _concerns(attribution.case, [attribution], on)


def comparisons_of(attribution: Attribution, *, on: date) -> list[Comparison]:
    """Return every line of an attribution beside what others gave, in line or not."""
    return comparisons(stored_lines(attribution), attribution.case, on=on)


def answers_of(case: CaseFile) -> list[ConcernAnswer]:
    """Return every answer on record in a case, the latest first, those that facts have overtaken too."""
    return list(case.concern_answers.select_related("answered_by", "attribution__practitioner").order_by("-pk"))


def _concerns(case: CaseFile, undecided: Sequence[Attribution], on: date) -> tuple[Concern, ...]:
    if not undecided:
        return ()
    lines: dict[Attribution, list[AttributionLine]] = {it: stored_lines(it) for it in undecided}
    found = [
        *responsibility_concerns(case, on=on),
        *consistency_concerns(case, lines, on=on),
        *continuity_concerns(case, undecided, on=on),
    ]
    return tuple(_with_answers(found, answers_of(case)) if found else ())


def _with_answers(found: Iterable[Concern], answers: Sequence[ConcernAnswer]) -> list[Concern]:
    """An answer counts for the facts it was given for; earlier ones are shown beside the question."""
    return [
        replace(
            item,
            answer=next((a for a in answers if (a.key, a.digest) == (item.key, item.digest)), None),
            earlier=tuple(a for a in answers if a.key == item.key and a.digest != item.digest),
        )
        for item in found
    ]
