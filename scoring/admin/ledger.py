"""The ledger and what follows from it, in the officers' admin: readable within one's regions, never editable."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin
from institutions.models import AccessDoor, Registration
from institutions.permissions import Permission
from scoring.models import AccountEvent, Consequence, Measure, PointsEntry, RulebookVersion, Scorecard

FIRST_YEAR = 2025  # the scheme scores from here on


class YearFilter(admin.SimpleListFilter):
    """Narrow entries to a scoring year."""

    title = gettext_lazy("counts in the year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return the years since scoring began."""
        return [(str(year), str(year)) for year in range(clock.today().year, FIRST_YEAR - 1, -1)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PointsEntry]) -> QuerySet[PointsEntry]:
        """Narrow the list."""
        year = self.value() or ""
        return queryset.filter(year=int(year)) if year.isdigit() else queryset


class InForceFilter(admin.SimpleListFilter):
    """Narrow measures to those that apply today, as is known today."""

    title = gettext_lazy("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("today", _("today"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Measure]) -> QuerySet[Measure]:
        """Narrow the list."""
        if self.value() != "today":
            return queryset
        return queryset.filter(valid__contains=clock.today(), recorded__upper_inf=True)


class LedgerAdmin(OfficerAdmin):
    """A list and a page to read, for those who may view the ledger, narrowed to their regions."""

    view_permission = Permission.LEDGER_VIEW
    record_door = AccessDoor.ACCOUNT
    search_people: ClassVar[str | None] = "practitioner"


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
    list_filter = ("kind", YearFilter)
    search_fields = ("=case_reference", "=source_key")
    search_places = "institution"
    ordering = ("-posting",)
    list_select_related = ("practitioner", "rulebook")


@admin.register(Measure)
class MeasureAdmin(LedgerAdmin):
    """处理措施, the known and the once known."""

    region_path = "entry__institution__region"
    record_path = "practitioner"
    list_display = ("practitioner", "kind", "tier", "days", "known", "entry")
    list_filter = ("kind", "tier", InForceFilter)
    search_fields = ("=entry__case_reference",)
    list_select_related = ("practitioner", "entry")
    fields = (
        "practitioner", "entry", "kind", "tier", "year", "days", "known", "months_imposed", "termination_end",
    )  # fmt: skip
    readonly_fields = ("days", "known")
    ordering = ("-id",)

    @admin.display(description=gettext_lazy("days"))
    def days(self, measure: Measure) -> str:
        """Say the first and the last day."""
        return f"{date_format(measure.starts_on)} – {date_format(measure.ends_on)}"

    @admin.display(description=gettext_lazy("known"))
    def known(self, measure: Measure) -> str:
        """Say from when until when it was on record as it stands here."""
        begins, ends = (
            date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
            for at in (measure.recorded.lower, measure.recorded.upper)
        )
        return f"{begins} – {ends}"


@admin.register(Consequence)
class ConsequenceAdmin(LedgerAdmin):
    """后果清单."""

    region_path = "entry__institution__region"
    record_path = "practitioner"
    list_display = ("practitioner", "kind", "target", "caused_at", "entry")
    list_filter = ("kind",)
    search_fields = ("=target", "=entry__case_reference")
    list_select_related = ("practitioner", "entry")
    ordering = ("-id",)


@admin.register(AccountEvent)
class AccountEventAdmin(AccountAdmin):
    """Repairs, re-registrations, stays and licence events."""

    list_display = ("practitioner", "kind", "on", "points", "reason")
    list_filter = ("kind",)
    search_fields = ("=source_key",)
    list_select_related = ("practitioner",)
    ordering = ("-posting",)


@admin.register(RulebookVersion)
class RulebookVersionAdmin(LedgerAdmin):
    """规则集."""

    list_display = ("rulebook", "version", "jurisdiction", "effective_from", "is_repeal", "activated_at")
    search_fields = ("=rulebook", "title")
    search_people = None


@admin.register(Scorecard)
class ScorecardAdmin(AccountAdmin):
    """What is published, and what waits to be."""

    list_display = ("practitioner", "version", "valid_from", "valid_until", "dirty_at", "published_at")
    search_fields = ("=practitioner__slug",)
    list_select_related = ("practitioner",)
    ordering = ("-pk",)
