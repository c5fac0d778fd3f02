"""What a stranger may know about one person: the allow-list. What has no field here is not public."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import cast

from institutions.json_types import Json


@dataclass(frozen=True)
class PublicSite:
    """An institution where the person is registered."""

    code: str
    name: str
    region: str


@dataclass(frozen=True)
class PublicYear:
    """The points of one year."""

    year: int
    points: int


@dataclass(frozen=True)
class PublicClause:
    """An item of the negative list, in both languages."""

    code: str
    title: str
    title_en: str


@dataclass(frozen=True)
class PublicEntry:
    """One effective entry: points, when, where, under which clause. No case number, no amount, no act.

    ``basis`` is the kind of decision against the institution ("" where the entry does not say). Nothing says that an
    award was reduced: a page tells what is so, as though it had been decided so at once.
    """

    kind: str
    effective_on: str
    year: int
    points: int
    clauses: tuple[PublicClause, ...]
    institution_name: str
    basis: str


@dataclass(frozen=True)
class PublicStatement:
    """What the person says about the decision that took effect on a day, and since when it is shown."""

    about: str
    text: str
    published_on: str


@dataclass(frozen=True)
class PublicChange:
    """A status that is coming by decisions that have taken effect: from when, and the last day if there is one."""

    status: str
    starts_on: str
    until: str | None


@dataclass(frozen=True)
class PublicRulebook:
    """The rules the page is judged by."""

    id: str
    version: int
    title: str
    title_en: str
    full_at: int
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class PublicScorecard:
    """The published facts of one person, all of them; what is not here is not public.

    Dates are Shanghai dates as ISO text; ``until`` is the last day. ``points`` and ``entries`` are
    empty where the rulebook's publication mode hides them.
    """

    slug: str
    name: str
    category: str
    institutions: tuple[PublicSite, ...]
    status: str
    status_from: str | None
    until: str | None
    may_reapply: bool
    points: int | None
    points_by_year: tuple[PublicYear, ...]
    entries: tuple[PublicEntry, ...]
    statements: tuple[PublicStatement, ...]
    next_change: PublicChange | None
    under_appeal: bool
    next_reset_on: str
    rulebook: PublicRulebook
    mode: str

    def as_json(self) -> dict[str, Json]:
        """The facts as they are stored and sent."""
        return cast("dict[str, Json]", json.loads(json.dumps(vars(self), default=vars)))

    @staticmethod
    def from_json(body: dict[str, Json]) -> PublicScorecard:
        """The same facts, read back from a published row."""
        row = cast("dict[str, list[dict[str, object]]]", body)
        entries = tuple(
            PublicEntry(**(e | {"clauses": tuple(PublicClause(**c) for c in e["clauses"])}))  # type: ignore[arg-type, attr-defined]
            for e in row["entries"]
        )
        plain = {f.name: body[f.name] for f in fields(PublicScorecard)}
        book = cast("dict[str, object]", body["rulebook"])
        change = cast("dict[str, str] | None", body["next_change"])
        nested = {
            "statements": tuple(PublicStatement(**s) for s in row["statements"]),  # type: ignore[arg-type]
            "next_change": None if change is None else PublicChange(**change),
            "institutions": tuple(PublicSite(**s) for s in row["institutions"]),  # type: ignore[arg-type]
            "points_by_year": tuple(PublicYear(**y) for y in row["points_by_year"]),  # type: ignore[arg-type]
            "entries": entries,
            "rulebook": PublicRulebook(**(book | {"assumptions": tuple(book["assumptions"])})),  # type: ignore[arg-type]
        }
        return PublicScorecard(**(plain | nested))  # type: ignore[arg-type]
