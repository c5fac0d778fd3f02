"""`manage.py up` serves everything and leaves nothing behind; the pipeline's worker is a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from django.utils import timezone

from config import processes
from config.celery import app
from config.env import PROJECT_DIR
from institutions.models import JobRun
from tests.infrastructure.databases import TestDatabase
from tests.infrastructure.pipeline import Worker, wait_until


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _up(database: TestDatabase, broker: str, port: int) -> Iterator["subprocess.Popen[str]"]:
    """`manage.py up` on the test database, once it has said that it is ready."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port)],
        cwd=PROJECT_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "JIFEN_TEST_DATABASE": database.name,
            "CELERY_BROKER_URL": broker,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        assert process.poll() is None, "".join(said)
        yield process
    finally:
        process.kill()
        process.communicate()


def _children(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_up_serves_and_leaves_no_process_behind(
    django_db_setup: TestDatabase, private_broker: str, ending: signal.Signals
) -> None:
    port = _free_port()
    with _up(django_db_setup, private_broker, port) as process:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/schema/") as response:
            assert response.status == 200
        children = _children(process)
        assert len(children) >= 3
        process.send_signal(ending)
        code = process.wait(60)
    wait_until(lambda: not any(child.is_running() for child in children))
    assert code == {signal.SIGINT: 0, signal.SIGTERM: 143, signal.SIGKILL: -9}[ending]


def test_port_in_use_is_said_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(processes.ProcessTrouble, match=rf"Port {port} .* is in use"):
            processes.ensure_port_free("127.0.0.1", port)


@pytest.mark.django_db(transaction=True)
def test_worker_takes_tasks_from_the_broker_and_works_on_this_database(celery_worker_process: Worker) -> None:
    assert celery_worker_process.child.process.pid != os.getpid()
    app.send_task("institutions.deliver_notices", kwargs={"for_date": "2025-06-10"})
    celery_worker_process.wait_until(lambda: JobRun.objects.filter(for_date="2025-06-10").exists())


@pytest.mark.django_db(transaction=True)
def test_without_a_worker_a_published_task_stays_unrun() -> None:
    app.send_task("institutions.deliver_notices", kwargs={"for_date": f"{timezone.now():%Y-%m-%d}"})
    assert not JobRun.objects.exists()
