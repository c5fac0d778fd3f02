"""The ledger and what follows from it, in the officers' admin: readable within one's regions, never editable."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from institutions import permissions
from institutions.models import User
from institutions.permissions import Permission
from scoring.models import AccountEvent, Consequence, Measure, PointsEntry, RulebookVersion, Scorecard


class LedgerAdmin(ModelAdmin):
    """A list and a page to read, for those who may view the ledger, narrowed to their regions."""

    region_field: ClassVar[str] = ""
    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the section to whoever may view the ledger anywhere."""
        return self._may_view(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows outside one's regions are not in the queryset, hence not found."""
        return self._may_view(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds ledger rows by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes ledger rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes ledger rows."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Only what lies in one's regions."""
        rows = super().get_queryset(request)
        if not self.region_field or not isinstance(request.user, User):
            return rows
        prefixes = permissions.regions_for(request.user, Permission.LEDGER_VIEW)
        return rows.filter(permissions.within(prefixes, self.region_field))

    @staticmethod
    def _may_view(request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and permissions.has_permission(user, Permission.LEDGER_VIEW)


@admin.register(PointsEntry)
class PointsEntryAdmin(LedgerAdmin):
    """记分分录."""

    region_field = "institution__region"
    list_display = ("practitioner", "kind", "points", "year", "effective_on", "case_reference", "rulebook")
    list_filter = ("kind", "year")
    search_fields = ("practitioner__codes__code", "practitioner__name", "case_reference", "source_key")
    list_select_related = ("practitioner", "rulebook")


@admin.register(Measure)
class MeasureAdmin(LedgerAdmin):
    """处理措施, the known and the once known."""

    region_field = "entry__institution__region"
    list_display = ("practitioner", "kind", "tier", "valid", "recorded", "entry")
    list_filter = ("kind", "tier")
    search_fields = ("practitioner__codes__code", "practitioner__name")
    list_select_related = ("practitioner", "entry")


@admin.register(Consequence)
class ConsequenceAdmin(LedgerAdmin):
    """后果清单."""

    region_field = "entry__institution__region"
    list_display = ("practitioner", "kind", "target", "caused_at", "entry")
    list_filter = ("kind",)
    search_fields = ("practitioner__codes__code", "target")
    list_select_related = ("practitioner", "entry")


@admin.register(AccountEvent)
class AccountEventAdmin(LedgerAdmin):
    """Repairs, re-registrations, stays and licence events."""

    list_display = ("practitioner", "kind", "on", "points", "reason")
    list_filter = ("kind",)
    search_fields = ("practitioner__codes__code", "practitioner__name")
    list_select_related = ("practitioner",)


@admin.register(RulebookVersion)
class RulebookVersionAdmin(LedgerAdmin):
    """规则集."""

    list_display = ("rulebook", "version", "jurisdiction", "effective_from", "is_repeal", "activated_at")
    search_fields = ("rulebook", "title")


@admin.register(Scorecard)
class ScorecardAdmin(LedgerAdmin):
    """What is published, and what waits to be."""

    list_display = ("practitioner", "version", "valid_from", "valid_until", "dirty_at", "published_at")
    search_fields = ("practitioner__codes__code", "practitioner__name")
    list_select_related = ("practitioner",)
