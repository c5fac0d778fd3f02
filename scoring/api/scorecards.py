"""`/api/v1/scorecards`: the published facts of one person, and finding whose they are."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from institutions import clock
from institutions.errors import Invalid, NotThere
from institutions.permissions import Permission, ensure_permission
from institutions.selectors import freshness
from institutions.services import record_access
from scoring.api.openings import note_reader
from scoring.api.query import read_date, read_known_at
from scoring.api.scorecard_shapes import (
    MASKED,
    TERMINATED,
    FindingsSerializer,
    ProblemSerializer,
    ScorecardSerializer,
)
from scoring.api.throttling import LookupThrottle
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors import search
from scoring.selectors.public_facts import PublicScorecard
from scoring.selectors.published import FACTS, published
from scoring.selectors.reach import ensure_may_view_ledger
from scoring.selectors.scorecards import public_scorecard, published_person, served_scorecard

SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="The public id; it cannot be guessed.")
AS_OF = OpenApiParameter("as_of", str, description="Officers: the facts of this Shanghai date.")
KNOWN_AT = OpenApiParameter(
    "known_at", str, description="Officers: as known at the end of this date, or at an instant."
)


class ScorecardView(APIView):
    """One scorecard."""

    permission_classes = [AllowAny]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Send the published bytes where there are any that hold, before anything else is looked at."""
        if request.method in ("GET", "HEAD") and not request.GET:
            slug, now = str(kwargs["slug"]), clock.now()
            found = published(slug, FACTS, now)
            if found is not None:
                record_access.count_lookup(slug=slug, now=now)
                return _unless_known(request, _facts(found.body, found.etag))
        return super().dispatch(request, *args, **kwargs)

    @extend_schema(
        operation_id="scorecard",
        parameters=[SLUG, AS_OF, KNOWN_AT],
        responses={200: ScorecardSerializer, 304: None, 403: ProblemSerializer, 404: ProblemSerializer},
        examples=[TERMINATED],
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Return the facts of today, with an ETag; another day or an earlier knowledge is for officers.

        404 for an unknown id, for a person who is not published yet, and where the rules publish nobody.
        """
        as_of, known_at = read_date(request, "as_of"), read_known_at(request)
        now = clock.now()
        if as_of is not None or known_at is not None:
            ensure_permission(request.user, Permission.LEDGER_VIEW)
            person = published_person(slug)
            ensure_may_view_ledger(request.user, person)
            note_reader(request, person, now)
            on = as_of or clock.local_date(now)
            facts = public_scorecard(person, on=on, known_at=known_at).as_json()
            return Response(facts | {"as_of": on, "known_at": known_at, "evaluated_at": now}, headers=_not_kept())
        served = served_scorecard(slug, on=freshness.as_of(now), now=now)
        _ensure_published(served.card)
        record_access.count_lookup(slug=slug, now=now)
        return _unless_known(request._request, _facts(served.body, served.etag))


class ScorecardSearch(APIView):
    """Whose scorecard: by code, or by name and institution."""

    permission_classes = [AllowAny]
    throttle_classes = [LookupThrottle]

    @extend_schema(
        operation_id="scorecards_find",
        parameters=[
            OpenApiParameter("code", str, description="A person's whole insurance code."),
            OpenApiParameter(
                "name", str, description="A name, its beginning, its pinyin or its initials; with institution."
            ),
            OpenApiParameter("institution", str, description="An institution's name, a part of it, or its code."),
            OpenApiParameter("region", str, description="A GB/T 2260 code or its first two or four digits."),
            OpenApiParameter(
                "last_four", str, description="The last four characters of the person's code, to confirm."
            ),
        ],
        responses={200: FindingsSerializer, 422: ProblemSerializer, 429: ProblemSerializer},
        examples=[MASKED],
    )
    def get(self, request: Request) -> Response:
        """Return at most 20 people who fit, masked and without slug until they are confirmed. Never a listing."""
        question = search.Question.read(request.query_params.dict())
        problems = search.problems_of(question)
        if problems:
            raise Invalid(
                _("This cannot be looked up."),
                errors=problems,
                next_step=_("Give a code, or a name together with an institution."),
            )
        findings = search.find(question, on=freshness.as_of(clock.now()))
        results = [
            {
                "slug": candidate.slug,
                "name": candidate.name,
                "category": candidate.category,
                "is_confirmed": candidate.is_confirmed,
                "sites": [asdict(site) for site in candidate.sites],
            }
            for candidate in findings.candidates
        ]
        answer = {"results": results, "has_more": findings.has_more, "ask_institution": findings.ask_institution}
        return Response(answer, headers=_not_kept())


def _ensure_published(card: PublicScorecard) -> None:
    if card.mode == PublicationMode.CLOSED:
        raise NotThere(
            _("The rules of this region do not publish scorecards."),
            next_step=_("Ask the institution where the person works."),
        )


def _facts(body: bytes, etag: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = quote_etag(etag)
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response, or 304 where the client holds the same bytes."""
    answer = get_conditional_response(request, response["ETag"], None, response)
    return response if answer is None else answer


def _not_kept() -> dict[str, str]:
    return {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}
