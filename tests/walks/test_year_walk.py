"""A year and more in the life of a town: what the system says each day is what the oracle says.

Six packs, one or two sites, awards at once and late, corrections, repairs, returns; 400 days across a New Year, with
the night's work. The short form runs the night where something is due; the long form runs every night.
"""

import pytest

from scoring.models import PointsEntry
from tests.walks.rebuilding import rebuild_everything
from tests.walks.story import PLACES, people
from tests.walks.town import Town, verify
from tests.walks.walking import Walk, ensure_no_job_failed

pytestmark = pytest.mark.django_db(transaction=True)


def walk_through(count: int, *, every_night: bool, samples: int) -> Walk:
    walk = Walk(Town(people(count)).settle(), every_night=every_night).go()
    walk.look_back(samples=samples)
    walk.ensure_agreement()
    ensure_no_job_failed()
    verify()
    walk.ensure_every_restoration_told_once()
    return walk


def test_two_dozen_people_through_400_days() -> None:
    walk = walk_through(24, every_night=False, samples=8)

    assert walk.counts["days"] == 400
    assert walk.counts["restorations"] > 0
    assert PointsEntry.objects.values("practitioner").distinct().count() >= 20


@pytest.mark.endurance
def test_two_hundred_and_forty_people_through_400_nights() -> None:
    walk = walk_through(240, every_night=True, samples=20)

    assert walk.counts["nights"] == 400
    rebuild_everything(walk.town)
    packs = set(PointsEntry.objects.values_list("rulebook__rulebook", flat=True))
    assert packs == {place.pack for place in PLACES}
    print(f"year walk: 240 people, {dict(walk.counts)}")  # noqa: T201 - figures for the record
