"""Earning points back, the person's side: start, learn or do, show it, hand it in. The officer's is `repair_decisions`.

`by` is None where the person acts themselves: their door (a notice's page) has checked who they are. An officer who
takes in a paper application holds REPAIR_ENTER, and does not decide it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.errors import RepairNotPossible
from cases.models import Activity, QuizAttempt, RepairApplication, SubmittedFile
from cases.policy.courses import Course, Marked, mark
from cases.selectors import repairs as repair_selectors
from cases.selectors.courses import course_for
from cases.selectors.repairs import Ineligible
from cases.services import moves, repair_moves, repair_notices, submissions
from cases.services.submissions import SentFile
from cases.states.repair import Action
from institutions.clock import local_date
from institutions.errors import Invalid, RuleRefused
from institutions.models import Institution, Practitioner, User
from institutions.permissions import Permission, ensure_permission

ATTEMPTS_MAX_A_DAY = 3  # of one course: a limit of the product, so that questions are read and not guessed
COURSE_RULE = "design: a course counts once a clause and year"
QUIZ_RULE = "design: a course is passed by its questions"
SHOWN_RULE = "design: an activity is shown by a file"
DAYS_RULE = "design: an activity of this year, done"


@transaction.atomic
def start_course(
    *, practitioner: Practitioner, institution: Institution, clause: str, by: User | None, now: datetime
) -> RepairApplication:
    """Begin the course on a clause, under the rules of one of the person's sites; return the application.

    A course begun in the same year and not refused or withdrawn is returned as it stands. Refuses (409) what the rules
    would not credit today, with their reason, and (422) a clause without a course.
    """
    _ensure_may_enter(by, institution)
    course = course_for(clause)
    if course is None:
        raise Invalid(_("There is no course on clause %(clause)s.") % {"clause": clause}, rule=COURSE_RULE)
    year = local_date(now).year
    known = _course_of(practitioner, clause, year)
    if known is not None:
        return known
    _ensure_eligible(practitioner, institution, local_date(now))
    try:
        with transaction.atomic():
            return _begin(practitioner, institution, Activity.COURSE, by, now, clause=clause)
    except IntegrityError:
        known = _course_of(practitioner, clause, year)
        if known is None:
            raise
        return known


@transaction.atomic
def start_activity(
    *,
    practitioner: Practitioner,
    institution: Institution,
    activity: Activity | str,
    description: str,
    took_place_from: date,
    took_place_to: date,
    by: User | None,
    now: datetime,
) -> RepairApplication:
    """Begin an application for volunteer work or help in an inspection that was done; return it.

    The same activity on the same days a second time returns the first. Refuses (409) what the rules would not credit
    today, and (422) an activity without description, in the future, or of another year.
    """
    _ensure_may_enter(by, institution)
    if activity not in (Activity.VOLUNTEER, Activity.INSPECTION):
        raise Invalid(_("Volunteer work or help in an inspection can be applied for."), rule=DAYS_RULE)
    today = local_date(now)
    if not date(today.year, 1, 1) <= took_place_from <= took_place_to <= today:
        raise RuleRefused(
            _("The activity has to be over, and of this year."),
            rule=DAYS_RULE,
            next_step=_("Give the first and the last day on which you took part."),
        )
    description = moves.ensure_text(description, _("What was done, where and for whom"), SHOWN_RULE)
    same = repair_selectors.repairs_of(practitioner).filter(
        activity=activity, took_place_from=took_place_from, took_place_to=took_place_to, description=description
    )
    known = same.exclude(state__in=["refused", "withdrawn"]).first()
    if known is not None:
        return known
    _ensure_eligible(practitioner, institution, today)
    return _begin(
        practitioner,
        institution,
        Activity(activity),
        by,
        now,
        description=description,
        took_place_from=took_place_from,
        took_place_to=took_place_to,
    )


@transaction.atomic
def take_quiz(
    *, application: RepairApplication, answers: Sequence[Sequence[int]], by: User | None, now: datetime
) -> QuizAttempt:
    """Mark the answers to a course's questions and keep them; return the attempt, passed or not.

    `answers` are, for each question in order, the numbers of the options chosen, from 0. Refuses (409) an application
    that is not a started course, or passed already, and the fourth attempt of a day; (422) answers that do not fit.
    """
    _ensure_may_enter(by, application.institution)
    application = repair_moves.lock(application)
    repair_moves.ensure_can(application, Action.TAKE_QUIZ)
    course = _course(application)
    earlier = list(application.attempts.order_by("number"))
    passed = next((attempt for attempt in earlier if attempt.passed), None)
    if passed is not None:
        return passed
    _ensure_attempts_left(application, earlier, now)
    marked = _marked(course, answers)
    attempt = QuizAttempt.objects.create(
        application=application,
        number=len(earlier) + 1,
        clause=course.clause,
        course_version=course.version,
        course_digest=course.digest,
        answers=[sorted(chosen) for chosen in answers],
        wrong=list(marked.wrong),
        correct=marked.correct,
        needed=marked.needed,
        questions=len(course.questions),
        passed=marked.passed,
        taken_at=now,
    )
    detail = {"attempt": attempt.number, "correct": attempt.correct, "passed": attempt.passed}
    repair_moves.record("repair.quiz_taken", application, by, now, detail=detail)
    return attempt


@transaction.atomic
def add_files(
    *, application: RepairApplication, files: Sequence[SentFile], by: User | None, now: datetime
) -> list[SubmittedFile]:
    """Keep files that show what was done; return them. Refused once the application is decided or withdrawn."""
    _ensure_may_enter(by, application.institution)
    application = repair_moves.lock(application)
    repair_moves.ensure_can(application, Action.ADD_FILES)
    kept = submissions.keep_files(files, said=application, by=by, now=now)
    repair_moves.record("repair.files_added", application, by, now, detail={"files": len(kept)})
    return kept


@transaction.atomic
def submit(*, application: RepairApplication, by: User | None, now: datetime) -> RepairApplication:
    """Hand in a complete application; return it. From here an officer decides, and the day of this act counts.

    A second time changes nothing. Refuses (422) a course that is not passed and an activity without a file.
    """
    _ensure_may_enter(by, application.institution)
    application = repair_moves.lock(application)
    if application.submitted_at is not None and application.state == "submitted":
        return application
    state = repair_moves.ensure_can(application, Action.SUBMIT)
    _ensure_shown(application)
    application.state, application.submitted_at = state.value, now
    application.save(update_fields=["state", "submitted_at"])
    repair_moves.record("repair.submitted", application, by, now)
    repair_notices.tell_received(application=application, now=now)
    return application


@transaction.atomic
def withdraw(*, application: RepairApplication, by: User | None, now: datetime) -> RepairApplication:
    """Take an application back before it is decided; return it. A second time changes nothing."""
    _ensure_may_enter(by, application.institution)
    application = repair_moves.lock(application)
    if application.withdrawn_at is not None:
        return application
    application.state = repair_moves.ensure_can(application, Action.WITHDRAW).value
    application.withdrawn_at = now
    application.save(update_fields=["state", "withdrawn_at"])
    repair_moves.record("repair.withdrawn", application, by, now)
    return application


def _ensure_may_enter(by: User | None, institution: Institution) -> None:
    ensure_permission(by, Permission.REPAIR_ENTER, region=institution.region_id)


def _ensure_eligible(practitioner: Practitioner, institution: Institution, on: date) -> None:
    if institution not in repair_selectors.places_for_repair(practitioner, on=on):
        raise RepairNotPossible(
            _("The person does not work at %(name)s today.") % {"name": institution.name},
            rule="design: repair under the rules of a site of the person",
            next_step=_("Choose one of the institutions where the person is registered."),
        )
    found = repair_selectors.repair_eligibility(practitioner, institution, on=on)
    if isinstance(found, Ineligible):
        raise RepairNotPossible(found.reason, rule=found.rule)


def _course_of(practitioner: Practitioner, clause: str, year: int) -> RepairApplication | None:
    rows = repair_selectors.repairs_of(practitioner).filter(activity=Activity.COURSE, clause=clause, year=year)
    return rows.exclude(state__in=["refused", "withdrawn"]).first()


def _begin(
    practitioner: Practitioner,
    institution: Institution,
    activity: Activity,
    by: User | None,
    now: datetime,
    *,
    clause: str = "",
    description: str = "",
    took_place_from: date | None = None,
    took_place_to: date | None = None,
) -> RepairApplication:
    application = RepairApplication.objects.create(
        receipt=repair_moves.next_receipt("XF", now),
        practitioner=practitioner,
        institution=institution,
        activity=activity,
        clause=clause,
        description=description,
        took_place_from=took_place_from,
        took_place_to=took_place_to,
        year=local_date(now).year,
        started_at=now,
        entered_by=by,
    )
    repair_moves.record("repair.started", application, by, now, detail={"activity": activity.value, "clause": clause})
    return application


def _course(application: RepairApplication) -> Course:
    course = course_for(application.clause)
    if course is None:
        raise RepairNotPossible(_("This application is not about a course."), rule=QUIZ_RULE, state=application.state)
    return course


def _ensure_attempts_left(application: RepairApplication, earlier: Sequence[QuizAttempt], now: datetime) -> None:
    today = [attempt for attempt in earlier if local_date(attempt.taken_at) == local_date(now)]
    if len(today) >= ATTEMPTS_MAX_A_DAY:
        raise RepairNotPossible(
            _("The questions were answered %(count)d times today.") % {"count": len(today)},
            rule=QUIZ_RULE,
            state=application.state,
            next_step=_("Read the text again and come back tomorrow."),
        )


def _marked(course: Course, answers: Sequence[Sequence[int]]) -> Marked:
    try:
        return mark(course, [frozenset(chosen) for chosen in answers])
    except (ValueError, TypeError) as wrong:
        raise Invalid(_("The answers do not fit the questions."), rule=QUIZ_RULE) from wrong


def _ensure_shown(application: RepairApplication) -> None:
    if application.activity == Activity.COURSE and not application.attempts.filter(passed=True).exists():
        raise RuleRefused(
            _("The questions of the course are not passed yet."),
            rule=QUIZ_RULE,
            next_step=_("Answer the questions, then hand it in."),
        )
    if application.activity != Activity.COURSE and not application.files.exists():
        raise RuleRefused(
            _("Nothing shows the activity yet."),
            rule=SHOWN_RULE,
            next_step=_("Add a certificate, a sign-in sheet or a photograph."),
        )
