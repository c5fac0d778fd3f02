"""Deciding in the officers' admin: one attribution with everything in front of the second officer, or several."""

from typing import cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from cases.admin.decision_work import TEXT_MAX, Work
from cases.models import Attribution
from cases.selectors.waiting_decisions import waiting_decisions
from cases.services import bulk_decisions
from institutions import clock
from institutions.admin.officers import OfficerAdmin, add_refusal, ensure_may_act, may_read, status_of
from institutions.errors import JifenError, NotThere
from institutions.permissions import Permission, has_permission
from institutions.requester import requester

HTMX = "HX-Request"
MOVING = (
    Permission.ATTRIBUTION_DECIDE,
    Permission.ATTRIBUTION_COUNTERSIGN,
    Permission.ATTRIBUTION_RELEASE,
    Permission.ATTRIBUTION_PROPOSE,
)


class SeveralForm(forms.Form):
    """The reasons for all that are ticked."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons; they stand in each letter"),
        max_length=TEXT_MAX,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )


class DecisionAction(OfficerAdmin):
    """Adds the page of its decision to the page of an attribution, and the page for several to the list."""

    def get_urls(self) -> list[URLPattern]:
        """Give both pages names of their own (`admin:cases_attribution_decide`, `…_decide_several`)."""
        view = self.admin_site.admin_view
        return [
            path("decide-several/", view(self.several), name="cases_attribution_decide_several"),
            path("<path:object_id>/decide/", view(self.decide), name="cases_attribution_decide"),
            *super().get_urls(),
        ]

    def has_decide_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer decides anywhere; where, is asked again for each attribution."""
        may = has_permission(request.user, Permission.ATTRIBUTION_DECIDE)
        return bool(getattr(request.user, "is_staff", False)) and may

    def has_several_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer may open the page for several: whoever decides, or oversees."""
        return may_read(request, Permission.ATTRIBUTION_DECIDE)

    @action(description=gettext_lazy("Decision"), permissions=["view"])
    def show_decision(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead from the attribution to its decision."""
        if self.get_object(request, object_id) is None:
            raise Http404
        return redirect(reverse("admin:cases_attribution_decide", args=[object_id]))

    @action(description=gettext_lazy("Decide several"), permissions=["several"])
    def show_several(self, request: HttpRequest) -> HttpResponse:
        """Lead from the list to the page for several."""
        return redirect(reverse("admin:cases_attribution_decide_several"))

    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show everything; decide, reject, return or countersign; show the letter as it would stand (htmx)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = cast("Attribution | None", self.get_object(request, object_id))
        if found is None:
            raise Http404
        rows = Attribution.objects.select_related("case__basis", "case__institution__region", "practitioner")
        attribution, by, now = rows.get(pk=found.pk), requester(request), clock.now()
        work = Work(attribution, by, request.POST if request.method == "POST" else None, now)
        status, refusal = 200, None
        if request.POST.get("move", "").startswith("letter-"):
            return self._drafted_letter(request, work)
        if request.method == "POST":
            ensure_may_act(request, *MOVING, region=attribution.case.region_id)
            try:
                said = work.act()
            except JifenError as error:
                status, refusal = error.status, error
            else:
                if said:
                    messages.success(request, said)
                    return redirect(request.path)
                status = 422
        else:
            bulk_decisions.note_opening(attribution=attribution, found=work.preview, by=by, now=now)
        facts = (
            self.admin_site.each_context(request)
            | work.facts()
            | {
                "title": _("Decision"),
                "opts": self.model._meta,
                "sent_move": work.move,
                "move_refusal": refusal,
                "languages": settings.LANGUAGES,
                "back": reverse("admin:cases_attribution_change", args=[attribution.pk]),
                "case_page": reverse("admin:cases_casefile_change", args=[attribution.case_id]),
            }
        )
        return render(request, "admin/decide.html", facts, status=status)

    def several(self, request: HttpRequest) -> HttpResponse:
        """List what waits for this officer; decide those that are ticked and whose preview was opened."""
        if not may_read(request, Permission.ATTRIBUTION_DECIDE):
            raise PermissionDenied
        if request.method == "POST":
            ensure_may_act(request, Permission.ATTRIBUTION_DECIDE)
        by, now = requester(request), clock.now()
        form = SeveralForm(request.POST if request.method == "POST" else None)
        outcome: bulk_decisions.Decided | None = None
        if form.is_valid():
            try:
                outcome = bulk_decisions.decide_several(
                    chosen=_ids(request.POST.getlist("chosen")),
                    reasons=form.cleaned_data["reasons"],
                    by=by,
                    now=now,
                )
            except JifenError as refusal:
                add_refusal(form, refusal)
            else:
                form = SeveralForm() if not outcome.refused else form
        status = status_of(form)
        facts = self.admin_site.each_context(request) | {
            "title": _("Decide several"),
            "opts": self.model._meta,
            "rows": waiting_decisions(by, now=now),
            "may_decide": self.has_decide_permission(request),
            "form": form,
            "outcome": outcome,
            "ticked": request.POST.getlist("chosen"),
            "back": reverse("admin:cases_attribution_changelist"),
        }
        return render(request, "admin/decide_several.html", facts, status=status)

    def _drafted_letter(self, request: HttpRequest, work: Work) -> HttpResponse:
        """Show the letter as it would stand, in one of the languages; a refusal in its place."""
        language = (
            request.POST.get("language") or request.GET.get("language") or get_language() or settings.LANGUAGE_CODE
        )
        language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        facts: dict[str, object] = {"language": language}
        try:
            facts["letter"] = work.letter(language)
        except JifenError as refusal:
            facts["refusal"] = refusal
        # htmx leaves a page alone on an error status, and a refusal has to be seen; without htmx it stands by itself.
        page = "admin/decide_letter.html" if request.headers.get(HTMX) else "admin/decide_letter_page.html"
        if not request.headers.get(HTMX):
            facts |= self.admin_site.each_context(request) | {"title": _("Draft of the letter"), "back": request.path}
        return render(request, page, facts)


def _ids(values: list[str]) -> list[UUID]:
    """Return what was ticked; what is no id is nobody."""
    try:
        return [UUID(value) for value in values]
    except ValueError as wrong:
        raise NotThere() from wrong
