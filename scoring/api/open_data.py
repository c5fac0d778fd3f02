"""`/api/v1/open-data`: the list of releases for a program that follows them."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scoring.selectors import open_data


class OpenDataFileSerializer(serializers.Serializer):
    """One file; `url` is null once the file was withdrawn."""

    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.CharField(allow_null=True)


class OpenDataReleaseSerializer(serializers.Serializer):
    """One release: a snapshot and the delta that leads to it from the release whose number is one less."""

    name = serializers.CharField()
    number = serializers.IntegerField()
    on = serializers.DateField()
    made_at = serializers.DateTimeField()
    rows = serializers.IntegerField()
    changes = serializers.DictField(child=serializers.IntegerField())
    files = OpenDataFileSerializer(many=True)


class OpenDataIndexSerializer(serializers.Serializer):
    """The releases, newest first."""

    releases = OpenDataReleaseSerializer(many=True)


class OpenDataIndex(APIView):
    """Open data releases."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="open_data", responses=OpenDataIndexSerializer)
    def get(self, request: Request) -> Response:
        """Return the latest releases with the size and SHA-256 of each file; a whole snapshot is one request."""
        listed = {"releases": [asdict(release) for release in open_data.releases()]}
        return Response(OpenDataIndexSerializer(listed).data, headers={"Cache-Control": "no-cache"})
