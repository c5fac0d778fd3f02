"""How far a case has come for one person, step by step with its dates, and what they can do now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Appeal, Attribution, IssuedLetter, Service, ServiceKind, Statement
from cases.selectors import appeals as appeal_selectors
from cases.selectors.appeals import Eligible, Late
from cases.states import State
from cases.states.appeal import State as AppealState
from institutions.clock import local_date
from institutions.selectors.calendar import CountedDays, counted_days

DONE, NOW, COMING = "done", "now", "coming"


@dataclass(frozen=True)
class Step:
    """One step of the course: a word, its day if there is one, a remark, and whether it is done, now or coming."""

    label: str
    state: str
    on: date | None = None
    remark: str = ""


@dataclass(frozen=True)
class Move:
    """Something the person can do now: until when, how the days were counted, and where."""

    key: str
    title: str
    text: str
    label: str
    url: str
    until: date | None = None
    provisional: bool = False
    counted: CountedDays | None = None
    posts: bool = False


@dataclass(frozen=True)
class Matter:
    """What is known of the attribution behind a letter, read once for a page."""

    attribution: Attribution
    letter: IssuedLetter | None
    service: Service | None
    is_replaced: bool
    statements: Sequence[Statement]
    appeals: Sequence[Appeal]
    today: date


def steps_of(matter: Matter) -> list[Step]:
    """Return the steps of a case for the person, in the order in which they come."""
    return [*_hearing(matter), *_deciding(matter), *_appealing(matter)]


def moves_of(matter: Matter, number: str) -> list[Move]:
    """Return what the person can do now, what matters most first."""
    return [
        move
        for move in (
            _confirm(matter, number),
            _answer_question(matter, number),
            _state(matter, number),
            _appeal(matter, number),
            *_elevate(matter, number),
        )
        if move is not None
    ]


def counted_for_statement(attribution: Attribution) -> CountedDays | None:
    """Return how the working days of the statement window were counted; None before it was opened."""
    told, until = attribution.intent_served_on, attribution.statement_deadline_on
    return counted_days(told, until) if told is not None and until is not None else None


def counted_for_appeal(attribution: Attribution, until: date | None) -> CountedDays | None:
    """Return how the working days for an appeal were counted; None before service, or where nothing limits it."""
    served = attribution.served_on
    return counted_days(served, until) if served is not None and until is not None else None


def _hearing(matter: Matter) -> Iterator[Step]:
    attribution = matter.attribution
    told = attribution.intent_served_on
    if told is None:
        yield Step(
            _("You are told what is intended"), NOW, remark=_("Nothing is decided. Your time to answer has not begun.")
        )
    else:
        yield Step(_("You were told what is intended"), DONE, told)
    for statement in reversed(matter.statements):
        answered = statement.answered_at
        remark = _("Receipt %(receipt)s.") % {"receipt": statement.receipt}
        yield Step(_("You stated your side"), DONE, local_date(statement.received_at), remark)
        if answered is not None:
            yield Step(_("Your statement was answered"), DONE, local_date(answered))
    if attribution.state == State.INTENT_SERVED:
        yield Step(_("You can state your side"), NOW, attribution.statement_deadline_on, _("Until this day, included."))


def _deciding(matter: Matter) -> Iterator[Step]:
    attribution = matter.attribution
    decided_on = local_date(attribution.decided_at) if attribution.decided_at else None
    match State(attribution.state):
        case State.DRAFT | State.PROPOSED | State.INTENT_SERVED | State.HELD:
            yield Step(_("A second officer decides, with reasons"), COMING)
            return
        case State.REJECTED:
            yield Step(_("Decided: no points"), DONE, decided_on)
            return
        case State.SET_ASIDE if decided_on is None:
            yield Step(_("Closed without points"), DONE, _set_aside_on(attribution))
            return
    yield Step(_("Decided"), DONE, decided_on)
    if attribution.served_on is None:
        yield Step(_("The decision reaches you"), NOW, remark=_("It takes effect on the day on which it reaches you."))
    else:
        yield Step(_("The decision reached you and took effect"), DONE, attribution.served_on)
    if attribution.state == State.SET_ASIDE and not any(appeal.outcome == "overturned" for appeal in matter.appeals):
        yield Step(_("The decision was set aside"), DONE, _set_aside_on(attribution))


def _set_aside_on(attribution: Attribution) -> date | None:
    return local_date(attribution.set_aside_at) if attribution.set_aside_at else None


def _appealing(matter: Matter) -> Iterator[Step]:
    for appeal in sorted(matter.appeals, key=lambda item: item.level):
        track = appeal_selectors.track(appeal, on=matter.today)
        yield Step(_("You appealed"), DONE, track.filed_on, _("Receipt %(receipt)s.") % {"receipt": track.receipt})
        if track.accepted_on is not None:
            yield Step(_("Your appeal was accepted"), DONE, track.accepted_on)
        if appeal.state == AppealState.AWAITING_ANSWER:
            yield Step(
                _("We asked you a question"), NOW, track.answer_due_on, _("Please answer by this day. The clock waits.")
            )
        elif appeal.is_open:
            yield Step(_("Another officer decides on your appeal"), NOW, track.due_on, time_left(track))
        else:
            yield Step(str(appeal.get_outcome_display()) if appeal.outcome else _("Closed"), DONE, track.decided_on)


def time_left(track: appeal_selectors.Track) -> str:
    """Say how much time is left for the outcome, or that it is overdue; both sides see the same."""
    if track.is_overdue:
        return _("The day for the outcome has passed. The administration sees this too.")
    if track.days_left is None:
        return ""
    return ngettext("%(days)d working day left.", "%(days)d working days left.", track.days_left) % {
        "days": track.days_left
    }


def _confirm(matter: Matter, number: str) -> Move | None:
    if matter.letter is None or matter.service is not None or matter.is_replaced:
        return None
    is_intent = matter.letter.kind == ServiceKind.INTENT
    return Move(
        key="received",
        title=_("Say that this letter has reached you"),
        text=(
            _("Your time to state your side begins the day after. Confirming does not mean that you agree.")
            if is_intent
            else _(
                "The decision takes effect on the day on which it reaches you, and your time to appeal begins the day"
                " after. Confirming does not mean that you agree."
            )
        ),
        label=_("I have received this letter"),
        url=reverse("letter-received", args=[number]),
        posts=True,
    )


def _state(matter: Matter, number: str) -> Move | None:
    attribution = matter.attribution
    if attribution.state != State.INTENT_SERVED:
        return None
    until = attribution.statement_deadline_on
    assert until is not None  # constraint nothing_is_decided_before_the_person_is_told
    is_over = matter.today > until
    return Move(
        key="statement",
        title=_("State your side"),
        text=(
            _("The time has passed, but nothing is decided yet: what you say now is put down all the same.")
            if is_over
            else _("Nothing is decided yet. What you say and send in is answered in the decision.")
        ),
        label=_("Write a statement"),
        url=reverse("letter-statement", args=[number]),
        until=until,
        provisional=attribution.deadline_provisional,
        counted=counted_for_statement(attribution),
    )


def _appeal(matter: Matter, number: str) -> Move | None:
    attribution = matter.attribution
    eligible = appeal_selectors.appeal_eligibility(attribution, on=matter.today)
    if not isinstance(eligible, Eligible | Late):
        return None
    is_late = isinstance(eligible, Late)
    return Move(
        key="appeal",
        title=_("Appeal against the decision"),
        text=(
            _late_appeal()
            if is_late
            else _("Another officer decides, one who had no part in the decision. If you win, everything is undone.")
        ),
        label=_("Write an appeal"),
        url=reverse("letter-appeal", args=[number]),
        until=eligible.deadline,
        provisional=isinstance(eligible, Eligible) and eligible.provisional,
        counted=counted_for_appeal(attribution, eligible.deadline),
    )


def _answer_question(matter: Matter, number: str) -> Move | None:
    waiting = next((item for item in matter.appeals if item.state == AppealState.AWAITING_ANSWER), None)
    if waiting is None:
        return None
    return Move(
        key="answer",
        title=_("Answer a question about your appeal"),
        text=_("The officer needs something more from you. Until you answer, the clock of your appeal waits."),
        label=_("Read the question and answer"),
        url=reverse("letter-appeal-course", args=[number, waiting.receipt]),
        until=waiting.answer_due_on,
    )


def _elevate(matter: Matter, number: str) -> Iterator[Move]:
    for appeal in matter.appeals:
        eligible = appeal_selectors.elevation_eligibility(appeal, on=matter.today)
        if isinstance(eligible, Eligible | Late):
            is_late = isinstance(eligible, Late)
            yield Move(
                key="elevate",
                title=_("Take your appeal to the second level"),
                text=(
                    _late_appeal()
                    if is_late
                    else _("You can ask for a second review. It is the last level of this procedure.")
                ),
                label=_("Ask for a second review"),
                url=reverse("letter-elevate", args=[number, appeal.receipt]),
                until=eligible.deadline,
            )


def _late_appeal() -> str:
    return _("The time has passed. You can still appeal if you say why it is late; an officer weighs the reason.")
