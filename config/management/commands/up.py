"""`manage.py up`: everything on this machine until Ctrl-C: services, worker, timetable, web server."""

import signal
import time
from contextlib import ExitStack
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import processes
from config.compile_messages import compile_messages
from config.demo_logins import demo_logins


class Command(BaseCommand):
    """Migrates, loads the reference data, starts the processes and waits. Stops only what it started."""

    help = "Serve Jifen with embedded services, a Celery worker, its timetable and a web server until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        # A shell that starts it in the background has SIGINT ignored; whoever sends one all the same means it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            processes.ensure_port_free(host, port)
            compile_messages()
            call_command("migrate", verbosity=0)
            call_command("load_reference_data", stdout=self.stderr)
            with ExitStack() as stack:
                children = [
                    stack.enter_context(processes.running_worker(concurrency=2)),
                    stack.enter_context(processes.running_timetable()),
                    stack.enter_context(processes.running_web_server(host, port)),
                ]
                self._announce(host, port)
                self._wait(children)
        except processes.ProcessTrouble as trouble:
            raise CommandError(str(trouble)) from trouble

    def _announce(self, host: str, port: int) -> None:
        self.stdout.write(f"Jifen is at http://{'localhost' if host == '127.0.0.1' else host}:{port}/")
        logins = demo_logins()
        if logins:
            self.stdout.write("Log in under /admin/ (officers) or /portal/ (hospitals) as:")
        for login in logins:
            self.stdout.write(f"  {login.username:<18} {login.password:<22} {login.role}")
        self.stdout.write("Ctrl-C ends it. Logs are in var/log/.")
        self.stdout.flush()

    def _wait(self, children: list[processes.Child]) -> None:
        try:
            while True:
                for child in children:
                    child.ensure_running()
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
