"""The record of acts, to be read."""

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from institutions import permissions
from institutions.admin.officers import OfficerAdmin
from institutions.models import AuditEvent, RecordAccess
from institutions.permissions import Permission


@admin.register(AuditEvent)
class AuditEventAdmin(OfficerAdmin):
    """Acts in the auditor's regions; those of no region are for auditors of the whole country."""

    view_permission = Permission.AUDIT_VIEW
    list_display = ("at", "action", "subject_type", "subject_id", "actor", "reason")
    list_select_related = ("by", "acted_for")
    search_fields = ("=action", "=subject_id", "=by__username")
    sortable_by = ("at",)

    @admin.display(description=gettext_lazy("by"))
    def actor(self, event: AuditEvent) -> str:
        """Return who acted, and for whom."""
        return event.actor or "–"

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that an act belongs to the auditor's regions."""
        return permissions.within_codes(permissions.regions_for(request.user, self.view_permission))


@admin.register(RecordAccess)
class RecordAccessAdmin(OfficerAdmin):
    """Who looked at whose record, for auditors: by role over the auditor's regions, or for an institution there."""

    view_permission = Permission.AUDIT_VIEW
    list_display = ("at", "practitioner", "door", "role", "institution", "by")
    list_filter = ("door",)
    list_select_related = ("practitioner", "institution", "by")
    search_fields = ("=by__username",)
    search_people = "practitioner"
    sortable_by = ("at",)

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that the reader's role reaches into the auditor's regions."""
        prefixes = permissions.regions_for(request.user, self.view_permission)
        if permissions.WHOLE_COUNTRY in prefixes:
            return Q()
        over_regions = Q(institution__isnull=True) & permissions.within_codes(prefixes, "region_prefix")
        return permissions.within(prefixes, "institution__region") | over_regions
