"""`/api/v1/attributions/`: who is held responsible, and every act of the procedure."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import requests, shapes
from cases.api.doors import ensure_reader
from cases.api.filters import AttributionFilter
from cases.concern_texts import as_errors
from cases.models import Attribution
from cases.selectors import attributions as attribution_selectors
from cases.selectors import case_files
from cases.selectors.assessments import assess_attribution
from cases.selectors.manifests import manifest_of
from cases.selectors.previews import preview
from cases.services import attributions, letters
from cases.states import State
from institutions import clock
from institutions.errors import NotThere
from institutions.models import AccessDoor
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.selectors import practitioners
from institutions.services import record_access


class AttributionList(generics.ListAPIView):
    """The attributions an officer may see, newest case first; POST opens a draft."""

    serializer_class = shapes.AttributionOut
    filterset_class = AttributionFilter
    queryset = Attribution.objects.none()
    parser_classes = [JSONParser]

    def get_queryset(self) -> "QuerySet[Attribution]":
        """Return the attributions of the officer's regions."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return attribution_selectors.visible_to(ensure_reader(self.request))

    @extend_schema(request=requests.DraftIn, responses={201: shapes.AttributionOut})
    def post(self, request: Request) -> Response:
        """Open a draft for one person in one case."""
        user, reader = requester(request), ensure_reader(request)
        serializer = requests.valid(requests.DraftIn, request.data)
        sent = serializer.validated_data
        person = practitioners.by_slug(sent["practitioner"])
        if person is None:
            raise NotThere()
        made = attributions.create_draft(
            case=get_object_or_404(case_files.visible_to(reader), pk=sent["case"]),
            practitioner=person,
            lines=serializer.line_inputs(),
            months=sent["months"],
            countersign_reason=sent["countersign_reason"],
            by=user,
            now=clock.now(),
        )
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class AttributionDetail(APIView):
    """One attribution."""

    parser_classes = [JSONParser]

    @extend_schema(responses=shapes.AttributionOut)
    def get(self, request: Request, attribution_id: UUID) -> Response:
        """Show an attribution with its lines, services and statements; the person can see that it was looked at."""
        attribution = _visible(request, attribution_id)
        record_access.note_access(
            practitioners=[attribution.practitioner_id],
            door=AccessDoor.CASE,
            permission=Permission.CASE_VIEW,
            by=requester(request),
            now=clock.now(),
        )
        return _answer(request, attribution_id)

    @extend_schema(request=requests.LinesIn, responses=shapes.AttributionOut)
    def put(self, request: Request, attribution_id: UUID) -> Response:
        """Replace its lines; a change to the person's disadvantage after they were told goes back to `proposed`."""
        user, attribution = requester(request), _visible(request, attribution_id)
        serializer = requests.valid(requests.LinesIn, request.data)
        attributions.edit_lines(
            attribution=attribution,
            lines=serializer.line_inputs(),
            months=serializer.validated_data["months"],
            countersign_reason=serializer.validated_data["countersign_reason"],
            by=user,
            now=clock.now(),
        )
        return _answer(request, attribution_id)


class AttributionPreview(APIView):
    """What a decision would cause."""

    @extend_schema(responses=shapes.PreviewOut)
    def get(self, request: Request, attribution_id: UUID) -> Response:
        """Compute, without writing anything, what would follow if the decision were served today."""
        attribution = _visible(request, attribution_id)
        on = clock.today()
        assessed = assess_attribution(attribution, on=on)
        found = preview(attribution, on=on, assessed=assessed)
        answer = {
            "rulebook": assessed.rulebook.label,
            "on": on,
            "points": found.points,
            "arithmetic": assessed.assessment.arithmetic,
            "year": found.year,
            "total": found.total,
            "measures": found.measures,
            "concerns": as_errors(assessed.assessment.concerns),
        }
        return Response(shapes.PreviewOut(answer).data)


class AttributionManifest(APIView):
    """What a decision caused, and how it was undone."""

    @extend_schema(responses=shapes.ManifestOut)
    def get(self, request: Request, attribution_id: UUID) -> Response:
        """Return the restoration manifest. 409 for a decision that never took effect."""
        return Response(shapes.ManifestOut(manifest_of(_visible(request, attribution_id))).data)


class _Act(APIView):
    """One act of the procedure on one attribution: parse, call the service, show what became of it."""

    parser_classes = [JSONParser]


@extend_schema_view(post=extend_schema(request=None, responses=shapes.AttributionOut))
class Propose(_Act):
    """Put a draft forward."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Propose the draft as it stands."""
        user, attribution = requester(request), _visible(request, attribution_id)
        attributions.propose(attribution=attribution, by=user, now=clock.now())
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=requests.ReasonIn, responses=shapes.AttributionOut))
class Countersign(_Act):
    """Sign points or a term outside the suggested range."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Countersign the proposal that stands, as a second officer."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(requests.ReasonIn, request.data).validated_data
        attributions.countersign(attribution=attribution, by=user, now=clock.now(), **sent)
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=requests.ServiceIn, responses=shapes.AttributionOut))
class ServeIntent(_Act):
    """Tell the person what is intended."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Record that the person was told, which opens the statement window."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(requests.ServiceIn, request.data).validated_data
        attributions.serve_intent(attribution=attribution, by=user, now=clock.now(), **sent)
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=None, responses={201: shapes.LetterOut}))
class Letters(_Act):
    """The letter that waits to be served."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Make out the letter of the proposal or the decision as it stands; a second time returns the same one."""
        user, attribution = requester(request), _visible(request, attribution_id)
        issue = letters.issue_intent if attribution.state == State.PROPOSED else letters.issue_decision
        notice = issue(attribution=attribution, by=user, now=clock.now())
        return Response(shapes.LetterOut(notice).data, status=status.HTTP_201_CREATED)


@extend_schema_view(post=extend_schema(request=requests.StatementIn, responses=shapes.AttributionOut))
class Statements(_Act):
    """What the person says before any point is given."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Put down a statement of the person."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(requests.StatementIn, request.data).validated_data
        attributions.record_statement(attribution=attribution, by=user, now=clock.now(), **sent)
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=requests.AnswerIn, responses=shapes.AttributionOut))
class StatementAnswer(_Act):
    """The answer to a statement."""

    def post(self, request: Request, attribution_id: UUID, statement_id: int) -> Response:
        """Answer a statement of the person."""
        user, attribution = requester(request), _visible(request, attribution_id)
        statement = get_object_or_404(attribution.statements, pk=statement_id)
        sent = requests.valid(requests.AnswerIn, request.data).validated_data
        attributions.answer_statement(statement=statement, by=user, now=clock.now(), **sent)
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=requests.ReasonIn, responses=shapes.AttributionOut))
class Return(_Act):
    """Take an attribution back after the person was told."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Return it to `proposed`; the person is told anew of whatever is proposed then."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(requests.ReasonIn, request.data).validated_data
        attributions.return_for_changes(attribution=attribution, by=user, now=clock.now(), **sent)
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=requests.DecideIn, responses=shapes.AttributionOut))
class Decide(_Act):
    """The second officer's decision."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Decide with reasons; nothing takes effect before service."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(requests.DecideIn, request.data).validated_data
        attributions.decide(attribution=attribution, by=user, now=clock.now(), **sent)
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=requests.ReasonIn, responses=shapes.AttributionOut))
class Release(_Act):
    """A held decision goes out."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Release it, as an officer who took no part in it; its letter is made out."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(requests.ReasonIn, request.data).validated_data
        attributions.release(attribution=attribution, reasons=sent["reason"], by=user, now=clock.now())
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=requests.ReasonIn, responses=shapes.AttributionOut))
class SendBack(_Act):
    """A held decision does not go out."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Send it back undecided, as an officer who took no part in it."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(requests.ReasonIn, request.data).validated_data
        attributions.send_back(attribution=attribution, reasons=sent["reason"], by=user, now=clock.now())
        return _answer(request, attribution_id)


@extend_schema_view(post=extend_schema(request=requests.ServiceIn, responses=shapes.AttributionOut))
class Serve(_Act):
    """The service of the decision on the person."""

    def post(self, request: Request, attribution_id: UUID) -> Response:
        """Record the day on which the decision reached the person: the day of effect."""
        user, attribution = requester(request), _visible(request, attribution_id)
        sent = requests.valid(requests.ServiceIn, request.data).validated_data
        attributions.serve_decision(attribution=attribution, by=user, now=clock.now(), **sent)
        return _answer(request, attribution_id)


def _visible(request: Request, attribution_id: UUID) -> Attribution:
    return get_object_or_404(attribution_selectors.visible_to(ensure_reader(request)), pk=attribution_id)


def _answer(request: Request, attribution_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(shapes.AttributionOut(_visible(request, attribution_id)).data, status=code)
