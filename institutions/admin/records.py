"""The record of acts, to be read."""

from django.apps import apps
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from institutions import permissions
from institutions.admin.officers import OfficerAdmin
from institutions.models import AuditEvent, RecordAccess
from institutions.permissions import Permission
from institutions.selectors.record_access import role_names


@admin.register(AuditEvent)
class AuditEventAdmin(OfficerAdmin):
    """Acts in the auditor's regions; those of no region are for auditors of the whole country."""

    view_permission = Permission.AUDIT_VIEW
    list_display = ("at", "action", "subject_kind", "subject_id", "actor", "reason")
    list_select_related = ("by", "acted_for")
    search_fields = ("=action", "=subject_id", "=by__username")
    sortable_by = ("at",)

    @admin.display(description=gettext_lazy("kind of thing"))
    def subject_kind(self, event: AuditEvent) -> str:
        """Return what kind of thing the act was done to, in words where it is kept in a table."""
        try:
            return str(capfirst(apps.get_model(event.subject_type)._meta.verbose_name))
        except (LookupError, ValueError):
            return event.subject_type

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
    list_display = ("at", "practitioner", "door", "role_named", "institution", "by")
    fields = ("practitioner", "door", "on", "at", "role_named", "institution", "region_prefix", "by")
    readonly_fields = ("role_named",)
    list_filter = ("door",)
    list_select_related = ("practitioner", "institution", "by")
    search_fields = ("=by__username",)
    search_people = "practitioner"
    sortable_by = ("at",)

    @admin.display(description=gettext_lazy("role"))
    def role_named(self, access: RecordAccess) -> str:
        """Return the role in the reader's language."""
        return role_names([access])[access.role] if access.role else "–"

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that the reader's role reaches into the auditor's regions."""
        prefixes = permissions.regions_for(request.user, self.view_permission)
        if permissions.WHOLE_COUNTRY in prefixes:
            return Q()
        over_regions = Q(institution__isnull=True) & permissions.within_codes(prefixes, "region_prefix")
        return permissions.within(prefixes, "institution__region") | over_regions
