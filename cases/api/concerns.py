"""`/api/v1/cases/{id}/concerns/`: what is asked before a decision, and the answers."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import requests
from cases.api.doors import case_of
from cases.models import ConcernKind, ContinuityChoice
from cases.selectors.concern_shape import Concern
from cases.selectors.concerns import concerns_of
from cases.services import concerns
from institutions import clock
from institutions.requester import requester


class ConcernAnswerOut(serializers.Serializer):
    """An answer, with the officer by user name."""

    text = serializers.CharField()
    choice = serializers.ChoiceField(choices=ContinuityChoice.choices, allow_blank=True)
    answered_by = serializers.CharField(source="answered_by.username")
    answered_at = serializers.DateTimeField()


class CaseConcernOut(serializers.Serializer):
    """One question, in the reader's language; `waits` says whether a decision has to wait for its answer."""

    kind = serializers.ChoiceField(choices=ConcernKind.choices)
    rule = serializers.CharField()
    attribution = serializers.SerializerMethodField()
    practitioners = serializers.SerializerMethodField()
    sentence = serializers.CharField()
    question = serializers.CharField()
    facts = serializers.DictField()
    is_assumption = serializers.BooleanField()
    must_answer = serializers.BooleanField()
    waits = serializers.BooleanField()
    key = serializers.CharField()
    digest = serializers.CharField()
    answer = ConcernAnswerOut(allow_null=True)

    def get_attribution(self, concern: Concern) -> UUID | None:
        """Name the attribution; None for a question about the whole case."""
        return concern.attribution.pk if concern.attribution else None

    def get_practitioners(self, concern: Concern) -> list[str]:
        """Name the persons by their public ids."""
        return [person.slug for person in concern.persons]


class CaseConcerns(APIView):
    """The questions about what is not decided yet in a case."""

    parser_classes = [JSONParser]

    @extend_schema(responses=CaseConcernOut(many=True))
    def get(self, request: Request, case_id: UUID) -> Response:
        """List what is asked, with the answers that count."""
        case = case_of(request, case_id)
        return Response(CaseConcernOut(concerns_of(case, on=clock.today(), by=requester(request)), many=True).data)

    @extend_schema(request=requests.ConcernAnswerIn, responses={201: ConcernAnswerOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        """Answer one question. 409 where its facts have changed since, or it is answered."""
        user, case = requester(request), case_of(request, case_id)
        sent = requests.valid(requests.ConcernAnswerIn, request.data).validated_data
        written = concerns.answer(case=case, by=user, now=clock.now(), **sent)
        return Response(ConcernAnswerOut(written).data, status=status.HTTP_201_CREATED)
