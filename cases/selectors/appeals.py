"""Whether a decision can be appealed against and until when, who may see an appeal, and how far it has come."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Appeal, AppealMessage, Attribution, MessageKind, SubmittedFile
from cases.models.appeal import FIRST_LEVEL, OPEN_STATES, SECOND_LEVEL
from cases.models.appeal_choices import REFUSALS
from cases.policy.appeal_deadlines import WorkingCalendar, is_overdue
from cases.selectors.assessments import rulebook_in_force
from cases.selectors.case_files import Reader
from cases.selectors.involvement import people_in_other_appeals, people_involved
from cases.states import State
from cases.states.appeal import TABLE
from cases.states.appeal import State as AppealState
from institutions.clock import local_date
from institutions.errors import Text
from institutions.models import User
from institutions.permissions import Permission, regions_for, within
from institutions.selectors import calendar, deputies, users
from scoring.policy.rulebook_parts import AppealRule

CALENDAR_SPAN = 120  # working days loaded at once; longer than any period of a rulebook, pauses included


@dataclass(frozen=True, slots=True)
class Eligible:
    """An appeal is possible until a day, that day included; None where nothing limits it."""

    deadline: date | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """The day has passed: an appeal is possible with the reason why it is late, which the officer weighs."""

    deadline: date


@dataclass(frozen=True, slots=True)
class Ineligible:
    """No appeal is possible, with the reason in words; `receipt` names the appeal that stands in the way."""

    reason: Text
    receipt: str = ""


Eligibility = Eligible | Late | Ineligible

_NOTHING_TO_APPEAL: dict[State, Text] = {
    State.REJECTED: gettext_lazy("No points were given: there is nothing to appeal against."),
    State.SET_ASIDE: gettext_lazy("The decision was set aside: there is nothing left to appeal against."),
    State.DECIDED: gettext_lazy("The decision has not reached the person yet; the time begins with its service."),
}
_TOO_EARLY = gettext_lazy("Nothing is decided yet; what is intended can be answered by a statement.")


def appeal_eligibility(attribution: Attribution, *, on: date) -> Eligibility:
    """Say whether the person may appeal against a decision on a day, until when, or why not."""
    state = State(attribution.state)
    if state not in (State.SERVED, State.EFFECTIVE):
        return Ineligible(_NOTHING_TO_APPEAL.get(state, _TOO_EARLY))
    known = standing_appeals(attribution).first()
    if known is not None and known.is_open:
        return Ineligible(
            _("An appeal against this decision is open under the number %(receipt)s.") % {"receipt": known.receipt},
            known.receipt,
        )
    if known is not None:
        return Ineligible(
            _("This decision was appealed against under the number %(receipt)s; there is one appeal at each level.")
            % {"receipt": known.receipt},
            known.receipt,
        )
    last = appeal_deadline(attribution)
    return Eligible(last.on, last.provisional) if on <= last.on else Late(last.on)


def elevation_eligibility(appeal: Appeal, *, on: date) -> Eligibility:
    """Say whether the person may take an appeal to the second level on a day: after a refusal, or after silence."""
    if appeal.level == SECOND_LEVEL:
        return Ineligible(_("The second level is the last one of this procedure."), appeal.receipt)
    if appeal.attribution.state not in (State.SERVED, State.EFFECTIVE):
        return Ineligible(_NOTHING_TO_APPEAL[State.SET_ASIDE], appeal.receipt)
    following = Appeal.objects.filter(previous=appeal).first()
    if following is not None:
        return Ineligible(
            _("It was taken to the second level under the number %(receipt)s.") % {"receipt": following.receipt},
            following.receipt,
        )
    if appeal_rule(appeal.attribution) is None:
        return Ineligible(_("The rules that govern this decision provide for no second level."), appeal.receipt)
    if appeal.is_open:
        return _after_silence(appeal, on)
    if appeal.outcome not in REFUSALS or appeal.second_level_until_on is None:
        return Ineligible(_("The second level opens after a refusal."), appeal.receipt)
    until = appeal.second_level_until_on
    return Eligible(until) if on <= until else Late(until)


def _after_silence(appeal: Appeal, on: date) -> Eligibility:
    if appeal.state == AppealState.AWAITING_ANSWER:
        return Ineligible(_("The appeal waits for your answer to a question."), appeal.receipt)
    if appeal.silence_until_on is None or on <= appeal.silence_until_on:
        return Ineligible(
            _("The second level opens after a refusal, or if there is no outcome by %(day)s.")
            % {"day": appeal.silence_until_on or "–"},
            appeal.receipt,
        )
    return Eligible(None)


def appeal_deadline(attribution: Attribution) -> calendar.Deadline:
    """Return the last day for an appeal in time: working days of the rulebook from the day after service."""
    assert attribution.served_on is not None  # constraint no_effect_before_service
    rulebook = rulebook_in_force(attribution.case, attribution.served_on)
    return calendar.deadline(attribution.served_on, rulebook.appeal_working_days)


def appeal_rule(attribution: Attribution) -> AppealRule | None:
    """Return the course of appeals by the rulebook that governs the decision."""
    assert attribution.served_on is not None  # constraint no_effect_before_service
    return rulebook_in_force(attribution.case, attribution.served_on).appeal


def stays_measures(attribution: Attribution) -> bool:
    """Say whether, by the rulebook that governs the decision, its measures wait for the outcome of an appeal."""
    assert attribution.served_on is not None  # constraint no_effect_before_service
    return rulebook_in_force(attribution.case, attribution.served_on).appeal_stays


def working_calendar(start: date) -> WorkingCalendar:
    """Return the calendar from a day on, as the clock of an appeal takes it."""
    known = calendar.load_calendar(start, CALENDAR_SPAN)
    return WorkingCalendar(known.days, known.published_years)


def standing_appeals(attribution: Attribution) -> QuerySet[Appeal]:
    """Return the appeals against a decision that count, the latest first; those without object do not."""
    return Appeal.objects.filter(attribution=attribution).exclude(state=AppealState.MOOT).order_by("-level")


def open_appeal(attribution: Attribution) -> Appeal | None:
    """Return the appeal against a decision that is open."""
    return Appeal.objects.filter(attribution=attribution, state__in=OPEN_STATES).first()


def visible_to(user: Reader) -> QuerySet[Appeal]:
    """Return the appeals in cases of the regions over which a user may see cases."""
    prefixes = regions_for(user, Permission.CASE_VIEW)
    return (
        Appeal.objects.filter(within(prefixes, "attribution__case__region"))
        .select_related(
            "attribution__case__basis",
            "attribution__case__institution",
            "attribution__case__region",
            "attribution__practitioner",
            "attribution__entry",
            "assigned_to",
            "decided_by",
            "previous",
        )
        .prefetch_related("messages__files", "files", "declarations__expert", "opinions", "varied_lines__line__finding")
    )


def pending_count(user: Reader) -> int:
    """Return how many open appeals lie in the regions of a user."""
    prefixes = regions_for(user, Permission.CASE_VIEW)
    return Appeal.objects.filter(within(prefixes, "attribution__case__region"), state__in=OPEN_STATES).count()


def possible_actions(appeal: Appeal) -> list[str]:
    """Return the actions that the state admits; who may take them is another question."""
    return [action.value for action in TABLE.allowed_actions(AppealState(appeal.state))]


def is_appeal_overdue(appeal: Appeal, *, on: date) -> bool:
    """Say whether the clock runs and the last day for the outcome has passed."""
    return appeal.is_open and appeal.paused_on is None and is_overdue(appeal.decision_due_on, on)


def officers_for(appeal: Appeal) -> QuerySet[User]:
    """Return the officers to whom an appeal can be assigned: they may decide in the region and had no hand in it."""
    barred = set(people_involved(appeal.attribution)) | people_in_other_appeals(appeal)
    barred |= deputies.standing_in_for(barred)
    return users.holders(Permission.APPEAL_DECIDE, region=appeal.attribution.case.region_id).exclude(pk__in=barred)


def files_of(appeal: Appeal) -> QuerySet[SubmittedFile]:
    """Return the files handed in with an appeal and with the answers in it."""
    return SubmittedFile.objects.filter(Q(appeal=appeal) | Q(message__appeal=appeal))


@dataclass(frozen=True, slots=True)
class Track:
    """How far an appeal has come, as both sides see it. Days are Shanghai dates, `days_left` working days."""

    receipt: str
    level: int
    state: str
    filed_on: date
    is_late: bool
    accepted_on: date | None
    due_on: date | None
    due_provisional: bool
    days_left: int | None
    is_overdue: bool
    stays: bool
    question: str
    answer_due_on: date | None
    decided_on: date | None
    outcome: str
    reasons: str
    points_before: int | None
    points_after: int | None
    second_level: Eligibility
    elevated_to: str


def track(appeal: Appeal, *, on: date) -> Track:
    """Return how far an appeal has come on a day."""
    runs = appeal.is_open and appeal.paused_on is None
    question = latest_question(appeal) if appeal.state == AppealState.AWAITING_ANSWER else None
    following = Appeal.objects.filter(previous=appeal).first() if appeal.level == FIRST_LEVEL else None
    return Track(
        receipt=appeal.receipt,
        level=appeal.level,
        state=appeal.state,
        filed_on=appeal.filed_on,
        is_late=appeal.is_late,
        accepted_on=local_date(appeal.accepted_at) if appeal.accepted_at else None,
        due_on=appeal.decision_due_on if runs or not appeal.is_open else None,
        due_provisional=appeal.due_provisional,
        days_left=_days_left(appeal, on),
        is_overdue=is_appeal_overdue(appeal, on=on),
        stays=appeal.stays,
        question=question.text if question else "",
        answer_due_on=appeal.answer_due_on,
        decided_on=local_date(appeal.decided_at) if appeal.decided_at else None,
        outcome=appeal.outcome,
        reasons=appeal.outcome_reasons,
        points_before=appeal.points_before,
        points_after=appeal.points_after,
        second_level=elevation_eligibility(appeal, on=on),
        elevated_to=following.receipt if following else "",
    )


def latest_question(appeal: Appeal) -> AppealMessage | None:
    """Return the question that was asked last."""
    return appeal.messages.filter(kind=MessageKind.QUESTION).order_by("-at", "-pk").first()


def _days_left(appeal: Appeal, on: date) -> int | None:
    if not appeal.is_open or appeal.decision_due_on is None:
        return None
    if appeal.paused_on is not None:
        return appeal.decide_days_left
    return working_calendar(on).between(on, appeal.decision_due_on)
