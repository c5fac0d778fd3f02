"""What the pages of every kind of upload share: the file is sent, its check looked at, then confirmed or left."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Model, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display

from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin, ensure_not_forbidden
from institutions.errors import JifenError
from institutions.models import RosterImport, Upload, UploadState
from institutions.permissions import WHOLE_COUNTRY, Permission
from institutions.requester import requester
from institutions.selectors import users
from institutions.services import uploads
from institutions.services.uploads import UploadKind

REFRESH_SECONDS = 2
STATE_COLOURS = {
    "running": "info", "checking": "info", "importing": "info", "checked": "warning", "done": "success",
    "imported": "success", "failed": "danger", "interrupted": "danger", "cancelled": "warning", "expired": "warning",
    "undone": "warning",
}  # fmt: skip


class OwnUploads(OfficerAdmin):
    """Lists of what officers sent: everybody their own rows; officers of the whole country, all."""

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a row is the officer's own, or that the officer imports for the whole country."""
        user = requester(request)
        if WHOLE_COUNTRY in permissions.regions_for(user, self.view_permission):
            return Q()
        return Q(by=user) | Q(by__in=users.working_within(permissions.regions_for(user, Permission.OVERSIGHT)))

    @display(description=gettext_lazy("No."), ordering="id")
    def number(self, row: RosterImport | Upload) -> int:
        """Say its number."""
        return row.pk

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_COLOURS)
    def shown_state(self, row: RosterImport | Upload) -> tuple[str, str]:
        """Say where it stands, in a colour."""
        return row.state, row.get_state_display()

    def _row(self, request: HttpRequest, pk: str) -> Model:
        if not self.has_view_permission(request):
            raise Http404
        rows: QuerySet[Model] = self.get_queryset(request)
        return get_object_or_404(rows.select_related("by"), pk=pk)


class UploadAdmin(OwnUploads):
    """One kind of upload: the form, the page on which it is followed, and the acts on it."""

    kind: ClassVar[UploadKind[Any]]
    page_template: ClassVar[str]
    form_title: ClassVar[Promise]
    form_class: ClassVar[type[forms.Form]]
    form_template = "admin/upload_form.html"
    count_labels: ClassVar[Mapping[str, Promise]]
    list_display: tuple[str, ...] = ("number", "file_name", "by", "shown_state", "uploaded_at", "finished_at")
    list_display_links = ("number", "file_name")
    list_select_related = ("by",)
    list_filter: tuple[str, ...] = ("state",)

    def receive(self, request: HttpRequest, form: forms.Form) -> Upload:
        """Hand what was sent to the service."""
        raise NotImplementedError

    def bar(self, upload: Upload) -> tuple[int, int]:
        """How much of the present step is done, of how much."""
        raise NotImplementedError

    def page_facts(self, request: HttpRequest, upload: Upload) -> dict[str, object]:
        """What the page of this kind shows beside what all kinds show."""
        return {}

    def get_urls(self) -> list[URLPattern]:
        """Add the acts on one upload."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/confirm/", view(require_POST(self.confirm)), name=f"{self.kind.name}-upload-confirm"),
            path("<int:pk>/cancel/", view(require_POST(self.cancel)), name=f"{self.kind.name}-upload-cancel"),
            path("<int:pk>/refused.csv", view(self.refused), name=f"{self.kind.name}-upload-refused"),
        ]
        return own + list(super().get_urls())

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Take a file, and lead to the page on which the check can be followed."""
        if not self.has_add_permission(request):
            raise Http404
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = self.form_class(*posted)
        if form.is_valid():
            try:
                upload = self.receive(request, form)
            except JifenError as refused:
                form.add_error(None, str(refused))
            else:
                return redirect(self.page_of(upload.pk))
        facts = self._facts(request, str(self.form_title)) | {"form": form}
        return render(request, self.form_template, facts, status=422 if form.errors else 200)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show how far the upload is and what came of it; while something is under way the page renews itself."""
        return self._page(request, self.upload(request, object_id))

    def _page(self, request: HttpRequest, upload: Upload, *, status: int = 200) -> HttpResponse:
        names = self.kind.name
        facts = self._facts(request, str(upload.file_name)) | {
            "upload": upload,
            "refresh": REFRESH_SECONDS if upload.is_under_way else 0,
            "bar": self.bar(upload),
            "counts": labelled(self.count_labels, upload.counts),
            "is_mine": upload.by_id == requester(request).pk,
            "may_import": upload.state == UploadState.CHECKED,
            "list_url": self._list_url(),
            "confirm_url": reverse(f"admin:{names}-upload-confirm", args=[upload.pk]),
            "cancel_url": reverse(f"admin:{names}-upload-cancel", args=[upload.pk]),
            "refused_url": reverse(f"admin:{names}-upload-refused", args=[upload.pk]),
        }
        return render(request, self.page_template, facts | self.page_facts(request, upload), status=status)

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the good rows imported."""
        return self._do(uploads.confirm, request, pk)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the step under way stop."""
        return self._do(uploads.cancel, request, pk)

    def _do(self, act: Callable[..., Upload], request: HttpRequest, pk: int) -> HttpResponse:
        upload = self.upload(request, str(pk))
        try:
            act(self.kind, upload, by=requester(request), now=clock.now())
        except JifenError as refused:
            ensure_not_forbidden(refused)
            messages.error(request, str(refused))
            return self._page(request, upload, status=refused.status)
        return redirect(self.page_of(pk))

    def refused(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Hand out the refused rows, to be mended and uploaded again."""
        upload = self.upload(request, str(pk))
        if not upload.rejects:
            raise Http404
        name = f"refused_{upload.pk}_{upload.file_name.rpartition('.')[0] or upload.file_name}.csv"
        answer = FileResponse(upload.rejects.open("rb"), as_attachment=True, filename=name, content_type="text/csv")
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def upload(self, request: HttpRequest, pk: str) -> Upload:
        """Return the upload of this number that the officer may see; 404 otherwise."""
        found = self._row(request, pk)
        assert isinstance(found, Upload)
        return found

    def page_of(self, pk: int) -> str:
        """Return the address of the page of an upload."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])

    def _list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _facts(self, request: HttpRequest, title: str) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def labelled(labels: Mapping[str, Promise], counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The counts that are not zero, in words."""
    return [(str(label), counts[key]) for key, label in labels.items() if counts.get(key)]
