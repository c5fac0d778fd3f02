"""Kills a process in the middle of its work: at the n-th statement after a bomb was laid.

A bomb is a file that names who it waits for, after how many of their statements it goes off, and whom it kills. The
process that reaches the number takes the file away and kills with SIGKILL: itself with its whole process group, the
database with every server process of it, or the timetable. Only for processes that a test has started.
"""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from django.db.backends.signals import connection_created

BOMB = "bomb.json"
counted: dict[str, int] = {}


def lay(folder: Path, *, waits_for: str, after: int, kills: str, name: str) -> None:
    """Lay a bomb, whole or not at all."""
    draft = folder / f"{BOMB}.draft"
    draft.write_text(json.dumps({"name": name, "waits_for": waits_for, "after": after, "kills": kills}))
    draft.rename(folder / BOMB)


def laid(folder: Path) -> dict[str, Any] | None:
    """The bomb that waits, or None."""
    try:
        return dict(json.loads((folder / BOMB).read_text()))
    except FileNotFoundError:
        return None


def install(folder: Path, who: str) -> None:
    """Count the statements of every connection that this process opens from now on."""

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        _tick(folder, who)
        return execute(sql, params, many, context)

    def on_connect(connection: Any, **_kwargs: Any) -> None:
        if not any(getattr(wrapper, "counts_for_bombs", False) for wrapper in connection.execute_wrappers):
            connection.execute_wrappers.append(count)

    count.counts_for_bombs = True  # type: ignore[attr-defined]
    connection_created.connect(on_connect, weak=False)


def kill_tree(pid: int) -> None:
    """SIGKILL a process and everything below it."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def _tick(folder: Path, who: str) -> None:
    bomb = laid(folder)
    if bomb is None or bomb["waits_for"] != who:
        return
    counted[bomb["name"]] = counted.get(bomb["name"], 0) + 1
    if counted[bomb["name"]] < bomb["after"]:
        return
    try:
        (folder / BOMB).rename(folder / f"{bomb['name']}.exploded")
    except FileNotFoundError:  # another process of the same name was quicker
        return
    if bomb["kills"] == "self":
        os.killpg(os.getpgid(0), signal.SIGKILL)
    kill_tree(int((folder / f"{bomb['kills']}.pid").read_text()))
