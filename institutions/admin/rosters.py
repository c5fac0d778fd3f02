"""Rosters: uploaded and looked at before they are imported; the imports, how far they are, and taking one back."""

from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from institutions import clock
from institutions.admin.officers import add_refusal, ensure_not_forbidden, status_of
from institutions.admin.uploads import REFRESH_SECONDS, OwnUploads, UploadAdmin, labelled
from institutions.errors import JifenError
from institutions.models import RosterImport, RosterImportState, RosterUpload, Upload, UploadState
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.selectors.roster import preview_undo
from institutions.services import roster_runs, roster_undo, roster_uploads
from institutions.services.roster_uploads import ROSTERS

BYTES_A_ROW = 130  # a guess, for the length of the bar only
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


class RosterAdmin(OwnUploads):
    """What both lists share."""

    view_permission = Permission.ROSTER_IMPORT
    search_fields = ("=by__username",)


@admin.register(RosterUpload)
class RosterUploadAdmin(UploadAdmin):
    """Rosters on their way from the check to the import."""

    kind = ROSTERS
    view_permission = Permission.ROSTER_IMPORT
    add_permission = Permission.ROSTER_IMPORT
    page_template = "admin/roster_upload.html"
    form_title = gettext_lazy("Upload a roster")
    form_class = UploadForm
    count_labels = COUNT_LABELS

    def receive(self, request: HttpRequest, form: forms.Form) -> Upload:
        """Keep the roster."""
        file = form.cleaned_data["file"]
        return roster_uploads.upload_roster(
            file=file,
            name=file.name,
            end_missing_on=form.cleaned_data["end_missing_on"],
            by=requester(request),
            now=clock.now(),
        )

    def bar(self, upload: Upload) -> tuple[int, int]:
        """How much is done, of how much: reading, staging and (in an import) writing count alike."""
        assert isinstance(upload, RosterUpload)
        rows = int(upload.counts.get("rows", 0)) or max(upload.size // BYTES_A_ROW, 1)
        is_import = upload.state == UploadState.IMPORTING
        done = upload.rows_parsed + upload.rows_staged + (upload.rows_applied if is_import else 0)
        whole = rows * (3 if is_import else 2)
        return min(done, whole), whole


@admin.register(RosterImport)
class RosterImportAdmin(RosterAdmin):
    """Runs: how far, what came of them, stopping one and taking one back."""

    list_display = ("number", "file_name", "by", "shown_state", "progress", "changed", "started_at", "finished_at")
    list_display_links = ("number", "file_name")
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
        return " · ".join(f"{label} {count:,}" for label, count in labelled(COUNT_LABELS, run.counts)) or "–"

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
            "counts": labelled(COUNT_LABELS, run.counts),
            "uploads": run.uploads.exclude(rejects=""),
            "may_cancel": is_running and run.cancel_requested_at is None,
            "may_undo": run.state == RosterImportState.DONE,
        }
        return render(request, "admin/roster_import.html", facts)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the run to stop between two batches."""
        run = self._row(request, str(pk))
        assert isinstance(run, RosterImport)
        try:
            if not roster_runs.request_cancel(run, by=requester(request), now=clock.now()):
                messages.warning(request, _("The import is over already."))
        except JifenError as refused:
            ensure_not_forbidden(refused)
            messages.error(request, str(refused))
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
                add_refusal(form, refused)
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
        return render(request, "admin/roster_undo.html", facts, status=status_of(form))

    @action(description=gettext_lazy("Upload a roster"), url_path="upload/", permissions=["view"])
    def upload(self, request: HttpRequest) -> HttpResponse:
        """Lead to the upload page."""
        return redirect(reverse("admin:institutions_rosterupload_add"))

    def _facts(self, request: HttpRequest, title: str) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}
