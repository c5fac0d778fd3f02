"""Institutions, people and regions: to be read; only an institution's contact and closing day are kept here."""

from functools import reduce
from operator import or_
from typing import ClassVar

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from institutions import permissions
from institutions.admin import paging, searching
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


class PeopleList(ChangeList):
    """A list of people, of whom there are too many to ask of each whether they are in the officer's regions."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: "list[str | None] | None" = None) -> QuerySet:
        """Begin with everybody: the page's search narrows to the officer's regions, way by way."""
        self.root_queryset = self.model_admin.everybody(request)
        found: QuerySet = super().get_queryset(request, exclude_parameters)
        return found


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

    def everybody(self, request: HttpRequest) -> "QuerySet[Model]":
        """Return all people, of whatever region, in the order of the list."""
        everybody: QuerySet[Model] = self.model._default_manager.order_by(*self.get_ordering(request))
        return everybody

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a person is registered, or named by a case, in the officer's regions."""
        prefixes = permissions.regions_for(request.user, self.view_permission)
        if permissions.WHOLE_COUNTRY in prefixes:
            return Q()
        return practitioners.reached_from(prefixes)

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        """Return the list, which narrows by `get_search_results` alone."""
        return PeopleList

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Model]", search_term: str
    ) -> "tuple[QuerySet[Model], bool]":
        """Return the people of the officer's regions who fit what was typed, if anything was."""
        prefixes = permissions.regions_for(request.user, self.view_permission)
        wanted = search_term.strip()
        if permissions.WHOLE_COUNTRY in prefixes:
            return super().get_search_results(request, queryset, search_term)
        fits = self.ways_to_fit(request, wanted) if wanted else [Q()]
        registered, named = practitioners.ways_to_reach(prefixes)
        ways = [*(registered & fit for fit in fits), named & reduce(or_, fits)]
        return searching.first_of(queryset, ways, paging.rows_within_reach(request, self.list_per_page)), False
