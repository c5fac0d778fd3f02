"""`/api/v1/appeals/`: the person behind number and access code of a letter, and the officers who handle appeals."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import appeal_requests as shapes_in
from cases.api import appeal_shapes as shapes
from cases.api.doors import download, ensure_reader, letter_opened
from cases.api.filters import AppealFilter
from cases.api.requests import valid
from cases.models import Appeal, Attribution, SubmittedFile
from cases.selectors import appeals as appeal_selectors
from cases.selectors import attributions as attribution_selectors
from cases.services import appeals, submissions
from institutions import clock
from institutions.errors import NotThere
from institutions.models import User
from institutions.requester import requester
from institutions.selectors import users

LETTER = [
    OpenApiParameter("X-Notice-Number", str, OpenApiParameter.HEADER, description="JF2025-000123"),
    OpenApiParameter("X-Notice-Token", str, OpenApiParameter.HEADER, description="access code printed in the letter"),
]
PARSERS = [JSONParser, MultiPartParser]


class AppealList(generics.ListAPIView):
    """The appeals an officer may see, newest first; POST brings an appeal with the number and code of a letter."""

    serializer_class = shapes.AppealOut
    filterset_class = AppealFilter
    queryset = Appeal.objects.none()
    parser_classes = PARSERS
    permission_classes = [AllowAny]  # officers are asked for below; POST opens with a letter

    def get_queryset(self) -> "QuerySet[Appeal]":
        """Return the appeals in the officer's regions."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return appeal_selectors.visible_to(ensure_reader(self.request))

    @extend_schema(
        parameters=LETTER,
        request={"multipart/form-data": shapes_in.FileAppealIn, "application/json": shapes_in.FileAppealIn},
        responses={200: shapes.TrackOut, 201: shapes.TrackOut},
    )
    def post(self, request: Request) -> Response:
        """File an appeal against the decision of the letter; 200 with the receipt of the one that is open already."""
        attribution = letter_opened(request)
        sent = valid(shapes_in.FileAppealIn, request.data)
        standing = appeal_selectors.open_appeal(attribution)
        appeal = appeals.file_appeal(
            attribution=attribution,
            grounds=sent.validated_data["grounds"],
            late_reason=sent.validated_data["late_reason"],
            files=sent.sent_files(),
            by=None,
            now=clock.now(),
        )
        return _course(appeal, status.HTTP_200_OK if appeal == standing else status.HTTP_201_CREATED)


class AppealDetail(APIView):
    """One appeal, by its receipt number."""

    permission_classes = [AllowAny]  # an officer, or whoever has a letter about the decision

    @extend_schema(parameters=LETTER, responses={200: shapes.AppealOut})
    def get(self, request: Request, receipt: str) -> Response:
        """Show the whole to an officer who is logged in, and the course to whoever has a letter about the decision."""
        if isinstance(request.user, User):
            return _whole(request, receipt)
        return _course(_own(request, receipt))


class _PersonsAct(APIView):
    """One act of the person: open the letter, call the service, show the course."""

    parser_classes = PARSERS
    permission_classes = [AllowAny]  # opens with a letter


@extend_schema_view(post=extend_schema(parameters=LETTER, request=shapes_in.AppealAnswerIn, responses=shapes.TrackOut))
class Answer(_PersonsAct):
    """The answer to a question."""

    def post(self, request: Request, receipt: str) -> Response:
        """Answer the question that waits; the clock runs on from the day after."""
        appeal = _own(request, receipt)
        sent = valid(shapes_in.AppealAnswerIn, request.data)
        text = sent.validated_data["text"]
        appeals.answer(appeal=appeal, text=text, files=sent.sent_files(), by=None, now=clock.now())
        return _course(appeal)


@extend_schema_view(post=extend_schema(parameters=LETTER, request=shapes_in.WithdrawIn, responses=shapes.TrackOut))
class Withdraw(_PersonsAct):
    """The withdrawal of an appeal."""

    def post(self, request: Request, receipt: str) -> Response:
        """End the appeal; it cannot be filed again."""
        appeal = _own(request, receipt)
        sent = valid(shapes_in.WithdrawIn, request.data).validated_data
        appeals.withdraw(appeal=appeal, reason=sent["reason"], by=None, now=clock.now())
        return _course(appeal)


@extend_schema_view(
    post=extend_schema(parameters=LETTER, request=shapes_in.FileAppealIn, responses={201: shapes.TrackOut})
)
class Elevate(_PersonsAct):
    """The second level."""

    def post(self, request: Request, receipt: str) -> Response:
        """Take the appeal to the second level, after a refusal or after silence."""
        appeal = _own(request, receipt)
        sent = valid(shapes_in.FileAppealIn, request.data)
        second = appeals.elevate(
            appeal=appeal,
            grounds=sent.validated_data["grounds"],
            late_reason=sent.validated_data["late_reason"],
            files=sent.sent_files(),
            by=None,
            now=clock.now(),
        )
        return _course(second, status.HTTP_201_CREATED)


class PaperAppeal(APIView):
    """An appeal that came on paper."""

    parser_classes = PARSERS

    @extend_schema(request=shapes_in.PaperAppealIn, responses={201: shapes.AppealOut})
    def post(self, request: Request) -> Response:
        """Take in an appeal that came on paper, as of the day on which it came."""
        user, reader = requester(request), ensure_reader(request)
        sent = valid(shapes_in.PaperAppealIn, request.data)
        given = sent.validated_data
        appeal = appeals.file_appeal(
            attribution=get_object_or_404(attribution_selectors.visible_to(reader), pk=given["attribution"]),
            grounds=given["grounds"],
            late_reason=given["late_reason"],
            received_on=given["received_on"],
            files=sent.sent_files(),
            by=user,
            now=clock.now(),
        )
        return _whole(request, appeal.receipt, status.HTTP_201_CREATED)


class _Act(APIView):
    """One act of an officer: parse, call the service, show what became of it."""

    parser_classes = [JSONParser]


@extend_schema_view(post=extend_schema(request=shapes_in.AssignIn, responses=shapes.AppealOut))
class Assign(_Act):
    """Who handles the appeal."""

    def post(self, request: Request, receipt: str) -> Response:
        """Give the appeal to an officer who had no hand in the decision."""
        user, appeal = requester(request), _visible(request, receipt)
        sent = valid(shapes_in.AssignIn, request.data).validated_data
        to = users.officer_named(sent["to"])
        if to is None:
            raise NotThere()
        appeals.assign(appeal=appeal, to=to, by=user, now=clock.now())
        return _whole(request, receipt)


@extend_schema_view(post=extend_schema(request=None, responses=shapes.AppealOut))
class Accept(_Act):
    """The acceptance of an appeal."""

    def post(self, request: Request, receipt: str) -> Response:
        """Accept the appeal to be heard; where the rulebook says so, measures wait from now on."""
        user, appeal = requester(request), _visible(request, receipt)
        appeals.accept(appeal=appeal, by=user, now=clock.now())
        return _whole(request, receipt)


@extend_schema_view(post=extend_schema(request=shapes_in.AskIn, responses=shapes.AppealOut))
class Ask(_Act):
    """A question to the person."""

    def post(self, request: Request, receipt: str) -> Response:
        """Ask the person; the clock stops until the answer."""
        user, appeal = requester(request), _visible(request, receipt)
        sent = valid(shapes_in.AskIn, request.data).validated_data
        appeals.ask(appeal=appeal, text=sent["text"], by=user, now=clock.now())
        return _whole(request, receipt)


@extend_schema_view(post=extend_schema(request=None, responses=shapes.AppealOut))
class Resume(_Act):
    """Going on without an answer."""

    def post(self, request: Request, receipt: str) -> Response:
        """Let the clock run on from tomorrow."""
        user, appeal = requester(request), _visible(request, receipt)
        appeals.resume(appeal=appeal, by=user, now=clock.now())
        return _whole(request, receipt)


@extend_schema_view(post=extend_schema(request=shapes_in.DeclareIn, responses=shapes.AppealOut))
class Declare(_Act):
    """An expert's interests."""

    def post(self, request: Request, receipt: str) -> Response:
        """Declare whether anything ties you to the case; once, and before any opinion."""
        user, appeal = requester(request), _visible(request, receipt)
        sent = valid(shapes_in.DeclareIn, request.data).validated_data
        appeals.declare_conflict(appeal=appeal, by=user, now=clock.now(), **sent)
        return _whole(request, receipt)


@extend_schema_view(post=extend_schema(request=shapes_in.OpinionIn, responses=shapes.AppealOut))
class Opinion(_Act):
    """An expert's opinion."""

    def post(self, request: Request, receipt: str) -> Response:
        """Attach your opinion."""
        user, appeal = requester(request), _visible(request, receipt)
        sent = valid(shapes_in.OpinionIn, request.data).validated_data
        appeals.attach_opinion(appeal=appeal, text=sent["text"], by=user, now=clock.now())
        return _whole(request, receipt)


@extend_schema_view(post=extend_schema(request=shapes_in.DecideAppealIn, responses=shapes.AppealOut))
class Decide(_Act):
    """The outcome."""

    def post(self, request: Request, receipt: str) -> Response:
        """Decide with reasons; what follows from the outcome happens at once."""
        user, appeal = requester(request), _visible(request, receipt)
        sent = valid(shapes_in.DecideAppealIn, request.data)
        appeals.decide(
            appeal=appeal,
            outcome=sent.validated_data["outcome"],
            reasons=sent.validated_data["reasons"],
            points_by_line=sent.points_by_line(),
            by=user,
            now=clock.now(),
        )
        return _whole(request, receipt)


@extend_schema_view(post=extend_schema(request=shapes_in.PointsByLineIn, responses=shapes.PreviewPointsOut))
class PreviewPoints(_Act):
    """What a variation would leave."""

    def post(self, request: Request, receipt: str) -> Response:
        """Add up, without writing anything, the points that these lines would leave."""
        user, appeal = requester(request), _visible(request, receipt)
        sent = valid(shapes_in.PointsByLineIn, request.data)
        points = appeals.preview_points(appeal=appeal, points_by_line=sent.points_by_line(), by=user)
        return Response(shapes.PreviewPointsOut({"points": points}).data)


class AppealFile(APIView):
    """The bytes of a file that the person handed in."""

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, receipt: str, file_id: UUID) -> HttpResponse:
        """Hand out the file to an officer; every opening is written down. 409 where the stored bytes were changed."""
        user, appeal = requester(request), _visible(request, receipt)
        submitted = get_object_or_404(appeal_selectors.files_of(appeal), pk=file_id)
        return _file(submitted, user)


def _file(submitted: SubmittedFile, user: User) -> HttpResponse:
    content = submissions.open_file(submitted=submitted, purpose="API", by=user, now=clock.now())
    if content is None:
        raise submissions.changed(submitted)
    return download(content, submitted.content_type, submitted.file_name)


def _visible(request: Request, receipt: str) -> Appeal:
    return get_object_or_404(appeal_selectors.visible_to(ensure_reader(request)), receipt=receipt)


def _own(request: Request, receipt: str) -> Appeal:
    """Return the appeal against the decision of the letter that was opened; any other is not there."""
    attribution: Attribution = letter_opened(request)
    appeal = Appeal.objects.filter(receipt=receipt, attribution=attribution).first()
    if appeal is None:
        raise NotThere()
    return appeal


def _whole(request: Request, receipt: str, code: int = status.HTTP_200_OK) -> Response:
    return Response(shapes.AppealOut(_visible(request, receipt)).data, status=code)


def _course(appeal: Appeal, code: int = status.HTTP_200_OK) -> Response:
    found = Appeal.objects.select_related("attribution__case").get(pk=appeal.pk)
    return Response(shapes.TrackOut(appeal_selectors.track(found, on=clock.today())).data, status=code)
