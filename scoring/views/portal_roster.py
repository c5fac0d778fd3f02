"""`/portal/roster/`: the staff of the user's own institutions with their payment qualification, one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from institutions import clock
from institutions.errors import JifenError, NotThere
from institutions.models import Registration
from institutions.requester import requester
from institutions.selectors.portal_desk import desk_of
from institutions.selectors.practitioners import by_slug
from scoring.policy.account import Status
from scoring.selectors import rosters
from scoring.services import certificates, roster_openings
from scoring.views.certificate_sheet import certificate_response
from scoring.views.scorecard_page import SHAPES, status_word

LOGIN = reverse_lazy("portal-login")
PAGE_SIZE = 50


class RosterFilterForm(forms.Form):
    """What to show of the roster."""

    text = forms.CharField(label=gettext_lazy("Name or code"), required=False, max_length=100)
    under = forms.BooleanField(label=gettext_lazy("only suspended or terminated"), required=False)


@dataclass(frozen=True)
class Line:
    """One person as the page shows them: the row, the word and the shape of the status."""

    row: rosters.RosterRow
    word: str
    shape: str


@require_GET
@never_cache
@login_required(login_url=LOGIN)
def roster(request: HttpRequest) -> HttpResponse:
    """List the staff of the user's institutions with their status today; those of others are not there.

    Whose rows a page shows is written down for those persons.
    """
    user, now = requester(request), clock.now()
    on = clock.local_date(now)
    held = rosters.own_institutions(user)
    form = RosterFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    spells = rosters.roster(held, on=on, text=wanted.get("text", ""))
    found: Sequence[Registration] | QuerySet[Registration] = spells
    if wanted.get("under"):
        found = rosters.under_measure(spells, on=on)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = rosters.page_of(list(page.object_list), on=on)
    roster_openings.note_roster(page=shown, held=held, by=user, now=now)
    facts = {
        "form": form,
        "page": page,
        "lines": [_line(row) for row in shown.rows],
        "places": ", ".join(place.name for place in held),
        "several": len(held) > 1,
        "on": on,
        "is_narrowed": any(wanted.values()),
        "here": "roster",
        "desk": desk_of(user, own=held),
    }
    return render(request, "portal/roster.html", facts)


@require_GET
@never_cache
@login_required(login_url=LOGIN)
def staff_certificate(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out a signed certificate of somebody on the user's roster, for that person to show."""
    person = by_slug(slug)
    try:
        if person is None:
            raise NotThere()
        made = certificates.issue_to_staff(practitioner=person, by=requester(request), now=clock.now())
    except NotThere as error:
        raise Http404 from error
    except JifenError as refused:
        facts = {"status": refused.status, "title": refused.title, "detail": str(refused)}
        return render(request, "error.html", facts, status=refused.status)
    return certificate_response(made)


def _line(row: rosters.RosterRow) -> Line:
    if not row.status:
        return Line(row, _("not shown during the pilot"), "quiet")
    return Line(row, status_word(row.status), SHAPES[Status(row.status)])
