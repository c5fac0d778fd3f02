"""`/api/v1/practitioners/{slug}/account`: for officers, points, status and measures on two clocks."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
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
from scoring.api.scorecard_shapes import STATUSES, ProblemSerializer, YearSerializer
from scoring.api.scorecards import AS_OF, KNOWN_AT, SLUG
from scoring.models.measure import KINDS, TIERS
from scoring.selectors.accounts import LoadedAccount, load_account
from scoring.selectors.measures import known_measures
from scoring.selectors.reach import ensure_may_view_ledger


class MeasureSerializer(serializers.Serializer):
    """A measure as known: `ends_on` is its last day, `award` the key of the award that caused it."""

    kind = serializers.ChoiceField(choices=KINDS)
    tier = serializers.ChoiceField(choices=TIERS)
    year = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    months_imposed = serializers.IntegerField()
    award = serializers.CharField()


class AccountSerializer(serializers.Serializer):
    """An account on a day (`as_of`), as known at an instant (`known_at`, empty: now)."""

    slug = serializers.CharField()
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    evaluated_at = serializers.DateTimeField()
    points = serializers.IntegerField()
    points_by_year = YearSerializer(many=True)
    status = serializers.ChoiceField(choices=STATUSES)
    status_from = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    may_reapply = serializers.BooleanField()
    measures = MeasureSerializer(many=True)


class AccountView(APIView):
    """A person's account on two clocks."""

    permission_classes = [AllowAny]  # answered below with the reason: role and region

    @extend_schema(
        operation_id="practitioner_account",
        parameters=[SLUG, AS_OF, KNOWN_AT],
        responses={200: AccountSerializer, 403: ProblemSerializer, 404: ProblemSerializer},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return points, status and every measure known, whatever the rules of publication say.

        403 unless the officer holds ledger.view over a region of the person; provisional persons are included.
        """
        ensure_permission(request.user, Permission.LEDGER_VIEW)
        person = by_slug(slug)
        if person is None:
            raise NotThere()
        ensure_may_view_ledger(request.user, person)
        now = clock.now()
        note_reader(request, person, now)
        on, known_at = read_date(request, "as_of") or clock.local_date(now), read_known_at(request)
        loaded = load_account(person, known_at=known_at)
        status = loaded.account.status_on(on)
        facts = {
            "slug": person.slug,
            "as_of": on,
            "known_at": known_at,
            "evaluated_at": now,
            "points": loaded.account.points_on(on),
            "points_by_year": [{"year": year, "points": loaded.account.total(year, on)} for year in _years(loaded)],
            "status": str(status.status),
            "status_from": status.since,
            "until": status.until,
            "may_reapply": status.may_reapply,
            "measures": [asdict(measure) for measure in known_measures(person, known_at=known_at)],
        }
        return Response(facts, headers={"Cache-Control": "no-store"})


def _years(loaded: LoadedAccount) -> list[int]:
    return sorted({award.year for award in loaded.account.awards}, reverse=True)
