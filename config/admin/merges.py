"""Records of one person: provisional people to reconcile, proposals with what they would cause, and parting again.

Two officers decide. Whoever approves, approves the preview that stands on the page: its digest goes along.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from cases.selectors.persons_left import left_over_people
from institutions import clock, permissions
from institutions.admin.officers import (
    OfficerAdmin,
    add_refusal,
    ensure_may_act,
    ensure_not_forbidden,
    may_act,
    may_read,
    status_of,
)
from institutions.errors import JifenError
from institutions.models import MergeDecision, Practitioner, PractitionerMerge, User
from institutions.permissions import WHOLE_COUNTRY, Permission, has_permission
from institutions.requester import requester
from institutions.selectors import deputies, practitioners, reconciliation
from institutions.selectors.practitioners import by_code, by_slug, primary_code, sites_on
from scoring.policy.account import Status
from scoring.policy.rulebook_parts import MeasureKind
from scoring.selectors.merging import AccountShown, MeasureShown, Preview, preview_merge, preview_undo
from scoring.selectors.reach import ensure_may_view_ledger
from scoring.selectors.roster_watch import STATUS_LABELS
from scoring.services import merging

PAGE_SIZE = 20
KIND_LABELS = {
    MeasureKind.SUSPEND.value: gettext_lazy("suspension"),
    MeasureKind.TERMINATE.value: gettext_lazy("termination"),
}
WAITING, APPROVED, REFUSED, UNDO_PROPOSED, UNDONE = "waiting", "approved", "refused", "undo proposed", "undone"
STAGE_LABELS = {
    WAITING: gettext_lazy("waiting for a second officer"),
    APPROVED: gettext_lazy("one person"),
    REFUSED: gettext_lazy("refused"),
    UNDO_PROPOSED: gettext_lazy("parting waits for a second officer"),
    UNDONE: gettext_lazy("parted again"),
}
STAGE_COLOURS = {WAITING: "warning", APPROVED: "success", REFUSED: "danger", UNDO_PROPOSED: "warning", UNDONE: "info"}


class ProposalForm(forms.Form):
    """Which record is the person of which, and why."""

    kept = forms.CharField(
        label=gettext_lazy("Record that stays (code or public id)"), widget=UnfoldAdminTextInputWidget
    )
    gone = forms.CharField(
        label=gettext_lazy("Record that is the same person (code or public id)"), widget=UnfoldAdminTextInputWidget
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they are one person; a name is no reason"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        required=False,
    )

    def clean_kept(self) -> Practitioner:
        """Return the record."""
        return _named(self.cleaned_data["kept"])

    def clean_gone(self) -> Practitioner:
        """Return the record."""
        return _named(self.cleaned_data["gone"])


@admin.register(PractitionerMerge)
class PractitionerMergeAdmin(OfficerAdmin):
    """The queue of proposals, and what became of them."""

    view_permission = Permission.LEDGER_VIEW
    list_display = ("shown_people", "stage", "proposed_by", "proposed_at", "decided_by", "effective_on")
    list_filter = ("decision",)
    list_select_related = ("kept", "gone", "proposed_by", "decided_by")
    search_fields = ("^gone__name", "=gone__codes__code", "=gone__slug")
    search_people = "kept"
    actions_list: ClassVar = ["reconcile", "propose"]

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that either record is registered, or named by a case, in the officer's regions."""
        prefixes = permissions.regions_for(request.user, self.view_permission)
        if WHOLE_COUNTRY in prefixes:
            return Q()
        return practitioners.reached_from(prefixes, "kept") | practitioners.reached_from(prefixes, "gone")

    def has_propose_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether the officer may propose merges, or oversees those who do."""
        return may_read(request, Permission.ATTRIBUTION_PROPOSE)

    @admin.display(description=gettext_lazy("records"))
    def shown_people(self, merge: PractitionerMerge) -> str:
        """Name both records."""
        return f"{merge.gone} → {merge.kept}"

    @display(description=gettext_lazy("state"), label=STAGE_COLOURS)
    def stage(self, merge: PractitionerMerge) -> tuple[str, str]:
        """Say where the proposal stands, in a colour."""
        stage = stage_of(merge)
        return stage, str(STAGE_LABELS[stage])

    def get_urls(self) -> list[URLPattern]:
        """Add the acts on one proposal."""
        view = self.admin_site.admin_view
        acts = ("approve", "refuse", "propose_undo", "approve_undo")
        own = [
            path(f"<uuid:pk>/{act}/", view(require_POST(self._act(act))), name=f"merge-{act.replace('_', '-')}")
            for act in acts
        ]
        return own + list(super().get_urls())

    @action(description=gettext_lazy("Provisional people"), url_path="reconcile/", permissions=["view"])
    def reconcile(self, request: HttpRequest) -> HttpResponse:
        """List the provisional people of the officer's regions, or the one of `person`, with whom they may be."""
        today = clock.today()
        left = set(left_over_people().values_list("pk", flat=True))
        prefixes = permissions.regions_for(request.user, self.view_permission)
        waiting = [person for person in reconciliation.waiting_provisional(prefixes) if person.pk not in left]
        asked = request.GET.get("person", "")
        if asked:
            waiting = [person for person in waiting if person.slug == asked]
        page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
        proposed = set(
            PractitionerMerge.objects.filter(
                gone__in=[person.pk for person in page.object_list], decision__isnull=True
            ).values_list("gone_id", flat=True)
        )
        rows = [
            {
                "person": person,
                "code": primary_code(person),
                "is_proposed": person.pk in proposed,
                "candidates": [
                    (found, primary_code(found)) for found in reconciliation.candidates_for(person, today).registered
                ],
            }
            for person in page.object_list
        ]
        facts = self._facts(request, _("Provisional people to be reconciled")) | {
            "page": page,
            "rows": rows,
            "is_narrowed": bool(asked),
            "may_propose": may_act(request, Permission.ATTRIBUTION_PROPOSE),
        }
        return render(request, "admin/reconcile.html", facts)

    @action(description=gettext_lazy("Propose a merge"), url_path="propose/", permissions=["propose"])
    def propose(self, request: HttpRequest) -> HttpResponse:
        """Take two records, show what making them one would cause, and with a reason propose it."""
        if request.method == "POST" and "propose" in request.POST:
            ensure_may_act(request, Permission.ATTRIBUTION_PROPOSE)
        given = request.POST if request.method == "POST" else request.GET
        form = ProposalForm(given if "kept" in given and "gone" in given else None, initial=request.GET.dict())
        now, preview = clock.now(), None
        if form.is_valid():
            kept, gone = form.cleaned_data["kept"], form.cleaned_data["gone"]
            try:
                if request.method == "POST" and "propose" in request.POST:
                    merge = merging.propose_merge(
                        kept=kept, gone=gone, reason=form.cleaned_data["reason"], by=requester(request), now=now
                    )
                    return redirect(_page(merge))
            except JifenError as refused:
                add_refusal(form, refused)
            try:
                if self._reaches(request, kept, gone):
                    preview = preview_merge(kept=kept, gone=gone, on=clock.local_date(now), now=now)
            except JifenError as refused:
                if not form.errors:
                    add_refusal(form, refused)
        facts = self._facts(request, _("Propose a merge")) | {"form": form}
        facts["may_propose"] = may_act(request, Permission.ATTRIBUTION_PROPOSE)
        if preview is not None:
            facts |= {"people": _people([kept, gone], clock.today()), **_shown(preview, [kept, gone])}
        return render(request, "admin/merge_propose.html", facts, status=status_of(form))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show one proposal with what it would cause now, and the acts that this officer may do."""
        if request.method == "POST":
            raise PermissionDenied
        return self._proposal(request, object_id)

    def _proposal(self, request: HttpRequest, pk: object, *, status: int = 200) -> HttpResponse:
        merge = self._row(request, str(pk))
        officer, stage, now = requester(request), stage_of(merge), clock.now()
        preview: Preview | None = None
        if stage == WAITING:
            preview = preview_merge(kept=merge.kept, gone=merge.gone, on=clock.local_date(now), now=now)
        elif stage in (APPROVED, UNDO_PROPOSED):
            preview = preview_undo(merge=merge, on=clock.local_date(now))
        facts = self._facts(request, _("Merge of records")) | {
            "merge": merge,
            "stage": stage,
            "stage_label": STAGE_LABELS[stage],
            "people": _people([merge.kept, merge.gone], clock.local_date(now)),
            "may": _acts_of(merge, stage, officer),
            **(_shown(preview, [merge.kept, merge.gone]) if preview is not None else {}),
        }
        return render(request, "admin/merge.html", facts, status=status)

    def _act(self, name: str) -> Callable[[HttpRequest, UUID], HttpResponse]:
        def view(request: HttpRequest, pk: UUID) -> HttpResponse:
            merge = self._row(request, str(pk))
            try:
                _do(name, merge, request)
            except JifenError as refused:
                ensure_not_forbidden(refused)
                details = [str(error.get("detail", "")) for error in refused.errors]
                messages.error(request, " ".join([str(refused), *details]))
                return self._proposal(request, merge.pk, status=refused.status)
            return redirect(_page(merge))

        return view

    def _row(self, request: HttpRequest, pk: str) -> PractitionerMerge:
        if not self.has_view_permission(request):
            raise Http404
        rows: QuerySet[Model] = self.get_queryset(request)
        found = get_object_or_404(rows.select_related("kept", "gone", "proposed_by", "undo_proposed_by"), pk=pk)
        assert isinstance(found, PractitionerMerge)
        return found

    def _reaches(self, request: HttpRequest, *people: Practitioner) -> bool:
        """What two records would add up to is for officers who may look into both accounts."""
        for person in people:
            ensure_may_view_ledger(requester(request), person)
        return True

    def _facts(self, request: HttpRequest, title: str) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def stage_of(merge: PractitionerMerge) -> str:
    """Return where a proposal stands."""
    if merge.undone_at is not None:
        return UNDONE
    if merge.undo_proposed_at is not None:
        return UNDO_PROPOSED
    if merge.decision is None:
        return WAITING
    return APPROVED if merge.decision == MergeDecision.APPROVED else REFUSED


def _acts_of(merge: PractitionerMerge, stage: str, officer: User) -> dict[str, bool]:
    """What the officer may do now; the services decide again."""
    decides = has_permission(officer, Permission.ATTRIBUTION_DECIDE)
    proposer = merge.undo_proposed_by_id if stage == UNDO_PROPOSED else merge.proposed_by_id
    is_own = proposer == officer.pk or bool(deputies.as_one(officer, [proposer], subject=merge))
    return {
        "decide": stage == WAITING and decides and not is_own,
        "propose_undo": stage == APPROVED and has_permission(officer, Permission.ATTRIBUTION_PROPOSE),
        "approve_undo": stage == UNDO_PROPOSED and decides and not is_own,
        "is_own": stage in (WAITING, UNDO_PROPOSED) and is_own,
    }


def _do(name: str, merge: PractitionerMerge, request: HttpRequest) -> None:
    by, now = requester(request), clock.now()
    reason, seen = request.POST.get("reason", ""), request.POST.get("seen", "")
    match name:
        case "approve":
            merging.approve_merge(merge=merge, seen=seen, by=by, now=now)
        case "refuse":
            merging.refuse_merge(merge=merge, reason=reason, by=by, now=now)
        case "propose_undo":
            merging.propose_undo(merge=merge, reason=reason, by=by, now=now)
        case "approve_undo":
            merging.approve_undo(merge=merge, seen=seen, by=by, now=now)


def _named(text: str) -> Practitioner:
    found = by_code(text) or by_slug(text.strip())
    if found is None:
        raise forms.ValidationError(_("Nobody on record has this code or public id."))
    return found


def _people(people: Iterable[Practitioner], on: date) -> list[dict[str, object]]:
    return [
        {"person": person, "code": primary_code(person), "sites": [site.name for site in sites_on(person, on)]}
        for person in people
    ]


def _shown(preview: Preview, people: Iterable[Practitioner]) -> dict[str, object]:
    names = {str(person.pk): person.name for person in people}
    return {
        "preview": preview,
        "preview_on": _day(preview.on),
        "seen": preview.digest,
        "before": [_account(account, names) for account in preview.before],
        "after": [_account(account, names) for account in preview.after],
        "begins": [_measure(measure) for measure in preview.begins],
        "ends": [_measure(measure) for measure in preview.ends],
    }


def _account(account: AccountShown, names: dict[str, str]) -> dict[str, object]:
    return {
        "name": names.get(account.practitioner, account.practitioner),
        "status": STATUS_LABELS[Status(account.status)],
        "until": _day(account.until),
        "totals": sorted(account.totals.items()),
        "measures": [_measure(measure) for measure in account.measures],
    }


def _measure(measure: MeasureShown) -> dict[str, object]:
    kind = str(KIND_LABELS.get(measure.kind, measure.kind))
    return {"kind": kind, "starts_on": _day(measure.starts_on), "until": _day(measure.until)}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _page(merge: PractitionerMerge) -> str:
    return reverse("admin:institutions_practitionermerge_change", args=[merge.pk])
