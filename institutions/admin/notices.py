"""Notices and how their copies fare: to be read."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.admin.inlines import ReadOnlyInline
from institutions.admin.officers import OfficerAdmin
from institutions.models import Delivery, Notice
from institutions.permissions import Permission


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
    region_path = "institution__region"
    list_display = (
        "number", "kind", "institution", "is_pilot", "created_at", "read_at", "acknowledged_at", "escalated_at",
    )  # fmt: skip
    list_select_related = ("institution",)
    list_filter = (ReadFilter, "kind", "mandatory", "is_pilot")
    search_fields = ("=number", "=institution__code")
    fields = (
        "number", "kind", "is_pilot", "mandatory", "institution", "cause", "payload", "created_at", "read_at",
        "read_by", "acknowledged_at", "acknowledged_by", "escalated_at",
    )  # fmt: skip
    inlines: ClassVar = [DeliveriesInline]


@admin.register(Delivery)
class DeliveryAdmin(OfficerAdmin):
    """Copies on their way; those given up are found by their state."""

    view_permission = Permission.NOTICE_VIEW
    region_path = "notice__institution__region"
    list_display = ("notice", "channel", "state", "attempts", "next_attempt_at", "sent_at", "error")
    list_select_related = ("notice",)
    list_filter = ("state", "channel")
    search_fields = ("=notice__number",)
