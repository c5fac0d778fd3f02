"""Published people: their pages as stored, as files, and as a stranger is answered."""

import gzip
from datetime import date
from typing import Any

from django.test import Client

from institutions import published_files
from institutions.models import Practitioner
from tests.scoring.public_people import TODAY

ENGLISH: dict[str, Any] = {"HTTP_ACCEPT_LANGUAGE": "en"}


def page_of(person: Practitioner, **headers: Any) -> str:
    """The page as the application sends it."""
    response = Client().get(f"/s/{person.slug}", **headers)
    assert response.status_code == 200, response.content
    return response.content.decode()


def facts_of(person: Practitioner) -> dict[str, object]:
    """The JSON as the application sends it."""
    response = Client().get(f"/api/v1/scorecards/{person.slug}/")
    assert response.status_code == 200, response.content
    return dict(response.json())


def file_of(person: Practitioner, form: str = "zh-hans.html", day: date = TODAY) -> str | None:
    """The file as a web server would send it; None where it has to ask the application."""
    try:
        return gzip.decompress(published_files.path_of(day, person.slug, form).read_bytes()).decode()
    except FileNotFoundError:
        return None
