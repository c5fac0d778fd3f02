"""`/api/v1/cases/{id}/claim/` and `/release/`: who does the work on a case, the same as on the officers' pages."""

from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import shapes
from cases.api.doors import case_of
from cases.queues import CASES
from institutions import clock
from institutions.errors import WrongState
from institutions.requester import requester
from institutions.selectors import work_queues
from institutions.services import work_claims
from institutions.services.work_claims import Work


class CaseClaim(APIView):
    """Taking a case in hand."""

    parser_classes = [JSONParser]

    @extend_schema(request=None, responses={200: shapes.WorkClaimOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        """Claim a case that waits to be attributed; a second time answers the claim that stands.

        Of two officers who ask at once one is refused. 409 names who holds it, or says that the case waits no more.
        """
        claim = work_claims.claim(work=_work(request, case_id), by=requester(request), now=clock.now())
        return Response(shapes.WorkClaimOut(claim).data)


class CaseRelease(APIView):
    """Letting go of a case."""

    parser_classes = [JSONParser]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, case_id: UUID) -> Response:
        """Release a case that one holds; 409 where nobody holds it, or somebody else does."""
        case = case_of(request, case_id)
        work_claims.release(work=CASES.work(case), by=requester(request), now=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _work(request: Request, case_id: UUID) -> Work:
    """Return a case of the officer's regions as work; refuse (409) one that waits for nobody."""
    case = case_of(request, case_id)
    work = CASES.work(case)
    work_claims.ensure_may_work(work, requester(request))
    if work_queues.row_of(CASES, requester(request), str(case.pk), today=clock.today()) is None:
        raise WrongState(
            _("The case %(number)s waits for nobody: everyone in it is proposed, or its basis fell.")
            % {"number": case.number},
            rule="design: queue of cases to attribute",
        )
    return work
