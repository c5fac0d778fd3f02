"""Reading the negative list (负面清单) of a pack: clauses, their bands, suggestions and references."""

from __future__ import annotations

import re

from scoring.policy.rulebook_parts import Band, BasisKind, Clause, Degree
from scoring.policy.section import Section, is_whole

CODE = re.compile(r"[A-Z][1-9][0-9]?")
REQUIRED = ("code", "band", "title", "basis", "degrees")
OPTIONAL = ("title_en", "articles", "requires_prior")


def read_clauses(pack: Section) -> dict[str, Clause]:
    """The clauses by code; complains of a code that stands twice and of references to clauses that are
    not there.
    """
    clauses: dict[str, Clause] = {}
    places: dict[str, Section] = {}
    for section in pack.sections("clauses"):
        clause = _clause(section)
        if clause.code in clauses:
            section.refuse("code", f"{clause.code} stands twice")
        clauses[clause.code] = clause
        places[clause.code] = section
    if "clauses" in pack.items and not clauses:
        pack.refuse("clauses", "has to name at least one clause")
    for code, clause in clauses.items():
        _ensure_known(clause, places[code], clauses)
    return clauses


def _clause(section: Section) -> Clause:
    section.know_only(REQUIRED, OPTIONAL)
    code = section.text("code")
    if code and not CODE.fullmatch(code):
        section.refuse("code", f"has to be a band letter and a number like D1, got {code!r}")
    band = Band(*section.pair("band"))
    return Clause(
        code=code,
        band=band,
        title=section.text("title"),
        title_en=section.text("title_en"),
        basis=section.choices("basis", BasisKind),
        articles=section.wholes("articles"),
        degrees=_degrees(section.section("degrees"), band, known=isinstance(section.items.get("band"), list)),
        requires_prior=_references(section),
    )


def _degrees(section: Section, band: Band, *, known: bool) -> dict[Degree, int]:
    section.know_only([str(degree) for degree in Degree])
    degrees: dict[Degree, int] = {}
    for degree in Degree:
        if str(degree) not in section.items:
            continue
        points = section.whole(degree)
        if known and is_whole(section.items[degree]) and not band.allows(points):
            section.refuse(degree, f"lies outside the band {band.minimum}–{band.maximum}: {points}")
        degrees[degree] = points
    values = list(degrees.values())
    if values != sorted(values):
        section.refuse_whole("has to rise with the degree: general ≤ important ≤ principal")
    return degrees


def _references(section: Section) -> tuple[str, ...]:
    value = section.items.get("requires_prior", [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        section.refuse("requires_prior", "has to be a list of band letters or clause codes")
        return ()
    return tuple(value)


def _ensure_known(clause: Clause, section: Section, clauses: dict[str, Clause]) -> None:
    letters = {code[:1] for code in clauses}
    for reference in clause.requires_prior:
        if reference not in clauses and reference not in letters:
            section.refuse("requires_prior", f"unknown clause {reference!r}")
        elif reference == clause.code:
            section.refuse("requires_prior", f"{clause.code} requires itself")
