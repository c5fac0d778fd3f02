"""A generated population straight into the tables, by COPY: for rehearsals at the size of a country.

Row histories are written as for every other change. Keys and public ids follow from the seed and the last day, so that
the same population can be made twice; no real person is in it. While the database takes one batch, a thread prepares
the next.
"""

import base64
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice

import pghistory
from django.db import connection, transaction

from institutions import codes
from institutions.models import Institution
from institutions.services import audit
from institutions.services.locks import lock_roster
from institutions.services.population import Person, Place
from institutions.services.population_names import Readings

BATCH = 20_000
COPY_PEOPLE = (
    "COPY institutions_practitioner (id, slug, name, category, pinyin, initials, is_provisional, created_at, "
    "profile_changed_at) FROM STDIN"
)
COPY_CODES = (
    'COPY institutions_practitionercode (practitioner_id, code, scheme, source, flagged, "primary", recorded_at) '
    "FROM STDIN"
)
COPY_SPELLS = (
    "COPY institutions_registration (id, practitioner_id, institution_id, starts_on, ends_on, department, position, "
    "specialty, commitment_on) FROM STDIN WITH (FORMAT text, NULL '\\N')"
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of generated rows: version 7 UUIDs of one instant, in the order of the people."""

    seed: int
    milliseconds: int

    def of(self, kind: int, number: int) -> uuid.UUID:
        """Return the key of the row `number` of a kind (0 people, 1 registrations, 2 and above the caller's)."""
        return uuid.UUID(self.text(kind, number))

    def text(self, kind: int, number: int) -> str:
        """Return the same key as text."""
        low = f"{0x2 << 62 | kind << 58 | (self.seed & 0x3FF) << 48 | number:016x}"
        high = f"{self.milliseconds:012x}"
        return f"{high[:8]}-{high[8:]}-7000-{low[:4]}-{low[4:]}"

    def slug(self, number: int) -> str:
        """Return the public id of the person `number`."""
        drawn = hashlib.blake2b(f"{self.seed}:{number}".encode(), digest_size=10).digest()
        return base64.b32encode(drawn).decode("ascii").lower()


def keys_for(seed: int, until: date) -> Keys:
    """Return the keys of the population of a seed in which nothing is later than a date."""
    return Keys(seed, int(datetime.combine(until, time(), UTC).timestamp() * 1000))


def write_tables(
    people: Iterable[Person],
    places: list[Place],
    *,
    keys: Keys,
    now: datetime,
    told: Callable[[int], None] | None = None,
) -> int:
    """Insert a population, a batch of people in each transaction; return how many people.

    Institutions that are on record under their codes stay as they are. Refused by the database where codes or public
    ids are taken, as by the same population made before. `people` is read in a thread.
    """
    place_ids = _places(places)
    batches = _batches(iter(people), place_ids, keys, now)
    done = 0
    with ThreadPoolExecutor(max_workers=1) as ahead:
        coming = ahead.submit(next, batches, None)
        while batch := coming.result():
            coming = ahead.submit(next, batches, None)
            with pghistory.context(population=keys.seed), transaction.atomic():
                lock_roster()
                _copy(batch)
            done += batch.people
            if told is not None:
                told(done)
    audit.record_event(
        action="population.generated",
        subject=f"population:{keys.seed}",
        by=None,
        now=now,
        detail={"practitioners": done, "institutions": len(places)},
    )
    return done


def _places(places: list[Place]) -> list[uuid.UUID]:
    rows = [
        Institution(
            code=place.code,
            code_flagged=not codes.is_usual_institution_code(place.code),
            name=place.name,
            kind=place.kind,
            region_id=place.region,
        )
        for place in places
    ]
    Institution.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)
    found = dict(Institution.objects.filter(code__in=[place.code for place in places]).values_list("code", "id"))
    return [found[place.code] for place in places]


@dataclass(frozen=True, slots=True)
class _Batch:
    """So many people, and what COPY reads, statement by statement."""

    people: int
    copies: tuple[tuple[str, str], ...]


def _batches(stream: Iterator[Person], place_ids: list[uuid.UUID], keys: Keys, now: datetime) -> Iterator[_Batch]:
    at, readings = now.isoformat(), Readings()
    places = list(map(str, place_ids))
    while batch := list(islice(stream, BATCH)):
        people, coded, spells = [], [], []
        for person in batch:
            key = keys.text(0, person.number)
            pinyin, initials = readings[person.name]
            slug = keys.slug(person.number)
            people.append(f"{key}\t{slug}\t{person.name}\t{person.category}\t{pinyin}\t{initials}\tf\t{at}\t{at}\n")
            scheme = codes.practitioner_scheme(person.code)
            coded.append(f"{key}\t{person.code}\t{scheme}\troster\t{'t' if scheme == codes.OTHER else 'f'}\tt\t{at}\n")
            for place, spell in enumerate(person.spells):
                spells.append(
                    f"{keys.text(1, person.number * 4 + place)}\t{key}\t{places[spell.place]}\t{spell.starts_on}\t"
                    f"{_day(spell.ends_on)}\t{spell.department}\t{spell.position}\t\t{_day(spell.commitment_on)}\n"
                )
        copies = ((COPY_PEOPLE, people), (COPY_CODES, coded), (COPY_SPELLS, spells))
        yield _Batch(len(batch), tuple((statement, "".join(lines)) for statement, lines in copies))


def _copy(batch: _Batch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE institutions_region SET name = name WHERE false"
        )  # carries the history's context to COPY
        for statement, lines in batch.copies:
            with cursor.copy(statement) as copy:
                copy.write(lines)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "\\N"
