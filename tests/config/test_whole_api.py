"""Every operation of the API description, asked by everybody: never a 5xx, never an answer that is not described."""

import pytest
from rest_framework.response import Response

from cases.api.repairs import CourseDetail
from scoring.selectors import open_data
from tests.config.api_walk import walk
from tests.config.api_world import ApiWorld, Caller, make_world

pytestmark = pytest.mark.django_db


def test_whatever_anybody_asks_the_answer_is_one_that_is_described(now, settings, tmp_path):
    settings.MEDIA_ROOT, settings.OPEN_DATA_DIR = tmp_path / "media", tmp_path / "open-data"
    walked = walk(make_world(now), fitting=2, unfit=1, is_repeatable=True)
    assert list(walked.wrong) == [], "\n".join(walked.wrong)
    assert walked.statuses["officer"][200] > 40  # it met more than locked doors
    assert walked.statuses["staff office"][200] > 10
    assert walked.statuses["anonymous"][403] > 40
    assert {404, 409, 422} <= set(walked.statuses["officer"])


def test_an_answer_that_is_not_described_is_found(monkeypatch):
    monkeypatch.setattr(open_data, "releases", lambda: 1 / 0)
    monkeypatch.setattr(CourseDetail, "get", lambda view, request, clause: Response({"clause": 7}))
    stranger = ApiWorld(known={}, callers={"anonymous": Caller()})
    wrong = " ".join(walk(stranger, fitting=1, unfit=0, is_repeatable=True, within="open-data|courses").wrong)
    assert "GET /api/v1/open-data/ as anonymous: 500" in wrong
    assert "GET /api/v1/courses/{clause}/ as anonymous: 200" in wrong
