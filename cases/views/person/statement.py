"""`/n/{number}/statement`: what the person says before any point is given, with files; the receipt follows."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from cases.selectors import persons
from cases.services import statements
from cases.states import State
from cases.views.person import forms
from cases.views.person.course import counted_for_statement
from cases.views.person.doors import Visit, behind_letter
from institutions.errors import JifenError

TEMPLATE = "person/statement.html"


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
@behind_letter
def statement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for the statement while one can be given; take it in and go to its receipt."""
    attribution = visit.attribution
    if attribution is None:
        raise Http404
    facts: dict[str, object] = {
        "is_open": attribution.state == State.INTENT_SERVED,
        "is_told": attribution.intent_served_on is not None,
        "until": attribution.statement_deadline_on,
        "counted": counted_for_statement(attribution),
        "text_max": statements.TEXT_LENGTH_MAX,
    }
    if request.method != "POST":
        return forms.show(request, visit, TEMPLATE, facts)
    sent = forms.read(request, "text")
    sent.require("text", _("Write what you want to say."))
    sent.limit(
        "text",
        statements.TEXT_LENGTH_MAX,
        _("Write at most %(max)d characters, or send the rest as a file.") % {"max": statements.TEXT_LENGTH_MAX},
    )
    if not sent.problems:
        try:
            made = statements.submit_statement(
                notice=visit.notice, text=sent.values["text"], files=sent.files, now=visit.now
            )
        except JifenError as refused:
            sent.refuse(refused, "text")
            return forms.show(request, visit, TEMPLATE, facts, sent, status=refused.status)
        return redirect(reverse("letter-statement-receipt", args=[visit.notice.number, made.receipt]))
    return forms.show(request, visit, TEMPLATE, facts, sent)


@require_safe
@behind_letter
def receipt(request: HttpRequest, visit: Visit, receipt: str) -> HttpResponse:
    """Acknowledge a statement: its number, when it came in, its words and files, and the answer once there is one."""
    said = persons.statements_of(visit.attribution) if visit.attribution else []
    found = next((item for item in said if item.receipt == receipt), None)
    if found is None:
        raise Http404
    return forms.show(request, visit, "person/statement_receipt.html", {"statement": found})
