"""`manage.py simulate FILE…`: run scenario files through the rules, without a database.

Exit 0 when every expectation holds, 1 when one fails, 2 when a file is malformed (`file:line: reason` on
stderr).
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from scoring.policy.marked_yaml import FileProblems
from scoring.policy.rulebook_files import load_packs
from scoring.policy.scenario_files import run_files
from scoring.policy.scenario_report import json_of, summary_of, text_of

EXPECTATION_FAILED = 1
MALFORMED = 2


class Command(BaseCommand):
    """A door: files in, timeline and outcome out. Touches no database and starts no service."""

    help = "Run scenario files (YAML) through the rules and check what they expect; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="scenario file, or a directory of them")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            runs = run_files(options["files"], load_packs())
        except FileProblems as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            sys.exit(MALFORMED)
        if options["json"]:
            self.stdout.write(json.dumps(json_of(runs), ensure_ascii=False, indent=2))
        else:
            for placed in runs:
                self.stdout.write(text_of(placed) + "\n")
            self.stdout.write(summary_of(runs))
        if not all(placed.run.ok for placed in runs):
            sys.exit(EXPECTATION_FAILED)
