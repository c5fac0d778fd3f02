"""Rosters: uploaded and looked at before they are imported; the imports, how far they are, and taking one back."""

from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.models import RosterImport, RosterImportState, RosterUpload, RosterUploadState
from institutions.permissions import WHOLE_COUNTRY, Permission
from institutions.requester import requester
from institutions.selectors.roster import preview_undo
from institutions.services import roster_runs, roster_undo, roster_uploads

REFRESH_SECONDS = 2
BYTES_A_ROW = 130  # a guess, for the length of the bar only
STATE_LABELS = {
    "running": "info", "checking": "info", "importing": "info", "checked": "warning", "done": "success",
    "imported": "success", "failed": "danger", "interrupted": "danger", "cancelled": "warning", "expired": "warning",
    "undone": "warning",
}  # fmt: skip
COUNT_LABELS = {
    "rows": gettext_lazy("rows"),
    "created": gettext_lazy("registrations created"),
    "updated": gettext_lazy("registrations updated"),
    "unchanged": gettext_lazy("registrations unchanged"),
    "rejected": gettext_lazy("rows refused"),
    "institutions_created": gettext_lazy("institutions opened"),
    "institutions_updated": gettext_lazy("institutions changed"),
    "practitioners_created": gettext_lazy("people created"),
    "practitioners_updated": gettext_lazy("people changed"),
    "confirmed": gettext_lazy("provisional people confirmed"),
    "missing": gettext_lazy("registrations that the roster lacks"),
    "ended": gettext_lazy("registrations ended"),
}


class UploadForm(forms.Form):
    """The file of a roster."""

    file = forms.FileField(
        label=gettext_lazy("Roster as CSV or XLSX"),
        help_text=gettext_lazy("CSV in UTF-8 or GB18030. It is checked first; nothing is written before you confirm."),
        widget=UnfoldAdminFileFieldWidget,
    )
    end_missing_on = forms.DateField(
        label=gettext_lazy("The roster names everybody: end registrations that it lacks on"),
        help_text=gettext_lazy("Leave empty for a roster of changes only."),
        required=False,
        widget=UnfoldAdminDateWidget,
    )


class ReasonForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))


class RosterAdmin(OfficerAdmin):
    """What both lists share: for those who import rosters, their own rows; of the whole country, all."""

    view_permission = Permission.ROSTER_IMPORT
    search_fields = ("=by__username",)

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a row is the officer's own, or that the officer imports for the whole country."""
        user = requester(request)
        if WHOLE_COUNTRY in permissions.regions_for(user, self.view_permission):
            return Q()
        return Q(by=user)

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_LABELS)
    def shown_state(self, row: RosterImport | RosterUpload) -> tuple[str, str]:
        """Say where it stands, in a colour."""
        return row.state, row.get_state_display()

    def _row(self, request: HttpRequest, pk: str) -> Model:
        if not self.has_view_permission(request):
            raise Http404
        rows: QuerySet[Model] = self.get_queryset(request)
        return get_object_or_404(rows.select_related("by"), pk=pk)


@admin.register(RosterUpload)
class RosterUploadAdmin(RosterAdmin):
    """Rosters on their way from the check to the import."""

    add_permission = Permission.ROSTER_IMPORT
    list_display = ("id", "file_name", "by", "shown_state", "uploaded_at", "finished_at")
    list_display_links = ("id", "file_name")
    list_select_related = ("by",)
    list_filter = ("state",)

    def get_urls(self) -> list[URLPattern]:
        """Add the acts on one upload."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/confirm/", view(require_POST(self.confirm)), name="roster-upload-confirm"),
            path("<int:pk>/cancel/", view(require_POST(self.cancel)), name="roster-upload-cancel"),
            path("<int:pk>/refused.csv", view(self.refused), name="roster-upload-refused"),
        ]
        return own + list(super().get_urls())

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Take a file, and lead to the page on which the check can be followed."""
        if not self.has_add_permission(request):
            raise Http404
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = UploadForm(*posted)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                upload = roster_uploads.upload_roster(
                    file=file,
                    name=file.name,
                    end_missing_on=form.cleaned_data["end_missing_on"],
                    by=requester(request),
                    now=clock.now(),
                )
            except JifenError as refused:
                form.add_error("file", str(refused))
            else:
                return redirect(_page(upload))
        facts = self._facts(request, _("Upload a roster")) | {"form": form}
        return render(request, "admin/roster_upload_form.html", facts, status=422 if form.errors else 200)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show how far the upload is and what came of it; while something is under way the page renews itself."""
        upload = self._row(request, object_id)
        assert isinstance(upload, RosterUpload)
        facts = self._facts(request, str(upload.file_name)) | {
            "upload": upload,
            "refresh": REFRESH_SECONDS if upload.is_under_way else 0,
            "bar": _bar(upload),
            "counts": _counts(upload.counts),
            "is_mine": upload.by_id == requester(request).pk,
            "may_import": upload.state == RosterUploadState.CHECKED,
        }
        return render(request, "admin/roster_upload.html", facts)

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the good rows imported."""
        upload = self._row(request, str(pk))
        assert isinstance(upload, RosterUpload)
        try:
            roster_uploads.confirm_upload(upload=upload, by=requester(request), now=clock.now())
        except JifenError as refused:
            messages.error(request, str(refused))
        return redirect(_page(upload))

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the step under way stop."""
        upload = self._row(request, str(pk))
        assert isinstance(upload, RosterUpload)
        try:
            roster_uploads.cancel_upload(upload=upload, by=requester(request), now=clock.now())
        except JifenError as refused:
            messages.error(request, str(refused))
        return redirect(_page(upload))

    def refused(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Hand out the refused rows, to be mended and uploaded again."""
        upload = self._row(request, str(pk))
        assert isinstance(upload, RosterUpload)
        if not upload.rejects:
            raise Http404
        name = f"refused_{upload.pk}_{upload.file_name.rpartition('.')[0] or upload.file_name}.csv"
        answer = FileResponse(upload.rejects.open("rb"), as_attachment=True, filename=name, content_type="text/csv")
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def _facts(self, request: HttpRequest, title: str) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


@admin.register(RosterImport)
class RosterImportAdmin(RosterAdmin):
    """Runs: how far, what came of them, stopping one and taking one back."""

    list_display = ("id", "file_name", "by", "shown_state", "progress", "changed", "started_at", "finished_at")
    list_display_links = ("id", "file_name")
    list_select_related = ("by",)
    list_filter = ("state",)
    actions_list: ClassVar = ["upload"]

    def get_urls(self) -> list[URLPattern]:
        """Add the acts on one run."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/cancel/", view(require_POST(self.cancel)), name="roster-import-cancel"),
            path("<int:pk>/undo/", view(self.undo), name="roster-import-undo"),
        ]
        return own + list(super().get_urls())

    @admin.display(description=gettext_lazy("rows read · staged · written"))
    def progress(self, run: RosterImport) -> str:
        """Say how many rows were read, staged and written."""
        return f"{run.rows_parsed:,} · {run.rows_staged:,} · {run.rows_applied:,}"

    @admin.display(description=gettext_lazy("what changed"))
    def changed(self, run: RosterImport) -> str:
        """Say what came of the run, what is zero left out."""
        return " · ".join(f"{label} {count:,}" for label, count in _counts(run.counts)) or "–"

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Show the list; runs whose process has died are noted as interrupted first."""
        roster_runs.close_interrupted(clock.now())
        page: HttpResponse = super().changelist_view(request, extra_context)
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show one run; while it goes on the page renews itself."""
        roster_runs.close_interrupted(clock.now())
        run = self._row(request, object_id)
        assert isinstance(run, RosterImport)
        is_running = run.state == RosterImportState.RUNNING
        facts = self._facts(request, str(run)) | {
            "run": run,
            "refresh": REFRESH_SECONDS if is_running else 0,
            "counts": _counts(run.counts),
            "uploads": run.uploads.exclude(rejects=""),
            "may_cancel": is_running and run.cancel_requested_at is None,
            "may_undo": run.state == RosterImportState.DONE,
        }
        return render(request, "admin/roster_import.html", facts)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the run to stop between two batches."""
        run = self._row(request, str(pk))
        assert isinstance(run, RosterImport)
        if not roster_runs.request_cancel(run, now=clock.now()):
            messages.warning(request, _("The import is over already."))
        return redirect(reverse("admin:institutions_rosterimport_change", args=[pk]))

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what taking the import back would do; with a reason, do it."""
        run = self._row(request, str(pk))
        assert isinstance(run, RosterImport)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                roster_undo.undo_roster_import(
                    record=run, reason=form.cleaned_data["reason"], by=requester(request), now=clock.now()
                )
            except JifenError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The import was taken back."))
                return redirect(reverse("admin:institutions_rosterimport_change", args=[pk]))
        preview = preview_undo(run)
        rows = [(name, count, preview.restored.get(name, 0)) for name, count in preview.removed.items()]
        facts = self._facts(request, _("Take import %(run)s back") % {"run": run}) | {
            "run": run,
            "form": form,
            "rows": rows,
            "blockers": preview.blockers,
            "may_undo": run.state == RosterImportState.DONE and not preview.blockers,
        }
        return render(request, "admin/roster_undo.html", facts, status=422 if form.errors else 200)

    @action(description=gettext_lazy("Upload a roster"), url_path="upload/", permissions=["view"])
    def upload(self, request: HttpRequest) -> HttpResponse:
        """Lead to the upload page."""
        return redirect(reverse("admin:institutions_rosterupload_add"))

    def _facts(self, request: HttpRequest, title: str) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def _page(upload: RosterUpload) -> str:
    return reverse("admin:institutions_rosterupload_change", args=[upload.pk])


def _counts(counts: dict[str, int]) -> list[tuple[str, int]]:
    """The counts that are not zero, in words."""
    return [(str(label), counts[key]) for key, label in COUNT_LABELS.items() if counts.get(key)]


def _bar(upload: RosterUpload) -> tuple[int, int]:
    """How much is done, of how much: reading, staging and (in an import) writing count alike."""
    rows = int(upload.counts.get("rows", 0)) or max(upload.size // BYTES_A_ROW, 1)
    is_import = upload.state == RosterUploadState.IMPORTING
    done = upload.rows_parsed + upload.rows_staged + (upload.rows_applied if is_import else 0)
    whole = rows * (3 if is_import else 2)
    return min(done, whole), whole
