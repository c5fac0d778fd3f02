"""One handler turns every error into problem details for machines and into a page for people."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from config import errors
from config.structured_logs import request_id
from institutions.errors import Forbidden, NotThere, RuleRefused, WrongState


class Line(serializers.Serializer[Any]):
    points = serializers.IntegerField(min_value=1)


class Lines(serializers.Serializer[Any]):
    lines = Line(many=True)


def _validation_error() -> Exception:
    form = Lines(data={"lines": [{"points": 3}, {"points": 0}]})
    assert not form.is_valid()
    return exceptions.ValidationError(form.errors)


REFUSALS: dict[str, Exception] = {
    "forbidden": Forbidden("Only an approver decides.", next_step="Ask an approver."),
    "not-there": NotThere(),
    "wrong-state": WrongState("Already decided.", state="decided"),
    "rule": RuleRefused("The window is open until 2025-06-20.", rule="statement_working_days"),
    "django-404": Http404("secret detail"),
    "django-403": PermissionDenied("secret detail"),
    "throttled": exceptions.Throttled(wait=12),
    "method": exceptions.MethodNotAllowed("PUT"),
    "parse": exceptions.ParseError(),
    "fault": ZeroDivisionError("secret detail"),
}


@api_view(["GET"])
@permission_classes([AllowAny])
def refuse(request: Request, name: str) -> Response:
    raise REFUSALS[name] if name in REFUSALS else _validation_error()


def refuse_page(request: HttpRequest, name: str) -> HttpResponse:
    raise REFUSALS[name]


urlpatterns = [path("api/v1/refuse/<name>", refuse), path("refuse/<name>", refuse_page)]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error


@pytest.fixture
def client() -> Any:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("forbidden", 403, "forbidden"),
        ("not-there", 404, "not-found"),
        ("wrong-state", 409, "wrong-state"),
        ("rule", 422, "rule-refused"),
        ("invalid", 422, "invalid"),
        ("django-404", 404, "not-found"),
        ("django-403", 403, "permission-denied"),
        ("throttled", 429, "throttled"),
        ("method", 405, "method-not-allowed"),
        ("parse", 400, "parse-error"),
        ("fault", 500, "server-error"),
    ],
)
def test_every_error_of_an_endpoint_is_a_problem_document(client: Client, name: str, status: int, code: str) -> None:
    response = client.get(f"/api/v1/refuse/{name}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"].endswith(code)
    assert problem["title"]
    assert "secret" not in response.text


def test_refusal_says_rule_state_and_next_step(client: Client) -> None:
    assert client.get("/api/v1/refuse/rule").json()["rule"] == "statement_working_days"
    assert client.get("/api/v1/refuse/wrong-state").json()["state"] == "decided"
    assert client.get("/api/v1/refuse/forbidden").json()["next_step"] == "Ask an approver."


def test_invalid_input_names_the_place(client: Client) -> None:
    (error,) = client.get("/api/v1/refuse/invalid").json()["errors"]
    assert (error["field"], error["code"]) == ("lines.1.points", "min_value")


def test_too_often_says_when_to_come_back(client: Client) -> None:
    assert client.get("/api/v1/refuse/throttled")["Retry-After"] == "13"


def test_unknown_address_of_the_api_is_a_problem_document(client: Client) -> None:
    response = client.get("/api/v1/nothing")
    assert (response.status_code, response.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(("name", "status"), [("django-404", 404), ("django-403", 403), ("fault", 500)])
def test_people_get_a_page(client: Client, name: str, status: int) -> None:
    response = client.get(f"/refuse/{name}")
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    assert "secret" not in response.text


def test_answer_and_problem_carry_the_request_id(client: Client) -> None:
    response = client.get("/api/v1/refuse/rule", headers={"X-Request-ID": "proxy-4711-abc"})
    assert response["X-Request-ID"] == "proxy-4711-abc"
    assert response.json()["request_id"] == "proxy-4711-abc"
    assert request_id.get() == ""


def test_malformed_request_id_is_replaced(client: Client) -> None:
    response = client.get("/api/v1/refuse/rule", headers={"X-Request-ID": 'x"><script>'})
    assert "script" not in response["X-Request-ID"]


def test_pages_allow_no_foreign_or_inline_script(client: Client) -> None:
    policy = client.get("/refuse/django-404")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_page_handler_names_no_exception() -> None:
    request = RequestFactory().get("/api/v1/x")
    assert b"secret" not in errors.bad_request(request, Exception("secret")).content
