"""A populated database, brought to the present code, with pages published as rows and as files of today's date."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

os.environ.setdefault("PUBLISHED_DIR", "off")

from django.conf import settings
from django.test import override_settings

from benchmarks import in_place
from benchmarks.populations import populated
from benchmarks.readiness import migrated_copy
from institutions import clock
from institutions.models import ClockPosition, JobOutcome, JobRun
from scoring.models import PublishedPages, Scorecard
from scoring.services import card_files, scorecards

COPY = "jifen_benchmark_pages"
SLUGS = 4_000
SCRIPT = """
local slugs = {{}}
for line in io.lines("{slugs}") do slugs[#slugs + 1] = line end
local headers = {{ ["Host"] = "localhost", ["Accept-Encoding"] = "gzip", ["Accept-Language"] = "zh-CN,zh;q=0.9" }}
math.randomseed(7)
request = function()
  local slug = slugs[math.random(#slugs)]
  return wrk.format("GET", string.gsub("{path}", "SLUG", slug), headers)
end
"""


@dataclass(frozen=True)
class Ready:
    """Where everything is: the folder above the published files, the database, the public ids, the scripts of wrk."""

    home: Path
    database: str
    slugs: list[str]

    def script(self, name: str, path: str) -> Path:
        """Return a script that asks for a path with SLUG in it, of a random person each time."""
        file = self.home / f"{name}.lua"
        file.write_text(SCRIPT.format(slugs=self.home / "slugs.txt", path=path.replace("%", "%%")))
        return file


@contextmanager
def published_database(
    people: int, holders: int, cards: int = SLUGS, *, copied: bool = True, at: datetime | None = None
) -> Iterator[Ready]:
    """Lend a population with so many cards rendered and filed for today, or for the day of `at`.

    A copy, which is dropped after; or, where `copied` is false, the kept one itself, which is put back as it was.
    """
    home = Path(tempfile.mkdtemp(prefix="jifen-pages-"))
    home.chmod(0o755)
    with ExitStack() as stack:
        place = stack.enter_context(populated(people, holders, keep=True))
        lending = migrated_copy(place.database, f"{COPY}_{people}") if copied else in_place.lent(place.database, cards)
        database = stack.enter_context(lending)
        with override_settings(PUBLISHED_DIR=str(home / "published"), CLOCK_MOVABLE=at is not None):
            ClockPosition.objects.all().delete()
            if at is not None:
                clock.move_to(at)
            vouch_for_today()
            scorecards.publish_dirty(now=clock.now(), limit=min(holders, cards))
            card_files.publish_files(now=clock.now())
        filed = Scorecard.objects.exclude(filed_in="").select_related("practitioner")
        slugs = [card.practitioner.slug for card in filed]
        (home / "slugs.txt").write_text("\n".join(slugs) + "\n")
        try:
            yield Ready(home, database, slugs)
        finally:
            shutil.rmtree(home, ignore_errors=True)


def vouch_for_today() -> None:
    """Write into the run book that tonight's work is done, so that pages may claim today."""
    for name in settings.MANDATORY_JOBS:
        JobRun.objects.create(
            name=name, for_date=clock.today(), outcome=JobOutcome.DONE, started_at=clock.now(), duration_ms=0
        )


def sqlite_of(ready: Ready) -> Path:
    """Return an SQLite database with the same facts, one row a person in columns, for datasette."""
    path = ready.home / "cards.db"
    connection = sqlite3.connect(path)
    stored = PublishedPages.objects.filter(scorecard__practitioner__slug__in=ready.slugs).values_list(
        "facts", flat=True
    )
    rows = [json.loads(bytes(facts)) for facts in stored]
    columns = sorted(rows[0])
    connection.execute(f"CREATE TABLE cards ({', '.join(columns)}, PRIMARY KEY (slug))")
    plain = [
        [v if isinstance(v, str | int | None) else json.dumps(v, ensure_ascii=False) for v in map(row.get, columns)]
        for row in rows
    ]
    connection.executemany(f"INSERT INTO cards VALUES ({', '.join('?' * len(columns))})", plain)
    connection.commit()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return path
