"""The history of a row says who changed it and in which request."""

import json

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from institutions.models import User


def rename(request: HttpRequest) -> HttpResponse:
    User.objects.filter(username="li").update(display_name="李某梅")
    return HttpResponse()


urlpatterns = [path("rename", rename)]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
def test_a_change_made_by_a_request_names_user_path_and_request() -> None:
    User.objects.create_user("li")
    officer = User.objects.create_user("officer")
    client = Client()
    client.force_login(officer)
    client.post("/rename", headers={"X-Request-ID": "request-0001"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata FROM pghistory_context ORDER BY created_at DESC")
        metadata = [row[0] for row in cursor.fetchall()]
    assert {"user": officer.pk, "url": "/rename", "request_id": "request-0001"} in [
        json.loads(text) if isinstance(text, str) else text for text in metadata
    ]
