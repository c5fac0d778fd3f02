"""Imports of cases: a case file with its evidence, or a table; checked, looked at, imported, and taken back."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from cases.models import CaseUpload, CaseUploadKind
from cases.models.choices import Degree
from cases.services import case_undo, case_uploads
from cases.services.case_uploads import CASES
from institutions import clock
from institutions.admin.file_fields import ManyFilesField
from institutions.admin.officers import ensure_not_forbidden
from institutions.admin.uploads import UploadAdmin
from institutions.errors import JifenError
from institutions.models import Upload, UploadState
from institutions.permissions import Permission
from institutions.requester import requester

COUNT_LABELS = {
    "rows": gettext_lazy("rows"),
    "cases": gettext_lazy("cases in the file"),
    "created": gettext_lazy("cases created"),
    "unchanged": gettext_lazy("cases on record with the same content"),
    "refused": gettext_lazy("cases refused"),
    "rows_rejected": gettext_lazy("rows refused"),
    "rows_held_back": gettext_lazy("good rows kept out by another row of their case"),
    "institutions": gettext_lazy("institutions opened"),
    "people": gettext_lazy("people named"),
    "people_new": gettext_lazy("of them not on the roster: provisional records made"),
    "people_provisional": gettext_lazy("of them provisional already"),
    "findings": gettext_lazy("findings"),
    "lines": gettext_lazy("lines of attributions"),
    "evidence": gettext_lazy("pieces of evidence"),
}
MATCH_LABELS = {
    "on_roster": gettext_lazy("on the roster"),
    "provisional": gettext_lazy("provisional record"),
    "new": gettext_lazy("not on record: a provisional one is made"),
}
SHOWN_CASES = 200


class CaseUploadForm(forms.Form):
    """What is sent."""

    file = forms.FileField(
        label=gettext_lazy("Case file (YAML or JSON), or a table of cases (CSV or XLSX)"),
        help_text=gettext_lazy("It is checked first, and you see what would be made; nothing is written before that."),
        widget=UnfoldAdminFileFieldWidget,
    )
    evidence = ManyFilesField(
        label=gettext_lazy("Evidence: several files, or one ZIP"),
        help_text=gettext_lazy(
            "Found by the names that the case file gives. PDF, pictures, DOCX, XLSX, TXT or CSV; told by their content."
        ),
        required=False,
    )


class UndoForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))


@admin.register(CaseUpload)
class CaseUploadAdmin(UploadAdmin):
    """Cases on their way from the check to the import."""

    kind = CASES
    view_permission = Permission.CASE_IMPORT
    add_permission = Permission.CASE_IMPORT
    page_template = "admin/case_upload.html"
    form_title = gettext_lazy("Import cases")
    form_class = CaseUploadForm
    count_labels = COUNT_LABELS
    list_display = ("number", "file_name", "kind", "by", "shown_state", "came_of_it", "uploaded_at", "finished_at")
    list_filter = ("state", "kind")
    actions_list: ClassVar = ["send"]

    @admin.display(description=gettext_lazy("what came of it"))
    def came_of_it(self, upload: CaseUpload) -> str:
        """Say how many cases were made, were there, and were refused."""
        if upload.undone_at is not None:
            return _("taken back")
        counts = upload.counts
        parts = [(key, COUNT_LABELS[key]) for key in ("created", "unchanged", "refused")]
        return " · ".join(f"{label} {counts[key]:,}" for key, label in parts if counts.get(key)) or "–"

    @action(description=gettext_lazy("Import cases"), url_path="send/", permissions=["view"])
    def send(self, request: HttpRequest) -> HttpResponse:
        """Lead to the upload page."""
        return redirect(reverse("admin:cases_caseupload_add"))

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which an import is taken back."""
        own = [path("<int:pk>/undo/", self.admin_site.admin_view(self.undo), name="cases-upload-undo")]
        return own + list(super().get_urls())

    def receive(self, request: HttpRequest, form: forms.Form) -> Upload:
        """Keep what was sent."""
        file = form.cleaned_data["file"]
        return case_uploads.upload_cases(
            file=file,
            name=file.name,
            evidence=form.cleaned_data["evidence"],
            by=requester(request),
            now=clock.now(),
        )

    def bar(self, upload: Upload) -> tuple[int, int]:
        """How many cases are dealt with, of how many."""
        assert isinstance(upload, CaseUpload)
        return upload.cases_done, max(upload.cases_total, 1)

    def page_facts(self, request: HttpRequest, upload: Upload) -> dict[str, object]:
        """Add what would be made, the cases that were, and whether they may be taken back."""
        assert isinstance(upload, CaseUpload)
        planned = [
            case | {"people": [_person_shown(person) for person in case["people"]]}
            for case in upload.plan.get("cases", [])
        ]
        is_over = upload.finished_at is not None
        cases = list(upload.cases.order_by("number")[: SHOWN_CASES + 1]) if is_over else []
        return {
            "is_table": upload.kind == CaseUploadKind.TABLE,
            "planned": planned,
            "more_planned": max(upload.counts.get("created", 0) - len(planned), 0),
            "unread": upload.plan.get("unread", []),
            "cases": cases[:SHOWN_CASES],
            "more_cases": len(cases) > SHOWN_CASES,
            "may_import": upload.state == UploadState.CHECKED and bool(upload.counts.get("created")),
            "may_undo": bool(cases) and upload.undone_at is None and upload.by_id == requester(request).pk,
        }

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what taking the import back would do; with a reason, do it."""
        upload = self.upload(request, str(pk))
        assert isinstance(upload, CaseUpload)
        form = UndoForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                case_undo.undo_upload(
                    upload=upload, reason=form.cleaned_data["reason"], by=requester(request), now=clock.now()
                )
            except JifenError as refused:
                ensure_not_forbidden(refused)
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The import was taken back."))
                return redirect(self.page_of(pk))
        facts = self._facts(request, _("Take import %(run)s back") % {"run": upload}) | {
            "upload": upload,
            "page_url": self.page_of(pk),
            "form": form,
            "preview": case_undo.preview_undo(upload),
        }
        return render(request, "admin/case_undo.html", facts, status=422 if form.errors else 200)


def _person_shown(person: dict[str, Any]) -> dict[str, object]:
    """A person of a plan, in words."""
    lines = [
        f"{finding} · {clause} · {Degree(degree).label} · {points}"
        for finding, clause, degree, points in person["lines"]
    ]
    return person | {"match": MATCH_LABELS[person["match"]], "lines": lines}
