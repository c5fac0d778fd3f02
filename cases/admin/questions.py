"""The questions asked before a decision, on the page of a case: read by whoever may see it, answered by who decides."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.decorators import action

from cases.models import CaseFile
from cases.selectors.concerns import answers_of, concerns_of
from cases.services import concerns
from institutions import clock
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.permissions import Permission, has_permission
from institutions.requester import requester

HTMX = "HX-Request"
ANSWERED = "question-answered"


class QuestionsAction(OfficerAdmin):
    """Adds the page of its questions to the page of a case (`admin:cases_casefile_questions`)."""

    def get_urls(self) -> list[URLPattern]:
        """Give the page a name of its own, which forms on other pages post to."""
        own = path(
            "<path:object_id>/questions/", self.admin_site.admin_view(self.questions), name="cases_casefile_questions"
        )
        return [own, *super().get_urls()]

    @action(description=gettext_lazy("Questions before the decision"), permissions=["view"])
    def show_questions(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead from the case to its questions."""
        if self.get_object(request, object_id) is None:
            raise Http404
        return redirect(reverse("admin:cases_casefile_questions", args=[object_id]))

    def questions(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the questions; take one answer (`key`, `digest`, `text`, `choice`). htmx gets the section alone."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        case = cast("CaseFile | None", self.get_object(request, object_id))
        if case is None:
            raise Http404
        if request.method != "POST":
            return self._questions_page(request, case, {}, status=200)
        sent = {name: request.POST.get(name, "") for name in ("key", "digest", "text", "choice")}
        try:
            concerns.answer(case=case, **sent, by=requester(request), now=clock.now())
        except JifenError as refusal:
            refused = {"refused_key": sent["key"], "refusal": refusal, "sent_text": sent["text"]}
            return self._questions_page(request, case, refused | {"sent_choice": sent["choice"]}, status=refusal.status)
        if request.headers.get(HTMX):
            answered = self._questions_page(request, case, {}, status=200)
            answered["HX-Trigger"] = ANSWERED  # a page that shows what may be done now looks again
            return answered
        messages.success(request, _("The answer is on record."))
        return redirect(request.path)

    def _questions_page(
        self, request: HttpRequest, case: CaseFile, refused: dict[str, object], *, status: int
    ) -> HttpResponse:
        by = requester(request)
        facts = refused | {
            "concerns": concerns_of(case, on=clock.today(), by=by),
            "can_answer": has_permission(by, Permission.ATTRIBUTION_DECIDE, region=case.region_id),
        }
        if request.headers.get(HTMX):
            # htmx leaves a page alone on an error status, and a refusal has to be seen.
            return render(request, "admin/concerns.html", facts)
        facts |= self.admin_site.each_context(request) | {
            "title": _("Questions before the decision"),
            "opts": self.model._meta,
            "case": case,
            "answers": answers_of(case),
            "answer_headings": [_("Question"), _("About"), _("Answer"), pgettext("who answered", "By"), _("At")],
            "back": reverse("admin:cases_casefile_change", args=[case.pk]),
        }
        return render(request, "admin/case_questions.html", facts, status=status)
