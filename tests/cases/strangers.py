"""A county for each publication mode, and in each the five fates of a decision, made by the real workflow."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from cases.models import CaseFile
from cases.states import State
from institutions.clock import local_date
from institutions.masking import mask_name
from institutions.models import Institution, Practitioner
from scoring.models import OpenDataRelease
from scoring.open_data.columns import read_csv, read_ndjson
from scoring.services import open_data
from tests.factories.appeal import hearing
from tests.factories.attribution import AttributionFactory, Officers, Procedure, officers, reach
from tests.factories.award import at_noon
from tests.factories.case_file import BasisFactory, CaseFileFactory, FindingFactory
from tests.scoring.public_people import institution, physician, publish_as, set_today

MODES = ("open", "confirm", "status_only", "closed")
COUNTY = {"open": "150423", "confirm": "150424", "status_only": "150425", "closed": "150426"}
# One surname for each fate and one given name for each mode, so that whoever leaks is told by the name.
SURNAME = {"pending": "段", "effective": "郝", "withdrawn": "邵", "overturned": "覃", "rejected": "尤"}
GIVEN = {"open": "明远", "confirm": "怀瑾", "status_only": "若谷", "closed": "守拙"}
FATES = tuple(SURNAME)
INVISIBLE = ("pending", "withdrawn", "overturned", "rejected")

# What a case knows and a stranger never learns.
AMOUNT = Decimal("48271.93")
REASONING = "当事人在复核岗位上放行了全部伪造报告,证据相互印证。"
OFFICER = "钱不外泄"
SECRETS = ("48271.93", "48,271.93", "放行了全部伪造报告", OFFICER, "密医保案", "密医保罚", "勾兑伪造报告")


@dataclass
class County:
    """A county under one publication mode: its hospital and its five people by fate."""

    mode: str
    hospital: Institution
    people: dict[str, Practitioner] = field(default_factory=dict)
    walks: dict[str, Procedure] = field(default_factory=dict)


@dataclass
class World:
    """The four counties and the day on which strangers look."""

    counties: dict[str, County]
    today: date

    @property
    def everybody(self) -> list[Practitioner]:
        """All twenty people."""
        return [person for county in self.counties.values() for person in county.people.values()]


def make_world(now: datetime) -> World:
    """Make the four counties, bring each decision to its fate, and let the night after it pass."""
    team = officers()
    for user in (team.inspector, team.approver):
        user.display_name = OFFICER
        user.save()
    counties = {mode: _county(mode, team, now) for mode in MODES}
    walk = counties["open"].walks["overturned"]
    today = local_date(walk.now) + timedelta(days=1)  # the first day of the measures
    set_today(today)
    return World(counties, today)


def release(day: date) -> dict[str, bytes]:
    """Make the open data of a day on which strangers look; return its files by name."""
    counts = open_data.publish_open_data(now=at_noon(day))
    assert counts["release"]
    made = OpenDataRelease.objects.get(number=counts["release"])
    folder = Path(settings.OPEN_DATA_DIR) / made.name
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def page(address: str, language: str = "zh-CN", status: int = 200, **query: str) -> str:
    """A page as a stranger's browser gets it, with the white space evened out."""
    answer = Client().get(address, query, headers={"Accept-Language": language})
    assert answer.status_code == status, (address, query, answer.status_code)
    return " ".join(_body(answer).split())


@dataclass(frozen=True)
class Seen:
    """What one door tells of a person; None for points that are not told, and for a row that is not there."""

    status: str
    points: int | None
    entries: int


WORDS = {"zh-CN": {"正常": "normal", "暂停": "suspended"}, "en": {"Normal": "normal", "Suspended": "suspended"}}


def on_the_page(person: Practitioner, language: str) -> Seen | None:
    """What the scorecard's page tells; None where it sends the reader to the institution."""
    html = page(f"/s/{person.slug}", language)
    if 'id="status"' not in html:
        assert person.name not in html
        return None
    word = re.search(r'id="status">([^<]+)<', html)
    assert word is not None
    status = WORDS[language][word[1]]
    points = re.search(r'class="points__number">(\d+)<', html)
    return Seen(status, int(points[1]) if points else None, html.count('class="entry"'))


def in_the_api(person: Practitioner) -> Seen | None:
    """What the API tells; None where it answers 404."""
    answer = Client().get(f"/api/v1/scorecards/{person.slug}/")
    if answer.status_code == 404:
        return None
    facts = json.loads(answer.content)
    return Seen(facts["status"], facts["points"], len(facts["entries"]))


def in_open_data(person: Practitioner, files: dict[str, bytes]) -> tuple[str | None, int | None] | None:
    """The measure and the points of a person's row, the same in CSV and NDJSON; None where there is none."""
    table, lines = list(read_csv(files["full.csv"])), list(read_ndjson(files["full.ndjson"]))
    assert table == lines
    rows = [row for row in table if row["masked_name"] == mask_name(person.name)]
    assert len(rows) <= 1
    return (rows[0]["measure"], rows[0]["points"]) if rows else None  # type: ignore[return-value]


def ask(**query: str) -> dict[str, Any]:
    """What the look-up of the API answers."""
    answer = Client().get("/api/v1/scorecards/", query, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def ways_to_ask(person: Practitioner, county: County) -> dict[str, dict[str, str]]:
    """Every kind of question that fits a person, from the whole code to the initials."""
    hospital = county.hospital.name
    return {
        "code": {"code": person.codes.get().code},
        "name and institution": {"name": person.name, "institution": hospital},
        "name and institution's code": {"name": person.name, "institution": county.hospital.code},
        "name and part of the institution": {"name": person.name, "institution": hospital[:4]},
        "beginning of the name": {"name": person.name[:2], "institution": hospital},
        "pinyin": {"name": person.pinyin, "institution": hospital},
        "beginning of the pinyin": {"name": person.pinyin[:5], "institution": hospital},
        "initials": {"name": person.initials, "institution": hospital},
        "initials and last four": {
            "name": person.initials,
            "institution": hospital,
            "last_four": person.codes.get().code[-4:],
        },
    }


def _county(mode: str, team: Officers, now: datetime) -> County:
    region = COUNTY[mode]
    publish_as(mode, region=region, rulebook=f"county-{region}")
    county = County(mode, institution(f"{_title(mode)}人民医院", f"H{region}00001", region))
    for number, (fate, surname) in enumerate(SURNAME.items(), start=1):
        person = physician(surname + GIVEN[mode], f"D{region}{number:06d}", county.hospital)
        county.people[fate] = person
        county.walks[fate] = _bring(fate, person, _case(county, number), team, now)
    return county


def _title(mode: str) -> str:
    return {"open": "巴林右旗", "confirm": "林西县城", "status_only": "克什克腾", "closed": "翁牛特旗"}[mode]


def _case(county: County, number: int) -> CaseFile:
    region = COUNTY[county.mode]
    basis = BasisFactory.create(
        institution=county.hospital, document=f"密医保罚〔2025〕{region}{number}号", authority="密县医疗保障局"
    )
    return CaseFileFactory.create(
        institution=county.hospital, basis=basis, number=f"密医保案〔2025〕{region}{number}", amount=AMOUNT
    )


def _bring(fate: str, person: Practitioner, case: CaseFile, team: Officers, now: datetime) -> Procedure:
    finding = FindingFactory.create(case=case, title="勾兑伪造报告", amount=AMOUNT)
    draft = AttributionFactory.create(
        case=case, practitioner=person, line__finding=finding, line__reasoning=REASONING, line__amount=AMOUNT
    )
    walk = Procedure(draft, team, now)
    if fate == "overturned":
        reach(walk, State.EFFECTIVE)
        heard = hearing("accepted", now=now, walk=walk)
        heard.decide("overturned")
        return walk
    state = {
        "pending": State.DECIDED,
        "effective": State.EFFECTIVE,
        "withdrawn": State.SET_ASIDE,
        "rejected": State.REJECTED,
    }[fate]
    return reach(walk, state)


def _body(answer: Any) -> str:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return data.decode()
