"""`/api/v1/handovers/`: letters that a staff office hands over, for its own systems. Never the letter's own words."""

from dataclasses import asdict

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import requests
from cases.api.filters import HandoverFilter
from cases.models import IssuedLetter
from cases.selectors import handovers as selectors
from cases.services import letters
from cases.services.letters import ReceiptFile
from institutions import clock
from institutions.errors import Forbidden
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.services import notices

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="JF2025-000123: of the request")


class HandoverSerializer(serializers.Serializer):
    """One letter to hand over, and what became of it."""

    number = serializers.CharField()
    letter_number = serializers.CharField()
    letter_kind = serializers.CharField()
    subject_name = serializers.CharField()
    practitioner_code = serializers.CharField()
    case_reference = serializers.CharField()
    institution_name = serializers.CharField()
    asked_on = serializers.DateField()
    state = serializers.ChoiceField(choices=selectors.STATES)
    served_on = serializers.DateField(allow_null=True)
    receipt = serializers.CharField()


class HandoverIn(serializers.Serializer):
    """The day on which the person received the letter, what they signed, and a picture of it."""

    on = serializers.DateField()
    receipt = serializers.CharField(max_length=300)
    file = serializers.FileField(required=False)


class HandoverList(generics.ListAPIView):
    """The letters that the user's institutions are asked to hand over, the latest first."""

    serializer_class = HandoverSerializer
    filterset_class = HandoverFilter
    queryset = IssuedLetter.objects.none()

    def get_queryset(self) -> "QuerySet[IssuedLetter]":
        """Return the letters of the user's institutions; refuse who hands over none at all."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        user = requester(self.request)
        if not has_permission(user, Permission.LETTER_HANDOVER):
            raise Forbidden(rule=Permission.LETTER_HANDOVER.value)
        return selectors.handovers_of(user)

    def paginate_queryset(self, queryset: "QuerySet[IssuedLetter]") -> "list[dict[str, object]]":  # type: ignore[override]
        """Return one page as it may be shown."""
        return [_shown(letter) for letter in super().paginate_queryset(queryset) or []]


class HandoverDetail(APIView):
    """One letter to hand over; POST puts the hand-over down."""

    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(parameters=[NUMBER], responses=HandoverSerializer)
    def get(self, request: Request, number: str) -> Response:
        """Show one letter to hand over."""
        return Response(HandoverSerializer(_shown(_own(request, number))).data)

    @extend_schema(parameters=[NUMBER], request=HandoverIn, responses=HandoverSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Record the hand-over with its receipt, and confirm the request; the same a second time changes nothing."""
        user, letter = requester(request), _own(request, number)
        sent = requests.valid(HandoverIn, request.data).validated_data
        file = sent.get("file")
        now = clock.now()
        letters.record_handover(
            letter=letter.notice,
            on=sent["on"],
            receipt=sent["receipt"],
            file=ReceiptFile(file.name, file.read()) if file is not None else None,
            by=user,
            now=now,
        )
        assert letter.handover is not None  # the query asks for it
        notices.acknowledge(notice=letter.handover, by=user, now=now)
        return Response(HandoverSerializer(_shown(_own(request, number))).data)


def _own(request: Request, number: str) -> IssuedLetter:
    return get_object_or_404(selectors.handovers_of(requester(request)), handover__number=number)


def _shown(letter: IssuedLetter) -> dict[str, object]:
    return asdict(selectors.present(letter))
