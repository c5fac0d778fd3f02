"""Repairs and new registrations on the officers' pages: entered from paper, looked through, decided with reasons."""

from collections.abc import Callable
from typing import ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from cases.models import Activity, QuizAttempt, RepairApplication, ReregistrationApplication, SubmittedFile
from cases.selectors.courses import all_courses
from cases.selectors.repeat_rates import FOLLOWED_MONTHS, repeat_rates
from cases.services import repair_decisions, repairs, reregistrations, submissions
from cases.services.submissions import SentFile
from cases.states.repair import EntryState, State
from institutions import clock, permissions
from institutions.admin.inlines import ReadOnlyInline
from institutions.admin.officers import OfficerAdmin, add_refusal, ensure_may_act, status_of
from institutions.errors import JifenError
from institutions.models import Institution, Practitioner, User
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.selectors import practitioners

Decision = Callable[..., object]
OPENED_FOR = "decision on an application"


class PersonForm(forms.Form):
    """Who applies, and at which institution."""

    code = forms.CharField(label=gettext_lazy("Code of the person"), max_length=20, widget=UnfoldAdminTextInputWidget)
    place = forms.CharField(
        label=gettext_lazy("Code of the institution"), max_length=20, widget=UnfoldAdminTextInputWidget
    )

    def clean_code(self) -> Practitioner:
        """Find the person."""
        person = practitioners.by_code(self.cleaned_data["code"])
        if person is None:
            raise forms.ValidationError(_("Nobody has this code."))
        return person

    def clean_place(self) -> Institution:
        """Find the institution."""
        place = Institution.objects.filter(code=self.cleaned_data["place"].strip()).first()
        if place is None:
            raise forms.ValidationError(_("There is no institution with this code."))
        return place


class RepairForm(PersonForm):
    """An activity that was done, as the paper says it. Courses are taken by the person."""

    activity = forms.ChoiceField(
        label=gettext_lazy("Activity"),
        choices=[choice for choice in Activity.choices if choice[0] != Activity.COURSE],
        widget=UnfoldAdminSelectWidget,
    )
    description = forms.CharField(
        label=gettext_lazy("What was done, where and for whom"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 4})
    )
    took_place_from = forms.DateField(label=gettext_lazy("From"), widget=UnfoldAdminDateWidget)
    took_place_to = forms.DateField(label=pgettext_lazy("last day", "To"), widget=UnfoldAdminDateWidget)
    file = forms.FileField(label=gettext_lazy("What shows it"), widget=UnfoldAdminFileFieldWidget)

    def enter(self, by: User) -> RepairApplication:
        """Start, show and hand in, in one go."""
        given, now = self.cleaned_data, clock.now()
        named = ("activity", "description", "took_place_from", "took_place_to")
        made = repairs.start_activity(
            practitioner=given["code"],
            institution=given["place"],
            **{name: given[name] for name in named},
            by=by,
            now=now,
        )
        repairs.add_files(application=made, files=[_sent(given["file"])], by=by, now=now)
        return repairs.submit(application=made, by=by, now=now)


class ReregistrationForm(PersonForm):
    """A new registration after a bar, with its commitment."""

    commitment_on = forms.DateField(label=gettext_lazy("Commitment signed on"), widget=UnfoldAdminDateWidget)
    department = forms.CharField(
        label=gettext_lazy("Department"), max_length=100, required=False, widget=UnfoldAdminTextInputWidget
    )
    position = forms.CharField(
        label=gettext_lazy("Position"), max_length=100, required=False, widget=UnfoldAdminTextInputWidget
    )
    file = forms.FileField(label=gettext_lazy("The signed commitment"), widget=UnfoldAdminFileFieldWidget)

    def enter(self, by: User) -> ReregistrationApplication:
        """Enter the application with its commitment."""
        given = self.cleaned_data
        return reregistrations.enter(
            practitioner=given["code"],
            institution=given["place"],
            commitment_on=given["commitment_on"],
            department=given["department"],
            position=given["position"],
            files=[_sent(given["file"])],
            by=by,
            now=clock.now(),
        )


class ReasonsForm(forms.Form):
    """The reasons of a decision."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}), max_length=4000
    )


class AttemptsInline(ReadOnlyInline):
    """The answers to the course's questions."""

    model = QuizAttempt
    fields = ("number", "course_version", "correct", "needed", "questions", "passed", "taken_at")


class FilesInline(ReadOnlyInline):
    """What shows the activity, or the commitment."""

    model = SubmittedFile
    fields = ("file_name", "content_type", "size", "received_at")


class ApplicationAdmin(OfficerAdmin):
    """What the pages of repairs and of new registrations share: entering one, and deciding one."""

    region_path = "institution__region"
    record_path = "practitioner"
    enter_permission: ClassVar[Permission]
    decide_permission: ClassVar[Permission]
    entry_form: ClassVar[type[RepairForm] | type[ReregistrationForm]]
    waiting: ClassVar[str]
    approve: ClassVar[Decision]
    refuse: ClassVar[Decision]

    def has_view_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Whoever enters, decides or oversees may look."""
        wanted = (self.enter_permission, self.decide_permission, Permission.OVERSIGHT)
        return any(_is_officer(request, item) for item in wanted)

    def within_regions(self, request: HttpRequest) -> Q:
        """Narrow to the regions where the officer enters or decides."""
        prefixes = {
            prefix
            for wanted in (self.enter_permission, self.decide_permission, Permission.OVERSIGHT)
            for prefix in permissions.regions_for(request.user, wanted)
        }
        return permissions.within(sorted(prefixes), "institution__region")

    def has_enter_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer enters applications anywhere."""
        return _is_officer(request, self.enter_permission)

    def has_decide_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer decides applications anywhere; where, is asked again for each."""
        return _is_officer(request, self.decide_permission)

    @action(description=gettext_lazy("Enter an application"), url_path="enter", permissions=["enter"])
    def enter(self, request: HttpRequest) -> HttpResponse:
        """Take in an application that came on paper."""
        form = self.entry_form(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_valid():
            try:
                made = form.enter(requester(request))
            except JifenError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("Application %(receipt)s is entered.") % {"receipt": made.receipt})
                return redirect(reverse(f"admin:{made._meta.app_label}_{made._meta.model_name}_change", args=[made.pk]))
        facts = self.admin_site.each_context(request) | {
            "title": _("Enter an application"),
            "opts": self.model._meta,
            "form": form,
        }
        return render(request, "admin/enter_application.html", facts, status=status_of(form))

    @action(description=gettext_lazy("Files and decision"), url_path="decide", permissions=["view"])
    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what there is, open a file, approve or refuse."""
        application = cast("RepairApplication | ReregistrationApplication | None", self.get_object(request, object_id))
        if application is None:
            raise Http404
        move = request.POST.get("move", "")
        form = ReasonsForm(request.POST if move in ("approve", "refuse") else None)
        if move == "open":
            return self._opened(request, application)
        if form.is_bound:
            ensure_may_act(request, self.decide_permission, region=application.institution.region_id)
        if form.is_valid():
            act = type(self).approve if move == "approve" else type(self).refuse
            reasons, by, now = form.cleaned_data["reasons"], requester(request), clock.now()
            try:
                act(application=application, reasons=reasons, by=by, now=now)
            except JifenError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("The decision is recorded, and told."))
                return redirect(request.path)
        facts = self.admin_site.each_context(request) | {
            "title": str(application),
            "opts": self.model._meta,
            "application": application,
            "attempts": list(application.attempts.all()) if isinstance(application, RepairApplication) else [],
            "form": form,
            "waits": application.state == self.waiting and self.has_decide_permission(request),
            "back": reverse(f"admin:cases_{self.model._meta.model_name}_change", args=[object_id]),
        }
        return render(request, "admin/decide_application.html", facts, status=status_of(form))

    def _opened(self, request: HttpRequest, application: RepairApplication | ReregistrationApplication) -> HttpResponse:
        """Hand a file out; the opening is written down."""
        files = application.files.select_related(*("repair__institution", "reregistration__institution"))
        submitted = get_object_or_404(files, pk=request.POST.get("file"))
        content = submissions.open_file(submitted=submitted, purpose=OPENED_FOR, by=requester(request), now=clock.now())
        if content is None:
            messages.error(request, _("The stored file is not the one that came in, or its time is over."))
            return redirect(request.path)
        answer = HttpResponse(content, content_type=submitted.content_type)
        answer["Content-Disposition"] = f'attachment; filename="{submitted.sha256[:12]}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


@admin.register(RepairApplication)
class RepairApplicationAdmin(ApplicationAdmin):
    """Applications to earn points back."""

    view_permission = Permission.REPAIR_DECIDE
    enter_permission, decide_permission = Permission.REPAIR_ENTER, Permission.REPAIR_DECIDE
    entry_form, waiting = RepairForm, State.SUBMITTED.value
    approve, refuse = staticmethod(repair_decisions.approve), staticmethod(repair_decisions.refuse)
    list_display = ("receipt", "practitioner", "institution", "activity", "clause", "state", "submitted_at", "points")
    list_filter = ("state", "activity")
    list_select_related = ("practitioner", "institution")
    search_fields = ("=receipt",)
    search_people, search_places = "practitioner", "institution"
    fields = (
        "receipt", "practitioner", "institution", "activity", "clause", "description", "took_place_from",
        "took_place_to", "state", "started_at", "entered_by", "submitted_at", "withdrawn_at", "outcome",
        "outcome_reasons", "decided_by", "decided_at", "points", "credited_on",
    )  # fmt: skip
    inlines: ClassVar = [AttemptsInline, FilesInline]
    actions_list: ClassVar = ["enter", "rates"]
    actions_detail: ClassVar = ["decide"]

    @action(description=gettext_lazy("Repeat rates of the courses"), url_path="rates", permissions=["view"])
    def rates(self, request: HttpRequest) -> HttpResponse:
        """Show, clause by clause, how many were scored again with and without the course."""
        prefixes = self.view_regions(request)
        on, courses = clock.today(), all_courses()
        facts = self.admin_site.each_context(request) | {
            "title": _("Repeat rates of the courses"),
            "opts": self.model._meta,
            "on": on,
            "months": FOLLOWED_MONTHS,
            "rows": [
                (rate, courses[rate.clause].title.said(request.LANGUAGE_CODE) if rate.clause in courses else "")
                for rate in (repeat_rates(on=on, prefixes=prefixes) if prefixes else [])
            ],
        }
        return render(request, "admin/repeat_rates.html", facts)


@admin.register(ReregistrationApplication)
class ReregistrationApplicationAdmin(ApplicationAdmin):
    """Applications to be registered anew after a bar."""

    view_permission = Permission.REREGISTRATION_DECIDE
    enter_permission, decide_permission = Permission.REREGISTRATION_ENTER, Permission.REREGISTRATION_DECIDE
    entry_form, waiting = ReregistrationForm, EntryState.ENTERED.value
    approve, refuse = staticmethod(reregistrations.approve), staticmethod(reregistrations.refuse)
    list_display = ("receipt", "practitioner", "institution", "commitment_on", "state", "entered_at")
    list_filter = ("state",)
    list_select_related = ("practitioner", "institution")
    search_fields = ("=receipt",)
    search_people, search_places = "practitioner", "institution"
    fields = (
        "receipt", "practitioner", "institution", "commitment_on", "department", "position", "state", "entered_at",
        "entered_by", "withdrawn_at", "outcome", "outcome_reasons", "decided_by", "decided_at", "registration",
    )  # fmt: skip
    inlines: ClassVar = [FilesInline]
    actions_list: ClassVar = ["enter"]
    actions_detail: ClassVar = ["decide"]


def _is_officer(request: HttpRequest, wanted: Permission) -> bool:
    return bool(getattr(request.user, "is_staff", False)) and has_permission(request.user, wanted)


def _sent(file: object) -> SentFile:
    return SentFile(file.name, file.read())  # type: ignore[attr-defined]
