"""`/api/v1/cases/{id}/close/` and `/reopen/`: a case in which nobody is scored, the same as on the officers' pages."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import requests, shapes
from cases.api.doors import case_of
from cases.services import case_closings
from institutions import clock
from institutions.requester import requester


class CaseClose(APIView):
    """Closing a case without points."""

    parser_classes = [JSONParser]

    @extend_schema(request=requests.CloseIn, responses=shapes.ClosingOut)
    def post(self, request: Request, case_id: UUID) -> Response:
        """Close it with reasons, as an officer who did not bring it in; the same again answers the closing that stands.

        409 where somebody in the case is, or may be, scored, where it is closed already, and where its basis fell.
        """
        case, sent = case_of(request, case_id), requests.valid(requests.CloseIn, request.data).validated_data
        closing = case_closings.close_case(case=case, by=requester(request), now=clock.now(), **sent)
        return Response(shapes.ClosingOut(closing).data)


class CaseReopen(APIView):
    """Opening a closed case again."""

    parser_classes = [JSONParser]

    @extend_schema(request=requests.ReasonIn, responses=shapes.ClosingOut)
    def post(self, request: Request, case_id: UUID) -> Response:
        """Open it again with a reason: it waits to be attributed once more. 409 where it is not closed."""
        case, sent = case_of(request, case_id), requests.valid(requests.ReasonIn, request.data).validated_data
        closing = case_closings.reopen_case(case=case, by=requester(request), now=clock.now(), **sent)
        return Response(shapes.ClosingOut(closing).data)
