"""What persons ask for through their letters: corrections to answer, and the redacted copies of evidence they see."""

from typing import ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from cases.api.doors import download
from cases.models import DataRequest, DataRequestOutcome, Evidence, RedactedCopy, RedactedOpening
from cases.policy import evidence_types
from cases.services import data_requests, redactions
from cases.services import evidence as evidence_rows
from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.models import AccessDoor, User
from institutions.permissions import Permission
from institutions.requester import requester

FROZEN = ("receipt", "practitioner", "notice", "kind", "text", "filed_at")


class OpenFilter(admin.SimpleListFilter):
    """Narrow requests to those that wait for an answer."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """Return the states to choose from."""
        return [("open", _("waits for an answer")), ("answered", _("answered"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[DataRequest]") -> "QuerySet[DataRequest]":
        """Apply the chosen state."""
        if self.value() is None:
            return queryset
        return queryset.filter(answered_at__isnull=self.value() == "open")


class DataRequestForm(forms.ModelForm):
    """Answers a request through the service, so that its refusals stand beside the form."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=DataRequestOutcome.choices, widget=UnfoldAdminSelectWidget
    )
    answer = forms.CharField(
        label=gettext_lazy("Reasons"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text=gettext_lazy("The person reads this. What is corrected has to be corrected where it is kept, first."),
    )

    class Meta:
        model = DataRequest
        fields = ("outcome", "answer")

    officer: User

    def _post_clean(self) -> None:
        if self.errors:
            return
        given = self.cleaned_data
        try:
            data_requests.answer_request(
                request=DataRequest.objects.get(pk=self.instance.pk),
                outcome=str(given["outcome"]),
                answer=str(given["answer"]),
                by=self.officer,
                now=clock.now(),
            )
        except JifenError as refused:
            self.add_error(None, str(refused))


@admin.register(DataRequest)
class DataRequestAdmin(OfficerAdmin):
    """Requests to correct data in the officer's regions: read, and answered once with reasons."""

    view_permission = Permission.CASE_VIEW
    change_permission = Permission.DATA_ANSWER
    region_path = "notice__region"
    record_path = "practitioner"
    record_door = AccessDoor.PERSON
    list_display = ("receipt", "practitioner", "kind", "filed_at", "outcome", "answered_at")
    list_filter = (OpenFilter, "kind")
    list_select_related = ("practitioner",)
    search_fields = ("=notice__number",)
    search_people = "practitioner"
    fields = (*FROZEN, "outcome", "answer", "answered_at", "answered_by")
    readonly_fields = (*FROZEN, "answered_at", "answered_by")
    form = DataRequestForm

    @admin.display(description=gettext_lazy("receipt number"))
    def receipt(self, asked: DataRequest) -> str:
        """Return the number under which it was acknowledged."""
        return asked.receipt

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Answers are given once: an answered request is only read."""
        is_answered = isinstance(obj, DataRequest) and obj.answered_at is not None
        return not is_answered and super().has_change_permission(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        """Tell the form who is acting."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"officer": requester(request)})

    def save_model(self, request: HttpRequest, obj: Model, form: DataRequestForm, change: bool) -> None:
        """The service has written already."""


class RedactedCopyForm(forms.ModelForm):
    """Adds a redacted copy through the service."""

    upload = forms.FileField(
        label=gettext_lazy("Redacted copy"),
        help_text=gettext_lazy("With everything taken out that concerns patients and other persons. Not the original."),
        widget=UnfoldAdminFileFieldWidget,
    )

    class Meta:
        model = RedactedCopy
        fields = ("evidence", "taken_out")

    officer: User
    result: RedactedCopy | None = None

    def clean_upload(self) -> object:
        """Refuse a file over the limit before it is read."""
        upload = self.cleaned_data["upload"]
        if upload.size > evidence_types.SIZE_MAX:
            limit = evidence_types.SIZE_MAX // 1024 // 1024
            raise forms.ValidationError(_("The file is larger than %(size)d MB.") % {"size": limit})
        return upload

    def _post_clean(self) -> None:
        if self.errors:
            return
        given = self.cleaned_data
        try:
            self.result = redactions.add_redacted_copy(
                evidence=given["evidence"],
                file_name=given["upload"].name,
                content=given["upload"].read(),
                taken_out=given["taken_out"],
                by=self.officer,
                now=clock.now(),
            )
        except JifenError as refused:
            self.add_error(None, str(refused))


@admin.register(RedactedCopy)
class RedactedCopyAdmin(OfficerAdmin):
    """Redacted copies of evidence in the officer's regions: the latest of a piece is what the person sees."""

    view_permission = Permission.EVIDENCE_VIEW
    add_permission = Permission.EVIDENCE_REDACT
    region_path = "evidence__case__region"
    list_display = ("file_name", "evidence", "taken_out", "added_at", "added_by")
    list_select_related = ("evidence", "added_by")
    search_fields = ("=evidence__case__number", "=sha256")
    ordering = ("-id",)
    fields = (
        "evidence",
        "file_name",
        "content_type",
        "size",
        "sha256",
        "taken_out",
        "open_file",
        "added_at",
        "added_by",
    )
    readonly_fields: ClassVar = ("open_file",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Ask for what is needed to add, show all of what is there."""
        return ("evidence", "upload", "taken_out") if obj is None else self.fields

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        """Give the form to add with, who is acting, and the evidence within reach."""
        if obj is not None:
            shown: type[forms.ModelForm] = super().get_form(request, obj, change, **kwargs)
            return shown
        form = super().get_form(request, obj, change, **(kwargs | {"form": RedactedCopyForm}))
        return type(form.__name__, (form,), {"officer": requester(request)})

    def formfield_for_foreignkey(self, db_field: object, request: HttpRequest, **kwargs: object) -> forms.Field | None:
        """Offer the evidence of the officer's regions, the newest first."""
        if getattr(db_field, "name", "") == "evidence":
            prefixes = permissions.regions_for(request.user, Permission.EVIDENCE_REDACT)
            rows = Evidence.objects.filter(permissions.within(prefixes, "case__region")).select_related("case")
            kwargs["queryset"] = rows.order_by("-added_at")
        field: forms.Field | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field

    def save_model(self, request: HttpRequest, obj: Model, form: RedactedCopyForm, change: bool) -> None:
        """Keep what the service made."""
        obj.pk = form.result.pk if form.result else obj.pk

    @admin.display(description=gettext_lazy("file"))
    def open_file(self, copy: RedactedCopy) -> SafeString:
        """Link to the door that hands out the copy and writes the opening down."""
        address = reverse("admin:cases_redactedcopy_open", args=[copy.pk])
        return format_html('<a href="{}">{}</a>', address, _("Download (the opening is written down)"))

    def get_urls(self) -> list[URLPattern]:
        """Add the door that hands out a copy."""
        door = self.admin_site.admin_view(self.open_copy)
        return [path("<uuid:copy_id>/open/", door, name="cases_redactedcopy_open"), *super().get_urls()]

    def open_copy(self, request: HttpRequest, copy_id: object) -> HttpResponse:
        """Hand out a copy of the officer's regions."""
        copy = self.get_queryset(request).select_related("evidence__case").filter(pk=copy_id).first()
        if copy is None or not self.has_view_permission(request):
            raise Http404
        assert isinstance(copy, RedactedCopy)
        content = redactions.open_by_officer(copy=copy, by=requester(request), now=clock.now())
        if content is None:
            raise Http404(str(evidence_rows.hash_mismatch(copy.evidence)))
        return download(content, copy.content_type, copy.file_name)


@admin.register(RedactedOpening)
class RedactedOpeningAdmin(OfficerAdmin):
    """Who opened which redacted copy, for auditors."""

    view_permission = Permission.AUDIT_VIEW
    region_path = "copy__evidence__case__region"
    list_display = ("opened_at", "copy", "notice", "opened_by", "hash_matched")
    list_select_related = ("copy__evidence", "notice", "opened_by")
    search_fields = ("=copy__evidence__case__number", "=opened_by__username", "=notice__number")
    ordering = ("-id",)
