"""The long form of the walk over the whole API description: things nobody has asked before, each time others.

Bounded: ten seconds at most for each kind of question to each operation, so half an hour for all of them.
"""

import pytest

from tests.config.api_walk import walk
from tests.config.api_world import make_world

SECONDS_EACH = 10


@pytest.mark.endurance
@pytest.mark.django_db
def test_whatever_anybody_asks_at_length_the_answer_is_one_that_is_described(now, settings, tmp_path):
    settings.MEDIA_ROOT, settings.OPEN_DATA_DIR = tmp_path / "media", tmp_path / "open-data"
    walked = walk(make_world(now), fitting=40, unfit=20, is_repeatable=False, seconds=SECONDS_EACH)
    asked = {caller: dict(counts) for caller, counts in walked.statuses.items()}
    print(f"api walk: {asked}; cut short: {list(walked.cut)}")  # noqa: T201 - figures for the record
    assert not walked.wrong, "\n".join(walked.wrong)
    assert set(walked.statuses) == {"anonymous", "staff office", "key", "officer"}
