"""Times competing ways of doing one thing in interleaved rounds; reports medians and ratios, as a table and as JSON."""

import json
import os
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
    """What one way took in each round, in seconds, and what else it said of itself (peak memory, counts).

    `cpu` are seconds of processor time of the process and its database session together, where the way said so: on a
    machine that does other things they say more than the time on the wall.
    """

    name: str
    units: int
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    notes: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Units a second by the median round."""
        return self.units / statistics.median(self.seconds)

    @property
    def cpu_rate(self) -> float | None:
        """Units a second of processor time by the median round, where it was measured."""
        return self.units / statistics.median(self.cpu) if self.cpu else None


def interleave(
    ways: Mapping[str, tuple[int, Callable[[], Mapping[str, float] | None]]], rounds: int = 5
) -> dict[str, Measured]:
    """Run every way once a round, in turn; `ways` maps a name to (units of work, what to run).

    A way that returns a mapping with `seconds` timed itself (in a process of its own); `cpu` is processor time; other
    keys become notes.
    """
    measured = {name: Measured(name, units) for name, (units, _run) in ways.items()}
    for number in range(1, rounds + 1):
        for name, (_units, run) in ways.items():
            began = time.perf_counter()
            said = dict(run() or {})
            taken = said.pop("seconds", time.perf_counter() - began)
            measured[name].seconds.append(taken)
            if "cpu" in said:
                measured[name].cpu.append(said.pop("cpu"))
            for key, value in said.items():
                measured[name].notes[key] = max(value, measured[name].notes.get(key, 0.0))
            print(f"round {number}: {name}: {taken:.2f} s {said}", flush=True)  # noqa: T201
    return measured


def report(file: str, title: str, measured: Mapping[str, Measured], baseline: str, remarks: str = "") -> str:
    """Write `results/<file>.json` and return the table; ratios are rates over the baseline's rate."""
    base, base_cpu = measured[baseline].rate, measured[baseline].cpu_rate
    lines = [
        f"### {title}",
        "",
        "| way | median s | min–max s | units/s | ratio | of CPU s | ratio | notes |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for name, one in measured.items():
        notes = ", ".join(f"{key} {value:,.0f}" for key, value in one.notes.items())
        cpu = f"{statistics.median(one.cpu):.2f}" if one.cpu else ""
        cpu_ratio = f"{one.cpu_rate / base_cpu:.3g}" if one.cpu_rate and base_cpu else ""
        lines.append(
            f"| {name} | {statistics.median(one.seconds):.2f} | {min(one.seconds):.2f}–{max(one.seconds):.2f} "
            f"| {one.rate:,.0f} | {one.rate / base:.3g} | {cpu} | {cpu_ratio} | {notes} |"
        )
    facts = {
        "title": title,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}",
        "load": [round(load, 1) for load in os.getloadavg()],
        "baseline": baseline,
        "remarks": remarks,
        "ways": {
            name: {
                "units": one.units,
                "seconds": one.seconds,
                "cpu": one.cpu,
                "rate": one.rate,
                "ratio": one.rate / base,
                **one.notes,
            }
            for name, one in measured.items()
        },
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{file}.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return "\n".join([*lines, "", f"Load of the machine at the end (1, 5, 15 minutes): {load}. {remarks}".rstrip(), ""])
