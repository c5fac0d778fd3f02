"""What was deleted when its time was over, and by which rule: to be read."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from cases.models import FileDeletion
from cases.models.repair_choices import REPAIR_STATE_LABELS
from institutions import permissions
from institutions.admin.officers import OfficerAdmin
from institutions.permissions import Permission

RULE_LABELS = {
    "case_months": gettext_lazy("files of a case"),
    "repair_months": gettext_lazy("files of a repair or a new registration"),
}
# What a file was kept for last (`cases.selectors.retention`).
END_LABELS = {str(state): label for state, label in REPAIR_STATE_LABELS.items()} | {
    "year_of_credit": gettext_lazy("end of the year of the credit"),
    "registration": gettext_lazy("end of the new registration"),
    "case_opened": gettext_lazy("opening of the case"),
    "basis_annulled": gettext_lazy("annulment of the basis"),
    "draft": gettext_lazy("giving up of the draft"),
    "rejected": gettext_lazy("rejection"),
    "set_aside": gettext_lazy("setting aside"),
    "appeal_window": gettext_lazy("end of the appeal window"),
    "statement_window": gettext_lazy("end of the statement window"),
    "points_year": gettext_lazy("end of the year of the points"),
    "measure": gettext_lazy("end of the measure"),
    "bar_until_registered_anew": gettext_lazy("registration after a bar"),
    "appeal": gettext_lazy("decision of the appeal"),
    "second_level_window": gettext_lazy("end of the window of the second level"),
}


@admin.register(FileDeletion)
class FileDeletionAdmin(OfficerAdmin):
    """Deleted files of the officer's regions; the rows that cited them are still there, with the hash."""

    view_permission = Permission.AUDIT_VIEW
    list_display = ("deleted_at", "subject_type", "file_name", "kept_until", "shown_end", "shown_rule", "bytes_removed")
    list_filter = ("subject_type",)
    search_fields = ("=sha256", "=subject_id", "=rule", "=file_name")
    ordering = ("-id",)
    fields: ClassVar = (
        "deleted_at", "subject_type", "subject_id", "file_name", "sha256", "stored_as", "shown_rule", "kept_until",
        "shown_end", "bytes_removed", "region_code",
    )  # fmt: skip

    def within_regions(self, request: HttpRequest) -> Q:
        """Narrow to the officer's regions by the code that each record keeps."""
        return permissions.within_codes(permissions.regions_for(request.user, self.view_permission))

    @admin.display(description=gettext_lazy("counted from"))
    def shown_end(self, deletion: FileDeletion) -> str:
        """Say in words what ended last."""
        return str(END_LABELS.get(deletion.ended_with, deletion.ended_with))

    @admin.display(description=gettext_lazy("rule"))
    def shown_rule(self, deletion: FileDeletion) -> str:
        """Say in words which months were counted."""
        return str(RULE_LABELS.get(deletion.rule, deletion.rule))
