"""A polite end for commands: SIGTERM unwinds like Ctrl-C does, so that services we started are stopped."""

import signal
import sys
from types import FrameType


def exit_on_terminate() -> None:
    """Turn SIGTERM into SystemExit(143) so that `finally` blocks and exit hooks run."""
    signal.signal(signal.SIGTERM, _exit)


def _exit(signum: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signum)
