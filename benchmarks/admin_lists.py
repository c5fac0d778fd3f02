"""Every list and queue of the officers' admin, and the home page, over a million people and a hundred thousand cases.

    python -m benchmarks.admin_lists [--quick]

Each page is asked for through the whole product (middleware, session, permissions, database, templates) as officers of
the country, of a province and of a prefecture, plain and searched. Must: at most 12 queries a list (25 the home page),
p95 of the server's time at most 300 ms, no count of a whole table.
"""

import argparse
import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import django
import psycopg
from psycopg.rows import TupleRow

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks import case_load  # noqa: E402
from benchmarks.populations import LAST_NOON, pointed_at, populated  # noqa: E402
from benchmarks.processor import metered  # noqa: E402
from benchmarks.timing import RESULTS  # noqa: E402
from config.admin.queues import QUEUES  # noqa: E402
from config.runtime import postgres, services  # noqa: E402
from institutions import clock  # noqa: E402
from institutions.admin.officers import OfficerAdmin  # noqa: E402
from institutions.models import Role, RoleAssignment, User  # noqa: E402
from institutions.permissions import Permission  # noqa: E402

PEOPLE, HOLDERS, ROUNDS = 1_000_000, 10_000, 20
REACH = {"country": "", "province 15": "15", "prefecture 1504": "1504"}
SEARCHES = ("王", "wangwei", "虚拟医保案〔2025〕5000")
FORBIDDEN = 403
QUERIES_MAX, HOME_QUERIES_MAX, P95_MAX = 12, 25, 0.3


@dataclass(frozen=True)
class Asked:
    """One page as one officer: how many queries, and the seconds of each round by the clock and of processor time."""

    page: str
    variant: str
    queries: int
    seconds: list[float]
    cpu: list[float]

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """The slowest but one in twenty."""
        return sorted(self.seconds)[max(0, round(0.95 * len(self.seconds)) - 1)]

    @property
    def cpu_p95(self) -> float:
        """The same of processor time, of the process and its database session together."""
        return sorted(self.cpu)[max(0, round(0.95 * len(self.cpu)) - 1)]


def pages() -> dict[str, tuple[str, list[str]]]:
    """Return the pages: name → address, and the variants of it beside the plain one."""
    lists = {
        model._meta.label: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model, page in admin.site._registry.items()
        if isinstance(page, OfficerAdmin)
    }
    queues = {f"queue {queue.code}": reverse("desk-queue", args=[queue.code]) for queue in QUEUES}
    searched = [f"?q={term}" for term in SEARCHES]
    found = {name: (address, searched) for name, address in sorted(lists.items())}
    found |= {name: (address, [*searched, "?who=overdue"]) for name, address in queues.items()}
    return found | {"home": (reverse("admin:index"), []), "charts": (reverse("desk-charts") + "?part=1", [])}


def officer(name: str, prefix: str) -> User:
    """Return somebody who may do everything in a region."""
    user = User.objects.filter(username=f"bench-{name}").first() or User.objects.create_user(
        f"bench-{name}", is_staff=True
    )
    every = [permission.value for permission in Permission]
    role, _made = Role.objects.update_or_create(code="bench", defaults={"name": "bench", "permissions": every})
    RoleAssignment.objects.get_or_create(user=user, role=role, region_prefix=prefix)
    return user


def ask(client: Client, page: str, variant: str, address: str, rounds: int) -> Asked:
    """Ask for a page once to warm up and count, then again and again."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, (page, address, answer.status_code)
    queries = sum("institutions_clockposition" not in query["sql"] for query in captured.captured_queries)
    seconds, cpu = [], []
    for _round in range(rounds):
        with metered(connection.connection.info.backend_pid) as said:
            client.get(address)
        seconds.append(said["seconds"])
        cpu.append(said.get("cpu", said["seconds"]))
    return Asked(page, variant, queries, seconds, cpu)


def measure(reaches: list[str], rounds: int, told: Callable[[Asked], None]) -> list[Asked]:
    """Ask for every page as these officers."""
    found: list[Asked] = []
    for reach in reaches:
        prefix = REACH[reach]
        client = Client(SERVER_NAME="localhost")
        client.force_login(officer(reach.replace(" ", "-"), prefix))
        for page, (address, variants) in pages().items():
            if client.get(address).status_code == FORBIDDEN:  # for administrators of the whole country
                continue
            for variant in ("", *variants):
                found.append(ask(client, page, f"{reach} {variant}".strip(), address + variant, rounds))
                told(found[-1])
    return found


def table(found: list[Asked], reaches: list[str], people: int, cases: int, rounds: int) -> str:
    """Return the slowest variant of each page, and whether every page keeps its promises."""
    by_page: dict[str, list[Asked]] = {}
    for one in found:
        by_page.setdefault(one.page, []).append(one)
    lines = [
        f"### Lists of the officers' admin over {people:,} people and {cases:,} cases",
        "",
        f"Each page plain and searched ({', '.join(SEARCHES)}), as officers of {', '.join(reaches)}; {rounds} requests "
        "each. Shown is the worst of each column, and which request was slowest. CPU is processor time of the web "
        "process and its database session together.",
        "",
        "| page | queries | p50 ms | p95 ms | CPU p95 ms | slowest |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for page, asked in by_page.items():
        slowest = max(asked, key=lambda one: one.p95)
        lines.append(
            f"| {page} | {max(one.queries for one in asked)} | {1000 * max(one.p50 for one in asked):.0f} "
            f"| {1000 * slowest.p95:.0f} | {1000 * max(one.cpu_p95 for one in asked):.0f} | {slowest.variant} |"
        )
    over = [f"{one.page} ({one.variant}): {one.queries} queries" for one in found if one.queries > allowed(one.page)]
    over += [f"{one.page} ({one.variant}): p95 {1000 * one.p95:.0f} ms" for one in found if one.p95 > P95_MAX]
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    verdict = "Every page keeps both promises." if not over else "Over the promise: " + "; ".join(over) + "."
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return "\n".join([*lines, "", verdict, "", f"{at}, {os.cpu_count()} cores, load {load}.", ""])


def tell(one: Asked) -> None:
    """Say how a page did as soon as it is known."""
    facts = f"{one.queries} queries, p95 {1000 * one.p95:.0f} ms, CPU {1000 * one.cpu_p95:.0f} ms"
    print(f"{one.page} {one.variant}: {facts}", flush=True)  # noqa: T201


def allowed(page: str) -> int:
    """Return how many queries a page may make."""
    return HOME_QUERIES_MAX if page == "home" else QUERIES_MAX


def main() -> None:
    """Copy the population, put case work into the copy, measure, and drop the copy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=0, help="requests for each page (20)")
    parser.add_argument("--reach", choices=REACH, action="append", help="only as an officer of this (all)")
    parser.add_argument("--keep", action="store_true", help="leave the copy, and use one that is there")
    options = parser.parse_args()
    people, holders, cases, rounds = (
        (PEOPLE, HOLDERS, case_load.CASES, ROUNDS) if not options.quick else (5000, 100, 2000, 3)
    )
    rounds = options.rounds or rounds
    settings.CLOCK_MOVABLE, settings.ALLOWED_HOSTS = True, ["localhost"]
    copy = f"jifen_admin_lists_{people}"
    with populated(people, holders, keep=options.keep or not options.quick) as made:
        paths = services.attach()
        with postgres.connect(paths, postgres.SUPERUSER, "postgres") as server:
            if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [copy]).fetchone():
                make_copy(server, copy, made.database, cases)
            try:
                with pointed_at(copy):
                    clock.move_to(LAST_NOON)
                    found = measure(options.reach or list(REACH), rounds, tell)
            finally:
                if not options.keep:
                    server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
    text = table(found, options.reach or list(REACH), people, cases, rounds)
    (RESULTS / ("admin_lists_quick.md" if options.quick else "admin_lists.md")).write_text(text)
    print(text)  # noqa: T201


def make_copy(server: psycopg.Connection[TupleRow], name: str, population: str, cases: int) -> None:
    """Copy the population, bring the copy to the present tables and put a year of case work into it; all or nothing."""
    unfinished = f"{name}_unfinished"
    server.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    postgres.ensure_database(server, unfinished, template=population)
    with pointed_at(unfinished):
        call_command("migrate", verbosity=0)
        workers = [User.objects.create_user(f"worker-{number}", is_staff=True).pk for number in range(3)]
    case_load.load(unfinished, officers=(workers[0], workers[1], workers[2]), cases=cases)
    server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


if __name__ == "__main__":
    main()
