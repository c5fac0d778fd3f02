"""Times competing ways of doing one thing in interleaved rounds; reports medians and ratios, as a table and as JSON."""

import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"


@dataclass
class Measured:
    """What one way took in each round, in seconds, and what else it said of itself (peak memory, counts)."""

    name: str
    units: int
    seconds: list[float] = field(default_factory=list)
    notes: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Units a second by the median round."""
        return self.units / statistics.median(self.seconds)


def interleave(
    ways: Mapping[str, tuple[int, Callable[[], Mapping[str, float] | None]]], rounds: int = 5
) -> dict[str, Measured]:
    """Run every way once a round, in turn; `ways` maps a name to (units of work, what to run).

    A way that returns a mapping with `seconds` timed itself (in a process of its own); other keys become notes.
    """
    measured = {name: Measured(name, units) for name, (units, _run) in ways.items()}
    for number in range(1, rounds + 1):
        for name, (_units, run) in ways.items():
            began = time.perf_counter()
            said = dict(run() or {})
            taken = said.pop("seconds", time.perf_counter() - began)
            measured[name].seconds.append(taken)
            for key, value in said.items():
                measured[name].notes[key] = max(value, measured[name].notes.get(key, 0.0))
            print(f"round {number}: {name}: {taken:.2f} s {said}", flush=True)  # noqa: T201
    return measured


def report(file: str, title: str, measured: Mapping[str, Measured], baseline: str, remarks: str = "") -> str:
    """Write `results/<file>.json` and return the table; ratios are rates over the baseline's rate."""
    base = measured[baseline].rate
    lines = [
        f"### {title}",
        "",
        "| way | median s | min–max s | units/s | ratio | notes |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name, one in measured.items():
        notes = ", ".join(f"{key} {value:,.0f}" for key, value in one.notes.items())
        lines.append(
            f"| {name} | {statistics.median(one.seconds):.2f} | {min(one.seconds):.2f}–{max(one.seconds):.2f} "
            f"| {one.rate:,.0f} | {one.rate / base:.3g} | {notes} |"
        )
    facts = {
        "title": title,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}",
        "baseline": baseline,
        "remarks": remarks,
        "ways": {
            name: {"units": one.units, "seconds": one.seconds, "rate": one.rate, "ratio": one.rate / base, **one.notes}
            for name, one in measured.items()
        },
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{file}.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    return "\n".join([*lines, "", remarks, ""])
