"""What is given up says so in every answer, for a year at least, and then answers 410."""

from datetime import UTC, date, datetime

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from institutions import clock
from institutions.api.deprecation import deprecated
from institutions.errors import NotThere

pytestmark = pytest.mark.django_db

SINCE, UNTIL = date(2025, 6, 1), date(2026, 6, 1)


@deprecated(since=SINCE, until=UNTIL, instead="/api/v2/things/")
class Things(APIView):
    """Things, as they were."""

    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        """Answer, or refuse where asked to."""
        if "refuse" in request.query_params:
            raise NotThere
        return Response({"things": 1})


urlpatterns = [path("api/v1/things/", Things.as_view())]


@pytest.fixture(autouse=True)
def given_up(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?refuse=1", 404)])
def test_until_its_last_day_every_answer_says_since_when_until_when_and_what_instead(query, status):
    clock.move_to(datetime(2026, 6, 1, 15, 59, tzinfo=UTC))  # 23:59 in Shanghai
    answer = APIClient().get(f"/api/v1/things/{query}")
    assert answer.status_code == status
    assert answer["Deprecation"] == f"@{int(datetime(2025, 5, 31, 16, tzinfo=UTC).timestamp())}"
    assert answer["Sunset"] == "Mon, 01 Jun 2026 16:00:00 GMT"
    assert answer["Link"] == '</api/v2/things/>; rel="successor-version"'


def test_after_its_last_day_it_is_gone_and_says_what_to_use():
    clock.move_to(datetime(2026, 6, 1, 16, 0, tzinfo=UTC))  # the day after, in Shanghai
    answer = APIClient().get("/api/v1/things/", headers={"Accept-Language": "en"})
    assert answer.status_code == 410
    assert answer.json()["next_step"] == "Use /api/v2/things/ instead."
    assert answer["Sunset"]


def test_less_than_a_year_is_not_accepted():
    with pytest.raises(ValueError, match="less than twelve months"):
        deprecated(since=SINCE, until=date(2026, 5, 31), instead="/api/v2/things/")


def test_the_description_marks_it():
    made = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)
    assert made["paths"]["/api/v1/things/"]["get"]["deprecated"] is True
