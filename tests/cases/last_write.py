"""Making the last write of a service fail, to see that nothing of it remains."""

import pytest


class LastWriteError(Exception):
    """Stands for a database or disk that gives out at the last moment."""


def fail_on(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """Make a function fail that a service calls last."""

    def fails(*args: object, **kwargs: object) -> None:
        raise LastWriteError

    monkeypatch.setattr(target, fails)
