"""`/n/{number}/appeal`: filing an appeal, following it, answering a question, withdrawing it, the second level."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from cases.models import Appeal, Attribution
from cases.selectors import appeals as appeal_selectors
from cases.selectors.appeals import Eligibility, Late
from cases.services import appeals
from cases.states.appeal import State as AppealState
from cases.views.person import course, forms
from cases.views.person.doors import Visit, behind_letter
from cases.views.person.matters import manifest_of
from institutions.errors import JifenError

TEXT_LENGTH_MAX = 20_000  # characters; a limit of the product
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@csrf_protect
@behind_letter
def appeal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for the grounds while an appeal is possible, late or not; file it and go to its course."""
    attribution = _attribution(visit)
    eligible = appeal_selectors.appeal_eligibility(attribution, on=visit.today)
    facts = _facts_of(attribution, eligible)
    file = partial(appeals.file_appeal, attribution=attribution)
    return _ask_for_grounds(request, visit, "person/appeal.html", facts, eligible, file)


@require_http_methods(METHODS)
@csrf_protect
@behind_letter
def appeal_course(request: HttpRequest, visit: Visit, receipt: str) -> HttpResponse:
    """Show how far an appeal has come, with questions and answers; take in the answer to the one that waits."""
    found = _own(visit, receipt)
    if request.method != "POST":
        return forms.show(request, visit, "person/appeal_course.html", _course_facts(visit, found))
    sent = forms.read(request, "text")
    sent.require("text", _("Write your answer."))
    _limit(sent, "text")
    if not sent.problems:
        try:
            appeals.answer(appeal=found, text=sent.values["text"], files=sent.files, by=None, now=visit.now)
        except JifenError as refused:
            sent.refuse(refused, "text")
            facts = _course_facts(visit, found)
            return forms.show(request, visit, "person/appeal_course.html", facts, sent, status=refused.status)
        return redirect(_course_path(visit, found))
    return forms.show(request, visit, "person/appeal_course.html", _course_facts(visit, found), sent)


@require_http_methods(METHODS)
@csrf_protect
@behind_letter
def withdraw(request: HttpRequest, visit: Visit, receipt: str) -> HttpResponse:
    """Ask once more, and why, before an appeal is withdrawn: it cannot be filed again."""
    found = _own(visit, receipt)
    facts: dict[str, object] = {"appeal": found, "course": _course_path(visit, found)}
    if request.method != "POST":
        return forms.show(request, visit, "person/withdraw.html", facts)
    sent = forms.read(request, "reason", with_files=False)
    sent.require("reason", _("Say in a few words why you withdraw it."))
    if not sent.problems:
        try:
            appeals.withdraw(appeal=found, reason=sent.values["reason"], by=None, now=visit.now)
        except JifenError as refused:
            sent.refuse(refused, "reason")
            return forms.show(request, visit, "person/withdraw.html", facts, sent, status=refused.status)
        return redirect(_course_path(visit, found))
    return forms.show(request, visit, "person/withdraw.html", facts, sent)


@require_http_methods(METHODS)
@csrf_protect
@behind_letter
def elevate(request: HttpRequest, visit: Visit, receipt: str) -> HttpResponse:
    """Ask for the grounds of the second level, which reviews what the first level left open."""
    found = _own(visit, receipt)
    eligible = appeal_selectors.elevation_eligibility(found, on=visit.today)
    facts = _facts_of(found.attribution, eligible) | {"first": found, "course": _course_path(visit, found)}
    file = partial(appeals.elevate, appeal=found)
    return _ask_for_grounds(request, visit, "person/elevate.html", facts, eligible, file)


def _ask_for_grounds(
    request: HttpRequest,
    visit: Visit,
    template: str,
    facts: dict[str, object],
    eligible: Eligibility,
    file: Callable[..., Appeal],
) -> HttpResponse:
    """Show the form of the grounds; hand what was sent to the service and go to the course of the appeal it made."""
    if request.method != "POST":
        return forms.show(request, visit, template, facts)
    sent = _read(request, eligible)
    if not sent.problems:
        try:
            made = file(
                grounds=sent.values["grounds"],
                files=sent.files,
                late_reason=sent.values["late_reason"],
                by=None,
                now=visit.now,
            )
        except JifenError as refused:
            sent.refuse(refused, "grounds")
            return forms.show(request, visit, template, facts, sent, status=refused.status)
        return redirect(_course_path(visit, made))
    return forms.show(request, visit, template, facts, sent)


def _attribution(visit: Visit) -> Attribution:
    if visit.attribution is None:
        raise Http404
    return visit.attribution


def _own(visit: Visit, receipt: str) -> Appeal:
    """Return an appeal against the decision behind this letter; no other is there."""
    rows = Appeal.objects.filter(attribution=_attribution(visit), receipt=receipt)
    found = rows.select_related(
        "attribution__case__institution", "attribution__practitioner", "attribution__entry"
    ).first()
    if found is None:
        raise Http404
    return found


def _read(request: HttpRequest, eligible: Eligibility) -> forms.Sent:
    sent = forms.read(request, "grounds", "late_reason")
    sent.require("grounds", _("Write why you think the decision is wrong."))
    _limit(sent, "grounds")
    if isinstance(eligible, Late):
        sent.require("late_reason", _("Say why the appeal is late."))
    return sent


def _limit(sent: forms.Sent, name: str) -> None:
    message = _("Write at most %(max)d characters, or send the rest as a file.") % {"max": TEXT_LENGTH_MAX}
    sent.limit(name, TEXT_LENGTH_MAX, message)


def _facts_of(attribution: Attribution, eligible: Eligibility) -> dict[str, object]:
    until = getattr(eligible, "deadline", None)
    return {
        "is_late": isinstance(eligible, Late),
        "reason": getattr(eligible, "reason", ""),
        "standing": getattr(eligible, "receipt", ""),
        "until": until,
        "provisional": getattr(eligible, "provisional", False),
        "counted": course.counted_for_appeal(attribution, until),
        "stays": attribution.served_on is not None and appeal_selectors.stays_measures(attribution),
        "text_max": TEXT_LENGTH_MAX,
    }


def _course_facts(visit: Visit, found: Appeal) -> dict[str, object]:
    track = appeal_selectors.track(found, on=visit.today)
    return {
        "appeal": found,
        "track": track,
        "outcome_label": found.get_outcome_display() if found.outcome else "",
        "time_left": course.time_left(track) if found.is_open else "",
        "messages": found.messages.prefetch_related("files").order_by("at", "pk"),
        "files": found.files.all(),
        "has_manifest": manifest_of(found.attribution) is not None,
        "waits_for_answer": found.state == AppealState.AWAITING_ANSWER,
        "can_elevate": not hasattr(track.second_level, "reason"),
        "second_level_reason": getattr(track.second_level, "reason", ""),
        "second_level_until": getattr(track.second_level, "deadline", None),
        "text_max": TEXT_LENGTH_MAX,
    }


def _course_path(visit: Visit, found: Appeal) -> str:
    return reverse("letter-appeal-course", args=[visit.notice.number, found.receipt])
