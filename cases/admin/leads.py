"""Leads in the officers' admin: taken in, looked into, dismissed or joined to a case. No button here gives a point."""

from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from cases.admin.lead_forms import HITS, LeadFileForm, PromoteForm, ReasonForm, RewardForm, TipForm
from cases.models import Lead, TipOpening
from cases.models.lead import LEAD_STATE_LABELS
from cases.selectors import leads as lead_rows
from cases.selectors.rewards import reward_for
from cases.services import leads
from cases.states.lead import TABLE, Action, State
from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin, add_refusal, ensure_may_act, status_of
from institutions.errors import JifenError
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.roster.reading import UnreadableRoster
from institutions.roster.safe_csv import write_csv

COLOURS = {State.RECEIVED: "warning", State.PROMOTED: "success", State.DISMISSED: "info"}
CSV_TYPE = "text/csv; charset=utf-8"


@admin.register(Lead)
class LeadAdmin(OfficerAdmin):
    """The leads of the officer's regions, and what may be done with each."""

    view_permission = Permission.LEAD_VIEW
    region_path = "institution__region"
    list_display = ("number", "source", "institution", "model_name", "score", "shown_state", "received_at")
    list_filter = ("state", "source")
    list_select_related = ("institution",)
    search_fields = ("=number", "=institution__code", "^institution__name", "=external_key")
    ordering = ("-received_at", "-number")
    actions_list = ("take_in", "tip", "statistics")

    @display(description=gettext_lazy("state"), label=COLOURS, ordering="state")
    def shown_state(self, lead: Lead) -> tuple[str, str]:
        """Say where the lead stands, in a colour."""
        return lead.state, str(LEAD_STATE_LABELS[State(lead.state)])

    def has_enter_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer takes leads in anywhere."""
        return bool(getattr(request.user, "is_staff", False)) and has_permission(request.user, Permission.LEAD_ENTER)

    @action(description=gettext_lazy("Take in a file"), url_path="take-in", permissions=["enter"])
    def take_in(self, request: HttpRequest) -> HttpResponse:
        """Check a file, show what it would make and what is wrong with which row; take it in when asked to."""
        form = LeadFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        report = None
        if form.is_valid():
            take = leads.import_hits if form.cleaned_data["kind"] == HITS else leads.import_duplicates
            dry_run = request.POST.get("move") != "import"
            try:
                report = take(file=form.cleaned_data["file"], dry_run=dry_run, by=requester(request), now=clock.now())
            except (JifenError, UnreadableRoster) as refusal:
                add_refusal(form, refusal, "file") if isinstance(refusal, JifenError) else form.add_error(
                    "file", str(refusal)
                )
        facts = self._facts(request, _("Take in leads")) | {"form": form, "report": report}
        return render(request, "admin/leads_take_in.html", facts, status=status_of(form))

    @action(description=gettext_lazy("Write down a tip"), url_path="tip", permissions=["enter"])
    def tip(self, request: HttpRequest) -> HttpResponse:
        """Take in what somebody tells; the name is sealed at once and not shown again."""
        form = TipForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                lead = leads.enter_tip(tip=form.tip, by=requester(request), now=clock.now())
            except JifenError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("The tip is kept as lead %(number)s.") % {"number": lead.number})
                return redirect(reverse("admin:cases_lead_change", args=[lead.pk]))
        facts = self._facts(request, _("Write down a tip")) | {"form": form}
        return render(request, "admin/leads_tip.html", facts, status=status_of(form))

    @action(description=gettext_lazy("What leads come to"), url_path="statistics", permissions=["view"])
    def statistics(self, request: HttpRequest) -> HttpResponse:
        """Show, by source and detector, how many leads were joined to a case and how many came to points; or as CSV."""
        year = int(request.GET["year"]) if request.GET.get("year", "").isdigit() else clock.today().year
        prefixes = permissions.regions_for(requester(request), self.view_permission)
        rows = lead_rows.conversions(prefixes, year=year) if prefixes else []
        if request.GET.get("format") == "csv":
            headings = ["source", "detector", "received", "waiting", "dismissed", "joined", "with_points"]
            cells = [(r.source, r.model, r.received, r.waiting, r.dismissed, r.promoted, r.with_points) for r in rows]
            answer = HttpResponse(write_csv(headings, cells), content_type=CSV_TYPE)
            answer["Content-Disposition"] = f'attachment; filename="leads-{year}.csv"'
            return answer
        facts = self._facts(request, _("What leads come to")) | {"rows": rows, "year": year}
        return render(request, "admin/leads_statistics.html", facts)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show one lead with what may be done now, and do it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        lead = cast("Lead | None", self.get_object(request, object_id))
        if lead is None:
            raise Http404
        page = LeadPage(request, lead)
        if request.method == "POST":
            ensure_may_act(request, Permission.LEAD_DECIDE, Permission.TIP_UNSEAL, region=lead.institution.region_id)
            answer = page.act()
            if answer is not None:
                return answer
        facts = self._facts(request, lead.number) | page.facts()
        return render(request, "admin/lead.html", facts, status=page.status)

    def _facts(self, request: HttpRequest, title: str) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


class LeadPage:
    """One request for the page of a lead: its forms, the act that was asked for, and what stands on the page."""

    def __init__(self, request: HttpRequest, lead: Lead) -> None:
        self.request, self.lead, self.status = request, lead, 200
        self.officer = requester(request)
        self.move = request.POST.get("move", "")
        self.identity: object = None
        self.reward: object = None
        self.forms: dict[str, ReasonForm | RewardForm] = {
            "dismiss": ReasonForm(self._given("dismiss"), prefix="dismiss"),
            "reopen": ReasonForm(self._given("reopen"), prefix="reopen"),
            "promote": PromoteForm(self._given("promote"), prefix="promote"),
            "unseal": ReasonForm(self._given("unseal"), prefix="unseal"),
            "reward": RewardForm(self._given("reward"), prefix="reward"),
        }
        promote = cast("PromoteForm", self.forms["promote"])
        choice = cast("ModelChoiceField", promote.fields["case"])
        choice.queryset = lead_rows.cases_for(lead, self.officer)

    def act(self) -> HttpResponse | None:
        """Do what was asked for; None where the page is shown again, with a form to mend or an answer to read."""
        form = self.forms.get(self.move)
        if form is None:
            raise Http404
        if not form.is_valid():
            self.status = 422
            return None
        try:
            return self._do(form.cleaned_data)
        except JifenError as refusal:
            add_refusal(form, refusal)
            self.status = refusal.status
            return None

    def facts(self) -> dict[str, object]:
        """Return what the page shows."""
        state, place = State(self.lead.state), self.lead.institution
        decides = has_permission(self.officer, Permission.LEAD_DECIDE, region=place.region_id)
        tip = getattr(self.lead, "tip", None)
        unseals = has_permission(self.officer, Permission.TIP_UNSEAL, region=place.region_id)
        return {
            "lead": self.lead,
            "state_label": LEAD_STATE_LABELS[state],
            "forms": self.forms,
            "may": {action.value: decides and TABLE.can(action, state) for action in Action},
            "decides": decides,
            "tip": tip,
            "may_unseal": unseals and tip is not None and tip.sealed is not None,
            "openings": TipOpening.objects.filter(tip=tip).select_related("opened_by") if tip is not None else [],
            "identity": self.identity,
            "reward": self.reward,
            "details": [(key, value) for key, value in self.lead.details.items() if not isinstance(value, list)],
            "settlements": self.lead.details.get("settlements", []),
        }

    def _given(self, move: str) -> QueryDict | None:
        return self.request.POST if self.move == move else None

    def _do(self, given: dict) -> HttpResponse | None:
        by, now = self.officer, clock.now()
        match self.move:
            case "dismiss":
                leads.dismiss(lead=self.lead, reason=given["reason"], by=by, now=now)
            case "reopen":
                leads.reopen(lead=self.lead, reason=given["reason"], by=by, now=now)
            case "promote":
                leads.promote(lead=self.lead, case=given["case"], reason=given["reason"], by=by, now=now)
            case "unseal":
                self.identity = leads.open_identity(lead=self.lead, reason=given["reason"], by=by, now=now)
                return None
            case _:
                self.reward = reward_for(given["confirmed"], clock.local_date(now))
                return None
        messages.success(self.request, _("It is done."))
        return redirect(self.request.path)
