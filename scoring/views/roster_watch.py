"""`/portal/staff-list/`: HR holds its own list of staff against what is on record, and takes the outcome home."""

from __future__ import annotations

import csv
import io

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from institutions import clock
from institutions.errors import Invalid
from institutions.models import Institution
from institutions.permissions import Permission, institutions_for
from institutions.requester import requester
from institutions.roster.staff_list import SIZE_MAX
from institutions.selectors.portal_desk import desk_of
from institutions.views.portal import LOGIN
from scoring.policy.account import Status
from scoring.selectors.roster_watch import FINDING_LABELS, STATUS_LABELS, Finding, RosterCheck
from scoring.services import roster_watch

# What needs doing stands first; whoever matches is only counted.
SHOWN = (
    Finding.STILL_LISTED,
    Finding.NOT_LISTED,
    Finding.NOT_REGISTERED_HERE,
    Finding.UNKNOWN_CODE,
    Finding.NAME_DIFFERS,
    Finding.LISTED_TWICE,
    Finding.NO_CODE,
)
ROWS_MAX = 200  # of one kind on the page; the file has all
DOWNLOAD = "download"


class StaffListForm(forms.Form):
    """The list: a file, or (to take the outcome of a shown list home) its text again."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=gettext_lazy("Institution"), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Your list of staff"),
        help_text=gettext_lazy("CSV (UTF-8 or GB18030) or XLSX with a column of codes, and one of names if you like."),
        required=False,
    )
    people = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, institutions: QuerySet[Institution], *args: object, **kwargs: object) -> None:
        """Offer these institutions; a single one is not asked for."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["institution"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = institutions.order_by("code")
        field.initial = field.queryset.first()

    def clean(self) -> dict[str, object]:
        """Ask for one of file and text, and for one of an acceptable size."""
        given = super().clean() or {}
        file = given.get("file")
        if not file and not given.get("people"):
            self.add_error("file", _("Choose the file of your list."))
        elif file is not None and file.size > SIZE_MAX:
            self.add_error("file", _("The list is larger than %(size)s MB.") % {"size": SIZE_MAX >> 20})
        return given

    @property
    def source(self) -> bytes:
        """The bytes of the list, once the form is valid."""
        file = self.cleaned_data["file"]
        return bytes(file.read()) if file else str(self.cleaned_data["people"]).encode()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required(login_url=LOGIN)
def staff_list(request: HttpRequest) -> HttpResponse:
    """Take a list, compare it, and show the outcome or hand it out as a file; nothing is changed."""
    user = requester(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = StaffListForm(institutions_for(user, Permission.NOTICE_READ), *posted)
    check: RosterCheck | None = None
    if form.is_valid():
        try:
            check = roster_watch.compare_staff_list(
                institution=form.cleaned_data["institution"], source=form.source, by=user, now=clock.now()
            )
        except Invalid as refused:
            form.add_error("file", str(refused))
    if check is not None and DOWNLOAD in request.POST:
        return download(check)
    facts = {
        "form": form,
        "check": check,
        "here": "roster",
        "desk": desk_of(user),
        **(_outcome(check) if check is not None else {}),
    }
    return render(request, "portal/staff_list.html", facts, status=422 if form.errors else 200)


def download(check: RosterCheck) -> HttpResponse:
    """Return the outcome as a file whose name says of whom and when."""
    name = f"staff-list_{check.institution.code}_{check.on}_{check.data_version}.csv"
    answer = HttpResponse(roster_watch.as_csv(check), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _outcome(check: RosterCheck) -> dict[str, object]:
    found = ((finding, check.of(finding)) for finding in SHOWN)
    return {
        "groups": [
            {
                "key": finding.value,
                "label": FINDING_LABELS[finding],
                "count": len(people),
                "more": max(len(people) - ROWS_MAX, 0),
                "people": [
                    (person, STATUS_LABELS[person.status] if person.status is not None else "")
                    for person in people[:ROWS_MAX]
                ],
            }
            for finding, people in found
            if people
        ],
        "matches": check.counts[Finding.MATCHES],
        "suspended": check.still_listed.get(Status.SUSPENDED, 0),
        "terminated": check.still_listed.get(Status.TERMINATED, 0),
        "people": _as_text(check),
    }


def _as_text(check: RosterCheck) -> str:
    """The list as it came in, to be sent back for the file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["code", "name"])
    writer.writerows((person.code, person.name) for person in check.people if person.row is not None)
    return buffer.getvalue()
