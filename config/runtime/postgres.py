"""The embedded PostgreSQL 18: makes the cluster, starts it, checks it, stops it.

Promises: Unix socket only; every database in C.UTF-8; three roles: `jifen_super` (bootstrap and repairs),
`jifen_owner` (owns the database, runs migrations), `jifen_app` (the application, owns nothing).
"""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from config.runtime import archive, tuning
from config.runtime.errors import RuntimeTrouble
from config.runtime.liveness import is_process
from config.runtime.paths import RuntimePaths
from config.runtime.programs import postgres_bin

SUPERUSER = "jifen_super"
OWNER = "jifen_owner"
APP = "jifen_app"
DATABASE = "jifen"
LOCALE = "C.UTF-8"
START_SECONDS = 60

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}


def start(paths: RuntimePaths) -> None:
    """Start the cluster, making it first if there is none; afterwards the roles and the database exist."""
    if not (paths.postgres_data / "PG_VERSION").exists():
        _make_cluster(paths)
    if not is_running(paths):
        start_server(paths)
    with _first_connection(paths) as connection:
        ensure_locale(connection)
        _ensure_roles(connection)
        ensure_database(connection, DATABASE)


def stop(paths: RuntimePaths) -> None:
    """Stop the cluster; whoever is still connected is disconnected. Data stay."""
    if is_running(paths):
        _pg_ctl(paths, "stop", "--mode=fast", f"--timeout={START_SECONDS}", "--wait")


def is_running(paths: RuntimePaths) -> bool:
    """Whether the postmaster of this cluster is alive; a stale pid file does not count."""
    return is_process(_pid(paths), str(paths.postgres_data))


def connect(paths: RuntimePaths, role: str, database: str) -> psycopg.Connection[TupleRow]:
    """An autocommit connection over the socket."""
    return psycopg.connect(host=str(paths.sockets), user=role, dbname=database, autocommit=True)


def ensure_locale(connection: psycopg.Connection[TupleRow]) -> None:
    """Refuse a cluster whose text rules are not C.UTF-8: Chinese names would sort and match differently."""
    row = connection.execute(
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = 'template1'"
    ).fetchone()
    if row != ("UTF8", LOCALE, LOCALE):
        raise RuntimeTrouble(
            f"The database cluster has encoding, collation and character type {row}, and must have "
            f"('UTF8', '{LOCALE}', '{LOCALE}'). Make it anew: dump it, remove var/postgres, start again, "
            "restore."
        )


def ensure_database(connection: psycopg.Connection[TupleRow], name: str, template: str | None = None) -> None:
    """Create a database that `jifen_owner` owns and strangers cannot enter, if it is not there."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    database = sql.Identifier(name)
    owner, app = sql.Identifier(OWNER), sql.Identifier(APP)
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner) + source)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))


def _ensure_roles(connection: psycopg.Connection[TupleRow]) -> None:
    for role in (OWNER, APP):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            options = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
            connection.execute(sql.SQL("CREATE ROLE {} " + options).format(sql.Identifier(role)))


def _first_connection(paths: RuntimePaths) -> psycopg.Connection[TupleRow]:
    """Connect, waiting while the server still recovers from a crash."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return connect(paths, SUPERUSER, "postgres")
        except psycopg.OperationalError:
            if time.monotonic() > deadline or not is_running(paths):
                raise
            time.sleep(0.1)


def _pid(paths: RuntimePaths) -> int | None:
    try:
        return int((paths.postgres_data / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _make_cluster(paths: RuntimePaths) -> None:
    """Make the cluster beside its place and move it there, so that an interrupted attempt leaves nothing."""
    data = paths.postgres_data.with_name("postgres-unfinished")
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    paths.account.take(data, 0o700)
    run_program(
        paths,
        "initdb",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        f"--locale={LOCALE}",
        "--locale-provider=builtin",
        f"--builtin-locale={LOCALE}",
        "--no-instructions",
        f"--pgdata={data}",
    )
    data.rename(paths.postgres_data)


def start_server(
    paths: RuntimePaths, *, extra: Mapping[str, str] | None = None, seconds: float = START_SECONDS
) -> None:
    """Start the postmaster of a cluster that is there, and wait until it takes connections.

    `extra` settings take the place of ours (a recovery brings some). Raises with the end of the log otherwise.
    """
    (paths.postgres_data / "postmaster.pid").unlink(missing_ok=True)
    settings = (
        OPTIONS
        | tuning.options()
        | archive.options(paths)
        | {"unix_socket_directories": str(paths.sockets)}
        | dict(extra or {})
    )
    options = " ".join(f"-c {name}={_quoted(value)}" for name, value in settings.items())
    log = paths.logs / "postgres.log"
    log.touch()
    paths.account.take(log, 0o644)
    result = _pg_ctl(
        paths,
        "start",
        "--wait",
        f"--timeout={seconds:.0f}",
        f"--log={log}",
        f"--options={options}",
        check=False,
    )
    if result.returncode != 0:
        raise RuntimeTrouble(f"PostgreSQL did not start. The end of {log}:\n{_tail(log)}")


def _pg_ctl(paths: RuntimePaths, action: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return run_program(paths, "pg_ctl", action, f"--pgdata={paths.postgres_data}", *arguments, check=check)


def run_program(
    paths: RuntimePaths, program: str, *arguments: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a server program under the servers' account.

    Its output goes to a file and not to a pipe, which the postmaster would keep open.
    """
    output = paths.logs / f"{program}.{os.getpid()}.log"
    with output.open("w+") as stream:
        result = subprocess.run(
            [str(postgres_bin(paths) / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=paths.state,
            env={"PATH": os.defpath, "LC_ALL": LOCALE, "TZ": "UTC"},
            start_new_session=True,
            check=False,
            **paths.account.popen_options(),  # type: ignore[call-overload]
        )
    text = output.read_text(errors="replace")
    output.unlink()
    if check and result.returncode != 0:
        raise RuntimeTrouble(f"{program} failed with exit code {result.returncode}:\n{text}")
    return subprocess.CompletedProcess(result.args, result.returncode, text, "")


def _quoted(value: str) -> str:
    """Quote an option value for pg_ctl, which hands the options to a shell."""
    return "'" + value.replace("'", "'\\''") + "'"


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
