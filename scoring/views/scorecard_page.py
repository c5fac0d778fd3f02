"""What a scorecard says in words: from the published facts to the sentences of the page. Decides nothing.

The facts come from the allow-list; the words, the shape and the order are all that is added here. A status is a word
and a shape before it is a colour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from institutions.models.practitioner import Category
from scoring.enums import EntryKind
from scoring.policy.account import Status
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import BasisKind, MeasureKind, PublicationMode
from scoring.selectors.public_facts import PublicEntry, PublicScorecard, PublicStatement
from scoring.templatetags.pages import day, full_width
from scoring.views.parameter_names import parameter_name

SHAPES = {Status.NORMAL: "ok", Status.SUSPENDED: "hold", Status.TERMINATED: "stop"}
DATES_REST_ON = {
    Status.NORMAL: (),
    Status.SUSPENDED: ("effect_starts", "measures.suspend.months", "measures.full"),
    Status.TERMINATED: ("effect_starts", "measures.full", "termination_end"),
}
PANELS_MAX = 4_000
CELL = 30  # units of the picture of points, a gap of three included
POINTS_REST_ON = ("points_dated_by", "same_conduct", "single_scope")


@dataclass(frozen=True)
class StatusPanel:
    """The answer: one word with a shape, one sentence, and the days for which it holds."""

    shape: str
    word: str
    sentence: str
    since: date | None
    until: date | None
    after: str
    coming: str
    assumptions: str


@dataclass(frozen=True)
class Cell:
    """One point of the bar, `x` its left edge; `mark` is written below the cells at which something happens."""

    filled: bool
    mark: str
    x: int


@dataclass(frozen=True)
class PointsPanel:
    """The points of the year as a figure, a bar and a sentence."""

    year: int
    points: int
    full_at: int
    shape: str
    cells: tuple[Cell, ...]
    width: int
    legend: tuple[str, ...]
    sentence: str
    earlier: tuple[str, ...]
    reset: str
    assumptions: str


@dataclass(frozen=True)
class EntryRow:
    """Why: one effective entry."""

    points: str
    title: str
    clauses: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StatementRow:
    """What the person says, about which decision, and since when it is shown."""

    about: str
    paragraphs: tuple[str, ...]
    published_on: str


@dataclass(frozen=True)
class ScorecardPage:
    """Everything the template writes."""

    name: str
    category: str
    status: StatusPanel
    points: PointsPanel | None
    entries: tuple[EntryRow, ...]
    statements: tuple[StatementRow, ...]
    visit: tuple[str, ...]
    under_appeal: bool
    rulebook_title: str
    rulebook_path: str


def scorecard_page(card: PublicScorecard, rulebook: Rulebook, *, on: date, language: str) -> ScorecardPage:
    """Put a card into words for a day, in the language that is active (`language` picks titles kept in both)."""
    english = language.startswith("en")
    like = replace(card, slug="", name="", category="", institutions=(), entries=(), statements=())
    panels = _panels(like, rulebook, on, get_language(), has_entries=bool(card.entries))
    return ScorecardPage(
        name=card.name,
        category=category_name(card.category),
        status=panels.status,
        points=panels.points,
        entries=tuple(_entry_row(entry, english) for entry in card.entries),
        statements=tuple(_statement_row(statement) for statement in card.statements),
        visit=panels.visit,
        under_appeal=card.under_appeal,
        rulebook_title=full_width(
            card.rulebook.title_en if english and card.rulebook.title_en else card.rulebook.title
        ),
        rulebook_path=f"/rules/{card.rulebook.id}/{card.rulebook.version}",
    )


@dataclass(frozen=True)
class _Panels:
    """What very many people have in common word for word."""

    status: StatusPanel
    points: PointsPanel | None
    visit: tuple[str, ...]


@lru_cache(maxsize=PANELS_MAX)
def _panels(
    card: PublicScorecard, rulebook: Rulebook, on: date, _language: str | None, *, has_entries: bool
) -> _Panels:
    """Put into words what a card says that names nobody; put once for the same facts, rules, day and language."""
    return _Panels(
        status=_status_panel(card),
        points=_points_panel(card, rulebook, on, has_entries=has_entries),
        visit=_visit(card),
    )


def is_closed(card: PublicScorecard) -> bool:
    """Say whether the rules let a stranger see nothing and send them to the institution."""
    return card.mode == PublicationMode.CLOSED


def category_name(category: str) -> str:
    """Return the category of a person in the reader's language."""
    return str(Category(category).label)


def status_word(status: str) -> str:
    """Return the one word for a status."""
    return {
        Status.NORMAL: pgettext("status", "Normal"),
        Status.SUSPENDED: pgettext("status", "Suspended"),
        Status.TERMINATED: pgettext("status", "Terminated"),
    }[Status(status)]


def _status_panel(card: PublicScorecard) -> StatusPanel:
    status = Status(card.status)
    return StatusPanel(
        shape=SHAPES[status],
        word=status_word(card.status),
        sentence=status_sentence(card),
        since=_date(card.status_from),
        until=_date(card.until),
        after=_after(card, status),
        coming=_coming(card),
        assumptions=_assumed(card, DATES_REST_ON[status]),
    )


def status_sentence(card: PublicScorecard) -> str:
    """Say in one sentence what the status means for payment."""
    if card.status == Status.NORMAL:
        if card.points == 0:
            return _("0 points, qualified. The medical insurance fund pays for this person's services as usual.")
        return _("Qualified. The medical insurance fund pays for this person's services as usual.")
    return _(
        "The medical insurance fund does not pay for this person's services."
        " Emergency treatment and rescue are excepted."
    )


def _after(card: PublicScorecard, status: Status) -> str:
    if status is Status.SUSPENDED and card.until:
        return _("After the last day the status returns to normal, unless a further measure follows.")
    if status is Status.TERMINATED and card.may_reapply:
        return _(
            "The bar has ended. The institution may apply to register this person again, with a new commitment; the"
            " status stays terminated until that is accepted."
        )
    if status is Status.TERMINATED and card.until:
        return _(
            "Until the last day no institution can register this person again. After it, an application is needed."
        )
    return ""


def _coming(card: PublicScorecard) -> str:
    """What begins later by a decision that has taken effect: the fund still pays until the day before."""
    change = card.next_change
    if change is None:
        return ""
    days = {"since": day(change.starts_on), "until": day(change.until)}
    if change.status == Status.SUSPENDED and change.until:
        return (
            _(
                "A decision that has taken effect suspends the payment qualification from %(since)s to %(until)s"
                " (that day included). Until then nothing changes."
            )
            % days
        )
    return (
        _(
            "A decision that has taken effect terminates the payment qualification from %(since)s on."
            " Until then nothing changes."
        )
        % days
    )


def _points_panel(card: PublicScorecard, rulebook: Rulebook, on: date, *, has_entries: bool) -> PointsPanel | None:
    if card.points is None:
        return None
    suspend, full = rulebook.measures.suspend, rulebook.measures.full
    marks = {suspend.at: str(suspend.at), full.at: str(full.at)}
    return PointsPanel(
        year=on.year,
        points=card.points,
        full_at=full.at,
        shape="stop" if card.points >= full.at else "hold" if card.points >= suspend.at else "quiet",
        cells=tuple(
            Cell(place <= card.points, marks.get(place, ""), (place - 1) * CELL) for place in range(1, full.at + 1)
        ),
        width=full.at * CELL,
        legend=_legend(rulebook),
        sentence=_points_sentence(card.points, full.at),
        earlier=_earlier_years(card, on),
        reset=_reset(card),
        assumptions=_assumed(card, POINTS_REST_ON) if has_entries else "",
    )


def _legend(rulebook: Rulebook) -> tuple[str, ...]:
    suspend, full = rulebook.measures.suspend, rulebook.measures.full
    last = (
        _("%(points)s points or more: termination")
        if full.cumulative.kind is MeasureKind.TERMINATE
        else _("%(points)s points or more: suspension; in one decision: termination")
    )
    return (_("%(points)s points or more: suspension") % {"points": suspend.at}, last % {"points": full.at})


def _points_sentence(points: int, full_at: int) -> str:
    if points == 0:
        return _("No points are on record this year.")
    return _("%(points)s of %(full)s points this year.") % {"points": points, "full": full_at}


def _earlier_years(card: PublicScorecard, on: date) -> tuple[str, ...]:
    return tuple(
        ngettext(
            "The present status rests on %(year)s: %(points)s point in that year.",
            "The present status rests on %(year)s: %(points)s points in that year.",
            row.points,
        )
        % {"year": row.year, "points": row.points}
        for row in card.points_by_year
        if row.year != on.year
    )


def _reset(card: PublicScorecard) -> str:
    if card.status == Status.NORMAL:
        return _("Points go back to 0 on %(day)s.") % {"day": day(card.next_reset_on)}
    return _("Points go back to 0 on %(day)s. A measure that has been imposed runs to its end all the same.") % {
        "day": day(card.next_reset_on)
    }


def _entry_row(entry: PublicEntry, english: bool) -> EntryRow:
    is_repair = entry.kind == EntryKind.REPAIR
    facts = [(_("Repair accepted") if is_repair else _("Effective"), day(entry.effective_on))]
    if entry.institution_name:
        facts.append((_("Institution"), entry.institution_name))
    if entry.basis:
        facts.append((_("Kind of decision"), basis_name(entry.basis)))
    facts.append((_("Counts in"), _("the year %(year)s") % {"year": entry.year}))
    return EntryRow(
        points=ngettext("%(points)s point", "%(points)s points", abs(entry.points))
        % {"points": f"−{abs(entry.points)}" if is_repair else entry.points},
        title=_("Points earned back") if is_repair else _("Points for a violation"),
        clauses=tuple(
            _("%(code)s: %(title)s")
            % {
                "code": clause.code,
                "title": full_width(clause.title_en if english and clause.title_en else clause.title),
            }
            for clause in entry.clauses
        ),
        facts=tuple(facts),
    )


def _statement_row(statement: PublicStatement) -> StatementRow:
    return StatementRow(
        about=day(statement.about),
        paragraphs=tuple(part.strip() for part in statement.text.split("\n") if part.strip()),
        published_on=day(statement.published_on),
    )


def basis_name(basis: str) -> str:
    """Say what kind of decision against the institution points rest on."""
    return {
        BasisKind.ADMINISTRATIVE_PENALTY: _("administrative penalty against the institution"),
        BasisKind.AGREEMENT_HANDLING: _("handling under the institution's agreement, not a penalty"),
        BasisKind.CIRCULAR: _("circular of an authority, not a penalty"),
        BasisKind.OTHER_AUTHORITY_DECISION: _("decision of another authority"),
    }[BasisKind(basis)]


def _visit(card: PublicScorecard) -> tuple[str, ...]:
    practise = _("This status is about insurance payment only. It does not by itself take away the right to practise.")
    if card.status == Status.NORMAL and card.next_change:
        last = day(date.fromisoformat(card.next_change.starts_on) - timedelta(days=1))
        return (
            _("Up to %(last)s (that day included) you settle with your medical insurance as usual.") % {"last": last},
            _("For services after that day the fund does not pay; you would pay yourself."),
            _("Emergency treatment and rescue are excepted: they can still be paid by the fund."),
            practise,
        )
    if card.status == Status.NORMAL:
        return (
            _("Nothing changes for your visit: you settle with your medical insurance as usual."),
            practise,
        )
    return (
        _payment_sentence(card),
        _("Emergency treatment and rescue are excepted: they can still be paid by the fund."),
        _("The institution has to tell you before the service. If you are not sure, ask it first."),
        practise,
    )


def _payment_sentence(card: PublicScorecard) -> str:
    if card.status == Status.SUSPENDED and card.status_from and card.until:
        return _(
            "For services by this person from %(since)s to %(until)s (that day included) the fund does not pay;"
            " you would pay yourself."
        ) % {"since": day(card.status_from), "until": day(card.until)}
    if card.status_from:
        return _(
            "For services by this person from %(since)s, until they are registered again, the fund does not pay;"
            " you would pay yourself."
        ) % {"since": day(card.status_from)}
    return _("For services by this person the fund does not pay; you would pay yourself.")


def _assumed(card: PublicScorecard, prefixes: tuple[str, ...]) -> str:
    """The names of the assumed parameters that a panel's numbers rest on, as one list."""
    names = [
        parameter_name(prefix)
        for prefix in prefixes
        if any(path == prefix or path.startswith(prefix + ".") for path in card.rulebook.assumptions)
    ]
    return pgettext("between items of a list", "; ").join(names)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
