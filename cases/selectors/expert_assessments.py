"""Questions to experts before a decision: what is open, what was said, and who may be asked."""

from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.models import AssessmentOutcome, Attribution, ExpertAssessment
from cases.policy import assessment_rules
from cases.selectors.involvement import people_involved
from institutions.errors import RuleRefused
from institutions.models import RoleAssignment, User
from institutions.permissions import Permission
from institutions.selectors import deputies, users

RULES = Path(__file__).resolve().parent.parent / "assessment_rules" / "rules.yaml"


@cache
def known_rules() -> tuple[assessment_rules.AssessmentRule, ...]:
    """Return the versions of the time for an opinion, the earliest first."""
    return assessment_rules.read_rules(RULES.read_text(encoding="utf-8"))


def rule_on(day: date) -> assessment_rules.AssessmentRule:
    """Return the rule that holds on a Shanghai date; refuses a day without one."""
    try:
        return assessment_rules.rule_on(day, known_rules())
    except assessment_rules.NoAssessmentRule as error:
        raise RuleRefused(
            _("No rule on the time for an expert's opinion holds on that day."), rule="cases/assessment_rules"
        ) from error


def assessments_of(attribution: Attribution) -> QuerySet[ExpertAssessment]:
    """Return every question about an attribution with its people, the latest first."""
    return attribution.expert_assessments.select_related("expert", "opened_by", "ended_by")


def open_assessment(attribution: Attribution) -> ExpertAssessment | None:
    """Return the question that is open, or None."""
    return attribution.expert_assessments.filter(outcome="").select_related("expert").first()


def opinions_of(attribution: Attribution) -> list[ExpertAssessment]:
    """Return the questions that were answered with an opinion, in the order of time."""
    given = attribution.expert_assessments.filter(outcome=AssessmentOutcome.OPINION)
    return list(given.order_by("ended_at", "pk"))


def people_barred(attribution: Attribution) -> set[int]:
    """Return the ids of those who are no experts here: who had a hand in the case or stands in today for somebody who
    had (ADR 0051), and who works for its institution.

    Whoever only spoke as an expert before may be asked again.
    """
    asked = set(attribution.expert_assessments.values_list("expert_id", flat=True))
    involved = set(people_involved(attribution)) - asked
    employed = RoleAssignment.objects.filter(institution=attribution.case.institution_id)
    return involved | deputies.standing_in_for(involved) | set(employed.values_list("user_id", flat=True))


def experts_for(attribution: Attribution) -> QuerySet[User]:
    """Return the experts who may be asked about an attribution."""
    held = users.holders(Permission.ASSESSMENT_OPINION, region=attribution.case.region_id)
    return held.exclude(pk__in=people_barred(attribution))
