"""Results as a page of their own: table, chart (SVG, drawn here), the machine, and the numbers as JSON."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from benchmarks.timing import RESULTS

WIDTH, ROW_HEIGHT, LEFT = 860, 46, 16


@dataclass(frozen=True)
class Bar:
    """One way: its rate by the clock and by processor time, and a remark for the table."""

    name: str
    by_clock: float
    by_cpu: float
    remark: str = ""


def write_report(
    file: str,
    title: str,
    bars: Sequence[Bar],
    baseline: str,
    budgets: Sequence[str],
    notes: Sequence[str],
    rounds: Mapping[str, object],
    *,
    unit: str = "requests",
    remark: str = "p99 ms",
) -> None:
    """Write `results/<file>.md`, `.svg` and `.json`, and print the page."""
    base = next(bar for bar in bars if bar.name == baseline)
    lines = [
        f"# {title}",
        "",
        f"{machine()} Load (1, 5, 15 minutes): {', '.join(f'{load:.1f}' for load in os.getloadavg())}."
        f" {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. Medians of interleaved rounds.",
        "",
        f"| way | {unit}/s | ratio | {unit} per s of processor | ratio | {remark} |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for bar in bars:
        lines.append(
            f"| {bar.name} | {bar.by_clock:,.0f} | {bar.by_clock / base.by_clock:.3g} | {bar.by_cpu:,.0f} "
            f"| {bar.by_cpu / base.by_cpu:.3g} | {bar.remark} |"
        )
    page = "\n".join([*lines, "", f"![{title}]({file}.svg)", "", *budgets, "", *(f"- {note}" for note in notes), ""])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{file}.md").write_text(page)
    (RESULTS / f"{file}.svg").write_text(chart(title, bars, f"{unit} per second of processor time"))
    facts = {"title": title, "at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    whole = facts | {"load": [round(load, 1) for load in os.getloadavg()], "notes": list(notes), "rounds": rounds}
    (RESULTS / f"{file}.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    print(page)  # noqa: T201


def machine() -> str:
    """Describe the machine in one sentence."""
    try:
        info = Path("/proc/cpuinfo").read_text()
        model = next(line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.machine()
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores ({model}), {pages * size / 2**30:.0f} GB, Linux {platform.release()}, {python}."


def chart(title: str, bars: Sequence[Bar], axis: str) -> str:
    """Draw the bars by processor time, longest first; readable in light and dark."""
    ordered = sorted(bars, key=lambda bar: -bar.by_cpu)
    longest, height = ordered[0].by_cpu, 64 + ROW_HEIGHT * len(ordered)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">',
        f"<title>{escape(title)}</title>",
        "<style>text{fill:#1d2b2a}rect.bar{fill:#0d6b63}rect.page{fill:#fff}"
        "@media (prefers-color-scheme: dark){text{fill:#e6efee}rect.bar{fill:#4fb3a9}rect.page{fill:#10201f}}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}"/>',
        f'<text x="{LEFT}" y="24" font-size="16" font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="44" font-size="12">{escape(axis)}</text>',
    ]
    for place, bar in enumerate(ordered):
        top = 58 + place * ROW_HEIGHT
        length = max(2.0, (WIDTH - 140) * bar.by_cpu / longest)
        parts.append(f'<text x="{LEFT}" y="{top + 12}" font-size="12">{escape(bar.name)}</text>')
        parts.append(f'<rect class="bar" x="{LEFT}" y="{top + 17}" width="{length:.0f}" height="16" rx="2"/>')
        value = f"{bar.by_cpu:,.0f}"
        parts.append(f'<text x="{LEFT + length + 8:.0f}" y="{top + 30}" font-size="12">{value}</text>')
    return "\n".join([*parts, "</svg>", ""])
