"""`/api/v1/institutions/{code}/staff-list/`: the staff list of an institution held against what is on record."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from institutions import clock
from institutions.codes import normalise_code
from institutions.errors import Forbidden
from institutions.permissions import Permission, has_permission, institutions_for
from institutions.requester import requester
from institutions.roster.reading import Source
from institutions.roster.staff_list import CELL_LENGTH_MAX, PEOPLE_MAX, ListedPerson
from scoring.api.scorecard_shapes import STATUSES, ProblemSerializer
from scoring.selectors.roster_watch import Finding
from scoring.services import roster_watch
from scoring.views.roster_watch import download

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="Code of the institution.")
FILE = OpenApiParameter("file_format", str, enum=["csv"], description="csv: the outcome as a table.")


class ListedSerializer(serializers.Serializer):
    """One person of the list."""

    code = serializers.CharField(max_length=CELL_LENGTH_MAX, allow_blank=True, default="")
    name = serializers.CharField(max_length=CELL_LENGTH_MAX, allow_blank=True, default="")


class StaffListSerializer(serializers.Serializer):
    """The list: a file (multipart), or people (JSON)."""

    file = serializers.FileField(required=False)
    people = ListedSerializer(many=True, required=False)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """Ask for exactly one of the two."""
        if ("file" in attrs) == ("people" in attrs):
            raise serializers.ValidationError({"file": "file | people"})
        return attrs

    def validate_people(self, people: list[object]) -> list[object]:
        """Refuse more people than an institution has."""
        if len(people) > PEOPLE_MAX:
            raise serializers.ValidationError(f"<= {PEOPLE_MAX}")
        return people


class WatchedSerializer(serializers.Serializer):
    """One person of the list, or (`row` empty) of the record alone."""

    row = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    name = serializers.CharField()
    findings = serializers.ListField(child=serializers.ChoiceField(choices=[(f.value, f.value) for f in Finding]))
    status = serializers.ChoiceField(choices=STATUSES, allow_null=True)
    until = serializers.DateField(allow_null=True)


class RosterCheckSerializer(serializers.Serializer):
    """The outcome, with the time and the state of the data compared with."""

    institution = serializers.CharField(source="institution.code")
    as_of = serializers.DateField(source="on")
    made_at = serializers.DateTimeField()
    data_version = serializers.CharField()
    listed = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    people = WatchedSerializer(many=True)


class StaffListCheck(APIView):
    """Comparing a list of staff."""

    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(
        operation_id="staff_list_check",
        parameters=[CODE, FILE],
        request=StaffListSerializer,
        responses={
            (200, "application/json"): RosterCheckSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
            403: ProblemSerializer,
            404: ProblemSerializer,
            422: ProblemSerializer,
        },
    )
    def post(self, request: Request, code: str) -> Response | HttpResponse:
        """Compare a list with registrations and statuses of today; nothing is changed and the list is not kept.

        403 without registration.view anywhere, 404 for an institution that is not the user's.
        """
        user = requester(request)
        if not has_permission(user, Permission.REGISTRATION_VIEW):
            raise Forbidden(rule=Permission.REGISTRATION_VIEW.value)
        mine = institutions_for(user, Permission.REGISTRATION_VIEW)
        institution = get_object_or_404(mine, code=normalise_code(code))
        sent = StaffListSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        check = roster_watch.compare_staff_list(
            institution=institution, source=_source(sent.validated_data), by=user, now=clock.now()
        )
        if request.query_params.get("file_format") == "csv":
            return download(check)
        return Response(RosterCheckSerializer(check).data, headers={"Cache-Control": "private, no-store"})


def _source(given: dict[str, object]) -> Source | list[ListedPerson]:
    file, people = given.get("file"), given.get("people")
    if isinstance(people, list):
        return [
            ListedPerson(row, normalise_code(person["code"]), person["name"].strip())
            for row, person in enumerate(people, start=1)
        ]
    return bytes(file.read())  # type: ignore[attr-defined]
