"""What waits for an officer: one selector a queue. Each goes by an index over what waits and reads nothing finished."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from cases.models import (
    Appeal,
    Attribution,
    CaseClosing,
    CaseFile,
    DecisionHold,
    ExpertAssessment,
    Lead,
    RepairApplication,
    ReregistrationApplication,
    Statement,
)
from cases.models.appeal import OPEN_STATES
from cases.states import State
from cases.states.lead import State as LeadState
from cases.states.repair import EntryState
from cases.states.repair import State as RepairState

_ATTRIBUTION = ("case__institution", "case__region", "case__basis", "practitioner", "proposed_by")


def cases(today: date) -> QuerySet[CaseFile]:
    """Return the cases in which nobody is held responsible yet, or somebody only in draft.

    Not those whose basis fell, and not those closed without points.
    """
    drafted = Attribution.objects.filter(state=State.DRAFT.value).order_by().values("case_id")
    untouched = CaseFile.objects.filter(attributed_at__isnull=True).order_by().values("pk")
    rows = CaseFile.objects.filter(pk__in=untouched.union(drafted, all=True), basis__annulled_on__isnull=True)
    closed = CaseClosing.objects.filter(case=OuterRef("pk"), reopened_at__isnull=True)
    return rows.exclude(Exists(closed)).select_related("basis", "institution", "region")


def decisions(today: date) -> QuerySet[Attribution]:
    """Return the attributions that may be decided now: the window is over, or what was said in it is answered.

    Not those about which an expert is asked: they wait in `assessments`, and their time to decide stands.
    """
    said = Statement.objects.filter(attribution=OuterRef("pk"), window=OuterRef("window"))
    heard = Q(statement_deadline_on__lt=today) | Exists(said)
    rows = Attribution.objects.filter(heard, state=State.INTENT_SERVED.value)
    asked = ExpertAssessment.objects.filter(attribution=OuterRef("pk"), outcome="")
    return (
        rows.exclude(Exists(said.filter(answered_at__isnull=True))).exclude(Exists(asked)).select_related(*_ATTRIBUTION)
    )


def assessments(today: date) -> QuerySet[ExpertAssessment]:
    """Return the questions to experts about attributions that are still to be decided."""
    undecided = [State.PROPOSED.value, State.INTENT_SERVED.value]
    rows = ExpertAssessment.objects.filter(outcome="", attribution__state__in=undecided)
    return rows.select_related(*(f"attribution__{path}" for path in _ATTRIBUTION), "expert")


def statements(today: date) -> QuerySet[Statement]:
    """Return what persons said and nobody has answered, while the attribution is still to be decided."""
    rows = Statement.objects.filter(answered_at__isnull=True, attribution__state=State.INTENT_SERVED.value)
    return rows.select_related(*(f"attribution__{path}" for path in _ATTRIBUTION))


def services(today: date) -> QuerySet[Attribution]:
    """Return the attributions of which a letter is to reach the person: what is intended, or what was decided.

    `since` is when it was proposed or decided.
    """
    rows = Attribution.objects.filter(state__in=[State.PROPOSED.value, State.DECIDED.value])
    return rows.annotate(since=Coalesce(F("decided_at"), F("proposed_at"))).select_related(*_ATTRIBUTION)


def holds(today: date) -> QuerySet[DecisionHold]:
    """Return the decisions that are held until another officer releases them."""
    rows = DecisionHold.objects.filter(outcome="", attribution__state=State.HELD.value)
    return rows.select_related(*(f"attribution__{path}" for path in _ATTRIBUTION), "decided_by")


def appeals(today: date) -> QuerySet[Appeal]:
    """Return the open appeals."""
    rows = Appeal.objects.filter(state__in=OPEN_STATES)
    return rows.select_related(*(f"attribution__{path}" for path in _ATTRIBUTION), "assigned_to")


def repairs(today: date) -> QuerySet[RepairApplication]:
    """Return the applications to earn points back that are to be decided."""
    rows = RepairApplication.objects.filter(state=RepairState.SUBMITTED.value)
    return rows.select_related("practitioner", "institution__region")


def reregistrations(today: date) -> QuerySet[ReregistrationApplication]:
    """Return the applications to be registered anew that are to be decided."""
    rows = ReregistrationApplication.objects.filter(state=EntryState.ENTERED.value)
    return rows.select_related("practitioner", "institution__region")


def leads(today: date) -> QuerySet[Lead]:
    """Return the leads about which nothing is decided."""
    return Lead.objects.filter(state=LeadState.RECEIVED.value).select_related("institution__region")
