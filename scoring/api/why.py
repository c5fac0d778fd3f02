"""`/api/v1/practitioners/{slug}/why`: for officers, how a total and a status come about, step by step."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from institutions import clock
from institutions.errors import NotThere
from institutions.permissions import Permission, ensure_permission
from institutions.selectors.practitioners import by_slug
from scoring.api.openings import note_reader
from scoring.api.query import read_date, read_known_at
from scoring.api.scorecard_shapes import ProblemSerializer
from scoring.api.scorecards import AS_OF, KNOWN_AT, SLUG
from scoring.selectors.reach import ensure_may_view_ledger
from scoring.selectors.why import why_account


class WhyView(APIView):
    """Why this number."""

    permission_classes = [AllowAny]  # answered below with the reason: role and region

    @extend_schema(
        operation_id="practitioner_why",
        parameters=[SLUG, AS_OF, KNOWN_AT],
        responses={200: OpenApiTypes.OBJECT, 403: ProblemSerializer, 404: ProblemSerializer},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return facts, rulebook versions, parameter values and arithmetic: enough to come to the same numbers again.

        403 unless the officer holds ledger.view over a region of the person; provisional persons are included.
        """
        ensure_permission(request.user, Permission.LEDGER_VIEW)
        person = by_slug(slug)
        if person is None:
            raise NotThere()
        ensure_may_view_ledger(request.user, person)
        now = clock.now()
        note_reader(request, person, now)
        on = read_date(request, "as_of") or clock.local_date(now)
        why = why_account(person, on=on, known_at=read_known_at(request))
        return Response(asdict(why), headers={"Cache-Control": "no-store"})
