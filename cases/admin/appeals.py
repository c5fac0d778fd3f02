"""Appeals in the officers' admin: the queue, one page per appeal on which it is handled, and the statistics."""

import csv
from typing import ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from cases.admin import appeal_work
from cases.admin.appeal_forms import PeriodForm
from cases.admin.appeal_links import appeal_link, file_links, link
from cases.api.doors import download
from cases.models import Appeal, AppealMessage, ConflictDeclaration, Outcome, SubmittedFile, VariedLine
from cases.models.appeal import FIRST_LEVEL, OPEN_STATES, SECOND_LEVEL
from cases.models.appeal_choices import APPEAL_STATE_LABELS
from cases.selectors import appeals as appeal_selectors
from cases.selectors.appeal_statistics import Row, Statistics, appeal_statistics
from cases.services import submissions
from cases.states.appeal import State
from institutions import clock
from institutions.admin.inlines import ReadOnlyInline
from institutions.admin.officers import OfficerAdmin, ensure_may_act, ensure_not_forbidden, may_act, may_read
from institutions.errors import JifenError
from institutions.models import AccessDoor
from institutions.permissions import Permission
from institutions.requester import requester

CSV_COLUMNS = (
    *("group", "key", "name", "decisions", "appealed", "appeal_rate", "open", "upheld", "overturned", "varied"),
    *("inadmissible", "withdrawn", "overturn_rate", "median_days"),
)


class MessagesInline(ReadOnlyInline):
    """Questions and answers."""

    model = AppealMessage
    fields = ("kind", "text", "at", "due_on")


class DeclarationsInline(ReadOnlyInline):
    """Experts: their interests and their opinions."""

    model = ConflictDeclaration
    fields = ("expert", "has_conflict", "text", "declared_at", "opinion_text")
    readonly_fields = ("expert", "opinion_text")

    @admin.display(description=gettext_lazy("opinion"))
    def opinion_text(self, declaration: ConflictDeclaration) -> str:
        """Return the opinion, if it was given."""
        given = getattr(declaration, "opinion", None)
        return given.text if given is not None else "–"


class VariedLinesInline(ReadOnlyInline):
    """The lines that keep fewer points."""

    model = VariedLine
    fields = ("line", "points_before", "points_after")
    readonly_fields = ("line",)


class OpenFilter(admin.SimpleListFilter):
    """The queue first: what is open, what is overdue, what is mine."""

    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return the queues."""
        return [
            ("open", _("Open")),
            ("mine", _("Assigned to me")),
            ("unassigned", _("Assigned to nobody")),
            ("overdue", _("Overdue")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        """Narrow the list."""
        waiting = queryset.filter(state__in=OPEN_STATES)
        match self.value():
            case "open":
                return waiting.order_by("decision_due_on")
            case "mine":
                return waiting.filter(assigned_to=requester(request)).order_by("decision_due_on")
            case "unassigned":
                return waiting.filter(assigned_to=None).order_by("decision_due_on")
            case "overdue":
                late = waiting.filter(decision_due_on__lt=clock.today(), paused_on=None)
                return late.order_by("decision_due_on")
        return queryset


class LevelFilter(admin.SimpleListFilter):
    """Narrow appeals to a level."""

    title = gettext_lazy("level")
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return the two levels."""
        return [(str(level), str(level)) for level in (FIRST_LEVEL, SECOND_LEVEL)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        """Narrow the list."""
        chosen = self.value()
        return queryset.filter(level=int(chosen)) if chosen in ("1", "2") else queryset


class FellFilter(admin.SimpleListFilter):
    """Narrow appeals to those by which the decision fell, whole or in part."""

    title = gettext_lazy("the decision fell")
    parameter_name = "fell"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("yes", _("Overturned or varied"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        """Narrow the list."""
        fell = [Outcome.OVERTURNED, Outcome.VARIED]
        return queryset.filter(outcome__in=fell) if self.value() == "yes" else queryset


HANDLING = (Permission.APPEAL_DECIDE, Permission.APPEAL_ASSIGN, Permission.APPEAL_OPINION)


@admin.register(Appeal)
class AppealAdmin(OfficerAdmin):
    """Appeals against decisions in cases of the officer's regions."""

    view_permission = Permission.CASE_VIEW
    region_path = "attribution__case__region"
    record_path = "attribution__practitioner"
    record_door = AccessDoor.CASE
    list_display = ("receipt", "shown_state", "case", "person", "filed_on", "due", "assigned_to", "outcome")
    list_filter = (OpenFilter, "state", "outcome", LevelFilter, "is_late", FellFilter)
    list_select_related = ("attribution__case", "attribution__practitioner", "assigned_to")
    search_fields = ("=receipt", "=attribution__case__number")
    search_people, search_places = "attribution__practitioner", "attribution__case__institution"
    fields = (
        "receipt", "state_label", "level", "previous_link", "next_link", "decision_link", "case_link", "person",
        "grounds", "handed_in", "filed_on", "filed_by", "deadline_on", "is_late", "late_reason", "stays", "due",
        "due_provisional", "paused_on", "answer_due_on", "silence_until_on", "assigned_to", "assigned_at",
        "accepted_at", "outcome", "outcome_reasons", "points_before", "points_after", "decided_at", "decided_by",
        "second_level_until_on",
    )  # fmt: skip
    readonly_fields: ClassVar = (
        *("state_label", "previous_link", "next_link", "decision_link", "case_link", "person", "handed_in", "due"),
    )
    inlines: ClassVar = [MessagesInline, DeclarationsInline, VariedLinesInline]
    actions_list: ClassVar = ["statistics"]
    actions_detail: ClassVar = ["handle"]

    @display(
        description=gettext_lazy("state"),
        ordering="state",
        label={State.FILED.value: "info", State.AWAITING_ANSWER.value: "warning"},
    )
    def shown_state(self, appeal: Appeal) -> tuple[str, str]:
        """Say where the appeal stands, in a colour."""
        return appeal.state, self.state_label(appeal)

    @admin.display(description=gettext_lazy("state"))
    def state_label(self, appeal: Appeal) -> str:
        """Say where the appeal stands."""
        return str(APPEAL_STATE_LABELS[State(appeal.state)])

    @admin.display(description=gettext_lazy("case"))
    def case(self, appeal: Appeal) -> str:
        """Name the case."""
        return appeal.attribution.case.number

    @admin.display(description=gettext_lazy("person"))
    def person(self, appeal: Appeal) -> str:
        """Name the person."""
        return appeal.attribution.practitioner.name

    @admin.display(description=gettext_lazy("due"), ordering="decision_due_on")
    def due(self, appeal: Appeal) -> str:
        """Say by when it is to be decided, and whether that day has passed."""
        return due_text(appeal)

    @admin.display(description=gettext_lazy("attribution"))
    def decision_link(self, appeal: Appeal) -> SafeString:
        """Lead to the decision appealed against."""
        address = reverse("admin:cases_attribution_change", args=[appeal.attribution_id])
        return link(address, appeal.attribution.get_state_display())

    @admin.display(description=gettext_lazy("case"))
    def case_link(self, appeal: Appeal) -> SafeString:
        """Lead to the case."""
        address = reverse("admin:cases_casefile_change", args=[appeal.attribution.case_id])
        return link(address, appeal.attribution.case.number)

    @admin.display(description=gettext_lazy("first level"))
    def previous_link(self, appeal: Appeal) -> str:
        """Lead to the first level."""
        return appeal_link(appeal.previous) if appeal.previous else "–"

    @admin.display(description=gettext_lazy("second level"))
    def next_link(self, appeal: Appeal) -> str:
        """Lead to the second level."""
        following = Appeal.objects.filter(previous=appeal).first()
        return appeal_link(following) if following else "–"

    @admin.display(description=gettext_lazy("files handed in"))
    def handed_in(self, appeal: Appeal) -> str:
        """Link to the files; each opening is written down."""
        return file_links(appeal)

    def has_handle_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Say whether the officer does anything with appeals, or oversees; what and where is asked again for each."""
        return may_read(request, *HANDLING)

    @action(description=gettext_lazy("Handle this appeal"), url_path="handle", permissions=["handle"])
    def handle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the appeal with what the officer may do now, and do it."""
        appeal = cast("Appeal | None", self.get_object(request, object_id))
        if appeal is None:
            raise Http404
        status = 422
        work = appeal_work.Work(appeal, requester(request), request.POST if request.method == "POST" else None)
        region = appeal.attribution.case.region_id
        if request.method == "POST":
            ensure_may_act(request, *HANDLING, region=region)
            try:
                done = work.act(clock.now())
            except JifenError as refusal:
                ensure_not_forbidden(refusal)
                work.refuse(str(refusal))
                status = refusal.status
            else:
                if done:
                    messages.success(request, done)
                    return redirect(request.path)
        facts = self.admin_site.each_context(request) | work.facts() | {"opts": self.model._meta}
        facts |= {"due": due_text(appeal), "handed_in": file_links(appeal)}
        facts["may_handle"] = may_act(request, *HANDLING, region=region)
        return render(request, "admin/appeal_work.html", facts, status=status if work.is_refused else 200)

    @action(description=gettext_lazy("Statistics"), url_path="statistics/", permissions=["view"])
    def statistics(self, request: HttpRequest) -> HttpResponse:
        """Show how many decisions are appealed against, how many fall, and how long it takes; or hand out the CSV."""
        today = clock.today()
        period = {"from_on": today.replace(month=1, day=1), "until_on": today}
        form = PeriodForm(request.GET if "from_on" in request.GET else period)
        found = None
        if form.is_valid():
            chosen = form.cleaned_data
            found = appeal_statistics(requester(request), from_on=chosen["from_on"], until_on=chosen["until_on"])
            if request.GET.get("format") == "csv":
                return as_csv(found)
        facts = self.admin_site.each_context(request) | {
            "title": _("Appeal statistics"),
            "opts": self.model._meta,
            "form": form,
            "found": found,
        }
        return render(request, "admin/appeal_statistics.html", facts, status=422 if form.errors else 200)

    def get_urls(self) -> list[URLPattern]:
        """Add the door that hands out a submitted file."""
        door = self.admin_site.admin_view(self.open_file)
        return [path("files/<uuid:file_id>/", door, name="cases_appeal_file"), *super().get_urls()]

    def open_file(self, request: HttpRequest, file_id: UUID) -> HttpResponse:
        """Hand out a file of an appeal of the officer's regions; the opening is written down."""
        submitted = SubmittedFile.objects.filter(pk=file_id).first()
        appeal = (submitted.appeal or (submitted.message.appeal if submitted.message else None)) if submitted else None
        if submitted is None or appeal is None or not self.get_queryset(request).filter(pk=appeal.pk).exists():
            raise Http404
        content = submissions.open_file(submitted=submitted, purpose="admin", by=requester(request), now=clock.now())
        if content is None:
            raise Http404(str(submissions.changed(submitted)))
        return download(content, submitted.content_type, submitted.file_name)


def due_text(appeal: Appeal) -> str:
    """Say by when an appeal is to be decided: the day, that it is overdue, or that the clock stands."""
    if not appeal.is_open or appeal.decision_due_on is None:
        return "–"
    if appeal.paused_on is not None:
        return _("clock stopped, %(days)s working days left") % {"days": appeal.decide_days_left}
    if appeal_selectors.is_appeal_overdue(appeal, on=clock.today()):
        return _("%(day)s – overdue") % {"day": appeal.decision_due_on.isoformat()}
    return appeal.decision_due_on.isoformat()


def as_csv(found: Statistics) -> HttpResponse:
    """Return the statistics as CSV in UTF-8 with a byte-order mark: shares as fractions of one, empty for none."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8", content="\ufeff")
    answer["Content-Disposition"] = f'attachment; filename="appeals-{found.from_on}-{found.until_on}.csv"'
    writer = csv.writer(answer)
    writer.writerow(CSV_COLUMNS)
    groups = (("all", (found.total,)), ("region", found.regions), ("clause", found.clauses))
    for group, rows in groups:
        writer.writerows(_cells(group, row) for row in rows)
    return answer


def _cells(group: str, row: Row) -> list[object]:
    shares = [f"{float(share):.4f}" if share is not None else "" for share in (row.appeal_rate, row.overturn_rate)]
    return [
        *(group, row.key, row.name, row.decisions, row.appealed, shares[0], row.still_open, row.upheld),
        *(row.overturned, row.varied, row.inadmissible, row.withdrawn, shares[1]),
        f"{row.days:g}" if row.days is not None else "",
    ]
