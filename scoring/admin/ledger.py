"""The ledger and what follows from it, in the officers' admin: readable within one's regions, never editable."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from institutions import permissions
from institutions.admin.officers import OfficerAdmin
from institutions.models import AccessDoor, Registration
from institutions.permissions import Permission
from scoring.models import AccountEvent, Consequence, Measure, PointsEntry, RulebookVersion, Scorecard


class LedgerAdmin(OfficerAdmin):
    """A list and a page to read, for those who may view the ledger, narrowed to their regions."""

    view_permission = Permission.LEDGER_VIEW
    record_door = AccessDoor.ACCOUNT


class AccountAdmin(LedgerAdmin):
    """Rows of a person that belong to no institution: seen by officers of any region where the person works."""

    record_path = "practitioner"

    def within_regions(self, request: HttpRequest) -> Q:
        """Narrow to people registered, now or once, in the officer's regions."""
        prefixes = permissions.regions_for(request.user, self.view_permission)
        spells = Registration.objects.filter(permissions.within(prefixes, "institution__region"))
        return Q(practitioner__in=spells.values("practitioner"))


@admin.register(PointsEntry)
class PointsEntryAdmin(LedgerAdmin):
    """记分分录."""

    region_path = "institution__region"
    record_path = "practitioner"
    list_display = ("practitioner", "kind", "points", "year", "effective_on", "case_reference", "rulebook")
    list_filter = ("kind", "year")
    search_fields = ("practitioner__codes__code", "practitioner__name", "case_reference", "source_key")
    list_select_related = ("practitioner", "rulebook")


@admin.register(Measure)
class MeasureAdmin(LedgerAdmin):
    """处理措施, the known and the once known."""

    region_path = "entry__institution__region"
    record_path = "practitioner"
    list_display = ("practitioner", "kind", "tier", "valid", "recorded", "entry")
    list_filter = ("kind", "tier")
    search_fields = ("practitioner__codes__code", "practitioner__name")
    list_select_related = ("practitioner", "entry")


@admin.register(Consequence)
class ConsequenceAdmin(LedgerAdmin):
    """后果清单."""

    region_path = "entry__institution__region"
    record_path = "practitioner"
    list_display = ("practitioner", "kind", "target", "caused_at", "entry")
    list_filter = ("kind",)
    search_fields = ("practitioner__codes__code", "target")
    list_select_related = ("practitioner", "entry")


@admin.register(AccountEvent)
class AccountEventAdmin(AccountAdmin):
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
class ScorecardAdmin(AccountAdmin):
    """What is published, and what waits to be."""

    list_display = ("practitioner", "version", "valid_from", "valid_until", "dirty_at", "published_at")
    search_fields = ("practitioner__codes__code", "practitioner__name")
    list_select_related = ("practitioner",)
