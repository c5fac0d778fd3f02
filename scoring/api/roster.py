"""`/api/v1/roster/`: the staff of the user's own institutions with their payment qualification, for machines."""

from __future__ import annotations

from dataclasses import asdict

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request

from institutions import clock
from institutions.errors import Forbidden
from institutions.models import Category, Registration
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from scoring.api.scorecard_shapes import STATUSES
from scoring.selectors import rosters
from scoring.services import roster_openings

TEXT = OpenApiParameter("text", str, description="A part of a name, or a whole code.")
UNDER = OpenApiParameter("under", bool, description="Only those suspended or terminated today.")


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


@extend_schema_view(get=extend_schema(parameters=[TEXT, UNDER]))
class RosterList(generics.ListAPIView):
    """The roster of the user's own institutions today, by name."""

    serializer_class = RosterRowSerializer
    queryset = Registration.objects.none()
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Registration]:
        """Return the registrations at the user's own institutions; refuse who reads in no institution's name."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        user = requester(self.request)
        if not has_permission(user, Permission.NOTICE_READ):
            raise Forbidden(rule=Permission.NOTICE_READ.value)
        self.held = rosters.own_institutions(user)
        return rosters.roster(self.held, on=clock.today(), text=self.request.query_params.get("text", ""))

    def paginate_queryset(self, queryset: QuerySet[Registration]) -> list[dict[str, object]]:  # type: ignore[override]
        """Return one page with statuses, and write down whose rows it shows."""
        now = clock.now()
        on = clock.local_date(now)
        found = rosters.under_measure(queryset, on=on) if _is_yes(self.request, "under") else queryset
        page = rosters.page_of(super().paginate_queryset(found) or [], on=on)
        roster_openings.note_roster(page=page, held=self.held, by=requester(self.request), now=now)
        return [asdict(row) for row in page.rows]


def _is_yes(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in ("1", "true", "yes", "on")
