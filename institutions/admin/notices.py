"""Notices, the letters they are, and how their copies fare."""

from typing import ClassVar, cast

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from institutions import clock, permissions
from institutions.admin.inlines import ReadOnlyInline
from institutions.admin.officers import OfficerAdmin, ensure_not_forbidden
from institutions.api.letters import pdf_answer
from institutions.errors import JifenError
from institutions.letters import content, rendering
from institutions.models import Delivery, Notice
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.services import letter_printing


class ReadFilter(admin.SimpleListFilter):
    """Narrow notices by what the recipient has done with them."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """Return the states to choose from."""
        return [
            ("unread", gettext("unread")),
            ("escalated", gettext("unread for too long")),
            ("unacknowledged", gettext("not confirmed")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Notice]") -> "QuerySet[Notice]":
        """Apply the chosen state."""
        match self.value():
            case "unread":
                return queryset.filter(read_at__isnull=True)
            case "escalated":
                return queryset.filter(escalated_at__isnull=False, read_at__isnull=True)
            case "unacknowledged":
                return queryset.filter(acknowledged_at__isnull=True)
        return queryset


class DeliveriesInline(ReadOnlyInline):
    """The copies of a notice."""

    model = Delivery
    fields = ("channel", "state", "attempts", "next_attempt_at", "sent_at", "error")


@admin.register(Notice)
class NoticeAdmin(OfficerAdmin):
    """Notices to institutions of the officer's regions; unread ones past their time can be listed."""

    view_permission = Permission.NOTICE_VIEW
    region_path = "region"
    list_display = (
        "number", "kind", "institution", "practitioner", "region", "is_pilot", "created_at", "read_at",
        "acknowledged_at", "escalated_at",
    )  # fmt: skip
    list_select_related = ("institution", "practitioner", "region")
    list_filter = (ReadFilter, "kind", "mandatory", "is_pilot")
    search_fields = ("=number",)
    search_people, search_places = "practitioner", "institution"
    sortable_by = ("created_at",)
    fields = (
        "number", "kind", "is_pilot", "mandatory", "institution", "practitioner", "region", "cause", "payload",
        "created_at", "read_at", "read_by", "acknowledged_at", "acknowledged_by", "escalated_at",
    )  # fmt: skip
    inlines: ClassVar = [DeliveriesInline]
    actions_detail: ClassVar = ["letter"]

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a notice was sent by, or to an institution in, one of the officer's regions."""
        held = permissions.regions_for(request.user, self.view_permission)
        return permissions.within(held) | permissions.within(held, "institution__region")

    @action(description=_("Letter"), url_path="letter")
    def letter(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the notice as the letter it is; print the person's own copy, or replace its access code."""
        notice = cast("Notice | None", self.get_object(request, object_id))
        if notice is None:
            raise Http404
        language = request.POST.get("language") or request.GET.get("language") or settings.LANGUAGE_CODE
        language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        if request.method == "POST":
            try:
                return self._print(request, notice, language)
            except JifenError as refusal:
                ensure_not_forbidden(refusal)
                messages.error(request, str(refusal))
        facts = self.admin_site.each_context(request) | {
            "title": gettext("Letter"),
            "opts": self.model._meta,
            "notice": notice,
            "letter": rendering.as_html(content.compose(notice, language=language)),
            "languages": settings.LANGUAGES,
            "is_personal": notice.practitioner_id is not None and not notice.is_pilot,
        }
        return render(request, "admin/notice_letter.html", facts)

    def _print(self, request: HttpRequest, notice: Notice, language: str) -> HttpResponse:
        by, now = requester(request), clock.now()
        if request.POST.get("move") == "replace":
            letter_printing.replace_code(notice=notice, by=by, now=now)
            messages.success(request, gettext("The old access code no longer works. Print the letter again."))
            return redirect(request.path)
        pdf = letter_printing.print_letter(notice=notice, language=language, by=by, now=now)
        return pdf_answer(pdf, f"{notice.number}.pdf")


@admin.register(Delivery)
class DeliveryAdmin(OfficerAdmin):
    """Copies on their way; those given up are found by their state."""

    view_permission = Permission.NOTICE_VIEW
    region_path = "notice__institution__region"
    list_display = ("notice", "channel", "state", "attempts", "next_attempt_at", "sent_at", "error")
    list_select_related = ("notice",)
    list_filter = ("state", "channel")
    search_fields = ("=notice__number",)
    search_places = "notice__institution"
