"""`/api/v1/roster/`: the staff of the user's own institutions with their payment qualification, for machines."""

from __future__ import annotations

from dataclasses import asdict

import django_filters
from django.db.models import QuerySet
from rest_framework import generics, serializers

from institutions import clock
from institutions.errors import Forbidden
from institutions.models import Category, Registration
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from scoring.api.scorecard_shapes import STATUSES
from scoring.selectors import rosters
from scoring.services import roster_openings


class RosterRowSerializer(serializers.Serializer):
    """One person at one of the user's institutions; `until` is the last day. No points: those are the person's."""

    slug = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    category = serializers.ChoiceField(choices=Category.choices)
    department = serializers.CharField()
    position = serializers.CharField()
    institution_code = serializers.CharField()
    institution_name = serializers.CharField()
    starts_on = serializers.DateField()
    commitment_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=[*STATUSES, ("", "")], help_text="Empty while the region is in pilot.")
    status_from = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    may_reapply = serializers.BooleanField()


class RosterFilter(django_filters.FilterSet):
    """By person, category, department, institution, and whether a measure is in force today."""

    text = django_filters.CharFilter(method="with_text", help_text="a part of a name, or a whole code")
    category = django_filters.ChoiceFilter(
        field_name="practitioner__category", choices=Category.choices, help_text="category of the person"
    )
    department = django_filters.CharFilter(field_name="department", help_text="department, as registered")
    institution = django_filters.CharFilter(field_name="institution__code", help_text="code of the institution")
    under = django_filters.BooleanFilter(method="with_measure", help_text="only those suspended or terminated today")

    class Meta:
        model = Registration
        fields: list[str] = []

    def with_text(self, queryset: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        """Keep those of whom the text is part of the name or the whole code."""
        return rosters.named(queryset, value)

    def with_measure(self, queryset: QuerySet[Registration], name: str, value: bool) -> QuerySet[Registration]:
        """Keep those under a measure today; `false` keeps everybody."""
        if not value:
            return queryset
        return queryset.filter(pk__in=[spell.pk for spell in rosters.under_measure(queryset, on=clock.today())])


class RosterList(generics.ListAPIView):
    """The roster of the user's own institutions today, by name."""

    serializer_class = RosterRowSerializer
    filterset_class = RosterFilter
    queryset = Registration.objects.none()

    def get_queryset(self) -> QuerySet[Registration]:
        """Return the registrations at the user's own institutions; refuse who reads in no institution's name."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        user = requester(self.request)
        if not has_permission(user, Permission.NOTICE_READ):
            raise Forbidden(rule=Permission.NOTICE_READ.value)
        self.held = rosters.own_institutions(user)
        return rosters.roster(self.held, on=clock.today())

    def paginate_queryset(self, queryset: QuerySet[Registration]) -> list[dict[str, object]]:  # type: ignore[override]
        """Return one page with statuses, and write down whose rows it shows."""
        now = clock.now()
        on = clock.local_date(now)
        page = rosters.page_of(super().paginate_queryset(queryset) or [], on=on)
        roster_openings.note_roster(page=page, held=self.held, by=requester(self.request), now=now)
        return [asdict(row) for row in page.rows]
