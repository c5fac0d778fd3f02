"""The side bar of the officers' admin: my work, the queues with what waits, then every page under its heading.

A page of a model stands where `HEADINGS` puts it; one that stands nowhere is listed under its app, so that nothing is
lost. A link to a page of our own is one line in `LINKS`. A queue is there by being a queue (`config.admin.queues`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.admin.queues import QUEUES
from institutions import clock
from institutions.errors import Text
from institutions.models import User
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.selectors import work_queues

SHOWN_MAX = 100  # a badge says 99+ beyond

MY_WORK = gettext_lazy("My work")
QUEUE_HEADING = gettext_lazy("Queues")
RECORDS = gettext_lazy("Records")
IMPORTS = gettext_lazy("Imports")
RULES = gettext_lazy("Rules")
PUBLICATION = gettext_lazy("Publication")
RUN_BOOK = gettext_lazy("Run book")
SETTINGS = gettext_lazy("Settings")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page of our own, for officers who hold one of the permissions; none means every officer."""

    heading: Text
    title: Text
    address: Callable[[], str]
    permissions: tuple[Permission, ...] = ()
    icon: str = ""


def _page(name: str) -> Callable[[], str]:
    return lambda: reverse(name)


LINKS: tuple[Link, ...] = (
    Link(MY_WORK, gettext_lazy("Home"), _page("admin:index"), icon="home"),
    Link(MY_WORK, gettext_lazy("Charts"), _page("desk-charts"), (Permission.CASE_VIEW,), icon="bar_chart"),
    Link(
        MY_WORK,
        gettext_lazy("Decide several"),
        _page("admin:cases_attribution_decide_several"),
        (Permission.ATTRIBUTION_DECIDE,),
        icon="done_all",
    ),
    Link(
        MY_WORK,
        gettext_lazy("My delegations"),
        _page("admin:institutions_delegation_changelist"),
        icon="supervisor_account",
    ),
    Link(
        RECORDS,
        gettext_lazy("How evenly clauses are scored"),
        _page("admin:cases_casefile_dispersion"),
        (Permission.CASE_VIEW,),
    ),
)

# Pages of models, by heading, in order: app label and class name.
HEADINGS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        RECORDS,
        (
            "cases.CaseFile",
            "cases.Attribution",
            "cases.Appeal",
            "cases.RepairApplication",
            "cases.ReregistrationApplication",
            "cases.DataRequest",
            "cases.Lead",
            "institutions.Practitioner",
            "institutions.PractitionerMerge",
            "institutions.Institution",
            "institutions.Notice",
            "cases.Evidence",
            "cases.RedactedCopy",
            "scoring.PointsEntry",
            "scoring.Measure",
            "scoring.AccountEvent",
            "scoring.Consequence",
            "scoring.InstitutionProposal",
        ),
    ),
    (IMPORTS, ("institutions.RosterUpload", "institutions.RosterImport")),
    (RULES, ("scoring.RulebookVersion", "institutions.CalendarDay")),
    (PUBLICATION, ("scoring.Scorecard", "cases.TypicalCase", "institutions.PilotRegion")),
    (
        RUN_BOOK,
        (
            "institutions.JobRun",
            "institutions.Delivery",
            "institutions.AuditEvent",
            "institutions.RecordAccess",
            "cases.EvidenceAccess",
            "cases.RedactedOpening",
            "cases.FileDeletion",
        ),
    ),
    (
        SETTINGS,
        (
            "institutions.User",
            "institutions.RoleAssignment",
            "institutions.Role",
            "institutions.Delegation",
            "institutions.WorkClaim",
            "institutions.ServiceDesk",
            "institutions.Region",
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of links that this officer may see; called by the admin for each page."""
    user = requester(request)
    pages = _pages(request)
    groups: list[dict[str, Any]] = [_group(MY_WORK, _links(MY_WORK, user)), _group(QUEUE_HEADING, _queues(user))]
    for heading, models in HEADINGS:
        found = [pages.pop(model) for model in models if model in pages]
        groups.append(_group(heading, [*_links(heading, user), *found], collapsible=True))
    left: dict[str, list[dict[str, Any]]] = {}
    for page in pages.values():
        left.setdefault(page["app"], []).append(page)
    groups += [
        _group(app, sorted(items, key=itemgetter("title")), collapsible=True) for app, items in sorted(left.items())
    ]
    return [group for group in groups if group["items"]]


def _group(title: Text, items: list[dict[str, Any]], *, collapsible: bool = False) -> dict[str, Any]:
    return {"title": str(title), "collapsible": collapsible, "items": items}


def _links(heading: Text, user: User) -> list[dict[str, Any]]:
    allowed = [
        link
        for link in LINKS
        if link.heading == heading
        and (not link.permissions or any(has_permission(user, permission) for permission in link.permissions))
    ]
    return [_item(str(link.title), link.address(), link.icon) for link in allowed]


def _queues(user: User) -> list[dict[str, Any]]:
    """Return the queues that the officer may open, each with what waits there. One query."""
    queues = work_queues.queues_for(QUEUES, user)
    waiting = work_queues.waiting_numbers(queues, user, today=clock.today(), most=SHOWN_MAX)
    items = []
    for queue in queues:
        item = _item(str(queue.title), reverse("desk-queue", args=[queue.code]), queue.icon)
        if number := waiting[queue.code]:
            item |= {"badge": f"{SHOWN_MAX - 1}+" if number >= SHOWN_MAX else str(number), "badge_variant": "warning"}
            item["badge_label"] = _("%(number)s waiting") % {"number": item["badge"]}
        items.append(item)
    return items


def _pages(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Return the pages of models that the officer may open, by label."""
    pages: dict[str, dict[str, Any]] = {}
    for model, page in admin.site._registry.items():
        if page.has_module_permission(request) and page.has_view_or_change_permission(request):
            meta = model._meta
            address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
            app = str(apps.get_app_config(meta.app_label).verbose_name)
            pages[meta.label] = _item(capfirst(str(meta.verbose_name_plural)), address) | {"app": app}
    return pages


def _item(title: str, link: str, icon: str = "") -> dict[str, Any]:
    return {"title": title, "link": link, "icon": icon, "has_permission": True}
