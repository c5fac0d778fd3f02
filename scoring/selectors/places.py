"""Names of places for pages: from a GB/T 2260 code to province, city and county."""

from __future__ import annotations

from collections.abc import Iterable

from institutions.models import Region

UNNAMED = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}  # levels that are only a heading


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the full name of each region, largest part first: 150422 → 内蒙古自治区赤峰市巴林左旗. One query."""
    wanted = {code: [code[:2] + "0000", code[:4] + "00", code] for code in codes if len(code) == 6}
    every = {part for parts in wanted.values() for part in parts}
    names = dict(Region.objects.filter(code__in=every).values_list("code", "name"))
    return {code: _joined([names.get(part, "") for part in dict.fromkeys(parts)]) for code, parts in wanted.items()}


def provinces() -> list[tuple[str, str]]:
    """Return the present provinces as (two-digit prefix, name), in the order of their codes."""
    rows = Region.objects.filter(parent__isnull=True, is_current=True, code__endswith="0000").order_by("code")
    return [(code[:2], name) for code, name in rows.values_list("code", "name")]


def _joined(names: list[str]) -> str:
    return "".join(name for name in names if name and name not in UNNAMED)
