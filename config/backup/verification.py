"""Proof after a restore: the restored server is started and the product's own checks run on it."""

import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from config import env
from config.runtime import services
from config.runtime.paths import RuntimePaths

CHECKS = ("verify_ledger", "verify_evidence")


@dataclass(frozen=True)
class CheckResult:
    """What one check printed and whether it passed."""

    name: str
    passed: bool
    output: str


def verify(paths: RuntimePaths) -> list[CheckResult]:
    """Run every check on the services of `paths`, each in a process of its own, all at once."""
    services.attach(paths)
    try:
        with ThreadPoolExecutor(len(CHECKS)) as pool:
            return list(pool.map(lambda name: _run(name, {"JIFEN_VAR_DIR": str(paths.var)}), CHECKS))
    finally:
        services.detach(paths)


def _run(name: str, extra: Mapping[str, str]) -> CheckResult:
    done = subprocess.run(
        [sys.executable, str(env.PROJECT_DIR / "manage.py"), name],
        env=env.for_children(extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return CheckResult(name, done.returncode == 0, (done.stdout + done.stderr).strip())
