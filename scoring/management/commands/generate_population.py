"""`manage.py generate_population`: fictional people at the size of a town or a country, for rehearsals."""

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from institutions.services import population, population_roster, population_tables
from scoring.services import population as scored_population

LOG_SECONDS = 15


class Command(BaseCommand):
    """Generates a population, the same for the same seed: into the tables, or as a roster file."""

    help = "Generate fictional people, registrations and points; the same for the same seed. Names are made up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--practitioners", type=_count, required=True, metavar="N")
        parser.add_argument(
            "--institutions", metavar="FILE|N", help="a CSV of institutions, or how many (default: the shipped list)"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="nothing is later (default today)")
        parser.add_argument("--scored-share", type=float, default=0.01, help="of the people, how many have points")
        parser.add_argument("--roster", type=Path, metavar="OUT.csv", help="write a roster instead of the tables")
        parser.add_argument("--bad-share", type=float, default=0.0, help="of the roster's rows, how many are wrong")
        parser.add_argument("--truth", type=Path, metavar="OUT.csv", help="list the wrong rows here")
        parser.add_argument("--changed", type=float, metavar="SHARE", help="the roster a month later, so many changed")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        now = clock.now()
        until = options["until"] or clock.local_date(now)
        places = self._places(options["institutions"])
        people = population.generate_people(places, options["practitioners"], options["seed"], until)
        if options["roster"]:
            if options["changed"] is not None:
                people = population_roster.changed(people, seed=options["seed"], share=options["changed"])
            written = population_roster.write_roster(
                people,
                places,
                options["roster"],
                seed=options["seed"],
                bad_share=options["bad_share"],
                truth=options["truth"],
            )
            self.stdout.write(f"rows: {written.rows}\nwrong rows: {written.bad}")
            return
        keys = population_tables.keys_for(options["seed"], until)
        scored: list[scored_population.Scored] = []
        people = scored_population.choosing(people, places, keys, share=options["scored_share"], chosen=scored)
        done = population_tables.write_tables(people, places, keys=keys, now=now, told=Counting("people"))
        self.stdout.write(f"people: {done}")
        counts = scored_population.score(scored, keys=keys, until=until, now=now, told=Counting("scored"))
        for what, count in sorted(counts.items()):
            self.stdout.write(f"{what}: {count}")
        self.stdout.write(f"seconds: {time.monotonic() - began:.1f}")

    def _places(self, institutions: str | None) -> list[population.Place]:
        if institutions is None or institutions.isdigit():
            return population.load_places(None, int(institutions) if institutions else None)
        try:
            return population.load_places(Path(institutions), None)
        except (OSError, KeyError) as error:
            raise CommandError(f"{institutions}: {error}") from error


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


class Counting:
    """Says on stderr how many there are and how quickly they come: on one line, or in a log now and then."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = self._said = time.monotonic()

    def __call__(self, count: int) -> None:
        """Say the count."""
        now = time.monotonic()
        is_terminal = sys.stderr.isatty()
        if not is_terminal and now - self._said < LOG_SECONDS:
            return
        self._said = now
        line = f"{self._what}: {count:,} ({count / max(now - self._began, 0.001):,.0f} a second)"
        sys.stderr.write(f"\r{line}" if is_terminal else f"{line}\n")
        sys.stderr.flush()
