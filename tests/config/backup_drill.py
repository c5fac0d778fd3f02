"""What happens in the restore drill, in processes of its own: `python -m tests.config.backup_drill 0 1`.

Posts the chapters of the demonstration that are named, without a worker: the job of the worker is run in place. After
each it prints the database's time, so that what was posted until then can be told from what follows.
"""

import sys
from collections.abc import Callable

import django


def post(chapters: list[int]) -> None:
    """Run chapters to points on the ledger, the roster before the first."""
    from django.db import connection

    from config.demo import story
    from config.jobs import run_jobs
    from institutions import clock

    def make_effective(is_done: Callable[[], bool]) -> None:
        list(run_jobs(clock.today(), ("cases.make_due_attributions_effective",)))
        assert is_done()

    def tell(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    if 0 in chapters:
        story.load_roster(tell)
    for chapter in chapters:
        story.run_case(story.CHAPTERS[chapter], tell, make_effective)
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            sys.stdout.write(f"{cursor.fetchone()[0].isoformat()}\n")


if __name__ == "__main__":
    django.setup()
    post([int(number) for number in sys.argv[1:]])
