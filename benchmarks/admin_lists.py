"""Every list and queue of the officers' admin, and the home page, over a million people and a hundred thousand cases.

    python -m benchmarks.admin_lists [--quick]

Each page is asked for through the whole product (middleware, session, permissions, database, templates) as officers of
the country, of a province and of a prefecture, plain and searched. Must: at most 12 queries a list (25 the home page),
p95 of the server's time at most 300 ms, no count of a whole table. A request that stays far below that is asked for
fewer times: a page has twenty or more with its searches together.
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

PEOPLE, HOLDERS, ROUNDS, ROUNDS_MIN = 1_000_000, 10_000, 20, 5
# Of the generated people four in ten are in province 42, and one in twenty-five in prefecture 3505.
REACH = {"country": "", "province 42": "42", "prefecture 3505": "3505"}
SEARCHES = ("王", "wangwei", "虚拟医保案〔2025〕5000")
FORBIDDEN = 403
CHARTS = "charts"
QUERIES_MAX, HOME_QUERIES_MAX, P95_MAX = 12, 25, 0.3
FAR_BELOW = 0.4  # of the budget: whoever took no longer in the first rounds is not asked for the rest


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
    def queries_max(self) -> int:
        """How many queries the page may make."""
        return HOME_QUERIES_MAX if self.page.startswith("home") else QUERIES_MAX

    @property
    def is_kept(self) -> bool:
        """Whether both budgets are kept; charts add a year of everything up, and have that of the queries only."""
        return self.queries <= self.queries_max and (self.page == CHARTS or self.p95 <= P95_MAX)

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
    alone = {
        "home": reverse("admin:index"),
        "home, next": reverse("desk-next-rows"),
        "home, counts": reverse("desk-tiles"),
    }
    found |= {name: (address, []) for name, address in alone.items()}
    return found | {CHARTS: (reverse("desk-charts") + "?part=1", [])}


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
    """Ask for a page twice to warm up and count, then again and again."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, (page, address, answer.status_code)
    queries = sum("institutions_clockposition" not in query["sql"] for query in captured.captured_queries)
    seconds: list[float] = []
    cpu: list[float] = []
    for number in range(rounds):
        if number >= ROUNDS_MIN and max(seconds) <= FAR_BELOW * P95_MAX:
            break
        with metered(connection.connection.info.backend_pid) as said:
            client.get(address)
        seconds.append(said["seconds"])
        cpu.append(said.get("cpu", said["seconds"]))
    return Asked(page, variant, queries, seconds, cpu)


def measure(
    reaches: list[str], rounds: int, told: Callable[[Asked], None], only: list[str] | None = None
) -> list[Asked]:
    """Ask for every page, or only some, as these officers."""
    found: list[Asked] = []
    for reach in reaches:
        prefix = REACH[reach]
        client = Client(SERVER_NAME="localhost")
        client.force_login(officer(reach.replace(" ", "-"), prefix))
        for page, (address, variants) in pages().items():
            if only and page not in only:
                continue
            if client.get(address).status_code == FORBIDDEN:  # for administrators of the whole country
                continue
            for variant in ("", *variants):
                found.append(ask(client, page, f"{reach} {variant}".strip(), address + variant, rounds))
                told(found[-1])
    return found


def table(found: list[Asked], reaches: list[str], people: int, cases: int) -> str:
    """Return for each page the worst of its requests, and whether all of them keep both budgets."""
    by_page: dict[str, list[Asked]] = {}
    for one in found:
        by_page.setdefault(one.page, []).append(one)
    lines = [
        f"### Lists of the officers' admin over {people:,} people and {cases:,} cases",
        "",
        f"Each page plain and searched ({', '.join(SEARCHES)}; queues also what is overdue), as officers of "
        f"{', '.join(reaches)}. Shown is the worst of each column, and which request was slowest. CPU is processor "
        f"time of the web process and its database session together. Budgets: {QUERIES_MAX} queries "
        f"({HOME_QUERIES_MAX} home), p95 {1000 * P95_MAX:.0f} ms.",
        "",
        "| page | requests | queries | p50 ms | p95 ms | CPU p95 ms | slowest | kept |",
        "|---|---:|---:|---:|---:|---:|---|---|",
    ]
    for page, asked in by_page.items():
        slowest = max(asked, key=lambda one: one.p95)
        lines.append(
            f"| {page} | {sum(len(one.seconds) for one in asked)} | {max(one.queries for one in asked)} "
            f"| {1000 * max(one.p50 for one in asked):.0f} | {1000 * slowest.p95:.0f} "
            f"| {1000 * max(one.cpu_p95 for one in asked):.0f} | {slowest.variant} "
            f"| {'yes' if all(one.is_kept for one in asked) else '**no**'} |"
        )
    over = [
        f"- {one.page} ({one.variant}): {one.queries} queries, p95 {1000 * one.p95:.0f} ms, CPU "
        f"{1000 * one.cpu_p95:.0f} ms"
        for one in found
        if not one.is_kept
    ]
    kept = sum(all(one.is_kept for one in asked) for asked in by_page.values())
    verdict = f"{'PASS' if not over else 'FAIL'}: {kept} of {len(by_page)} pages keep both budgets."
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return "\n".join([*lines, "", verdict, *over, "", f"{at}, {os.cpu_count()} cores, load {load}.", ""])


def tell(one: Asked) -> None:
    """Say how a request did as soon as it is known."""
    facts = f"{one.queries} queries, p95 {1000 * one.p95:.0f} ms, CPU {1000 * one.cpu_p95:.0f} ms"
    print(f"{one.page} {one.variant}: {facts}", flush=True)  # noqa: T201


def main() -> None:
    """Copy the population, put case work into the copy, measure, and drop the copy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=0, help="requests at most for each variant of a page (20)")
    parser.add_argument("--reach", choices=REACH, action="append", help="only as an officer of this (all)")
    parser.add_argument("--page", action="append", help="only pages of this name, and write no results")
    parser.add_argument("--keep", action="store_true", help="leave the copy, and use one that is there")
    options = parser.parse_args()
    people, holders, cases, rounds = (
        (PEOPLE, HOLDERS, case_load.CASES, ROUNDS) if not options.quick else (5000, 100, 2000, 2)
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
                    call_command("migrate", verbosity=0)  # one that was kept may be of an earlier day
                    clock.move_to(LAST_NOON)
                    found = measure(options.reach or list(REACH), rounds, tell, options.page)
            finally:
                if not options.keep:
                    server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
    text = table(found, options.reach or list(REACH), people, cases)
    if not options.page:
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
