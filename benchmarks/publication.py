"""B14 (and B15 for it): publishing dirty scorecards, against writing and renaming the same bytes.

    python -m benchmarks.publication [--people N] [--holders N] [--cards N] [--rounds N]
        [--alone | --beside PEOPLE HOLDERS] [--in-place] [--quick]

In a populated database, and in a smaller one (a fifth of the people and as many holders, or `--beside`), so many cards
are marked dirty and published: facts and pages in two languages rendered, rows stored, files of today written. The
baseline writes the very same files beside their place and renames them over what is there, nothing else. Also
measured: the files of a new date, from rows.

The clock stands at the day after the population's last one, on which its measures and entries are shown.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from benchmarks.pages_setup import Ready, published_database
from benchmarks.populations import LAST_NOON, pointed_at
from benchmarks.processor import metered
from benchmarks.report_page import Bar, write_report
from benchmarks.timing import Measured, interleave

from django.conf import settings  # isort: skip
from django.db import connection  # isort: skip
from django.test import override_settings  # isort: skip

from institutions import clock, published_files
from scoring.models import Scorecard
from scoring.services import card_files, scorecards

THE_DAY_AFTER = LAST_NOON + timedelta(days=1)
BASELINE = "write and rename of the same bytes"
PUBLISH = "publish: facts, two pages, row, three files"
RENDER = "the same without files"
NEW_DATE = "files of a new date, from rows"
NAMES = (BASELINE, PUBLISH, RENDER, NEW_DATE)
UNCHANGED = "UPDATE scoring_scorecard SET dirty_at = now() WHERE practitioner_id = ANY (%s)"


def main() -> None:
    """Measure in interleaved rounds and write `results/publication.*`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--holders", type=int, default=10_000)
    parser.add_argument("--cards", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alone", action="store_true", help="without the population of a fifth (no B15)")
    parser.add_argument("--beside", type=int, nargs=2, metavar=("PEOPLE", "HOLDERS"), help="the smaller population")
    parser.add_argument("--in-place", action="store_true", help="use the kept populations themselves, put back after")
    parser.add_argument("--quick", action="store_true", help="2,000 people, 200 holders, 100 cards, two rounds")
    options = parser.parse_args()
    people, holders, cards, rounds = (
        (2_000, 200, 100, 2) if options.quick else (options.people, options.holders, options.cards, options.rounds)
    )
    smaller = [] if options.alone else [tuple(options.beside or (people // 5, holders))]
    sizes = [*smaller, (people, holders)]
    with ExitStack() as stack:
        every: dict[str, tuple[int, Callable[[], Mapping[str, float]]]] = {}
        for size, scored in sizes:
            lent = published_database(size, scored, cards, copied=not options.in_place, at=THE_DAY_AFTER)
            ready = stack.enter_context(lent)
            with in_its_place(ready):
                filed = Scorecard.objects.exclude(filed_in="").order_by("pk")
                keys: list[UUID] = list(filed.values_list("pk", flat=True)[:cards])
                found = ways(ready, keys)
            every |= {f"{size}: {name}": (units, at(ready, run)) for name, (units, run) in found.items()}
        measured = interleave(every, rounds)
    runs = {size: {name: measured[f"{size}: {name}"] for name in NAMES} for size, _scored in sizes}
    report(runs, cards, quick=options.quick)


@contextmanager
def in_its_place(ready: Ready) -> Iterator[None]:
    """Work in the database of a population, with its folder of published files and its clock."""
    with (
        pointed_at(ready.database),
        override_settings(PUBLISHED_DIR=str(ready.home / "published"), CLOCK_MOVABLE=True),
    ):
        yield


def at(ready: Ready, run: Callable[[], Mapping[str, float]]) -> Callable[[], Mapping[str, float]]:
    """Return the same work, done in the place of a population: the two take turns, and meet the same disk."""

    def there() -> Mapping[str, float]:
        with in_its_place(ready):
            return run()

    return there


def ways(ready: Ready, keys: list[UUID]) -> dict[str, tuple[int, Callable[[], Mapping[str, float]]]]:
    """Return what is compared; each times itself, having put the cards into the state it begins with."""
    contents, folder = contents_of(keys), ready.home / "published" / clock.today().isoformat()
    return {
        BASELINE: (len(keys), lambda: _timed(lambda: None, lambda: write_plainly(folder, contents))),
        PUBLISH: (len(keys), lambda: _timed(lambda: _dirty(keys), lambda: _publish(len(keys)))),
        RENDER: (len(keys), lambda: _without_files(keys)),
        NEW_DATE: (len(keys), lambda: _timed(lambda: _unfile(keys), lambda: card_files.publish_files(now=clock.now()))),
    }


def _timed(before: Callable[[], object], work: Callable[[], object]) -> Mapping[str, float]:
    before()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with metered(backend) as said:
        work()
    return said


def _dirty(keys: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(UNCHANGED, [keys])


def _publish(count: int) -> None:
    assert scorecards.publish_dirty(now=clock.now(), limit=count) == count


def _without_files(keys: list[UUID]) -> Mapping[str, float]:
    with override_settings(PUBLISHED_DIR=None):
        return _timed(lambda: _dirty(keys), lambda: _publish(len(keys)))


def _unfile(keys: list[UUID]) -> None:
    Scorecard.objects.filter(pk__in=keys).update(filed_in="")


def contents_of(keys: list[UUID]) -> list[tuple[str, bytes]]:
    """Read the published files of these cards: names within the folder, and bytes."""
    slugs = Scorecard.objects.filter(pk__in=keys).values_list("practitioner__slug", flat=True)
    folder = Path(str(settings.PUBLISHED_DIR)) / clock.today().isoformat()
    names = [published_files.name_of(slug, form) for slug in slugs for form in published_files.FORMS]
    return [(name, (folder / name).read_bytes()) for name in names]


def write_plainly(target: Path, contents: list[tuple[str, bytes]]) -> None:
    """Write the same files once more, as plainly as one can: beside their place, then a rename.

    In the very folders of the published ones: what a new file costs depends on where on the disk its folder lies,
    by a factor of ten on a disk that is in use.
    """
    for name, content in contents:
        place = target / name
        beside = place.with_name(f".{place.name}")
        beside.write_bytes(content)
        beside.rename(place)


def report(runs: Mapping[int, Mapping[str, Measured]], cards: int, *, quick: bool) -> None:
    """Write the table, the chart and the ratios that the budgets ask for."""
    large = max(runs)
    measured = runs[large]
    bars = [
        Bar(name, one.rate, one.cpu_rate or one.rate, f"{min(one.seconds):.2f}–{max(one.seconds):.2f}")
        for name, one in measured.items()
    ]
    lines = ["| budget | what | by the clock | by processor time | must | aim |", "|---|---|---:|---:|---:|---:|"]
    base = measured[BASELINE]
    for budget, name in (("B14", PUBLISH), ("", RENDER), ("", NEW_DATE)):
        one = measured[name]
        cpu = f"{(one.cpu_rate or 0) / (base.cpu_rate or 1):.3g}"
        asked = "0.2 | 0.6" if budget else " | "
        lines.append(f"| {budget} | {name}, against {BASELINE} | {one.rate / base.rate:.3g} | {cpu} | {asked} |")
    if len(runs) > 1:
        small = runs[min(runs)][PUBLISH]
        one = measured[PUBLISH]
        cpu = f"{(small.cpu_rate or 0) / (one.cpu_rate or 1):.3g}"
        grown = f"cost of publishing a card, {min(runs):,} to {large:,} people"
        lines.append(f"| B15 | {grown} | {small.rate / one.rate:.3g} | {cpu} | 1.3 | 1.05 |")
    rounds = {
        f"{people}: {name}": {"seconds": one.seconds, "cpu": one.cpu}
        for people, run in runs.items()
        for name, one in run.items()
    }
    title = f"Publication: {large:,} people, {cards:,} cards at a time"
    file = "publication_quick" if quick else "publication"
    write_report(file, title, bars, BASELINE, lines, [], rounds, unit="cards", remark="min–max s")


if __name__ == "__main__":
    main()
