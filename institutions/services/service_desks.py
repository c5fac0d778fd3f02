"""Naming the desk that letters send people to."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions.clock import local_date
from institutions.errors import Invalid
from institutions.models import ServiceDesk, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit


@dataclass(frozen=True, slots=True)
class DeskData:
    """How a desk is reached, in both languages."""

    authority: str
    authority_en: str
    phone: str
    address: str
    address_en: str
    hours: str
    hours_en: str
    support_line: str
    support_hours: str
    support_hours_en: str


@transaction.atomic
def add_desk(*, region_prefix: str, starts_on: date, desk: DeskData, by: User | None, now: datetime) -> ServiceDesk:
    """Name the desk of a region (GB/T 2260 prefix; "" the whole country) from a day on; return the row.

    The desk before it stays on record, since letters made out before name it. Refuses an officer a day gone by, for the
    same reason, and an empty name, telephone or support line.
    """
    ensure_permission(by, Permission.DESK_MANAGE, region=region_prefix)
    if by is not None and starts_on < local_date(now):
        raise Invalid(
            _("A desk is named from today or a later day on: letters made out before keep the desk they name.")
        )
    if not (desk.authority.strip() and desk.phone.strip() and desk.support_line.strip()):
        raise Invalid(_("A desk has a name, a telephone number and a support line."))
    row = ServiceDesk.objects.create(
        region_prefix=region_prefix, starts_on=starts_on, added_at=now, added_by=by, **asdict(desk)
    )
    audit.record_event(
        action="service_desk.added",
        subject=row,
        by=by,
        now=now,
        detail={"region_prefix": region_prefix, "starts_on": starts_on.isoformat()},
        region=region_prefix,
    )
    return row
