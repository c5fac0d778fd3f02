"""Expert assessments in the officers' admin: one page per attribution, for who asks and for who is asked."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from cases.admin.assessment_work import Work
from cases.models import Attribution
from institutions import clock
from institutions.admin.officers import OfficerAdmin, ensure_may_act, ensure_not_forbidden
from institutions.errors import JifenError
from institutions.requester import requester


class AssessmentsAction(OfficerAdmin):
    """Adds the page of its expert assessments to the page of an attribution (`admin:cases_attribution_assessments`)."""

    def get_urls(self) -> list[URLPattern]:
        """Give the page a name of its own."""
        view = self.admin_site.admin_view(self.assessments)
        return [path("<path:object_id>/assessments/", view, name="cases_attribution_assessments"), *super().get_urls()]

    @action(description=gettext_lazy("Expert assessment"), permissions=["view"])
    def show_assessments(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead from the attribution to its expert assessments."""
        return redirect(reverse("admin:cases_attribution_assessments", args=[object_id]))

    def assessments(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what was asked and answered; ask, answer, give back or withdraw."""
        found = cast("Attribution | None", self.get_object(request, object_id))
        if found is None:
            raise Http404
        rows = Attribution.objects.select_related("case__basis", "case__institution__region", "practitioner")
        attribution, by, now = rows.get(pk=found.pk), requester(request), clock.now()
        work = Work(attribution, by, request.POST if request.method == "POST" else None, now)
        status, refusal = 200, None
        if request.method == "POST":
            ensure_may_act(request, work.needed, region=attribution.case.region_id)
            try:
                said = work.act()
            except JifenError as error:
                ensure_not_forbidden(error)
                status, refusal = error.status, error
            else:
                if said:
                    messages.success(request, said)
                    return redirect(request.path)
                status = 422
        facts = (
            self.admin_site.each_context(request)
            | work.facts()
            | {
                "title": _("Expert assessment"),
                "opts": self.model._meta,
                "refusal": refusal,
                "back": reverse("admin:cases_attribution_change", args=[attribution.pk]),
                "case_page": reverse("admin:cases_casefile_change", args=[attribution.case_id]),
            }
        )
        return render(request, "admin/expert_assessments.html", facts, status=status)
