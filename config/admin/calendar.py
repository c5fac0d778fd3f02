"""The working calendar: to be read by every officer, loaded from a file by administrators of the whole country."""

from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from cases.services.calendars import load_calendar
from institutions import clock
from institutions.admin.officers import OfficerAdmin
from institutions.models import CalendarDay
from institutions.permissions import WHOLE_COUNTRY, Permission, has_permission
from institutions.requester import requester
from institutions.services.calendar_upload import CalendarRefused

FILE_SIZE_MAX = 1024 * 1024


class CalendarForm(forms.Form):
    """The file of an announced calendar."""

    file = forms.FileField(
        label=gettext_lazy("Calendar as CSV"),
        help_text=gettext_lazy("Columns date, is_working, source; UTF-8 or GB18030. All rows are loaded, or none."),
        widget=UnfoldAdminFileFieldWidget,
    )

    def clean_file(self) -> bytes:
        """Return the bytes; a calendar is small."""
        file = self.cleaned_data["file"]
        if file.size > FILE_SIZE_MAX:
            raise forms.ValidationError(_("A calendar is smaller than that."))
        return bytes(file.read())


@admin.register(CalendarDay)
class CalendarDayAdmin(OfficerAdmin):
    """The announced working calendar."""

    view_permission = Permission.CASE_VIEW
    list_display = ("on", "is_working", "source")
    list_filter = ("is_working",)
    ordering = ("-on",)
    search_fields = ("source",)
    actions_list: ClassVar = ["load"]

    def has_view_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Whoever may load the calendar may look at it."""
        return super().has_view_permission(request) or self.has_load_permission(request)

    def has_load_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer may load a calendar: only one of the whole country, as the calendar is."""
        user = request.user
        may = has_permission(user, Permission.CALENDAR_LOAD, region=WHOLE_COUNTRY)
        return bool(getattr(user, "is_staff", False)) and may

    @action(description=gettext_lazy("Load an announced calendar"), url_path="load/", permissions=["load"])
    def load(self, request: HttpRequest) -> HttpResponse:
        """Take the file, load it through the service, and show what was refused row by row."""
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = CalendarForm(*posted)
        errors: list[object] = []
        if form.is_valid():
            try:
                loaded = load_calendar(data=form.cleaned_data["file"], by=requester(request), now=clock.now())
            except CalendarRefused as refused:
                form.add_error("file", str(refused))
                errors = list(refused.errors)
            else:
                messages.success(
                    request,
                    _("Days changed: %(days)d. Deadlines renewed: %(deadlines)d.")
                    % {"days": loaded.changed, "deadlines": loaded.deadlines_renewed},
                )
                return redirect("admin:institutions_calendarday_changelist")
        facts = self.admin_site.each_context(request) | {
            "title": _("Load an announced calendar"),
            "opts": self.model._meta,
            "form": form,
            "errors": errors,
        }
        return render(request, "admin/load_calendar.html", facts, status=422 if form.errors else 200)
