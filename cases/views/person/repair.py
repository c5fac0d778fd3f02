"""`/n/{number}/repair`: earning points back, by a course or by an activity, and the facts to check a letter with."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Activity, RepairApplication
from cases.policy.courses import Course
from cases.selectors import letter_facts
from cases.selectors import repairs as repair_selectors
from cases.selectors.courses import course_for
from cases.selectors.repairs import Eligible, Ineligible
from cases.services import repairs
from cases.states.repair import TABLE, Action, State
from cases.views.person import forms
from cases.views.person.doors import Visit, behind_letter
from cases.views.person.letter import language
from institutions.errors import JifenError
from institutions.models import Institution

TEXT_MAX = 2000
PAGE, APPLICATION = "person/repair.html", "person/repair_application.html"


@dataclass(frozen=True)
class Place:
    """One institution by whose rules the person may apply, and what these rules say today."""

    institution: Institution
    found: Eligible | Ineligible

    @property
    def reason(self) -> str:
        """Why nothing can be earned back there; "" where it can."""
        return self.found.reason if isinstance(self.found, Ineligible) else ""


@dataclass(frozen=True)
class Asked:
    """One question as it is shown, with what was chosen."""

    number: int
    text: str
    options: tuple[tuple[int, str, bool], ...]
    has_one_answer: bool


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
@behind_letter
def repair(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show what can be earned back and what was applied for; begin a course or an application for an activity."""
    facts = _facts(visit)
    if request.method != "POST":
        return forms.show(request, visit, PAGE, facts)
    names = ("place", "clause", "activity", "description", "took_place_from", "took_place_to")
    sent = forms.read(request, *names, with_files=False)
    place = next((p.institution for p in _places(visit) if p.institution.code == sent.values["place"]), None)
    if place is None:
        sent.problems.append({"field": "place", "message": _("Choose one of the institutions.")})
        return forms.show(request, visit, PAGE, facts, sent)
    try:
        made = _started(visit, place, sent)
    except JifenError as refused:
        sent.refuse(refused, "place")
        return forms.show(request, visit, PAGE, facts, sent, status=refused.status)
    if made is None:
        return forms.show(request, visit, PAGE, facts, sent)
    return redirect(reverse("letter-repair-application", args=[visit.notice.number, made.receipt]))


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
@behind_letter
def application(request: HttpRequest, visit: Visit, receipt: str) -> HttpResponse:
    """Show one application: the course with its questions, or the files of an activity; hand it in, take it back."""
    it = repair_selectors.repairs_of(visit.person).filter(receipt=receipt).first()
    if it is None:
        raise Http404
    if request.method != "POST":
        return forms.show(request, visit, APPLICATION, _about(it, request))
    sent = forms.read(request, "move", with_files=request.POST.get("move") == "files")
    try:
        if not sent.problems:
            _move(request, visit, it, sent)
    except JifenError as refused:
        sent.refuse(refused, "move")
        return forms.show(request, visit, APPLICATION, _about(it, request), sent, status=refused.status)
    if sent.problems:
        return forms.show(request, visit, APPLICATION, _about(it, request), sent)
    return redirect(request.path)


@require_safe
@behind_letter
def facts_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Hand out the facts that the letter carries, to compute it again with verify_letter.py."""
    content = letter_facts.facts_file(visit.notice)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{visit.notice.number}-facts.json"'
    return response


def _started(visit: Visit, place: Institution, sent: forms.Sent) -> RepairApplication | None:
    """Begin what was asked for; None where the form has to be mended first."""
    person, now, values = visit.person, visit.now, sent.values
    if values["activity"] == Activity.COURSE:
        return repairs.start_course(practitioner=person, institution=place, clause=values["clause"], by=None, now=now)
    sent.require("description", _("Write what you did, where and for whom."))
    sent.limit("description", TEXT_MAX, _("Write at most %(max)d characters.") % {"max": TEXT_MAX})
    first, last = (_day(sent, name) for name in ("took_place_from", "took_place_to"))
    if first is None or last is None or sent.problems:
        return None
    return repairs.start_activity(
        practitioner=person,
        institution=place,
        activity=values["activity"],
        description=values["description"],
        took_place_from=first,
        took_place_to=last,
        by=None,
        now=now,
    )


def _move(request: HttpRequest, visit: Visit, it: RepairApplication, sent: forms.Sent) -> None:
    match sent.values["move"]:
        case "answers":
            repairs.take_quiz(application=it, answers=_answers(request, it), by=None, now=visit.now)
        case "files":
            if not sent.files:
                sent.problems.append({"field": "files", "message": _("Choose at least one file.")})
                return
            repairs.add_files(application=it, files=sent.files, by=None, now=visit.now)
        case "submit":
            repairs.submit(application=it, by=None, now=visit.now)
        case "withdraw":
            repairs.withdraw(application=it, by=None, now=visit.now)
        case _:
            raise Http404


def _facts(visit: Visit) -> dict[str, object]:
    places = _places(visit)
    return {
        "places": places,
        "open_places": [place for place in places if not place.reason],
        "courses": [
            (course.clause, course.title.said(language()))
            for course in repair_selectors.courses_for(visit.person, on=visit.today)
            if not repair_selectors.is_taken(visit.person, course.clause, year=visit.today.year)
        ],
        "activities": [choice for choice in Activity.choices if choice[0] != Activity.COURSE],
        "applications": list(repair_selectors.repairs_of(visit.person)),
        "text_max": TEXT_MAX,
    }


def _places(visit: Visit) -> list[Place]:
    places = repair_selectors.places_for_repair(visit.person, on=visit.today)
    return [Place(place, repair_selectors.repair_eligibility(visit.person, place, on=visit.today)) for place in places]


def _about(it: RepairApplication, request: HttpRequest) -> dict[str, object]:
    state, course = State(it.state), course_for(it.clause)
    attempts = list(it.attempts.order_by("number"))
    passed = any(attempt.passed for attempt in attempts)
    return {
        "it": it,
        "title": course.title.said(language()) if course else it.get_activity_display(),
        "text": [paragraph.said(language()) for paragraph in course.text] if course else [],
        "source": course.source.said(language()) if course else "",
        "needed": course.needed if course else 0,
        "questions": _asked(course, request) if course and state is State.STARTED and not passed else [],
        "attempts": attempts,
        "learned": _wrong(course, attempts[-1].wrong) if course and attempts and not attempts[-1].passed else [],
        "passed": passed,
        "may_add": TABLE.can(Action.ADD_FILES, state) and it.activity != Activity.COURSE,
        "may_submit": TABLE.can(Action.SUBMIT, state) and (passed or it.files.exists()),
        "may_withdraw": TABLE.can(Action.WITHDRAW, state),
    }


def _asked(course: Course, request: HttpRequest) -> list[Asked]:
    return [
        Asked(
            number,
            question.text.said(language()),
            tuple(
                (place, option.said(language()), str(place) in request.POST.getlist(f"q{number}"))
                for place, option in enumerate(question.options)
            ),
            question.has_one_answer,
        )
        for number, question in enumerate(course.questions)
    ]


def _wrong(course: Course, wrong: list[int]) -> list[tuple[str, str]]:
    """The questions answered wrongly last time, each with why; the answers themselves are not told."""
    asked = [course.questions[number] for number in wrong if number < len(course.questions)]
    return [(question.text.said(language()), question.because.said(language())) for question in asked]


def _answers(request: HttpRequest, it: RepairApplication) -> list[list[int]]:
    course = course_for(it.clause)
    count = len(course.questions) if course else 0
    chosen = [request.POST.getlist(f"q{number}") for number in range(count)]
    return [[int(value) for value in values if value.isdecimal()] for values in chosen]


def _day(sent: forms.Sent, name: str) -> date | None:
    try:
        return date.fromisoformat(sent.values[name])
    except ValueError:
        sent.problems.append({"field": name, "message": _("Give a day.")})
        return None
