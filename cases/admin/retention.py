"""What was deleted when its time was over, and by which rule: to be read."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from cases.models import FileDeletion
from institutions import permissions
from institutions.admin.officers import OfficerAdmin
from institutions.permissions import Permission


@admin.register(FileDeletion)
class FileDeletionAdmin(OfficerAdmin):
    """Deleted files of the officer's regions; the rows that cited them are still there, with the hash."""

    view_permission = Permission.AUDIT_VIEW
    list_display = ("deleted_at", "subject_type", "file_name", "kept_until", "ended_with", "rule", "bytes_removed")
    list_filter = ("subject_type",)
    search_fields = ("=sha256", "=subject_id", "=rule", "=file_name")
    ordering = ("-id",)
    fields: ClassVar = (
        "deleted_at", "subject_type", "subject_id", "file_name", "sha256", "stored_as", "rule", "kept_until",
        "ended_with", "bytes_removed", "region_code",
    )  # fmt: skip

    def within_regions(self, request: HttpRequest) -> Q:
        """Narrow to the officer's regions by the code that each record keeps."""
        return permissions.within_codes(permissions.regions_for(request.user, self.view_permission))
