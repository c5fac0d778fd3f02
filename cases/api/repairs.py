"""`/api/v1/repairs/`, `/api/v1/reregistrations/`, `/api/v1/courses/{clause}/`: the officers' doors to the services."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import repair_shapes as shapes
from cases.api.filters import RepairFilter, ReregistrationFilter
from cases.api.requests import valid
from cases.models import Activity, RepairApplication, ReregistrationApplication
from cases.selectors import repair_queue
from cases.selectors.courses import course_for
from cases.services import repair_decisions, repairs, reregistrations
from cases.services.submissions import SentFile
from institutions import clock
from institutions.errors import Forbidden, NotThere
from institutions.models import Institution, Practitioner, User
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.selectors import practitioners

REPAIR = (Permission.REPAIR_ENTER, Permission.REPAIR_DECIDE, Permission.OVERSIGHT)
REREGISTRATION = (Permission.REREGISTRATION_ENTER, Permission.REREGISTRATION_DECIDE, Permission.OVERSIGHT)
ReasonedAct = Callable[..., object]


class RepairList(generics.ListAPIView):
    """The applications to earn points back in the officer's regions; POST enters one that came on paper."""

    serializer_class = shapes.RepairOut
    filterset_class = RepairFilter
    queryset = RepairApplication.objects.none()
    parser_classes = [JSONParser]

    def get_queryset(self) -> "QuerySet[RepairApplication]":
        """Return the applications of the officer's regions."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return repair_queue.repairs_visible_to(_ensure_any(self.request, REPAIR))

    @extend_schema(request=shapes.RepairIn, responses={201: shapes.RepairOut})
    def post(self, request: Request) -> Response:
        """Start an application in a person's name."""
        by, sent = _ensure_any(request, REPAIR), valid(shapes.RepairIn, request.data).validated_data
        person, place, now = _person(sent["practitioner"]), _institution(sent["institution"]), clock.now()
        if sent["activity"] == Activity.COURSE:
            made = repairs.start_course(practitioner=person, institution=place, clause=sent["clause"], by=by, now=now)
        else:
            made = repairs.start_activity(
                practitioner=person,
                institution=place,
                activity=sent["activity"],
                description=sent["description"],
                took_place_from=sent["took_place_from"],
                took_place_to=sent["took_place_to"],
                by=by,
                now=now,
            )
        return _repair(request, made.pk, status.HTTP_201_CREATED)


class RepairDetail(APIView):
    """One application to earn points back."""

    @extend_schema(responses=shapes.RepairOut)
    def get(self, request: Request, application_id: UUID) -> Response:
        """Show it with its attempts and files."""
        return _repair(request, application_id)


class RepairAnswers(APIView):
    """The answers to the questions of a course."""

    parser_classes = [JSONParser]

    @extend_schema(request=shapes.AnswersIn, responses=shapes.RepairOut)
    def post(self, request: Request, application_id: UUID) -> Response:
        """Mark the answers and keep them."""
        application = _visible_repair(request, application_id)
        answers = valid(shapes.AnswersIn, request.data).validated_data["answers"]
        repairs.take_quiz(application=application, answers=answers, by=requester(request), now=clock.now())
        return _repair(request, application_id)


class RepairFiles(APIView):
    """Files that show what was done."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=shapes.FilesIn, responses=shapes.RepairOut)
    def post(self, request: Request, application_id: UUID) -> Response:
        """Keep the files."""
        application = _visible_repair(request, application_id)
        repairs.add_files(application=application, files=_files(request), by=requester(request), now=clock.now())
        return _repair(request, application_id)


@extend_schema_view(post=extend_schema(request=None, responses=shapes.RepairOut))
class RepairSubmission(APIView):
    """Handing an application in."""

    parser_classes = [JSONParser]

    def post(self, request: Request, application_id: UUID) -> Response:
        """Hand it in."""
        application = _visible_repair(request, application_id)
        repairs.submit(application=application, by=requester(request), now=clock.now())
        return _repair(request, application_id)


@extend_schema_view(post=extend_schema(request=None, responses=shapes.RepairOut))
class RepairWithdrawal(APIView):
    """Taking an application back."""

    parser_classes = [JSONParser]

    def post(self, request: Request, application_id: UUID) -> Response:
        """Take it back."""
        application = _visible_repair(request, application_id)
        repairs.withdraw(application=application, by=requester(request), now=clock.now())
        return _repair(request, application_id)


@extend_schema_view(post=extend_schema(request=shapes.ReasonsIn, responses=shapes.RepairOut))
class RepairDecision(APIView):
    """Approving or refusing an application, with reasons."""

    parser_classes = [JSONParser]
    act: ReasonedAct = repair_decisions.approve

    def post(self, request: Request, application_id: UUID) -> Response:
        """Decide it."""
        application = _visible_repair(request, application_id)
        reasons = valid(shapes.ReasonsIn, request.data).validated_data["reasons"]
        type(self).act(application=application, reasons=reasons, by=requester(request), now=clock.now())
        return _repair(request, application_id)


class RepairRefusal(RepairDecision):
    """Refusing an application, with reasons."""

    act = repair_decisions.refuse


class ReregistrationList(generics.ListAPIView):
    """The applications to be registered anew; POST enters one, by an officer or by the institution's HR."""

    serializer_class = shapes.ReregistrationOut
    filterset_class = ReregistrationFilter
    queryset = ReregistrationApplication.objects.none()
    parser_classes = [JSONParser]

    def get_queryset(self) -> "QuerySet[ReregistrationApplication]":
        """Return the applications at places within the user's reach."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return repair_queue.reregistrations_visible_to(_ensure_any(self.request, REREGISTRATION))

    @extend_schema(request=shapes.ReregistrationIn, responses={201: shapes.ReregistrationOut})
    def post(self, request: Request) -> Response:
        """Enter an application."""
        by, sent = _ensure_any(request, REREGISTRATION), valid(shapes.ReregistrationIn, request.data).validated_data
        made = reregistrations.enter(
            practitioner=_person(sent["practitioner"]),
            institution=_institution(sent["institution"]),
            commitment_on=sent["commitment_on"],
            department=sent["department"],
            position=sent["position"],
            by=by,
            now=clock.now(),
        )
        return _reregistration(request, made.pk, status.HTTP_201_CREATED)


class ReregistrationDetail(APIView):
    """One application to be registered anew."""

    @extend_schema(responses=shapes.ReregistrationOut)
    def get(self, request: Request, application_id: UUID) -> Response:
        """Show it."""
        return _reregistration(request, application_id)


class ReregistrationFiles(APIView):
    """The signed commitment, and what else belongs to an application."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=shapes.FilesIn, responses=shapes.ReregistrationOut)
    def post(self, request: Request, application_id: UUID) -> Response:
        """Keep the files."""
        application = _visible_reregistration(request, application_id)
        reregistrations.add_files(
            application=application, files=_files(request), by=requester(request), now=clock.now()
        )
        return _reregistration(request, application_id)


@extend_schema_view(post=extend_schema(request=None, responses=shapes.ReregistrationOut))
class ReregistrationWithdrawal(APIView):
    """Taking an application back."""

    parser_classes = [JSONParser]

    def post(self, request: Request, application_id: UUID) -> Response:
        """Take it back."""
        application = _visible_reregistration(request, application_id)
        reregistrations.withdraw(application=application, by=requester(request), now=clock.now())
        return _reregistration(request, application_id)


@extend_schema_view(post=extend_schema(request=shapes.ReasonsIn, responses=shapes.ReregistrationOut))
class ReregistrationDecision(APIView):
    """Approving an application, with reasons."""

    parser_classes = [JSONParser]
    act: ReasonedAct = reregistrations.approve

    def post(self, request: Request, application_id: UUID) -> Response:
        """Decide it."""
        application = _visible_reregistration(request, application_id)
        reasons = valid(shapes.ReasonsIn, request.data).validated_data["reasons"]
        type(self).act(application=application, reasons=reasons, by=requester(request), now=clock.now())
        return _reregistration(request, application_id)


class ReregistrationRefusal(ReregistrationDecision):
    """Refusing an application, with reasons."""

    act = reregistrations.refuse


class CourseDetail(APIView):
    """The course on a clause; open to everybody, since it is there to be read. Which answers are right is not told."""

    authentication_classes = ()
    permission_classes = [AllowAny]

    @extend_schema(responses=shapes.CourseOut)
    def get(self, request: Request, clause: str) -> Response:
        """Show the course in the language of the request."""
        course, language = course_for(clause), get_language() or ""
        if course is None:
            raise NotThere()
        return Response(
            {
                "clause": course.clause,
                "version": course.version,
                "title": course.title.said(language),
                "text": [paragraph.said(language) for paragraph in course.text],
                "questions": [
                    {
                        "text": question.text.said(language),
                        "options": [option.said(language) for option in question.options],
                        "has_one_answer": question.has_one_answer,
                    }
                    for question in course.questions
                ],
                "needed": course.needed,
                "rests_on": course.source.said(language),
            }
        )


def _ensure_any(request: Request, wanted: tuple[Permission, ...]) -> User:
    """Return the user; refuse (403) who may neither enter nor decide. What they see is narrowed (404)."""
    user = requester(request)
    if not any(has_permission(user, item) for item in wanted):
        raise Forbidden(rule=wanted[0].value)
    return user


def _visible_repair(request: Request, application_id: UUID) -> RepairApplication:
    rows = repair_queue.repairs_visible_to(_ensure_any(request, REPAIR))
    return get_object_or_404(rows, pk=application_id)


def _visible_reregistration(request: Request, application_id: UUID) -> ReregistrationApplication:
    rows = repair_queue.reregistrations_visible_to(_ensure_any(request, REREGISTRATION))
    return get_object_or_404(rows, pk=application_id)


def _repair(request: Request, application_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(shapes.RepairOut(_visible_repair(request, application_id)).data, status=code)


def _reregistration(request: Request, application_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(shapes.ReregistrationOut(_visible_reregistration(request, application_id)).data, status=code)


def _files(request: Request) -> list[SentFile]:
    sent = valid(shapes.FilesIn, request.data).validated_data["files"]
    return [SentFile(file.name, file.read()) for file in sent]


def _person(slug: str) -> Practitioner:
    person = practitioners.by_slug(slug)
    if person is None:
        raise NotThere()
    return person


def _institution(code: str) -> Institution:
    return get_object_or_404(Institution.objects.select_related("region"), code=code)
