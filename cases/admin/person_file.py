"""一人一档 in the officers' admin: the page of a person shows the whole file, each part to those who may see it."""

from datetime import date, timedelta
from typing import cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDateWidget

from cases.admin.person_words import rows_of, steps_of, supposed
from cases.selectors.person_file import AccountPart, Clocks, person_file
from cases.views.person.options import standing_of
from institutions import clock
from institutions.admin.people import PractitionerAdmin
from institutions.models import AccessDoor, Practitioner
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.services import record_access
from scoring.views.scorecard_page import SHAPES


class ClocksForm(forms.Form):
    """The two clocks of the account: as of a day, and as known at the end of a day."""

    as_of = forms.DateField(label=gettext_lazy("as of"), required=False, widget=UnfoldAdminDateWidget)
    known_on = forms.DateField(
        label=gettext_lazy("with what was known at the end of"), required=False, widget=UnfoldAdminDateWidget
    )

    def clean_known_on(self) -> date | None:
        """Return the day; nothing is known of a day that has not ended."""
        given: date | None = self.cleaned_data["known_on"]
        if given is not None and given > clock.today():
            raise forms.ValidationError(_("Nothing is known yet at the end of that day. Give today or an earlier day."))
        return given

    @property
    def clocks(self) -> Clocks:
        """Return what was chosen; today and everything recorded where nothing was, or nothing that can be read."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        known_on = given.get("known_on")
        known_at = clock.start_of(known_on + timedelta(days=1)) - timedelta(microseconds=1) if known_on else None
        return Clocks(given.get("as_of") or clock.today(), known_at)


@admin.register(Practitioner)
class PersonFileAdmin(PractitionerAdmin):
    """People: the list of `institutions`, and for each the file with what cases and scoring know."""

    ordering = ("name", "id")  # the index by which names are found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show the file. Looking at it, and at the account in it, is written down for the person."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        person = cast("Practitioner | None", self.get_object(request, object_id))
        if person is None:
            raise Http404
        is_asked = bool({"as_of", "known_on"} & set(request.GET))
        form = ClocksForm(request.GET if is_asked else None, initial={"as_of": clock.today()})
        officer = requester(request)
        file = person_file(person, by=officer, clocks=form.clocks, today=clock.today())
        if file.account is not None:
            record_access.note_access(
                practitioners=[person.pk],
                door=AccessDoor.ACCOUNT,
                permission=Permission.LEDGER_VIEW,
                by=officer,
                now=clock.now(),
            )
        facts = self.admin_site.each_context(request) | {
            "title": _("File of %(name)s") % {"name": person.name},
            "opts": self.model._meta,
            "original": person,
            "form": form,
            "file": file,
            "is_now": file.clocks == Clocks(clock.today()),
            "may_propose_merge": has_permission(officer, Permission.ATTRIBUTION_PROPOSE),
            **(_account_in_words(file.account) if file.account is not None else {}),
        }
        return render(request, "admin/person_file.html", facts, status=422 if form.errors else 200)


def _account_in_words(account: AccountPart) -> dict[str, object]:
    return {
        "standing": standing_of(account.outcome),
        "shape": SHAPES[account.outcome.status.status],
        "rows": rows_of(account),
        "other_steps": steps_of(account),
        "supposed": supposed(account),
    }


__all__ = ["ClocksForm", "PersonFileAdmin"]
