"""Who is held responsible in a case and in the institution's cases of late, by category and position (M6)."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from cases.models import Attribution, AttributionLine, CaseFile, ConcernKind
from cases.policy.concern_rules import ResponsibilityRule
from cases.policy.responsibility import Gap, Held, Past, Role, gaps, role_of
from cases.selectors.concern_shape import Concern, concern, concern_rule
from cases.states import State
from institutions.clock import start_of
from institutions.json_types import JsonObject
from institutions.models import Registration
from scoring.policy.rulebook_parts import Degree
from scoring.policy.terms import add_months

FELL = (State.REJECTED, State.SET_ASIDE)
DEGREES = [degree.value for degree in Degree]


def responsibility_concerns(case: CaseFile, *, on: date) -> list[Concern]:
    """Return what has to be asked about who is not held responsible in a case."""
    rule = concern_rule(on)
    standing = list(
        Attribution.objects.filter(case=case).exclude(state__in=FELL).select_related("practitioner").order_by("pk")
    )
    if not standing:
        return []
    positions = _positions(case, [attribution.practitioner_id for attribution in standing])
    degrees = _degrees(standing)
    held = [
        Held(it.practitioner.category, positions.get(it.practitioner_id, ""), degrees[it.pk])
        for it in standing
        if it.pk in degrees
    ]
    amount, past = amount_of(case), _past(case, rule.responsibility, on)
    facts: JsonObject = {
        "amount": f"{amount:,.2f}" if amount is not None else "",
        "held": dict(Counter(person.category for person in held)),
        "degrees": dict(Counter(person.degree for person in held)),
        "roles": dict(Counter(role_of(x.category, x.position, rule.responsibility).value for x in held)),
        "cases": past.cases,
        "persons": past.persons,
        "months": rule.responsibility.months,
    }
    return [
        concern(
            ConcernKind.RESPONSIBILITY,
            gap,
            case=case,
            attribution=None,
            persons=[attribution.practitioner for attribution in standing],
            facts=facts,
            weighing=("cases", "persons") if gap is Gap.NEVER_MANAGERS else ("amount", "held", "degrees", "roles"),
            is_assumption=rule.assumption,
        )
        for gap in gaps(amount, held, past, rule.responsibility)
    ]


def amount_of(case: CaseFile) -> Decimal | None:
    """Return the amount of a case: its own, or that of its findings together."""
    if case.amount is not None:
        return case.amount
    total: Decimal | None = case.findings.aggregate(total=Sum("amount"))["total"]
    return total


def _degrees(standing: Sequence[Attribution]) -> dict[UUID, str]:
    """The highest degree of each attribution's lines."""
    found: dict[UUID, str] = {}
    rows = AttributionLine.objects.filter(attribution__in=standing).values_list("attribution_id", "degree")
    for attribution, degree in rows.order_by():
        known = found.get(attribution, degree)
        found[attribution] = max(known, degree, key=DEGREES.index)
    return found


def _positions(case: CaseFile, people: Collection[UUID]) -> dict[UUID, str]:
    """The position of each person at the institution of the case, as last registered there."""
    spells = Registration.objects.filter(practitioner__in=people, institution=case.institution_id)
    return dict(spells.order_by("starts_on").values_list("practitioner_id", "position"))


def _past(case: CaseFile, rule: ResponsibilityRule, on: date) -> Past:
    """Who was held responsible in the institution's cases of late; one who leads counts wherever they were proposed."""
    since = start_of(add_months(on, -rule.months))
    rows = list(
        Attribution.objects.filter(case__institution=case.institution_id, case__opened_at__gte=since)
        .exclude(state__in=FELL)
        .values_list("case_id", "practitioner_id", "practitioner__category")
    )
    people = {person: category for _case, person, category in rows}
    positions = _positions(case, people)
    leading = [p for p, category in people.items() if role_of(category, positions.get(p, ""), rule) is Role.MANAGER]
    return Past(len({row[0] for row in rows}), len(people), len(leading))
