"""Every projection dropped and made anew from the ledger: nothing changes.

The long form stands at the end of the long year walk.
"""

from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from scoring.models import PointsTotal, Scorecard
from tests.factories.award import post_award, registered
from tests.walks.rebuilding import rebuild_everything
from tests.walks.story import people
from tests.walks.town import Town
from tests.walks.walking import Walk

pytestmark = pytest.mark.django_db(transaction=True)


def test_projections_of_a_dozen_lives_rebuilt_are_what_they_were() -> None:
    walk = Walk(Town(people(12)).settle(), every_night=False).go(compare=False)
    rebuild_everything(walk.town)


def test_rows_of_somebody_without_a_history_are_dropped() -> None:
    nobody = registered()
    PointsTotal.objects.create(practitioner=nobody, year=2025, points=3)
    Scorecard.objects.create(practitioner=nobody, dirty_at=datetime(2025, 6, 10, tzinfo=UTC))
    out = StringIO()

    call_command("rebuild", stdout=out)

    assert out.getvalue() == "0 people with a history: 0 totals summed, 0 scorecards rendered.\n"
    assert not PointsTotal.objects.exists()
    assert not Scorecard.objects.exists()


def test_a_ledger_that_does_not_bear_the_projections_out_is_named(
    superuser_cursor: psycopg.Cursor[tuple[Any, ...]],
) -> None:
    person = registered(name="耿晓敏")
    post_award(person, 10, date(2025, 6, 10))
    superuser_cursor.execute("SET session_replication_role = replica")
    superuser_cursor.execute("UPDATE scoring_pointsentry SET points = 9, single_points = 9")
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("rebuild", stdout=out)

    assert f"耿晓敏 ({person.slug}): seal" in out.getvalue()
