"""Closing a case without points in the officers' admin, and opening it again: one page per case."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from cases.models import CaseFile
from cases.services import case_closings, readiness
from institutions import clock
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.permissions import Permission, has_permission
from institutions.requester import requester

TEXT_MAX = 4000


class ClosingForm(forms.Form):
    """The reasons."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), max_length=TEXT_MAX, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5})
    )


class ClosingAction(OfficerAdmin):
    """Adds the page on which a case is closed without points (`admin:cases_casefile_closing`)."""

    def get_urls(self) -> list[URLPattern]:
        """Give the page a name of its own."""
        view = self.admin_site.admin_view(self.closing)
        return [path("<path:object_id>/closing/", view, name="cases_casefile_closing"), *super().get_urls()]

    @action(description=gettext_lazy("Nobody is scored"), permissions=["view"])
    def show_closing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead from the case to the page."""
        return redirect(reverse("admin:cases_casefile_closing", args=[object_id]))

    def closing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show whether the case is closed; close it, or open it again, with reasons."""
        found = cast("CaseFile | None", self.get_object(request, object_id))
        if found is None:
            raise Http404
        case, by, now = (
            CaseFile.objects.select_related("basis", "institution").get(pk=found.pk),
            requester(request),
            clock.now(),
        )
        standing = case_closings.standing_closing(case)
        form = ClosingForm(request.POST if request.method == "POST" else None)
        refusal, status = None, 200
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data["reasons"]
            try:
                if standing is None:
                    case_closings.close_case(case=case, reasons=given, by=by, now=now)
                else:
                    case_closings.reopen_case(case=case, reason=given, by=by, now=now)
            except JifenError as error:
                refusal, status = error, error.status
            else:
                messages.success(
                    request, _("The case is closed.") if standing is None else _("The case is open again.")
                )
                return redirect(request.path)
        elif request.method == "POST":
            status = 422
        if refusal is None and standing is None:
            refusal = readiness.refusal_of(lambda: case_closings.ensure_closable(case, by=by))
        facts = self.admin_site.each_context(request) | {
            "title": _("Nobody is scored"),
            "opts": self.model._meta,
            "case": case,
            "standing": standing,
            "closings": case.closings.select_related("closed_by", "reopened_by"),
            "form": form,
            "refusal": refusal,
            "may_decide": has_permission(by, Permission.ATTRIBUTION_DECIDE, region=case.region_id),
            "case_page": reverse("admin:cases_casefile_change", args=[case.pk]),
        }
        return render(request, "admin/case_closing.html", facts, status=status)
