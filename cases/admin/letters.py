"""The letters of an attribution on the officers' pages: made out, printed, and how they reached the person."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from cases.models import Attribution, IssuedLetter, ServiceMethod, ServiceReceipt
from cases.services import issuing, letters
from cases.states import State
from institutions import clock
from institutions.admin.officers import (
    OfficerAdmin,
    add_refusal,
    ensure_may_act,
    ensure_not_forbidden,
    may_act,
    may_read,
    status_of,
)
from institutions.api.letters import pdf_answer
from institutions.errors import JifenError
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.services import letter_printing


class LetterServiceForm(forms.Form):
    """How and when the letter that waits reached the person."""

    method = forms.ChoiceField(
        label=gettext_lazy("Way of service"), choices=ServiceMethod.choices, widget=UnfoldAdminSelectWidget
    )
    served_on = forms.DateField(
        label=gettext_lazy("Day on which it reached the person"), required=False, widget=UnfoldAdminDateWidget
    )
    proof = forms.CharField(label=gettext_lazy("Proof"), max_length=300, widget=UnfoldAdminTextInputWidget)
    published_on = forms.DateField(
        label=gettext_lazy("Public notice: day of publication"),
        help_text=gettext_lazy("The day of service follows from it."),
        required=False,
        widget=UnfoldAdminDateWidget,
    )
    witness = forms.CharField(
        label=gettext_lazy("Not accepted: who was there"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )


class LetterActions(OfficerAdmin):
    """Adds the page of its letters to the page of an attribution."""

    def has_letters_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer serves letters, or oversees; where, is asked again for each attribution."""
        return may_read(request, Permission.ATTRIBUTION_SERVE)

    @action(description=gettext_lazy("Letters and service"), url_path="letters", permissions=["letters"])
    def letters(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the letters; make one out, print one, replace its code, or record how it reached the person."""
        attribution = cast("Attribution | None", self.get_object(request, object_id))
        if attribution is None:
            raise Http404
        region = Attribution.objects.values_list("case__region_id", flat=True).get(pk=attribution.pk)
        if request.method == "POST":
            ensure_may_act(request, Permission.ATTRIBUTION_SERVE, region=region)
        form = LetterServiceForm(request.POST if request.POST.get("move") == "serve" else None)
        status = 200
        if request.method == "POST":
            try:
                answer = self._move(request, attribution, form)
            except JifenError as refusal:
                status = self._refused(request, form, refusal)
            else:
                if answer is not None:
                    return answer
        facts = self.admin_site.each_context(request) | self._facts(attribution, form)
        facts["may_serve"] = may_act(request, Permission.ATTRIBUTION_SERVE, region=region)
        status = status_of(form) if form.errors else status
        return render(request, "admin/attribution_letters.html", facts, status=status)

    def _refused(self, request: HttpRequest, form: LetterServiceForm, refusal: JifenError) -> int:
        """Say a refusal beside the form that was sent, or above the page; return its status."""
        ensure_not_forbidden(refusal)
        if form.is_bound:
            add_refusal(form, refusal)
        else:
            messages.error(request, str(refusal))
        return refusal.status

    def _move(self, request: HttpRequest, attribution: Attribution, form: LetterServiceForm) -> HttpResponse | None:
        """Do what was asked; None where the form has to be mended first."""
        by, now = requester(request), clock.now()
        match request.POST.get("move"):
            case "issue":
                issue = letters.issue_intent if attribution.state == State.PROPOSED else letters.issue_decision
                notice = issue(attribution=attribution, by=by, now=now)
                messages.success(request, _("Letter %(number)s is made out.") % {"number": notice.number})
            case "print":
                letter = self._letter(request, attribution)
                language = request.POST.get("language", settings.LANGUAGE_CODE)
                language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
                pdf = letter_printing.print_letter(notice=letter.notice, language=language, by=by, now=now)
                return pdf_answer(pdf, f"{letter.notice.number}.pdf")
            case "replace":
                letter = self._letter(request, attribution)
                letter_printing.replace_code(notice=letter.notice, by=by, now=now)
                messages.success(request, _("The old access code no longer works. Print the letter again."))
            case "receipt":
                receipt = get_object_or_404(ServiceReceipt, service__letter=self._letter(request, attribution))
                answer = HttpResponse(letters.open_receipt(receipt=receipt, by=by, now=now))
                answer["Content-Type"] = receipt.content_type
                answer["Content-Disposition"] = f'attachment; filename="{receipt.sha256[:12]}"'
                return answer
            case "serve":
                if not form.is_valid():
                    return None
                letters.serve_standing_letter(attribution=attribution, by=by, now=now, **form.cleaned_data)
                messages.success(request, _("The service is recorded."))
        return redirect(request.path)

    def _letter(self, request: HttpRequest, attribution: Attribution) -> IssuedLetter:
        number = request.POST.get("number", "")
        return get_object_or_404(attribution.letters.select_related("notice"), notice__number=number)

    def _facts(self, attribution: Attribution, form: LetterServiceForm) -> dict[str, object]:
        attribution = Attribution.objects.select_related("case__institution", "practitioner").get(pk=attribution.pk)
        made = attribution.letters.select_related("notice", "handover", "service__receipt").order_by("issued_at", "id")
        return {
            "title": _("Letters and service"),
            "opts": self.model._meta,
            "attribution": attribution,
            "letters": made,
            "standing": issuing.standing_letter(attribution),
            "waits": attribution.state in (State.PROPOSED, State.DECIDED),
            "languages": settings.LANGUAGES,
            "form": form,
            "back": reverse("admin:cases_attribution_change", args=[attribution.pk]),
        }
