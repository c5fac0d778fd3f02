"""A real Celery worker on a real broker, for tests of the whole pipeline."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from config import processes
from config.celery import app
from config.runtime import valkey
from config.runtime.paths import prepare, runtime_paths


class Worker:
    """A running worker process."""

    def __init__(self, child: processes.Child) -> None:
        self.child = child

    def wait_until(self, condition: Callable[[], bool], *, seconds: float = 30) -> None:
        """Wait until the condition holds; fail with the worker's log if it does not come true."""
        try:
            wait_until(condition, seconds=seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\nThe worker's log:\n{self.child.output()[-4000:]}") from None


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait until the condition holds, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Not true after {seconds} seconds: {condition}")
        time.sleep(0.05)


@contextmanager
def private_valkey() -> Iterator[str]:
    """A Valkey of our own, so that no other session's worker takes this one's tasks."""
    with tempfile.TemporaryDirectory(prefix="jifen-broker-") as short:
        home = Path(short)
        home.chmod(0o711)
        paths = replace(runtime_paths(), var=home / "var", state=home / "state", sockets=home / "run")
        prepare(paths)
        valkey.start(paths)
        try:
            yield valkey.broker_url(paths)
        finally:
            valkey.stop(paths)


@contextmanager
def worker(database: str, broker: str) -> Iterator[Worker]:
    """Start a worker on `database` and `broker`, and point this process's publisher to the same broker."""
    extra = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "JIFEN_TEST_DATABASE": database,
        "CELERY_BROKER_URL": broker,
    }
    with (
        tempfile.TemporaryDirectory(prefix="jifen-worker-") as folder,
        _publishing_to(broker),
        processes.running_worker(log=Path(folder) / "worker.log", extra=extra) as child,
    ):
        yield Worker(child)


@contextmanager
def _publishing_to(broker: str) -> Iterator[None]:
    before = app.conf.broker_url
    _use_broker(broker)
    try:
        yield
    finally:
        _use_broker(before)


def _use_broker(url: str) -> None:
    app.conf.update(broker_url=url)
    app._pool = None  # type: ignore[attr-defined]
    app.amqp._producer_pool = None  # type: ignore[attr-defined]
