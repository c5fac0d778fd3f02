"""Annulment of a basis, whole or by finding, and its reinstatement by a higher court, on the page of a case."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from cases.models import Annulment, CaseFile, Finding
from cases.services import attributions
from institutions import clock
from institutions.admin.officers import OfficerAdmin, add_refusal, ensure_may_act, may_act, may_read, status_of
from institutions.errors import JifenError
from institutions.permissions import Permission
from institutions.requester import requester

REASON_MAX = 20_000


def _day(label: object) -> forms.DateField:
    return forms.DateField(label=label, widget=UnfoldAdminDateWidget)  # type: ignore[arg-type]


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"), max_length=REASON_MAX, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class AnnulForm(forms.Form):
    """When and why the decision against the institution fell, whole or in one finding."""

    finding = forms.ModelChoiceField(
        label=gettext_lazy("What was annulled"),
        queryset=Finding.objects.none(),
        required=False,
        empty_label=gettext_lazy("the whole basis"),
        widget=UnfoldAdminSelectWidget,
    )
    annulled_on = _day(gettext_lazy("Day of the annulment"))
    reason = _reason()

    def __init__(self, data: QueryDict | None, *, case: CaseFile) -> None:
        """Offer the findings of the case that stand."""
        super().__init__(data, prefix="annul")
        field = self.fields["finding"]
        assert isinstance(field, forms.ModelChoiceField)
        gone = Annulment.objects.filter(case=case, finding__isnull=False, reinstated_at__isnull=True)
        field.queryset = case.findings.exclude(pk__in=gone.values("finding_id"))


class AnnulmentChoice(forms.ModelChoiceField):
    """One of the open annulments, by what was annulled."""

    def label_from_instance(self, row: Annulment) -> str:
        """Name the finding, or the whole basis."""
        return row.finding.title if row.finding else _("the whole basis")


class ReinstateForm(forms.Form):
    """When and why a higher court put back what had been annulled."""

    annulment = AnnulmentChoice(
        label=gettext_lazy("What is put back"),
        queryset=Annulment.objects.none(),
        widget=UnfoldAdminSelectWidget,
    )
    reinstated_on = _day(gettext_lazy("Day of the judgment"))
    reason = _reason()

    def __init__(self, data: QueryDict | None, *, case: CaseFile) -> None:
        """Offer the annulments of the case that are open."""
        super().__init__(data, prefix="reinstate")
        field = self.fields["annulment"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = case.annulments.filter(reinstated_at__isnull=True).select_related("finding")


class AnnulmentAction(OfficerAdmin):
    """Adds the page of its annulments to the page of a case."""

    def has_annulment_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer records annulments, or oversees; where, is asked again for each case."""
        return may_read(request, Permission.BASIS_ANNUL)

    @action(description=gettext_lazy("Annulment and reinstatement"), url_path="annulment", permissions=["annulment"])
    def annulment(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what was annulled; record an annulment, or that a higher court put something back."""
        case = cast("CaseFile | None", self.get_object(request, object_id))
        if case is None:
            raise Http404
        if request.method == "POST":
            ensure_may_act(request, Permission.BASIS_ANNUL, region=case.region_id)
        move = request.POST.get("move", "")
        forms_ = {
            "annul": AnnulForm(request.POST if move == "annul" else None, case=case),
            "reinstate": ReinstateForm(request.POST if move == "reinstate" else None, case=case),
        }
        form = forms_.get(move)
        if form is not None and form.is_valid():
            try:
                self._carry_out(request, case, move, form)
            except JifenError as refusal:
                add_refusal(form, refusal)
            else:
                return redirect(request.path)
        return self._page(request, case, forms_, status=status_of(form) if form is not None else 200)

    def _carry_out(self, request: HttpRequest, case: CaseFile, move: str, form: forms.Form) -> None:
        by, now, sent = requester(request), clock.now(), form.cleaned_data
        if move == "annul":
            facts = {"annulled_on": sent["annulled_on"], "reason": sent["reason"], "by": by, "now": now}
            if sent["finding"] is None:
                attributions.annul_basis(case=case, **facts)
            else:
                attributions.annul_finding(case=case, finding=sent["finding"], **facts)
            messages.success(request, _("The annulment is recorded, and everyone in the case has back what fell."))
            return
        attributions.reinstate_basis(
            case=case,
            finding=sent["annulment"].finding,
            reinstated_on=sent["reinstated_on"],
            reason=sent["reason"],
            by=by,
            now=now,
        )
        messages.success(request, _("The reinstatement is recorded, and everyone in the case is where they were."))

    def _page(
        self, request: HttpRequest, case: CaseFile, forms_: dict[str, forms.Form], *, status: int
    ) -> HttpResponse:
        labels = {"annul": _("Record an annulment"), "reinstate": _("Record a reinstatement by a higher court")}
        annulments = case.annulments.select_related("finding").order_by("recorded_at")
        offered = [move for move in forms_ if move == "annul" or any(row.is_open for row in annulments)]
        facts = {
            "title": _("Annulment and reinstatement"),
            "opts": self.model._meta,
            "case": case,
            "annulments": annulments,
            "may_annul": may_act(request, Permission.BASIS_ANNUL, region=case.region_id),
            "parts": [{"move": move, "form": forms_[move], "label": labels[move]} for move in offered],
            "back": reverse("admin:cases_casefile_change", args=[case.pk]),
        }
        return render(
            request, "admin/case_annulment.html", self.admin_site.each_context(request) | facts, status=status
        )
