"""The long form of the walk over the whole API description: things nobody has asked before, each time others."""

import pytest

from tests.config.api_walk import walk
from tests.config.api_world import make_world


@pytest.mark.endurance
@pytest.mark.django_db
def test_whatever_anybody_asks_at_length_the_answer_is_one_that_is_described(now, settings, tmp_path):
    settings.MEDIA_ROOT, settings.OPEN_DATA_DIR = tmp_path / "media", tmp_path / "open-data"
    assert list(walk(make_world(now), fitting=40, unfit=20, is_repeatable=False).wrong) == []
