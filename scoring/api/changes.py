"""`/api/v1/changes/`: every change of a published status and every correction, once and in order. With a key."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from institutions.api.keys import ensure_key
from institutions.models import Category, KeyScope
from scoring.api.scorecard_shapes import STATUSES
from scoring.models import ChangeKind
from scoring.selectors.status_changes import BEGINNING, LIMIT_MAX, changes_after

LIMIT = 200


class StatusChangeSerializer(serializers.Serializer):
    """One line. `on` is the first day for which it holds; of a superseded line everything but the person is null."""

    cursor = serializers.CharField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    on = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    slug = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    category = serializers.ChoiceField(choices=Category.choices)
    status = serializers.ChoiceField(choices=STATUSES, allow_null=True)
    status_from = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    may_reapply = serializers.BooleanField()
    is_superseded = serializers.BooleanField()


class ChangesSerializer(serializers.Serializer):
    """Some lines, and the cursor to ask with the next time, whether there are more now or only later."""

    changes = StatusChangeSerializer(many=True)
    cursor = serializers.CharField()
    has_more = serializers.BooleanField()


class AskedSerializer(serializers.Serializer):
    """What the feed is asked."""

    cursor = serializers.CharField(max_length=20, allow_blank=True, default=BEGINNING)
    limit = serializers.IntegerField(min_value=1, max_value=LIMIT_MAX, default=LIMIT)


CORRECTED = OpenApiExample(
    "corrected",
    summary="A suspension that was undone: the earlier line says nothing any more",
    response_only=True,
    status_codes=["200"],
    value={
        "changes": [
            {
                "cursor": "c41",
                "kind": "status",
                "on": "2025-06-21",
                "recorded_at": "2025-06-20T16:05:00+00:00",
                "slug": "k3v7q2m5x4t6w2ab",
                "code": "D150422000001",
                "category": "physician",
                "status": None,
                "status_from": None,
                "until": None,
                "may_reapply": False,
                "is_superseded": True,
            },
            {
                "cursor": "c57",
                "kind": "correction",
                "on": "2025-07-02",
                "recorded_at": "2025-07-02T03:10:00+00:00",
                "slug": "k3v7q2m5x4t6w2ab",
                "code": "D150422000001",
                "category": "physician",
                "status": "normal",
                "status_from": None,
                "until": None,
                "may_reapply": False,
                "is_superseded": False,
            },
        ],
        "cursor": "c57",
        "has_more": False,
    },
)


class Changes(APIView):
    """The feed of changes."""

    permission_classes = [AllowAny]  # answered below with the reason: a key with the scope

    @extend_schema(
        operation_id="changes",
        parameters=[
            OpenApiParameter("cursor", str, description="That of the last answer; without it, from the beginning."),
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT}, description="lines"
            ),
        ],
        responses=ChangesSerializer,
        examples=[CORRECTED],
    )
    def get(self, request: Request) -> Response:
        """Return what changed after a cursor; asked on with that of each answer, nothing is missed or comes twice.

        403 without a key that includes `changes`. Follows what the rules publish: nothing of a region that publishes
        nothing.
        """
        ensure_key(request, KeyScope.CHANGES)
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        page = changes_after(asked.validated_data["cursor"], asked.validated_data["limit"])
        return Response(ChangesSerializer(asdict(page)).data, headers={"Cache-Control": "private, no-store"})
