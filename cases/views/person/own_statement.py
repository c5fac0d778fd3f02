"""`/n/{number}/own-statement`: what the person wants to stand in public beside the record, and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from cases.selectors.entries import standing_entry
from cases.views.person import forms
from cases.views.person.doors import Visit, behind_letter
from institutions.errors import JifenError
from scoring.models import OwnStatement, PointsEntry
from scoring.policy.own_words import LENGTH_MAX
from scoring.selectors import own_statements as own_words
from scoring.services import own_statements

TEMPLATE = "person/own_statement.html"


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
@behind_letter
def own_statement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the statement there is, or ask for one; take it in and show where it stands."""
    entry = _entry(visit)
    facts = _facts(entry)
    if request.method != "POST":
        return forms.show(request, visit, TEMPLATE, facts)
    sent = forms.read(request, "text", with_files=False)
    sent.require("text", _("Write what you want to say."))
    if not sent.problems:
        try:
            own_statements.submit(notice=visit.notice, entry=entry, text=sent.values["text"], now=visit.now)
        except JifenError as refused:
            sent.refuse(refused, "text")
            return forms.show(request, visit, TEMPLATE, facts, sent, status=refused.status)
        return redirect(reverse("letter-own-statement", args=[visit.notice.number]))
    return forms.show(request, visit, TEMPLATE, facts, sent)


@require_POST
@csrf_protect
@behind_letter
def withdraw(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the statement back; it leaves the public page at once."""
    standing = own_words.standing(_entry(visit))
    if standing is not None:
        own_statements.withdraw(statement=standing, notice=visit.notice, now=visit.now)
    return redirect(reverse("letter-own-statement", args=[visit.notice.number]))


def _entry(visit: Visit) -> PointsEntry:
    """The award that the letter's decision came to; not there before it took effect."""
    attribution = visit.attribution
    if attribution is None or attribution.entry is None:
        raise Http404
    return standing_entry(attribution.entry)


def _facts(entry: PointsEntry) -> dict[str, object]:
    latest: OwnStatement | None = own_words.latest(entry)
    return {
        "statement": latest,
        "is_open": latest is None or latest.withdrawn_at is not None or bool(latest.reasons),
        "stands": not PointsEntry.objects.filter(reverses=entry).exists(),
        "text_max": LENGTH_MAX,
    }
