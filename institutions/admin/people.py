"""Institutions, people and regions: to be read; only an institution's contact and closing day are kept here."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from institutions import permissions
from institutions.admin.inlines import ReadOnlyInline
from institutions.admin.officers import OfficerAdmin
from institutions.models import Institution, PractitionerCode, Region, Registration
from institutions.permissions import Permission
from institutions.selectors import practitioners


class CodesInline(ReadOnlyInline):
    """The codes of a person."""

    model = PractitionerCode
    fields = ("code", "scheme", "source", "flagged", "primary", "recorded_at")


class RegistrationsInline(ReadOnlyInline):
    """Where a person is registered."""

    model = Registration
    fields = ("institution", "starts_on", "ends_on", "department", "position", "specialty", "commitment_on")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Registration]":
        """Fetch the institutions with the spells."""
        spells: QuerySet[Registration] = super().get_queryset(request)
        return spells.select_related("institution")


@admin.register(Region)
class RegionAdmin(OfficerAdmin):
    """Regions of GB/T 2260."""

    view_permission = Permission.REGISTRATION_VIEW
    list_display = ("code", "name", "parent", "is_current")
    list_select_related = ("parent",)
    search_fields = ("=code", "^name")
    list_filter = ("is_current",)
    sortable_by = ("code", "name")


@admin.register(Institution)
class InstitutionAdmin(OfficerAdmin):
    """Institutions of the officer's regions; names, kinds and regions come from the roster."""

    view_permission = Permission.REGISTRATION_VIEW
    change_permission = Permission.ROSTER_IMPORT
    region_path = "region"
    list_display = ("code", "name", "kind", "region", "closed_on", "code_flagged")
    list_select_related = ("region",)
    list_filter = ("kind", "code_flagged")
    search_fields = ("name",)
    search_places = ""
    sortable_by = ("code", "name")
    fields = ("code", "code_flagged", "name", "kind", "region", "contact", "closed_on")
    readonly_fields = ("code", "code_flagged", "name", "kind", "region")


class PractitionerAdmin(OfficerAdmin):
    """People registered, or named by a case, in the officer's regions; their page is `cases.admin.person_file`."""

    view_permission = Permission.REGISTRATION_VIEW
    record_path = ""
    list_display = ("name", "category", "is_provisional", "slug", "created_at")
    list_filter = ("category", "is_provisional")
    search_fields = ("=slug",)
    search_people = ""
    sortable_by = ("name",)
    fields = (
        "name", "slug", "category", "pinyin", "initials", "is_provisional", "provisional_institution", "merged_into",
        "created_at", "profile_changed_at",
    )  # fmt: skip
    inlines: ClassVar = [CodesInline, RegistrationsInline]

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a person is registered, or named by a case, in the officer's regions."""
        prefixes = permissions.regions_for(request.user, self.view_permission)
        if permissions.WHOLE_COUNTRY in prefixes:
            return Q()
        return practitioners.reached_from(prefixes)
