"""Typical cases in the officers' admin: drafted with one click, approved by a second officer, published, withdrawn."""

from datetime import timedelta
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from cases.models import TypicalCase
from cases.models.typical_case import TITLE_LENGTH_MAX
from cases.selectors import case_files
from cases.services import typical_cases
from cases.services.typical_cases import CaseText
from cases.views.yearly_report_files import report_archive, report_files
from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin, add_refusal, ensure_may_act, ensure_not_forbidden, status_of
from institutions.errors import JifenError
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.selectors import deputies

ACTING = (Permission.TYPICAL_DRAFT, Permission.TYPICAL_APPROVE, Permission.SCORECARD_PUBLISH)
DISPLAY = timedelta(days=365)  # what the form proposes
DRAFT, APPROVED, PUBLISHED, OVER, WITHDRAWN = "draft", "approved", "published", "over", "withdrawn"
STAGES = {
    DRAFT: gettext_lazy("draft"),
    APPROVED: pgettext_lazy("typical case", "approved"),
    PUBLISHED: gettext_lazy("published"),
    OVER: gettext_lazy("display over"),
    WITHDRAWN: gettext_lazy("withdrawn"),
}
COLOURS = {DRAFT: "warning", APPROVED: "info", PUBLISHED: "success", OVER: "info", WITHDRAWN: "danger"}


class TextForm(forms.Form):
    """The words, in both languages."""

    title = forms.CharField(
        label=gettext_lazy("Title (Chinese)"), max_length=TITLE_LENGTH_MAX, widget=UnfoldAdminTextInputWidget
    )
    body = forms.CharField(label=gettext_lazy("Text (Chinese)"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 10}))
    title_en = forms.CharField(
        label=gettext_lazy("Title (English)"),
        max_length=TITLE_LENGTH_MAX,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    body_en = forms.CharField(
        label=gettext_lazy("Text (English)"), required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 10})
    )


class NumberForm(forms.Form):
    """Of which case."""

    case = forms.CharField(label=gettext_lazy("Number of the case"), widget=UnfoldAdminTextInputWidget)


class YearForm(forms.Form):
    """Of which year."""

    year = forms.IntegerField(
        label=gettext_lazy("Year"), min_value=2025, max_value=2100, widget=UnfoldAdminIntegerFieldWidget
    )


class PublishForm(forms.Form):
    """Until when it is shown."""

    display_until = forms.DateField(label=gettext_lazy("Last day of display"), widget=UnfoldAdminDateWidget)


class WithdrawForm(forms.Form):
    """Why it is withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


@admin.register(TypicalCase)
class TypicalCaseAdmin(OfficerAdmin):
    """Drafts and published cases of the officer's regions."""

    view_permission = Permission.TYPICAL_VIEW
    region_path = "case__region"
    list_display = ("title", "institution_name", "shown_stage", "drafted_at", "published_at", "display_until")
    list_select_related = ("case",)
    search_fields = ("title", "^institution_name", "=case__number")
    ordering = ("-drafted_at",)
    actions_list = ("draft", "yearly_report")

    @display(description=gettext_lazy("state"), label=COLOURS)
    def shown_stage(self, typical: TypicalCase) -> tuple[str, str]:
        """Say where the case stands, in a colour."""
        stage = stage_of(typical)
        return stage, str(STAGES[stage])

    def has_draft_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer drafts anywhere."""
        return bool(getattr(request.user, "is_staff", False)) and has_permission(request.user, Permission.TYPICAL_DRAFT)

    @action(description=gettext_lazy("Draft from a case"), url_path="draft", permissions=["draft"])
    def draft(self, request: HttpRequest) -> HttpResponse:
        """Draft the text from what is in effect of a case; a draft that waits already is opened."""
        form = NumberForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
        if form.is_valid():
            number = form.cleaned_data["case"].strip()
            case = case_files.visible_to(requester(request)).filter(number=number).first()
            if case is None:
                form.add_error("case", _("No case of your regions has this number."))
            else:
                try:
                    typical = typical_cases.draft_from_case(case=case, by=requester(request), now=clock.now())
                except JifenError as refusal:
                    add_refusal(form, refusal)
                else:
                    return redirect(reverse("admin:cases_typicalcase_change", args=[typical.pk]))
        facts = self._facts(request, _("Draft a typical case")) | {"form": form}
        return render(request, "admin/typical_case_draft.html", facts, status=status_of(form))

    @action(description=gettext_lazy("Yearly report"), url_path="yearly-report", permissions=["view"])
    def yearly_report(self, request: HttpRequest) -> HttpResponse:
        """Count a year of the officer's regions, and hand the report out: both languages, tables, reasons."""
        form = YearForm(request.GET if "year" in request.GET else None, initial={"year": clock.today().year})
        if form.is_valid():
            year = form.cleaned_data["year"]
            prefixes = permissions.regions_for(requester(request), self.view_permission)
            archive = report_archive(report_files(year, prefixes, now=clock.now()))
            answer = HttpResponse(archive, content_type="application/zip")
            answer["Content-Disposition"] = f'attachment; filename="jifen-report-{year}.zip"'
            return answer
        facts = self._facts(request, _("Yearly report")) | {"form": form}
        return render(request, "admin/yearly_report.html", facts, status=422 if form.errors else 200)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show one case with what may be done now, and do it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typical = cast("TypicalCase | None", self.get_object(request, object_id))
        if typical is None:
            raise Http404
        move = request.POST.get("move", "")
        bound = _forms(request, typical, move)
        status = 200
        if request.method == "POST":
            ensure_may_act(request, *ACTING, region=typical.case.region_id)
            form = bound.get(move)
            if move != "approve" and form is None:
                raise Http404
            status = 422
            if form is None or form.is_valid():
                try:
                    _act(request, typical, move, form.cleaned_data if form is not None else {})
                except JifenError as refusal:
                    ensure_not_forbidden(refusal)
                    messages.error(request, str(refusal))
                    status = refusal.status
                else:
                    messages.success(request, _("It is done."))
                    return redirect(request.path)
        facts = self._facts(request, typical.title) | _page(request, typical) | {"forms": bound}
        return render(request, "admin/typical_case.html", facts, status=status)

    def _facts(self, request: HttpRequest, title: str) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def stage_of(typical: TypicalCase) -> str:
    """Return where a case stands today."""
    if typical.withdrawn_at is not None:
        return WITHDRAWN
    if typical.published_at is not None:
        is_over = typical.display_until is not None and typical.display_until < clock.today()
        return OVER if is_over else PUBLISHED
    return APPROVED if typical.approved_at is not None else DRAFT


def _forms(request: HttpRequest, typical: TypicalCase, move: str) -> dict[str, forms.Form]:
    def given(name: str) -> QueryDict | None:
        return request.POST if move == name else None

    words = {name: getattr(typical, name) for name in ("title", "body", "title_en", "body_en")}
    return {
        "edit": TextForm(given("edit"), initial=words),
        "publish": PublishForm(given("publish"), initial={"display_until": clock.today() + DISPLAY}),
        "withdraw": WithdrawForm(given("withdraw")),
    }


def _act(request: HttpRequest, typical: TypicalCase, move: str, given: dict) -> None:
    by, now = requester(request), clock.now()
    match move:
        case "edit":
            typical_cases.edit_draft(typical=typical, text=CaseText(**given), by=by, now=now)
        case "approve":
            typical_cases.approve(typical=typical, by=by, now=now)
        case "publish":
            typical_cases.publish(typical=typical, display_until=given["display_until"], by=by, now=now)
        case _:
            typical_cases.withdraw(typical=typical, reason=given["reason"], by=by, now=now)


def _page(request: HttpRequest, typical: TypicalCase) -> dict[str, object]:
    officer, stage, region = requester(request), stage_of(typical), typical.case.region_id

    def may(permission: Permission) -> bool:
        return has_permission(officer, permission, region=region)

    author = typical.drafted_by_id
    is_own = author == officer.pk or bool(deputies.as_one(officer, [author], subject=typical))
    return {
        "typical": typical,
        "stage": stage,
        "stage_label": STAGES[stage],
        "may_edit": stage == DRAFT and may(Permission.TYPICAL_DRAFT),
        "may_approve": stage == DRAFT and may(Permission.TYPICAL_APPROVE) and not is_own,
        "is_own": stage == DRAFT and is_own,
        "may_publish": stage == APPROVED and may(Permission.SCORECARD_PUBLISH),
        "may_withdraw": stage == PUBLISHED and may(Permission.SCORECARD_PUBLISH),
    }
