"""Generated populations: institutions, people and registrations, the same for the same seed. Plainly fictional.

Pure but for reading the list of institutions; `population_roster` writes it as a roster, `population_tables` into the
tables.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from institutions.services.population_names import Names

DEMO_INSTITUTIONS = Path(__file__).resolve().parents[1] / "demo_data" / "hospitals.csv"
SECOND_SITE_SHARE = 0.05
LEFT_SHARE = 0.04
FIRST_DAY, DAYS = date(2012, 1, 1), 13 * 365
COMMITTED_FROM = date(2024, 10, 1)
CATEGORIES = ("physician", "nurse", "pharmacist", "technician", "fee_reviewer")
CATEGORY_WEIGHTS = (40, 84, 92, 98, 100)  # cumulative, per cent
PREFIXES = {"physician": "D", "nurse": "N", "pharmacist": "HY", "technician": "HJ", "fee_reviewer": "SH"}
DEPARTMENTS = (
    "内科",
    "外科",
    "妇产科",
    "儿科",
    "急诊科",
    "中医科",
    "骨科",
    "眼科",
    "检验科",
    "影像科",
    "药剂科",
    "医保办",
)
POSITIONS = ("主任医师", "副主任医师", "主治医师", "医师", "主管护师", "护师", "护士", "主管药师", "药师", "技师")
KINDS = (("hospital", "H", "医院"), ("clinic", "H", "诊所"), ("pharmacy", "P", "药店"))


@dataclass(frozen=True, slots=True)
class Place:
    """An institution."""

    code: str
    name: str
    kind: str
    region: str


@dataclass(frozen=True, slots=True)
class Spell:
    """A registration of a generated person."""

    place: int
    starts_on: date
    ends_on: date | None
    department: str
    position: str
    commitment_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A generated person; `number` counts from 0."""

    number: int
    name: str
    category: str
    code: str
    spells: tuple[Spell, ...]


def load_places(source: Path | None, count: int | None) -> list[Place]:
    """Return institutions of a CSV file (`code name kind region`, or `name city_code` with codes to be made).

    Without a file the shipped list of hospitals; with `count` the first so many, and made-up ones beyond its end.
    """
    with (source or DEMO_INSTITUTIONS).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    places: list[Place] = []
    numbers: dict[str, int] = {}
    for row in rows:
        region = row.get("region") or row.get("city_code") or ""
        numbers[region] = numbers.get(region, 0) + 1
        code = row.get("code") or f"H{region}{numbers[region]:05d}"
        places.append(Place(code, row["name"].strip(), row.get("kind") or "hospital", region))
    if count is None:
        return places
    regions = sorted(numbers)
    for extra in range(len(places), count):
        region = regions[extra % len(regions)]
        numbers[region] += 1
        kind, letter, word = KINDS[extra % len(KINDS)]
        places.append(Place(f"{letter}{region}{numbers[region]:05d}", f"虚拟第{extra + 1}{word}", kind, region))
    return places[:count]


def generate_people(places: list[Place], practitioners: int, seed: int, until: date) -> Iterator[Person]:
    """Yield people with their registrations, none of which begins after `until`."""
    random = Random(seed)  # noqa: S311  has to be the same for the same seed
    names = Names()
    days = min(DAYS, (until - FIRST_DAY).days)
    for number in range(practitioners):
        category = random.choices(CATEGORIES, cum_weights=CATEGORY_WEIGHTS)[0]
        place = int(random.random() ** 2 * len(places))  # a few large institutions, many small ones
        spells = [_spell(random, place, days, until)]
        if random.random() < SECOND_SITE_SHARE and len(places) > 1:
            other = (place + 1 + int(random.random() * (len(places) - 1))) % len(places)
            spells.append(_spell(random, other, days, until))
        code = f"{PREFIXES[category]}{places[place].region}{number % 1_000_000:06d}"
        if number >= 1_000_000:
            code += f"{number // 1_000_000}"  # more people than the scheme has numbers: kept and flagged
        yield Person(number, names.draw(random), category, code, tuple(spells))


def _spell(random: Random, place: int, days: int, until: date) -> Spell:
    starts_on = FIRST_DAY + timedelta(days=int(random.random() * days))
    ends_on = None
    if random.random() < LEFT_SHARE:
        ends_on = starts_on + timedelta(days=30 + int(random.random() * 1000))
        ends_on = ends_on if ends_on < until else None
    signed = COMMITTED_FROM + timedelta(days=int(random.random() * 90))
    return Spell(
        place,
        starts_on,
        ends_on,
        DEPARTMENTS[int(random.random() * len(DEPARTMENTS))],
        POSITIONS[int(random.random() * len(POSITIONS))],
        max(signed, starts_on) if ends_on is None else None,
    )
