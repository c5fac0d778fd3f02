"""`manage.py demo`: from nothing to published scorecards, through the real database, broker and worker."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import processes
from config.compile_messages import compile_messages
from config.demo import report, story
from config.schedule import MANDATORY
from institutions import clock
from institutions.models import JobOutcome, JobRun
from scoring.models import Scorecard


class Command(BaseCommand):
    """Loads the roster and three published cases, runs the workflow, prints what became public."""

    help = "Run the demonstration: roster and published cases to scorecards. A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--json`` prints one object on stdout, progress goes to stderr."""
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout, progress on stderr")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step, in order, and say where the time went."""
        if not settings.CLOCK_MOVABLE:
            raise CommandError("The demonstration moves the clock, which these settings do not allow.")
        self.seconds: dict[str, float] = {}
        began = time.monotonic()
        try:
            self._run()
        except processes.ProcessTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.seconds["total"] = round(time.monotonic() - began, 2)
        self._print(as_json=options["json"])

    def _run(self) -> None:
        with self._timed("database"):
            compile_messages()
            call_command("migrate", verbosity=0)
        with self._timed("reference_data"):
            call_command("load_reference_data", stdout=self.stderr)
        with self._timed("roster"):
            story.load_roster(self._tell)
        with ExitStack() as stack:
            with self._timed("worker_start"):
                child = stack.enter_context(processes.running_worker(concurrency=1))
            for chapter in story.CHAPTERS:
                with self._timed(chapter.file.removesuffix(".yaml")):
                    story.run_case(chapter, self._tell, lambda done: processes.wait_until(done, child))
            with self._timed("publication"):
                self._publish(child)

    def _publish(self, child: processes.Child) -> None:
        """On the first day of the measures the worker does what a night does, and renders scorecards that changed."""
        story.last_day()
        for task in (*MANDATORY, "institutions.deliver_notices"):
            current_app.send_task(task)
        today = clock.today()
        processes.wait_until(
            lambda: (
                _night_is_done(today)
                and not Scorecard.objects.exclude(
                    dirty_at__isnull=True, valid_from__lte=today, valid_until__gte=today
                ).exists()
            ),
            child,
        )
        self._tell(f"{today}  {Scorecard.objects.count()} scorecards published")

    def _print(self, *, as_json: bool) -> None:
        today = clock.today()
        main = report.rows_of(today, main_case=True)
        others = report.rows_of(today, main_case=False)
        received = report.received_at_second_site()
        if as_json:
            whole = {
                "as_of": today.isoformat(),
                "scorecards": [asdict(row) for row in main],
                "also_scored": [asdict(row) for row in others],
                "second_site_inbox": [asdict(notice) for notice in received],
                "seconds": self.seconds,
            }
            self.stdout.write(json.dumps(whole, ensure_ascii=False))
            return
        self.stdout.write(f"\nChifeng case, as of {today}:")
        self.stdout.write("\n".join(report.as_table(main)))
        self.stdout.write("\nAlso scored:")
        self.stdout.write("\n".join(report.as_table(others)))
        self.stdout.write(f"\nInbox of {report.SECOND_SITE}, the second site of 李某梅:")
        for notice in received:
            until = f" until {notice.effect_until}" if notice.effect_until else ""
            self.stdout.write(f"  {notice.number}  {notice.kind:<14} {notice.subject}  {notice.effect}{until}")
        parts = ", ".join(f"{name} {value:.1f}" for name, value in self.seconds.items())
        self.stdout.write(f"\nSeconds: {parts}")
        self.stdout.write("Open the scorecards with: make up")

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 2)

    def _tell(self, line: str) -> None:
        self.stderr.write(line)


def _night_is_done(day: date) -> bool:
    done = JobRun.objects.filter(name__in=MANDATORY, for_date=day, outcome=JobOutcome.DONE)
    return set(done.values_list("name", flat=True)) == set(MANDATORY)
