"""A rulebook as rows to read: each parameter in words, with where it comes from. Nothing is left out or added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from institutions.models.practitioner import Category
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import (
    AlertProposal,
    BasisKind,
    Clause,
    Cycle,
    EffectStarts,
    FullMeasure,
    FurtherPoints,
    InstitutionAlert,
    MeasureKind,
    MonthsRow,
    PointsDatedBy,
    Provenance,
    PublicationMode,
    ReminderKind,
    SameConduct,
    SingleScope,
    TerminationEnd,
)
from scoring.templatetags.pages import day
from scoring.views.parameter_names import parameter_name


@dataclass(frozen=True)
class ParameterRow:
    """One parameter: name, value in words, and its provenance."""

    name: str
    value: str
    assumed: bool
    source: str
    note: str


@dataclass(frozen=True)
class ParameterSection:
    """Parameters about one thing."""

    title: str
    rows: tuple[ParameterRow, ...]


@dataclass(frozen=True)
class ClauseRow:
    """One item of the negative list."""

    code: str
    title: str
    points: str
    bases: str
    assumed: bool


def parameter_sections(rulebook: Rulebook) -> tuple[ParameterSection, ...]:
    """Return every parameter of a rulebook, grouped."""
    return (
        ParameterSection(_("Counting points"), tuple(_counting(rulebook))),
        ParameterSection(_("Measures"), tuple(_measures(rulebook))),
        ParameterSection(_("Rights of the person"), tuple(_rights(rulebook))),
        ParameterSection(_("Publication"), tuple(_publication(rulebook))),
    )


def clause_rows(rulebook: Rulebook, language: str) -> tuple[ClauseRow, ...]:
    """Return the negative list in the order of its codes."""
    return tuple(_clause_row(rulebook, rulebook.clauses[code], language) for code in sorted(rulebook.clauses))


def _counting(book: Rulebook) -> Iterable[ParameterRow]:
    cycles = {Cycle.CALENDAR_YEAR: _("the calendar year; points go back to 0 on 1 January, 00:00 China time")}
    dated = {
        PointsDatedBy.BASIS: _("the day of the decision on the institution"),
        PointsDatedBy.EFFECTIVE: _("the day on which the decision reached the person"),
    }
    same = {
        SameConduct.HIGHEST: _("count once, at the highest"),
        SameConduct.SUM: _("are added up"),
    }
    single = {
        SingleScope.DECISION: _("all points of one decision"),
        SingleScope.CONDUCT: _("the points of the gravest act of a decision"),
    }
    yield _row(
        book, "categories", _list(str(Category(kind).label) for kind in Category.values if kind in book.categories)
    )
    yield _row(book, "cycle", cycles[book.cycle])
    yield _row(book, "conduct_cutoff", day(book.conduct_cutoff))
    yield _row(book, "points_dated_by", dated[book.points_dated_by])
    yield _row(book, "same_conduct", same[book.same_conduct])
    yield _row(book, "single_scope", single[book.single_scope])


def _measures(book: Rulebook) -> Iterable[ParameterRow]:
    suspend, full = book.measures.suspend, book.measures.full
    kinds = {
        ReminderKind.REMIND: _("reminder talk"),
        ReminderKind.INTERVIEW: _("interview"),
        ReminderKind.KEY_SUPERVISION: _("key supervision"),
    }
    starts = {
        EffectStarts.DECISION_DAY: _("the day on which the decision takes effect"),
        EffectStarts.NEXT_DAY: _("the day after the decision takes effect"),
        EffectStarts.NEXT_MONTH: _("the first day of the month after the decision takes effect"),
    }
    further = {
        FurtherPoints.TOP_UP: _("the months already imposed in the year are taken off"),
        FurtherPoints.RESTART: _("a new suspension in full"),
    }
    ends = {
        TerminationEnd.APPLICATION: _("by a new registration with a new commitment, after the bar"),
        TerminationEnd.AUTOMATIC: _("by itself, after the bar"),
    }
    reminders = [
        _("from %(points)s points: %(kind)s") % {"points": t.at, "kind": kinds[t.kind]} for t in book.measures.reminders
    ]
    yield _row(book, "measures.reminders", _list(reminders) or _("none"))
    yield _row(book, "measures.suspend.at", _points(suspend.at))
    yield from _months(book, "cumulative", suspend.cumulative.items())
    if suspend.single is None:
        yield _row(book, "measures.suspend.months.single", _("the same as for points added up over the year"))
    else:
        yield from _months(book, "single", suspend.single.items())
    yield _row(book, "measures.suspend.further_points", further[suspend.further_points])
    yield _row(book, "measures.full.at", _points(full.at))
    yield _row(book, "measures.full.cumulative", _full(full.cumulative))
    yield _row(book, "measures.full.single", _full(full.single))
    yield _row(book, "effect_starts", starts[book.effect_starts])
    yield _row(book, "termination_end", ends[book.termination_end])
    yield _row(book, "institution_alerts", _list(_alert(alert) for alert in book.institution_alerts) or _("none"))


def _rights(book: Rulebook) -> Iterable[ParameterRow]:
    yield _row(book, "statement_working_days", _working_days(book.statement_working_days))
    yield _row(book, "appeal_working_days", _working_days(book.appeal_working_days))
    stays = _("the measure waits for the outcome") if book.appeal_stays else _("none: the measure runs on")
    yield _row(book, "appeal_stays", stays)
    if book.appeal is not None:
        for field in fields(book.appeal):
            yield _row(book, f"appeal.{field.name}", _working_days(getattr(book.appeal, field.name)))
    if book.service is not None:
        days = ngettext("%(count)s day", "%(count)s days", book.service.public_notice_days)
        yield _row(book, "service.public_notice_days", days % {"count": book.service.public_notice_days})
    if book.hold is not None:
        yield _row(book, "hold.release_working_days", _working_days(book.hold.release_working_days))
    if book.repair is None:
        yield _row(book, "repair", _("not provided for"))
        return
    values = {"points": book.repair.points, "cap": book.repair.cap_per_year}
    repair = _("%(points)s off for each participation that counts, at most %(cap)s in a year") % values
    yield _row(book, "repair", repair)


def _publication(book: Rulebook) -> Iterable[ParameterRow]:
    modes = {
        PublicationMode.OPEN: _("the full scorecard, found by name and institution or by code"),
        PublicationMode.CONFIRM: _("the full scorecard, once the person has been confirmed"),
        PublicationMode.STATUS_ONLY: _("the status and its dates, once the person has been confirmed"),
        PublicationMode.CLOSED: _("nothing; the institution answers questions"),
    }
    yield _row(book, "publication.mode", modes[book.publication.mode])
    yield _row(book, "publication.points", _("yes") if book.publication.points else _("no"))
    yield _row(book, "publication.publish_after", _("once it has taken effect"))
    shown = _("a suspension until it ends, a termination until the new registration, points until the end of the year")
    yield _row(book, "publication.display", shown)


def _months(book: Rulebook, table: str, rows: Iterable[tuple[int, MonthsRow]]) -> Iterable[ParameterRow]:
    for points, months in rows:
        value = _("%(points)s points: %(minimum)s to %(maximum)s months, %(default)s unless decided otherwise") % {
            "points": points,
            "minimum": months.minimum,
            "maximum": months.maximum,
            "default": months.default,
        }
        yield _row(book, f"measures.suspend.months.{table}.{points}", value)


def _alert(alert: InstitutionAlert) -> str:
    proposals = {
        AlertProposal.SUSPEND_SETTLEMENT: _("settlement with the institution may be suspended"),
        AlertProposal.SUSPEND_AGREEMENT: _("the institution's agreement may be suspended"),
    }
    return _("from %(share)s%%: %(proposal)s") % {
        "share": f"{alert.share * 100:f}".rstrip("0").rstrip("."),
        "proposal": proposals[alert.proposal],
    }


def _list(parts: Iterable[str]) -> str:
    return pgettext("between items of a list", "; ").join(parts)


def _full(measure: FullMeasure) -> str:
    months = measure.length_months
    if months % 12 == 0:
        length = ngettext("%(count)s year", "%(count)s years", months // 12) % {"count": months // 12}
    else:
        length = ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    if measure.kind is MeasureKind.TERMINATE:
        return _("termination; no new registration for %(length)s") % {"length": length}
    return _("suspension for %(length)s") % {"length": length}


def _points(count: int) -> str:
    return ngettext("%(points)s point", "%(points)s points", count) % {"points": count}


def _working_days(count: int) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def _clause_row(book: Rulebook, clause: Clause, language: str) -> ClauseRow:
    bases = {
        BasisKind.ADMINISTRATIVE_PENALTY: _("administrative penalty"),
        BasisKind.AGREEMENT_HANDLING: _("handling under the agreement"),
        BasisKind.CIRCULAR: _("circular"),
        BasisKind.OTHER_AUTHORITY_DECISION: _("decision of another authority"),
    }
    return ClauseRow(
        code=clause.code,
        title=clause.title_en if language.startswith("en") and clause.title_en else clause.title,
        points=f"{clause.band.minimum}–{clause.band.maximum}",
        bases=_list(bases[kind] for kind in clause.basis),
        assumed=_provenance(book, f"clauses.{clause.code}.band").assumption,
    )


def _row(book: Rulebook, path: str, value: str) -> ParameterRow:
    found = _provenance(book, path)
    return ParameterRow(parameter_name(path), value, found.assumption, found.source, found.note)


def _provenance(book: Rulebook, path: str) -> Provenance:
    """The provenance of the parameters at and below a path; a switched-off parameter has the rulebook's own."""
    try:
        return book.provenance_of(path)
    except KeyError:
        return Provenance(source=book.source)
