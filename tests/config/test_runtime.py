"""The embedded services: started by whoever needs them, from anywhere, after a crash, and by two at once."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.env import PROJECT_DIR
from config.runtime import postgres, services, valkey
from config.runtime.account import Account
from config.runtime.errors import RuntimeTrouble
from config.runtime.paths import locate, prepare, runtime_paths

ATTACH = "from config.runtime import services; services.attach(); "
REPORT = "import json, dataclasses; print(json.dumps(dataclasses.asdict(services.status())))"


class OtherProject:
    """Services of their own under a directory of their own, used from other processes."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.paths = locate(var, runtime_paths().account)

    def popen(self, code: str, *, cwd: Path | str = PROJECT_DIR) -> "subprocess.Popen[str]":
        """Run Python code against these services."""
        return subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=cwd,
            env=os.environ | {"JIFEN_VAR_DIR": str(self.var), "PYTHONPATH": str(PROJECT_DIR)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, *, cwd: Path | str = PROJECT_DIR) -> str:
        """Run Python code to its end and return what it printed."""
        process = self.popen(code, cwd=cwd)
        output, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        return output

    def status(self) -> dict[str, object]:
        """What runs, seen from another process."""
        status: dict[str, object] = json.loads(self.run("from config.runtime import services; " + REPORT))
        return status

    def is_stopped(self) -> bool:
        """Whether neither service runs."""
        return not postgres.is_running(self.paths) and not valkey.is_running(self.paths)


@pytest.fixture
def project() -> Iterator[OtherProject]:
    with tempfile.TemporaryDirectory(prefix="jifen-var-") as folder:
        Path(folder).chmod(0o755)
        other = OtherProject(Path(folder) / "var")
        yield other
        if other.paths.state.exists():
            postgres.stop(other.paths)
            valkey.stop(other.paths)
            shutil.rmtree(other.paths.state)


def _staying_user(project: OtherProject) -> "subprocess.Popen[str]":
    process = project.popen(ATTACH + "print('up', flush=True); input()")
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process


def _leave(process: "subprocess.Popen[str]") -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def test_who_started_them_stops_them_and_data_stay(project: OtherProject) -> None:
    status = json.loads(project.run(ATTACH + REPORT))
    assert (status["postgres"], status["valkey"]) == (True, True)
    assert project.is_stopped()
    assert (project.paths.postgres_data / "PG_VERSION").read_text().strip() == "18"


def test_second_user_attaches_and_the_last_one_out_stops_them(project: OtherProject) -> None:
    first = _staying_user(project)
    second = _staying_user(project)
    assert project.status()["users"] == sorted([first.pid, second.pid])
    _leave(first)
    assert postgres.is_running(project.paths)
    assert valkey.is_running(project.paths)
    _leave(second)
    assert project.is_stopped()


def test_two_starting_at_once_share_one_server(project: OtherProject) -> None:
    both = [project.popen(ATTACH + "print('up', flush=True); input()") for _ in range(2)]
    for process in both:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
    for process in both:
        _leave(process)
    assert project.is_stopped()


def test_they_work_from_any_working_directory(project: OtherProject) -> None:
    status = json.loads(project.run(ATTACH + REPORT, cwd="/"))
    assert status["state"] == str(project.paths.state)
    assert status["postgres"] is True


def test_user_who_was_killed_is_not_counted(project: OtherProject) -> None:
    killed = _staying_user(project)
    killed.kill()
    killed.communicate()
    assert postgres.is_running(project.paths)
    project.run(ATTACH)
    assert project.is_stopped()


def test_killed_servers_are_started_again(project: OtherProject) -> None:
    user = _staying_user(project)
    pids = [
        int((project.paths.postgres_data / "postmaster.pid").read_text().split()[0]),
        int((project.paths.valkey_data / "valkey.pid").read_text()),
    ]
    user.kill()
    user.communicate()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert project.is_stopped()
    status = json.loads(project.run(ATTACH + REPORT))
    assert (status["postgres"], status["valkey"]) == (True, True)


def test_stale_pid_files_naming_a_living_stranger_do_not_matter(project: OtherProject) -> None:
    project.run(ATTACH)
    stranger = f"{os.getpid()}\n{project.paths.postgres_data}\n1700000000\n5432\n{project.paths.sockets}\n\n\nready\n"
    (project.paths.postgres_data / "postmaster.pid").write_text(stranger)
    (project.paths.valkey_data / "valkey.pid").write_text(f"{os.getpid()}\n")
    status = json.loads(project.run(ATTACH + REPORT))
    assert (status["postgres"], status["valkey"]) == (True, True)
    assert project.is_stopped()


def test_kept_services_stay_and_stop_refuses_while_they_are_used(project: OtherProject) -> None:
    project.run("from config.runtime import services; services.keep()")
    assert postgres.is_running(project.paths)
    user = _staying_user(project)
    with pytest.raises(RuntimeTrouble, match=str(user.pid)):
        services.stop(project.paths)
    _leave(user)
    assert postgres.is_running(project.paths)
    services.stop(project.paths)
    assert project.is_stopped()


def test_queued_work_survives_a_restart(project: OtherProject) -> None:
    client = "import redis; c = redis.Redis(unix_socket_path=str(services.runtime_paths().valkey_socket)); "
    project.run(ATTACH + client + "c.rpush('jifen', 'task')")
    assert project.run(ATTACH + client + "print(c.lrange('jifen', 0, -1))") == "[b'task']\n"


def test_directories_of_sockets_and_data_are_closed_to_others(project: OtherProject) -> None:
    project.run(ATTACH)
    for folder in (project.paths.sockets, project.paths.postgres_data, project.paths.valkey_data):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_socket_directory_made_by_somebody_else_is_refused(project: OtherProject) -> None:
    prepare(project.paths)
    project.paths.sockets.chmod(0o777)
    with pytest.raises(RuntimeTrouble, match="mode 0700"):
        prepare(project.paths)


def test_long_paths_get_a_short_socket_directory() -> None:
    account = Account(os.geteuid(), os.getegid(), switches=False)
    long = Path("/srv") / ("a-very-long-name/" * 8) / "var"
    sockets = locate(long, account).sockets
    assert sockets.parent == Path(tempfile.gettempdir())
    assert len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) <= 100
    assert locate(long.parent / "other", account).sockets != sockets


def test_cluster_follows_c_utf8() -> None:
    with postgres.connect(runtime_paths(), postgres.SUPERUSER, "postgres") as connection:
        postgres.ensure_locale(connection)
        row = connection.execute("SELECT upper('ä'), '耿晓敏' ~ '^\\w+$', 'Z' < 'a'").fetchone()
    assert row == ("Ä", True, True)


def test_cluster_with_other_text_rules_is_refused(project: OtherProject, monkeypatch: pytest.MonkeyPatch) -> None:
    project.run(ATTACH + "services.keep()")
    monkeypatch.setattr(postgres, "LOCALE", "zh_CN.UTF-8")
    with (
        postgres.connect(project.paths, postgres.SUPERUSER, "postgres") as connection,
        pytest.raises(RuntimeTrouble, match=r"zh_CN\.UTF-8"),
    ):
        postgres.ensure_locale(connection)


def test_application_and_owner_are_ordinary_roles() -> None:
    with postgres.connect(runtime_paths(), postgres.SUPERUSER, "postgres") as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles "
            "WHERE rolname IN (%s, %s) "
            "ORDER BY rolname",
            [postgres.APP, postgres.OWNER],
        ).fetchall()
    assert rows == [("jifen_app", False, False, False), ("jifen_owner", False, False, False)]


def test_nothing_listens_on_the_network() -> None:
    with postgres.connect(runtime_paths(), postgres.SUPERUSER, "postgres") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host="127.0.0.1", user=postgres.APP, dbname=postgres.DATABASE, connect_timeout=2, port=54321)
