"""Where the embedded services live: data and logs under `var/`, sockets in a directory only their account may
enter.

Two things can push a directory elsewhere. A socket path longer than the kernel allows (about 107 bytes) moves
the sockets to a short hashed directory under the system's temp directory. And when root runs the servers
under another account that cannot pass through the directories above the project (a clone in /root), their
data and a copy of the server programs go to /var/lib/jifen/<id>, where <id> is remembered in
`var/instance-id`.
"""

import hashlib
import os
import tempfile
import uuid
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from config.env import PROJECT_DIR, VAR_DIR
from config.runtime.account import Account, server_account
from config.runtime.errors import RuntimeTrouble

SOCKET_PATH_MAX = 100
SYSTEM_STATE_DIR = Path("/var/lib/jifen")


@dataclass(frozen=True)
class RuntimePaths:
    """Every path of one set of embedded services, and the account that owns them."""

    account: Account
    var: Path
    state: Path
    sockets: Path

    @property
    def postgres_data(self) -> Path:
        """The PostgreSQL cluster."""
        return self.state / "postgres"

    @property
    def valkey_data(self) -> Path:
        """Valkey's append-only file, configuration and pid file."""
        return self.state / "valkey"

    @property
    def archive(self) -> Path:
        """Backups of the cluster and its write-ahead log, unless they are told to go elsewhere."""
        return self.state / "archive"

    @property
    def logs(self) -> Path:
        """What the servers and child processes print."""
        return self.state / "log"

    @property
    def lease(self) -> Path:
        """The lock file and the marks of those who use the services."""
        return self.var / "lease"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's Unix socket."""
        return self.sockets / "valkey.sock"


@lru_cache(maxsize=1)
def runtime_paths() -> RuntimePaths:
    """The paths of this project's services. Creates nothing but, where it is needed, the instance id."""
    return locate(VAR_DIR, server_account(PROJECT_DIR))


def locate(var: Path, account: Account) -> RuntimePaths:
    """Work out the paths for services whose data belong under `var` and which run as `account`."""
    state = var if account.can_reach(var) else SYSTEM_STATE_DIR / _instance_id(var)
    sockets = state / "run"
    if len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) > SOCKET_PATH_MAX:
        digest = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
        sockets = Path(tempfile.gettempdir()) / f"jifen-{account.uid}-{digest}"
    return RuntimePaths(account=account, var=var, state=state, sockets=sockets)


def prepare(paths: RuntimePaths) -> None:
    """Create the directories; refuse a socket directory that somebody else made."""
    folders = ((paths.var, 0o755), (paths.lease, 0o755), (paths.state, 0o755), (paths.logs, 0o755))
    try:
        for folder, mode in (*folders, (paths.sockets, 0o700)):
            if not folder.exists():
                folder.mkdir(parents=True, exist_ok=True)
                paths.account.take(folder, mode)
    except PermissionError as error:
        raise RuntimeTrouble(
            f"{error.filename} cannot be made. Run as the owner of the project, or set JIFEN_VAR_DIR to a "
            "directory of your own."
        ) from error
    status = paths.sockets.lstat()
    if status.st_uid != paths.account.uid or status.st_mode & 0o077:
        raise RuntimeTrouble(
            f"{paths.sockets} must belong to uid {paths.account.uid} with mode 0700, because whoever may "
            "enter it may use the database. It does not. Remove it, or run as the user who started the "
            "services before."
        )


def _instance_id(var: Path) -> str:
    mark = var / "instance-id"
    if not mark.exists():
        var.mkdir(parents=True, exist_ok=True)
        fresh = mark.with_suffix(f".{os.getpid()}")
        fresh.write_text(uuid.uuid4().hex)
        with suppress(FileExistsError):
            os.link(fresh, mark)
        fresh.unlink()
    return mark.read_text().strip()
