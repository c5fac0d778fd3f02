"""How the lists of the API are narrowed. What a parameter does stands at it, so that the description can say so."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import (
    Activity,
    Appeal,
    Attribution,
    BasisKind,
    CaseFile,
    IssuedLetter,
    Outcome,
    RepairApplication,
    RepairOutcome,
    ReregistrationApplication,
    Source,
)
from cases.models.appeal_choices import APPEAL_STATE_CHOICES
from cases.models.choices import STATE_CHOICES, ServiceKind
from cases.models.repair_choices import ENTRY_STATE_CHOICES, REPAIR_STATE_CHOICES
from cases.selectors import handovers


class CaseFilter(django_filters.FilterSet):
    """By region, source, institution, basis and dates; `region` is a GB/T 2260 code or prefix."""

    region = django_filters.CharFilter(field_name="region__code", lookup_expr="startswith", label=_("region prefix"))
    source = django_filters.ChoiceFilter(choices=Source.choices)
    institution = django_filters.CharFilter(field_name="institution__code", label=_("institution code"))
    basis = django_filters.ChoiceFilter(field_name="basis__kind", choices=BasisKind.choices)
    annulled = django_filters.BooleanFilter(field_name="basis__annulled_on", lookup_expr="isnull", exclude=True)
    decided_from = django_filters.DateFilter(field_name="basis__decided_on", lookup_expr="gte")
    decided_until = django_filters.DateFilter(field_name="basis__decided_on", lookup_expr="lte")
    state = django_filters.ChoiceFilter(
        choices=STATE_CHOICES, method="with_state", label=_("has an attribution in this state")
    )
    number = django_filters.CharFilter(field_name="number", lookup_expr="contains")

    class Meta:
        model = CaseFile
        fields: list[str] = []

    def with_state(self, queryset: "QuerySet[CaseFile]", name: str, value: str) -> "QuerySet[CaseFile]":
        """Keep the cases in which somebody's attribution is in the state."""
        cases = Attribution.objects.filter(state=value).values("case_id")
        return queryset.filter(pk__in=cases)


class AttributionFilter(django_filters.FilterSet):
    """By state, case, person and dates."""

    region = django_filters.CharFilter(field_name="case__region__code", lookup_expr="startswith")
    source = django_filters.ChoiceFilter(field_name="case__source", choices=Source.choices)
    state = django_filters.MultipleChoiceFilter(choices=STATE_CHOICES)
    case = django_filters.CharFilter(field_name="case__number")
    institution = django_filters.CharFilter(field_name="case__institution__code")
    practitioner = django_filters.CharFilter(field_name="practitioner__slug")
    practitioner_code = django_filters.CharFilter(method="with_code", label=_("practitioner code"))
    clause = django_filters.CharFilter(method="with_clause", label=_("clause"))
    decided_from = django_filters.DateFilter(field_name="case__basis__decided_on", lookup_expr="gte")
    decided_until = django_filters.DateFilter(field_name="case__basis__decided_on", lookup_expr="lte")
    served_from = django_filters.DateFilter(field_name="served_on", lookup_expr="gte")
    served_until = django_filters.DateFilter(field_name="served_on", lookup_expr="lte")
    deadline_until = django_filters.DateFilter(field_name="statement_deadline_on", lookup_expr="lte")

    class Meta:
        model = Attribution
        fields: list[str] = []

    def with_code(self, queryset: "QuerySet[Attribution]", name: str, value: str) -> "QuerySet[Attribution]":
        """Keep those of the person who has the code."""
        return queryset.filter(practitioner__codes__code=value)

    def with_clause(self, queryset: "QuerySet[Attribution]", name: str, value: str) -> "QuerySet[Attribution]":
        """Keep those with a line under the clause."""
        return queryset.filter(lines__clause=value).distinct()


class AppealFilter(django_filters.FilterSet):
    """By state, outcome, officer, case, person and dates; `region` is a GB/T 2260 code or prefix."""

    region = django_filters.CharFilter(field_name="attribution__case__region__code", lookup_expr="startswith")
    state = django_filters.MultipleChoiceFilter(choices=APPEAL_STATE_CHOICES)
    open = django_filters.BooleanFilter(field_name="decided_at", lookup_expr="isnull", label=_("open"))
    outcome = django_filters.MultipleChoiceFilter(choices=Outcome.choices)
    level = django_filters.NumberFilter(field_name="level")
    assigned_to = django_filters.CharFilter(field_name="assigned_to__username")
    unassigned = django_filters.BooleanFilter(field_name="assigned_to", lookup_expr="isnull", label=_("unassigned"))
    case = django_filters.CharFilter(field_name="attribution__case__number")
    attribution = django_filters.UUIDFilter(field_name="attribution_id")
    institution = django_filters.CharFilter(field_name="attribution__case__institution__code")
    practitioner = django_filters.CharFilter(field_name="attribution__practitioner__slug")
    late = django_filters.BooleanFilter(field_name="is_late")
    due_until = django_filters.DateFilter(field_name="decision_due_on", lookup_expr="lte")
    filed_from = django_filters.DateFilter(field_name="filed_on", lookup_expr="gte")
    filed_until = django_filters.DateFilter(field_name="filed_on", lookup_expr="lte")

    class Meta:
        model = Appeal
        fields: list[str] = []


class ApplicationFilter(django_filters.FilterSet):
    """What every application of a person, made through an institution, is narrowed by."""

    region = django_filters.CharFilter(
        field_name="institution__region__code",
        lookup_expr="startswith",
        help_text="GB/T 2260 code or a beginning of it",
    )
    institution = django_filters.CharFilter(field_name="institution__code", help_text="code of the institution")
    practitioner = django_filters.CharFilter(field_name="practitioner__slug", help_text="public id of the person")
    outcome = django_filters.ChoiceFilter(choices=RepairOutcome.choices, help_text="how it was decided")


class RepairFilter(ApplicationFilter):
    """By state, activity, clause, year, person, place and dates; `region` is a GB/T 2260 code or prefix."""

    state = django_filters.MultipleChoiceFilter(choices=REPAIR_STATE_CHOICES, help_text="any of these states")
    activity = django_filters.ChoiceFilter(choices=Activity.choices, help_text="how points are earned back")
    clause = django_filters.CharFilter(field_name="clause", help_text="clause of the course")
    year = django_filters.NumberFilter(field_name="year", help_text="year of the points")
    credited_from = django_filters.DateFilter(
        field_name="credited_on", lookup_expr="gte", help_text="earned back on this day or later"
    )
    credited_until = django_filters.DateFilter(
        field_name="credited_on", lookup_expr="lte", help_text="earned back on this day or earlier"
    )

    class Meta:
        model = RepairApplication
        fields: list[str] = []


class ReregistrationFilter(ApplicationFilter):
    """By state, outcome, person, place and the day of the commitment; `region` is a GB/T 2260 code or prefix."""

    state = django_filters.MultipleChoiceFilter(choices=ENTRY_STATE_CHOICES, help_text="any of these states")
    commitment_from = django_filters.DateFilter(
        field_name="commitment_on", lookup_expr="gte", help_text="commitment signed on this day or later"
    )
    commitment_until = django_filters.DateFilter(
        field_name="commitment_on", lookup_expr="lte", help_text="commitment signed on this day or earlier"
    )

    class Meta:
        model = ReregistrationApplication
        fields: list[str] = []


class HandoverFilter(django_filters.FilterSet):
    """By what became of the letter, its kind, the institution asked, the case and the day of service."""

    state = django_filters.MultipleChoiceFilter(choices=handovers.STATES, help_text="what became of it: any of these")
    kind = django_filters.ChoiceFilter(choices=ServiceKind.choices, help_text="kind of the letter")
    institution = django_filters.CharFilter(
        field_name="handover__institution__code", help_text="code of the institution that is asked"
    )
    case = django_filters.CharFilter(field_name="attribution__case__number", help_text="number of the case file")
    served_from = django_filters.DateFilter(
        field_name="service__on", lookup_expr="gte", help_text="reached the person on this day or later"
    )
    served_until = django_filters.DateFilter(
        field_name="service__on", lookup_expr="lte", help_text="reached the person on this day or earlier"
    )

    class Meta:
        model = IssuedLetter
        fields: list[str] = []
