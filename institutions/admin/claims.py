"""Who holds which work: to be read by those who manage claims, and ended by them for a reason."""

from datetime import date
from typing import ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin, add_refusal, ensure_may_act, may_act, status_of
from institutions.errors import JifenError, Text
from institutions.models import WorkClaim
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.services import work_claims

QUEUE_TITLES: dict[str, Text] = {}  # by code; told by `config.admin.queues`, which knows them all
STANDING, LAPSED, ENDED = "standing", "lapsed", "ended"


class EndForm(forms.Form):
    """Why a claim is ended."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class StandingFilter(admin.SimpleListFilter):
    """Narrow claims to those that hold others off, those that lapsed, and those that ended."""

    title = gettext_lazy("state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return the states."""
        return [(STANDING, _("holding")), (LAPSED, _("lapsed")), (ENDED, _("ended"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[WorkClaim]") -> "QuerySet[WorkClaim]":
        """Narrow the list."""
        now = clock.now()
        match self.value():
            case "standing":
                return queryset.filter(ended_at__isnull=True, lapses_at__gt=now)
            case "lapsed":
                return queryset.filter(ended_at__isnull=True, lapses_at__lte=now)
            case "ended":
                return queryset.filter(ended_at__isnull=False)
        return queryset


@admin.register(WorkClaim)
class WorkClaimAdmin(OfficerAdmin):
    """Claims over the administrator's regions."""

    view_permission = Permission.CLAIM_END
    list_display = ("reference", "queue_named", "holder", "claimed_on", "lapses_on", "standing")
    list_filter = (StandingFilter,)
    list_select_related = ("holder",)
    search_fields = ("=reference", "=holder__username", "=queue")
    fields = (
        "reference", "queue_named", "region_code", "holder", "claimed_at", "lapses_at", "end", "ended_at", "ended_by",
        "end_reason",
    )  # fmt: skip
    readonly_fields = ("queue_named",)
    actions_detail: ClassVar = ["end_claim"]

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that the work lies in the administrator's regions."""
        prefixes = self.view_regions(request)
        if not prefixes or permissions.WHOLE_COUNTRY in prefixes:
            return permissions.within_codes(prefixes)
        return permissions.within_codes(prefixes) | Q(region_code="")

    @admin.display(description=gettext_lazy("queue"))
    def queue_named(self, claim: WorkClaim) -> Text:
        """Return the title of the queue."""
        return QUEUE_TITLES.get(claim.queue, claim.queue)

    @admin.display(description=gettext_lazy("claimed on"), ordering="claimed_at")
    def claimed_on(self, claim: WorkClaim) -> date:
        """Return the day."""
        return clock.local_date(claim.claimed_at)

    @admin.display(description=gettext_lazy("lapses on"))
    def lapses_on(self, claim: WorkClaim) -> date:
        """Return the day."""
        return clock.local_date(claim.lapses_at)

    @display(description=gettext_lazy("state"), label={STANDING: "info", LAPSED: "warning", ENDED: "success"})
    def standing(self, claim: WorkClaim) -> tuple[str, str]:
        """Say whether the claim holds others off."""
        if claim.ended_at is not None:
            return ENDED, claim.get_end_display()
        return (STANDING, _("holding")) if claim.lapses_at > clock.now() else (LAPSED, _("lapsed"))

    @action(description=gettext_lazy("End this claim"), url_path="end", permissions=["view"])
    def end_claim(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a reason and end the claim, so that others may take the work."""
        claim = cast("WorkClaim | None", self.get_object(request, object_id))
        if claim is None:
            raise Http404
        may_end = may_act(request, self.view_permission, region=claim.region_code or None)
        if request.method == "POST":
            ensure_may_act(request, self.view_permission, region=claim.region_code or None)
        form = EndForm(request.POST if request.method == "POST" else None)
        back = reverse("admin:institutions_workclaim_change", args=[object_id])
        if form.is_valid():
            try:
                work_claims.free(
                    claim=claim, reason=form.cleaned_data["reason"], by=requester(request), now=clock.now()
                )
            except JifenError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("%(what)s is free for others.") % {"what": claim.reference})
                return redirect(back)
        facts = self.admin_site.each_context(request) | {
            "title": _("End this claim"),
            "opts": self.model._meta,
            "claim": claim,
            "form": form,
            "back": back,
            "may_end": may_end,
        }
        return render(request, "admin/end_claim.html", facts, status=status_of(form))
