"""Drops every projection of a town, makes it anew from the ledger, and compares.

Cards were rendered on many different days; what they say holds until they say it does, so rendered anew today they say
the same. Only when they were rendered, and how often, may differ.
"""

from datetime import date
from io import StringIO
from typing import Any

from django.core.management import call_command

from institutions import clock
from scoring.models import Measure, PointsTotal, Scorecard
from scoring.selectors.accounts import load_account
from scoring.selectors.scorecards import served_scorecard
from scoring.services import measures
from tests.walks.story import LAST_DAY
from tests.walks.town import Town, at, verify


def totals() -> set[tuple[Any, ...]]:
    return set(PointsTotal.objects.values_list("practitioner", "year", "points"))


def cards() -> dict[Any, tuple[Any, ...]]:
    """Every published card; when it was rendered is left out."""
    rows = Scorecard.objects.values_list("practitioner", "body", "digest", "valid_until", "dirty_at")
    return {practitioner: tuple(rest) for practitioner, *rest in rows}


def served(town: Town, day: date) -> dict[str, tuple[bytes, str]]:
    """What everybody's page is, to the byte, but for the instant of its making."""
    pages = {}
    for practitioner in town.practitioners.values():
        answer = served_scorecard(practitioner.slug, on=day, now=at(day, 12))
        made = answer.evaluated_at.isoformat().encode()
        pages[practitioner.slug] = (answer.body.replace(made, b""), answer.etag)
    return pages


def measure_facts(rows: list[Measure]) -> set[tuple[Any, ...]]:
    return {
        (
            row.practitioner_id,
            row.entry_id,
            str(row.kind),
            str(row.tier),
            row.year,
            row.starts_on,
            row.ends_on,
            row.months_imposed,
            str(row.termination_end),
        )
        for row in rows
    }


def rebuild_everything(town: Town) -> None:
    """Drop and rebuild, by the command and by publishing alone, and compare."""
    clock.move_to(at(LAST_DAY, 13))
    before = totals(), cards(), served(town, LAST_DAY)
    assert before[0]
    assert all(row[-1] is None for row in before[1].values())

    Scorecard.objects.all().delete()
    PointsTotal.objects.all().delete()
    call_command("rebuild", stdout=StringIO())
    assert (totals(), cards(), served(town, LAST_DAY)) == before

    call_command("publish", "--all", stdout=StringIO())
    assert (totals(), cards(), served(town, LAST_DAY)) == before

    known = list(Measure.objects.filter(recorded__endswith__isnull=True))
    follow = [
        row
        for practitioner in town.practitioners.values()
        for row in measures.measures_of(load_account(practitioner), at(LAST_DAY, 13))
    ]
    assert measure_facts(known) == measure_facts(follow)
    verify()
