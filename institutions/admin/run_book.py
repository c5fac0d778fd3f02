"""The run book: what ran, for which date, what it changed, and the acts behind the numbers. To be read."""

from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin
from institutions.job_texts import job_words
from institutions.models import AuditEvent, JobOutcome, JobRun
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.selectors.freshness import freshness

RUNS_SHOWN = 30
ACTS_SHOWN = 200


class JobFilter(admin.SimpleListFilter):
    """Narrow runs to a job of the timetable."""

    title = gettext_lazy("job")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return the jobs."""
        return [(name, job_words(name)) for name in sorted(settings.CELERY_BEAT_SCHEDULE)]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[JobRun]") -> "QuerySet[JobRun]":
        """Narrow the list."""
        return queryset.filter(name=self.value()) if self.value() else queryset


@admin.register(JobRun)
class JobRunAdmin(OfficerAdmin):
    """The last runs, failures in red; a run leads to the acts that it wrote and these to what they were done to."""

    view_permission = Permission.JOB_VIEW
    list_display = ("job", "for_date", "result", "changed", "started_at", "duration_ms", "error")
    list_filter = ("outcome", JobFilter)
    search_fields = ("=name",)
    list_per_page = RUNS_SHOWN
    fields = (
        "job", "recorded_as", "for_date", "outcome", "changed", "acts", "error", "started_at", "duration_ms",
        "recorded_at",
    )  # fmt: skip
    readonly_fields = ("job", "recorded_as", "changed", "acts", "recorded_at")

    @admin.display(description=gettext_lazy("job"))
    def job(self, run: JobRun) -> str:
        """Say in words what ran."""
        return job_words(run.name)

    @admin.display(description=gettext_lazy("name on record"))
    def recorded_as(self, run: JobRun) -> str:
        """Return the name by which it can be run again."""
        return run.name

    @display(
        description=gettext_lazy("outcome"),
        ordering="outcome",
        label={JobOutcome.DONE.value: "success", JobOutcome.FAILED.value: "danger"},
    )
    def result(self, run: JobRun) -> tuple[str, str]:
        """Say how the run ended, in green or red."""
        return run.outcome, run.get_outcome_display()

    @admin.display(description=gettext_lazy("what changed"))
    def changed(self, run: JobRun) -> str:
        """Say what the run changed, "nothing" included."""
        return counts_in_words(run.counts)

    @admin.display(description=gettext_lazy("acts"))
    def acts(self, run: JobRun) -> SafeString | str:
        """List the acts of the run in the officer's regions, each with a link to what it was done to."""
        acts = list(run.acts_shown)  # type: ignore[attr-defined]
        if not acts:
            return _("none in your regions")
        lines = format_html_join("", "<li>{} {}</li>", ((act.action, link_to(act)) for act in acts[:ACTS_SHOWN]))
        more = _("and more") if len(acts) > ACTS_SHOWN else ""
        return format_html("<ul>{}</ul>{}", lines, more)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> JobRun | None:
        """Fetch the run together with the acts that this officer may see."""
        run = cast("JobRun | None", super().get_object(request, object_id, from_field))
        if run is not None:
            run.acts_shown = acts_of(run).filter(_within(request))[: ACTS_SHOWN + 1]  # type: ignore[attr-defined]
        return run

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list; with a missed night, say so above it."""
        found = freshness(clock.now())
        if found.is_stale:
            facts = {"day": date_format(found.as_of, "DATE_FORMAT"), "jobs": ", ".join(map(job_words, found.missed))}
            messages.error(request, _("Not done for %(jobs)s since %(day)s: public pages stay as of that day.") % facts)
        page: HttpResponse = super().changelist_view(request, extra_context)
        return page


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Return the counts of a run that are not zero, or that nothing changed."""
    return " · ".join(f"{name} {count}" for name, count in counts.items() if count) or _("nothing")


def acts_of(run: JobRun) -> "QuerySet[AuditEvent]":
    """Return the acts that a run wrote, in order; runs of before the run book knew them have none."""
    if run.context_id is None:
        return AuditEvent.objects.none()
    return AuditEvent.objects.filter(context_id=run.context_id).order_by("id")


def link_to(act: AuditEvent) -> SafeString:
    """Return a link to the admin page of what an act was done to, or its name where it has none."""
    name = f"{act.subject_type} {act.subject_id}"
    try:
        address = reverse(f"admin:{act.subject_type.replace('.', '_')}_change", args=[act.subject_id])
    except NoReverseMatch:
        return format_html("{}", name)
    return format_html('<a href="{}">{}</a>', address, name)


def _within(request: HttpRequest) -> Q:
    return permissions.within_codes(permissions.regions_for(requester(request), Permission.JOB_VIEW))
