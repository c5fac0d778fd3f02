"""Every operation of the API description, asked by everybody: never a 5xx, never an answer that is not described."""

import pytest

from tests.config.api_walk import walk
from tests.config.api_world import make_world

pytestmark = pytest.mark.django_db


def test_whatever_anybody_asks_the_answer_is_one_that_is_described(now, settings, tmp_path):
    settings.MEDIA_ROOT, settings.OPEN_DATA_DIR = tmp_path / "media", tmp_path / "open-data"
    assert walk(make_world(now), fitting=3, unfit=2, is_repeatable=True) == []
