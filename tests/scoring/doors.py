"""What each public door says of a person on a day: the page, the API, the rows of open data, and the search."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from institutions.masking import mask_name
from institutions.models import Practitioner
from tests.scoring.public_people import HOSPITAL, TOWN_CLINIC

WORDS = {"正常": "normal", "暂停": "suspended", "终止": "terminated"}
MEASURES = {"suspend": "suspended", "terminate": "terminated"}


@dataclass(frozen=True)
class Said:
    """The status with its last day, and the points of the year."""

    status: str
    until: str | None
    points: int


def by_the_page(person: Practitioner) -> Said:
    """What a reader sees."""
    html = Client().get(f"/s/{person.slug}", headers={"Accept-Language": "zh-CN"}).content.decode()
    word = re.search(r'id="status">([^<]+)<', html)
    points = re.search(r'class="points__number">(\d+)<', html)
    until = re.search(r'<dt>截止日</dt><dd><time datetime="([^"]+)"', html)
    assert word is not None
    assert points is not None
    return Said(WORDS[word[1]], until[1] if until else None, int(points[1]))


def by_the_api(person: Practitioner) -> Said:
    """What a program reads."""
    facts = Client().get(f"/api/v1/scorecards/{person.slug}/").json()
    return Said(facts["status"], facts["until"], facts["points"])


def by_the_files(person: Practitioner, rows: list[dict[str, Any]], day: date) -> Said:
    """What the rows of a release come to; nobody without points or measure has one."""
    own = [row for row in rows if row["masked_name"] == mask_name(person.name)]
    held = {(MEASURES[row["measure"]], row["until"]) for row in own if row["measure"]}
    assert len(held) <= 1
    status, until = next(iter(held), ("normal", None))
    return Said(status, until, sum(row["points"] for row in own if row["year"] == day.year))


def found_by_search(person: Practitioner, *, by_code: bool) -> set[str]:
    """Where the page and the API lead who asks by code, or by name and institution."""
    place = TOWN_CLINIC if person.registrations.filter(institution__name=TOWN_CLINIC).exists() else HOSPITAL
    question = {"code": person.codes.get().code} if by_code else {"name": person.name, "institution": place}
    (row,) = Client().get("/api/v1/scorecards/", question).json()["results"]
    return {Client().get("/", question).headers["Location"], f"/s/{row['slug']}"}
