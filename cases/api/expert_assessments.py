"""`/api/v1/attributions/{id}/assessments/`: experts asked before a decision, and what they said."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import requests
from cases.api.doors import ensure_reader
from cases.models import AssessmentOutcome, Attribution, ExpertAssessment
from cases.selectors import attributions as attribution_selectors
from cases.selectors import expert_assessments
from cases.services import attributions
from institutions import clock
from institutions.errors import NotThere
from institutions.requester import requester
from institutions.selectors import users

TEXT_MAX = 20_000


class AssessmentIn(serializers.Serializer):
    """A question, and the expert by user name."""

    expert = serializers.CharField(max_length=150)
    question = serializers.CharField(max_length=TEXT_MAX)


class AssessmentOpinionIn(serializers.Serializer):
    """The expert's word on their interests, and the opinion."""

    declaration = serializers.CharField(max_length=TEXT_MAX)
    text = serializers.CharField(max_length=TEXT_MAX)


class AssessmentOut(serializers.Serializer):
    """One question with its outcome; `text` is the opinion, or the reason why there is none."""

    id = serializers.IntegerField()
    question = serializers.CharField()
    expert = serializers.CharField(source="expert.username")
    opened_by = serializers.CharField(source="opened_by.username")
    opened_at = serializers.DateTimeField()
    working_days = serializers.IntegerField()
    due_on = serializers.DateField()
    due_provisional = serializers.BooleanField()
    outcome = serializers.ChoiceField(choices=AssessmentOutcome.choices, allow_blank=True)
    text = serializers.CharField()
    declaration = serializers.CharField()
    ended_by = serializers.CharField(source="ended_by.username", default=None, allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class Assessments(APIView):
    """The expert assessments of one attribution."""

    parser_classes = [JSONParser]

    @extend_schema(responses=AssessmentOut(many=True))
    def get(self, request: Request, attribution_id: UUID) -> Response:
        """List what was asked, the latest first."""
        attribution = _visible(request, attribution_id)
        return Response(AssessmentOut(expert_assessments.assessments_of(attribution), many=True).data)

    @extend_schema(request=AssessmentIn, responses={201: AssessmentOut})
    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Ask an expert; nothing is decided until the opinion is there or the question is withdrawn."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(AssessmentIn, request.data).validated_data
        expert = users.officer_named(sent["expert"])
        if expert is None:
            raise NotThere()
        made = attributions.open_assessment(
            attribution=attribution, question=sent["question"], expert=expert, by=user, now=clock.now()
        )
        return Response(AssessmentOut(made).data, status=status.HTTP_201_CREATED)


class Opinion(APIView):
    """The opinion of the expert who was asked."""

    parser_classes = [JSONParser]

    @extend_schema(request=AssessmentOpinionIn, responses=AssessmentOut)
    def post(self, request: Request, attribution_id: UUID, assessment_id: int) -> Response:
        """Attach the opinion with the declaration of interests, as the expert."""
        user, assessment = requester(request), _asked(request, attribution_id, assessment_id)
        sent = requests.valid(AssessmentOpinionIn, request.data).validated_data
        ended = attributions.give_opinion(assessment=assessment, by=user, now=clock.now(), **sent)
        return Response(AssessmentOut(ended).data)


class Decline(APIView):
    """The question given back by the expert."""

    parser_classes = [JSONParser]

    @extend_schema(request=requests.ReasonIn, responses=AssessmentOut)
    def post(self, request: Request, attribution_id: UUID, assessment_id: int) -> Response:
        """Give the question back with a reason, as the expert."""
        user, assessment = requester(request), _asked(request, attribution_id, assessment_id)
        sent = requests.valid(requests.ReasonIn, request.data).validated_data
        return Response(
            AssessmentOut(attributions.decline(assessment=assessment, by=user, now=clock.now(), **sent)).data
        )


class Withdraw(APIView):
    """The question taken back by an officer."""

    parser_classes = [JSONParser]

    @extend_schema(request=requests.ReasonIn, responses=AssessmentOut)
    def post(self, request: Request, attribution_id: UUID, assessment_id: int) -> Response:
        """Withdraw the question with a reason; the time to decide goes on."""
        user, assessment = requester(request), _asked(request, attribution_id, assessment_id)
        sent = requests.valid(requests.ReasonIn, request.data).validated_data
        ended = attributions.withdraw_assessment(assessment=assessment, by=user, now=clock.now(), **sent)
        return Response(AssessmentOut(ended).data)


def _visible(request: Request, attribution_id: UUID) -> Attribution:
    return get_object_or_404(attribution_selectors.visible_to(ensure_reader(request)), pk=attribution_id)


def _asked(request: Request, attribution_id: UUID, assessment_id: int) -> ExpertAssessment:
    rows = expert_assessments.assessments_of(_visible(request, attribution_id))
    return get_object_or_404(rows.select_related("attribution__case"), pk=assessment_id)
