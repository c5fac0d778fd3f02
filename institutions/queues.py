"""The queues of notices, copies, people and runs: what waits, until when, and how a row is shown and found."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions import permissions
from institutions.models import Delivery, Institution, JobRun, Notice, Practitioner
from institutions.permissions import Permission
from institutions.selectors import waiting
from institutions.selectors.finding import person_fits, place_fits
from institutions.work_queue import Column, Due, Queue

INSTITUTION, REGION = gettext_lazy("institution"), gettext_lazy("region")


def _notice_region(notice: Notice) -> str:
    if notice.region_id is not None:
        return notice.region_id
    return notice.institution.region_id if notice.institution is not None else ""


def _named_at(person: Practitioner) -> Institution:
    assert person.provisional_institution is not None  # the selector asks for it
    return person.provisional_institution


def _recipient(notice: Notice) -> str:
    return notice.institution.name if notice.institution is not None else str(notice.practitioner or "–")


def _reading(notice: Notice) -> str:
    if notice.read_at is not None:
        return _("read, not confirmed")
    return _("unread for too long") if notice.escalated_at is not None else _("unread")


NOTICES: Queue[Notice] = Queue(
    code="notices",
    title=gettext_lazy("Notices not confirmed"),
    about=gettext_lazy("An institution has to confirm them; unread for three working days they are escalated."),
    icon="mark_email_unread",
    views=(Permission.NOTICE_VIEW,),
    acts=(Permission.ATTRIBUTION_SERVE, Permission.DESK_MANAGE),
    rows=waiting.notices,
    within=lambda prefixes: permissions.within(prefixes) | permissions.within(prefixes, "institution__region"),
    region=_notice_region,
    due=Due("created_at", "notices"),
    columns=(
        Column("kind", gettext_lazy("kind"), lambda notice: notice.get_kind_display()),
        Column("institution", INSTITUTION, _recipient),
        Column(
            "contact", gettext_lazy("contact"), lambda notice: notice.institution.contact if notice.institution else ""
        ),
        Column("region", REGION, lambda notice: notice.institution.region.name if notice.institution else ""),
        Column("state", gettext_lazy("state"), _reading),
    ),
    opens=lambda notice: reverse("admin:institutions_notice_change", args=[notice.pk]),
    reference=lambda notice: notice.number,
    fits=lambda term: Q(number=term.upper()) | place_fits("institution", term),
    finds=gettext_lazy("Number of the notice, or the institution by name or code"),
    region_path="institution__region",
)

PEOPLE: Queue[Practitioner] = Queue(
    code="people",
    title=gettext_lazy("People to reconcile"),
    about=gettext_lazy(
        "A case names them and no roster does. Scored, and not published until it is known who they are."
    ),
    icon="person_search",
    views=(Permission.LEDGER_VIEW,),
    acts=(Permission.ATTRIBUTION_PROPOSE, Permission.ATTRIBUTION_DECIDE),
    rows=waiting.people,
    within=lambda prefixes: permissions.within(prefixes, "provisional_institution__region"),
    region=lambda person: _named_at(person).region_id,
    due=Due("created_at", "people"),
    columns=(
        Column("category", gettext_lazy("category"), lambda person: person.get_category_display()),
        Column("institution", gettext_lazy("named in a case of"), lambda person: _named_at(person).name),
        Column("region", REGION, lambda person: _named_at(person).region.name),
    ),
    opens=lambda person: reverse("admin:institutions_practitionermerge_reconcile") + f"?person={person.slug}",
    reference=lambda person: person.name,
    fits=lambda term: person_fits("", term) | place_fits("provisional_institution", term),
    finds=gettext_lazy("A person by name, pinyin, initials or code, or the institution by name or code"),
    region_path="provisional_institution__region",
)

DELIVERIES: Queue[Delivery] = Queue(
    code="deliveries",
    title=gettext_lazy("Failed deliveries"),
    about=gettext_lazy("Copies that did not get through. The notice itself is told: it stands in the inbox."),
    icon="sync_problem",
    views=(Permission.NOTICE_VIEW,),
    acts=(Permission.ATTRIBUTION_SERVE, Permission.DESK_MANAGE),
    rows=waiting.deliveries,
    within=lambda prefixes: (
        permissions.within(prefixes, "notice__region") | permissions.within(prefixes, "notice__institution__region")
    ),
    region=lambda delivery: _notice_region(delivery.notice),
    due=Due("notice__created_at", "deliveries"),
    columns=(
        Column("channel", gettext_lazy("channel"), lambda delivery: delivery.get_channel_display()),
        Column("recipient", gettext_lazy("recipient"), lambda delivery: _recipient(delivery.notice)),
        Column("state", gettext_lazy("state"), lambda delivery: delivery.get_state_display()),
        Column("attempts", gettext_lazy("attempts"), lambda delivery: delivery.attempts),
        Column("error", gettext_lazy("last error"), lambda delivery: delivery.error[:120]),
    ),
    opens=lambda delivery: reverse("admin:institutions_delivery_change", args=[delivery.pk]),
    reference=lambda delivery: delivery.notice.number,
    fits=lambda term: Q(notice__number=term.upper()) | place_fits("notice__institution", term),
    finds=gettext_lazy("Number of the notice, or the institution by name or code"),
    region_path="notice__institution__region",
)

RUNS: Queue[JobRun] = Queue(
    code="runs",
    title=gettext_lazy("Failed runs"),
    about=gettext_lazy("Jobs that failed and that no later run has made good."),
    icon="report",
    views=(Permission.JOB_VIEW,),
    acts=(Permission.CALENDAR_LOAD, Permission.ATTRIBUTION_PROPOSE, Permission.ATTRIBUTION_DECIDE),
    rows=waiting.runs,
    within=lambda prefixes: Q() if prefixes else Q(pk__in=[]),
    region=lambda run: "",
    due=Due("started_at", "runs"),
    columns=(
        Column("for_date", gettext_lazy("for date"), lambda run: run.for_date),
        Column("error", gettext_lazy("error"), lambda run: run.error[:160]),
    ),
    opens=lambda run: reverse("admin:institutions_jobrun_change", args=[run.pk]),
    reference=lambda run: run.name,
    fits=lambda term: Q(name__contains=term) | Q(error__contains=term),
    finds=gettext_lazy("Name of the job, or words of the error"),
)

QUEUES: tuple[Queue[Any], ...] = (NOTICES, PEOPLE, DELIVERIES, RUNS)
