"""Rulebooks: the law of one jurisdiction from one date on, as a tree of frozen values.

Made by `parse_rulebook` from a pack (see `docs/rulebooks.md`), never by hand: parsing is what guarantees
that ladders have no gap, defaults lie in their ranges and every number has a source or is marked as an
assumption.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.policy.place import Complaint
from scoring.policy.plain_json import Json
from scoring.policy.rulebook_clauses import read_clauses
from scoring.policy.rulebook_ladder import read_measures
from scoring.policy.rulebook_parts import (
    AlertProposal,
    AppealRule,
    Assumption,
    Category,
    Clause,
    Cycle,
    Degree,
    Display,
    EffectStarts,
    EntriesDisplay,
    HoldRule,
    InstitutionAlert,
    MeasureKind,
    Measures,
    PointsDatedBy,
    Provenance,
    Publication,
    PublicationMode,
    PublishAfter,
    RepairRule,
    SameConduct,
    ServiceRule,
    SingleScope,
    SuspendDisplay,
    TerminateDisplay,
    TerminationEnd,
)
from scoring.policy.rulebook_resolve import (
    HEADER,
    RulebookErrors,
    digest,
    entries_of,
    entry_for,
    leaves,
    resolve,
    resolve_into,
)
from scoring.policy.section import Section, is_whole

__all__ = ["Complaint", "Rulebook", "RulebookErrors", "digest", "ensure_follows", "parse_rulebook", "resolve"]

PACK_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
JURISDICTION = re.compile(r"([0-9]{2}){0,3}")
REQUIRED = (
    *("id", "jurisdiction", "version", "effective_from", "title"),
    *("cycle", "conduct_cutoff", "points_dated_by", "same_conduct", "single_scope"),
    *("clauses", "measures", "effect_starts", "termination_end"),
    *("statement_working_days", "appeal_working_days", "appeal_stays"),
    *("repair", "institution_alerts", "publication"),
)
OPTIONAL = ("categories", "appeal", "service", "hold", *sorted(HEADER - set(REQUIRED)))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rulebook:
    """One version of one jurisdiction's rules, with everything inherited already resolved.

    Two rulebooks are equal when their `digest` is: the SHA-256 of the canonical JSON of `resolved`, which
    is the pack as stored on activation and can be parsed again without its base.
    """

    id: str
    jurisdiction: str
    version: int
    effective_from: date
    title: str
    title_en: str
    source: str
    repeal: bool
    categories: frozenset[Category]
    cycle: Cycle
    conduct_cutoff: date
    points_dated_by: PointsDatedBy
    same_conduct: SameConduct
    single_scope: SingleScope
    clauses: Mapping[str, Clause]
    measures: Measures
    effect_starts: EffectStarts
    termination_end: TerminationEnd
    statement_working_days: int
    appeal_working_days: int
    appeal_stays: bool
    appeal: AppealRule | None
    service: ServiceRule | None
    hold: HoldRule | None
    repair: RepairRule | None
    institution_alerts: tuple[InstitutionAlert, ...]
    publication: Publication
    provenance: Mapping[str, Provenance]
    assumptions: tuple[Assumption, ...]
    resolved: Mapping[str, object]
    digest: str

    @property
    def label(self) -> str:
        """How traces and entries name this version: ``national@1``."""
        return f"{self.id}@{self.version}"

    def __repr__(self) -> str:
        """Short: a whole pack would drown every message it appears in."""
        return f"<Rulebook {self.label} {self.digest[:8]}>"

    def __eq__(self, other: object) -> bool:
        """Equal rules, whoever loaded them."""
        return isinstance(other, Rulebook) and other.digest == self.digest

    def __hash__(self) -> int:
        """Consistent with equality."""
        return hash(self.digest)

    def suggested_points(self, clause: str, degree: Degree | str) -> int:
        """The points suggested for a clause and a degree; refuses (KeyError, ValueError) what the pack
        does not name.

        A suggestion, never a bound: the officer keeps discretion inside the band, and outside it with a
        countersignature.
        """
        return self.clauses[clause].degrees[Degree(degree)]

    def provenance_of(self, path: str) -> Provenance:
        """Where the parameter at a dotted path (`measures.suspend.months.cumulative.10`) comes from.

        For a place with several parameters below it, the weakest: an assumption if any of them is one.
        Refuses (KeyError) a path that names nothing in this pack.
        """
        below = [p for leaf, p in self.provenance.items() if leaf == path or leaf.startswith(f"{path}.")]
        if not below:
            raise KeyError(f"{self.label} has no parameter {path!r}")
        sources = dict.fromkeys(p.source for p in below if p.source)
        notes = dict.fromkeys(p.note for p in below if p.note)
        return Provenance("; ".join(sources), any(p.assumption for p in below), "; ".join(notes))


def parse_rulebook(data: Mapping[str, object], base: Mapping[str, object] | None = None) -> Rulebook:
    """The rulebook of a pack as written, or as resolved and stored.

    `base` is the pack that `extends: national` refers to: the national version in force on this one's
    effective_from. Refuses (`RulebookErrors`, all of them at once, each with its place) unknown and
    missing keys, wrong types, a gap or overlap in a ladder, a default outside its range, an unknown
    clause, and a number without source or assumption.
    """
    errors: list[Complaint] = []
    resolved = resolve_into(data, base, errors)
    rulebook = _read(resolved, errors)
    if errors:
        raise RulebookErrors(errors)
    return rulebook


def ensure_follows(new: Rulebook, previous_versions: Iterable[Rulebook]) -> None:
    """Refuses a version that does not come after every earlier one of its id, in number and in date."""
    errors: list[Complaint] = []
    for old in previous_versions:
        if old.id != new.id:
            continue
        if new.version <= old.version:
            errors.append(Complaint("version", f"has to be after {old.label}, got {new.version}"))
        if new.effective_from <= old.effective_from:
            reason = f"has to be after {old.effective_from}, when {old.label} begins; got {new.effective_from}"
            errors.append(Complaint("effective_from", reason))
        if new.jurisdiction != old.jurisdiction:
            reason = f"has to stay {old.jurisdiction!r} as in {old.label}, got {new.jurisdiction!r}"
            errors.append(Complaint("jurisdiction", reason))
    if errors:
        raise RulebookErrors(errors)


def _read(resolved: Json, errors: list[Complaint]) -> Rulebook:
    pack = Section.of(resolved, "", errors)
    pack.know_only(REQUIRED, OPTIONAL)
    provenance = _provenance(resolved)
    return Rulebook(
        id=_matching(pack, "id", PACK_ID, "a short name like inner-mongolia"),
        jurisdiction=_matching(pack, "jurisdiction", JURISDICTION, 'a GB/T 2260 prefix of 2, 4 or 6 digits, or ""'),
        version=pack.whole("version"),
        effective_from=pack.day("effective_from"),
        title=pack.text("title"),
        title_en=pack.text("title_en"),
        source=pack.text("source"),
        repeal=pack.flag("repeal"),
        categories=frozenset(pack.choices("categories", Category) or Category),
        cycle=pack.choice("cycle", Cycle),
        conduct_cutoff=pack.day("conduct_cutoff"),
        points_dated_by=pack.choice("points_dated_by", PointsDatedBy),
        same_conduct=pack.choice("same_conduct", SameConduct),
        single_scope=pack.choice("single_scope", SingleScope),
        clauses=read_clauses(pack),
        measures=read_measures(pack.section("measures")),
        effect_starts=pack.choice("effect_starts", EffectStarts),
        termination_end=pack.choice("termination_end", TerminationEnd),
        statement_working_days=pack.whole("statement_working_days"),
        appeal_working_days=pack.whole("appeal_working_days"),
        appeal_stays=pack.flag("appeal_stays"),
        appeal=_appeal(pack),
        service=_service(pack),
        hold=_hold(pack),
        repair=_repair(pack),
        institution_alerts=_alerts(pack),
        publication=_publication(pack.section("publication")),
        provenance=provenance,
        assumptions=_assumptions(resolved),
        resolved=resolved,
        digest=digest(resolved),
    )


def _matching(pack: Section, key: str, pattern: re.Pattern[str], wanted: str) -> str:
    value = pack.text(key, empty=True)
    if isinstance(pack.items.get(key), str) and not pattern.fullmatch(value):
        pack.refuse(key, f"has to be {wanted}, got {value!r}")
    return value


def _appeal(pack: Section) -> AppealRule | None:
    """The course of an appeal; None in packs stored before it was a parameter, where nothing limits it."""
    if pack.items.get("appeal") is None:
        return None
    section = pack.section("appeal")
    names = ("decide_working_days", "answer_working_days", "silence_working_days", "second_level_working_days")
    section.know_only(names)
    rule = AppealRule(*(section.whole(name) for name in names))
    if rule.silence_working_days < rule.decide_working_days:
        section.refuse("silence_working_days", f"is less than decide_working_days = {rule.decide_working_days}")
    return rule


def _service(pack: Section) -> ServiceRule | None:
    """Service by public notice; None in packs stored before it was a parameter, under which nobody is so served."""
    if pack.items.get("service") is None:
        return None
    section = pack.section("service")
    section.know_only(("public_notice_days",))
    return ServiceRule(section.whole("public_notice_days"))


def _hold(pack: Section) -> HoldRule | None:
    """Decisions that wait for another officer's release; None, as where nothing is said: none waits."""
    if pack.items.get("hold") is None:
        return None
    section = pack.section("hold")
    section.know_only(("measures", "release_working_days"))
    return HoldRule(section.choices("measures", MeasureKind), section.whole("release_working_days"))


def _repair(pack: Section) -> RepairRule | None:
    if pack.items.get("repair") is None:
        return None
    section = pack.section("repair")
    section.know_only(("points", "cap_per_year", "excluded"))
    points, cap = section.whole("points"), section.whole("cap_per_year")
    if points > cap:
        section.refuse("points", f"{points} for one participation is more than cap_per_year = {cap}")
    excluded = section.section("excluded")
    excluded.know_only(("single_full", "articles"))
    return RepairRule(points, cap, excluded.flag("single_full"), frozenset(excluded.wholes("articles")))


def _alerts(pack: Section) -> tuple[InstitutionAlert, ...]:
    alerts: list[InstitutionAlert] = []
    for section in pack.sections("institution_alerts"):
        section.know_only(("share", "proposal"))
        share = section.items.get("share", 1)
        if not (is_whole(share) or isinstance(share, float)) or not 0 < share <= 1:
            section.refuse("share", "has to be a share above 0 and up to 1, like 0.20")
            continue
        exact = Decimal(str(share))
        if any(alert.share == exact for alert in alerts):
            section.refuse("share", f"a second alert at {exact}")
        alerts.append(InstitutionAlert(exact, section.choice("proposal", AlertProposal)))
    return tuple(sorted(alerts, key=lambda alert: alert.share))


def _publication(section: Section) -> Publication:
    section.know_only(("mode", "points", "publish_after", "display"))
    display = section.section("display")
    display.know_only(("suspend", "terminate", "entries"))
    return Publication(
        section.choice("mode", PublicationMode),
        section.flag("points"),
        section.choice("publish_after", PublishAfter),
        Display(
            display.choice("suspend", SuspendDisplay),
            display.choice("terminate", TerminateDisplay),
            display.choice("entries", EntriesDisplay),
        ),
    )


def _provenance(resolved: Json) -> dict[str, Provenance]:
    entries = entries_of(resolved)
    found = {path: entry_for(entries, path) for path, _ in leaves(resolved)}
    return {path: _as_provenance(entry) for path, entry in found.items() if entry is not None}


def _assumptions(resolved: Json) -> tuple[Assumption, ...]:
    gathered = resolved.get("provenance")
    entries = gathered if isinstance(gathered, dict) else {}
    assumed = [(path, _as_provenance(entry)) for path, entry in entries.items()]
    return tuple(Assumption(path, entry.note) for path, entry in assumed if entry.assumption)


def _as_provenance(entry: Json) -> Provenance:
    return Provenance(str(entry.get("source", "")), entry.get("assumption") is True, str(entry.get("note", "")))
