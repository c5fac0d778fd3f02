"""Proposals against institutions with a large share of staff under measures: who is counted, and what became of it."""

from typing import ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from institutions import clock
from institutions.admin.officers import OfficerAdmin, ensure_may_act
from institutions.errors import JifenError
from institutions.models import Practitioner
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.selectors.practitioners import primary_codes
from scoring.models import InstitutionProposal
from scoring.selectors.many_accounts import load_accounts
from scoring.services import institution_alerts


class HandledForm(forms.Form):
    """What became of the proposal."""

    note = forms.CharField(
        label=gettext_lazy("What became of it"), max_length=4000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4})
    )


@admin.register(InstitutionProposal)
class InstitutionProposalAdmin(OfficerAdmin):
    """对机构的处理建议: how many of how many, who, and what became of it. Nothing follows by itself."""

    view_permission = Permission.CASE_VIEW
    region_path = "institution__region"
    list_display = ("institution", "year", "proposal", "affected", "staff", "raised_on", "handled_at")
    list_filter = ("year", "proposal", ("handled_at", admin.EmptyFieldListFilter))
    list_select_related = ("institution",)
    search_fields = ("=institution__code", "^institution__name")
    fields = (
        "institution", "year", "proposal", "share", "affected", "staff", "rulebook", "raised_on", "handled_note",
        "handled_by", "handled_at",
    )  # fmt: skip
    actions_detail: ClassVar = ["handle"]

    @action(description=gettext_lazy("Persons, and what became of it"), url_path="handle", permissions=["view"])
    def handle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show who is counted, as they stand today; write down what became of the proposal."""
        proposal = cast("InstitutionProposal | None", self.get_object(request, object_id))
        if proposal is None:
            raise Http404
        by = requester(request)
        if request.method == "POST":
            ensure_may_act(request, Permission.ATTRIBUTION_DECIDE, region=proposal.institution.region_id)
        form = HandledForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                institution_alerts.handle(proposal=proposal, note=form.cleaned_data["note"], by=by, now=clock.now())
            except JifenError as refusal:
                form.add_error(None, str(refusal))
                return self._page(request, proposal, form, status=refusal.status)
            messages.success(request, _("It is on record."))
            return redirect(request.path)
        return self._page(request, proposal, form, status=422 if form.errors else 200)

    def _page(
        self, request: HttpRequest, proposal: InstitutionProposal, form: HandledForm, *, status: int
    ) -> HttpResponse:
        people, codes = Practitioner.objects.in_bulk(proposal.practitioners), primary_codes(proposal.practitioners)
        accounts, on = load_accounts(proposal.practitioners), clock.today()
        rows = [
            (person, codes.get(key, ""), accounts[key].account.status_on(on))
            for key, person in sorted(people.items(), key=lambda item: codes.get(item[0], ""))
        ]
        region = proposal.institution.region_id
        facts = self.admin_site.each_context(request) | {
            "title": _("Proposal against an institution"),
            "opts": self.model._meta,
            "proposal": proposal,
            "percent": round(100 * proposal.affected / proposal.staff),
            "rows": rows,
            "form": form,
            "may_handle": proposal.handled_at is None
            and has_permission(request.user, Permission.ATTRIBUTION_DECIDE, region=region),
            "back": reverse("admin:scoring_institutionproposal_change", args=[proposal.pk]),
        }
        return render(request, "admin/institution_proposal.html", facts, status=status)
