"""All benchmarks, one after another, each in a process of its own: `make bench`, or `make bench-quick` at small sizes.

    python -m benchmarks.run [--quick] [NAME ...]

Each writes its table into `benchmarks/results/`. Databases and files are made under `JIFEN_VAR_DIR`; small sizes show
that everything runs, not how fast it is. Ends with an error where one of them failed.
"""

import argparse
import subprocess
import sys
import time

# What each measures is said in its docstring; budgets are in its table.
MODULES = (
    "roster_refresh",
    "roster_first_load",
    "roster_whole",
    "roster_names",
    "nightly",
    "admin_lists",
    "public_pages",
    "publication",
)


def run(name: str, *, quick: bool) -> int:
    """Run one benchmark; return its exit code."""
    began = time.perf_counter()
    command = [sys.executable, "-m", f"benchmarks.{name}", *(["--quick"] if quick else [])]
    code = subprocess.run(command, check=False).returncode
    print(f"== {name}: exit {code}, {time.perf_counter() - began:.0f} s", flush=True)  # noqa: T201
    return code


def main() -> None:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MODULES))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    unknown = set(options.names) - set(MODULES)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    failed = [name for name in options.names or MODULES if run(name, quick=options.quick)]
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
