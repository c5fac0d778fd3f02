"""Who looked at or received a person's record, as that person may read it: role and organisation, never a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from institutions.models import LookupCount, Notice, Practitioner, RecordAccess, Region, Role
from institutions.selectors.practitioners import record_ids

LINES_MAX = 200


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One opening: when, in which role and for which organisation, and what was looked at. An allow-list."""

    at: datetime
    role: str
    organisation: str
    what: str


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """One notice about the person that an institution received, and whether it was opened."""

    at: datetime
    organisation: str
    what: str
    number: str
    is_opened: bool


@dataclass(frozen=True, slots=True)
class LookupMonth:
    """How often the public scorecard was opened in a month, by whomever."""

    month: date
    lookups: int


@dataclass(frozen=True, slots=True)
class AccessReport:
    """All that is known of who saw a record. `has_more` says that only the latest lines are listed."""

    opened: tuple[AccessLine, ...]
    received: tuple[ReceivedLine, ...]
    lookups: tuple[LookupMonth, ...]
    has_more: bool

    @property
    def lookups_total(self) -> int:
        """Return how often the public scorecard was opened in all."""
        return sum(month.lookups for month in self.lookups)


def access_report(practitioner: Practitioner, *, lines_max: int = LINES_MAX) -> AccessReport:
    """Return who looked at or received a person's record, the latest first; of strangers only numbers by month."""
    records = record_ids(practitioner)
    rows = list(_openings(records)[: lines_max + 1])
    told = list(_notices(records)[: lines_max + 1])
    roles, places = role_names(rows), _place_names(rows)
    opened = tuple(
        AccessLine(
            at=row.at,
            role=roles.get(row.role, _("administration of the system")),
            organisation=row.institution.name if row.institution else _authority(row.region_prefix, places),
            what=row.get_door_display(),
        )
        for row in rows[:lines_max]
    )
    received = tuple(
        ReceivedLine(
            at=notice.created_at,
            organisation=notice.institution.name if notice.institution else "",
            what=notice.get_kind_display(),
            number=notice.number,
            is_opened=notice.read_at is not None,
        )
        for notice in told[:lines_max]
    )
    return AccessReport(opened, received, _by_month(records), len(rows) > lines_max or len(told) > lines_max)


def _openings(records: Sequence[UUID]) -> QuerySet[RecordAccess]:
    return RecordAccess.objects.filter(practitioner__in=records).select_related("institution").order_by("-at", "-id")


def _notices(records: Sequence[UUID]) -> QuerySet[Notice]:
    """Return what was told about the person to institutions; what is of a pilot reached nobody."""
    slugs = list(Practitioner.objects.filter(pk__in=records).values_list("slug", flat=True))
    told = Notice.objects.filter(payload__practitioner_slug__in=slugs, institution__isnull=False, is_pilot=False)
    return told.select_related("institution").order_by("-created_at", "-number")


def _by_month(records: Sequence[UUID]) -> tuple[LookupMonth, ...]:
    days = LookupCount.objects.filter(practitioner__in=records).values("on").annotate(total=Sum("lookups"))
    months: dict[date, int] = {}
    for day in days.order_by("-on"):
        month = day["on"].replace(day=1)
        months[month] = months.get(month, 0) + day["total"]
    return tuple(LookupMonth(month, lookups) for month, lookups in months.items())


def role_names(rows: Sequence[RecordAccess]) -> dict[str, str]:
    """Return the role of each opening in the reader's language; roles an administration added keep their own name."""
    known = {
        "inspector": _("inspector"),
        "approver": _("approver"),
        "appeal_officer": _("appeal officer"),
        "publisher": _("publisher"),
        "auditor": _("auditor"),
        "institution_hr": _("staff office"),
        "administrator": _("administrator"),
    }
    others = {row.role for row in rows} - set(known) - {""}
    return known | dict(Role.objects.filter(code__in=others).values_list("code", "name") if others else [])


def _place_names(rows: Sequence[RecordAccess]) -> dict[str, str]:
    codes = {row.region_prefix.ljust(6, "0") for row in rows if row.region_prefix}
    return dict(Region.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def _authority(prefix: str, places: dict[str, str]) -> str:
    place = places.get(prefix.ljust(6, "0"), prefix)
    if not place:
        return _("healthcare security administration")
    return _("healthcare security administration, %(place)s") % {"place": place}
