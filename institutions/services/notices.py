"""The notices outbox: a row in the same transaction as its cause; copies are sent afterwards (`deliveries`).

The row is the record: it is in the institution's inbox from the moment of commit, whatever happens to e-mail.
"""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from institutions import clock, permissions
from institutions.errors import Invalid, NotThere
from institutions.json_types import JsonObject
from institutions.models import (
    Channel,
    Delivery,
    DeliveryState,
    Institution,
    Notice,
    NoticeKind,
    Practitioner,
    User,
)
from institutions.permissions import Permission
from institutions.selectors import pilots, practitioners
from institutions.services import audit
from institutions.services.deliveries import deliver_due

__all__ = ["acknowledge", "deliver_due", "mark_read", "queue_notice", "recipient_key"]


@transaction.atomic
def queue_notice(
    *,
    kind: NoticeKind | str,
    recipient: Institution | Practitioner,
    cause: str,
    payload: JsonObject,
    now: datetime,
    mandatory: bool = True,
    is_pilot: bool = False,
) -> Notice:
    """Tell an institution or a person something, once per kind, recipient and cause; return the notice.

    A second call with the same three returns the first notice unchanged, whatever its payload. The payload is kept as
    it is and is what every page and letter shows; it never names an officer. Refuses an unknown kind or no cause.

    What is of a region in pilot (`is_pilot`: the cause is; or a site of the recipient lies in one) is on record for
    officers only: no inbox shows it and no copy goes out, then or later.
    """
    if str(kind) not in NoticeKind.values:
        raise Invalid(_("There is no notice of the kind %(kind)s.") % {"kind": kind})
    if not cause:
        raise Invalid(_("A notice names its cause, so that it is sent once."))
    key = recipient_key(recipient)
    told = Notice.objects.filter(kind=kind, recipient_key=key, cause=cause).first()
    if told is not None:
        return told
    notice = Notice(
        number=_next_number(now),
        kind=str(kind),
        mandatory=mandatory,
        institution=recipient if isinstance(recipient, Institution) else None,
        practitioner=recipient if isinstance(recipient, Practitioner) else None,
        recipient_key=key,
        cause=cause,
        payload=dict(payload),
        created_at=now,
        is_pilot=is_pilot or _lies_in_pilot(recipient, clock.local_date(now)),
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    notice = Notice.objects.get(kind=kind, recipient_key=key, cause=cause)
    if notice.institution_id is not None and not notice.is_pilot:
        _queue_delivery(notice, Channel.EMAIL, now)
    return notice


@transaction.atomic
def mark_read(*, notice: Notice, by: User, now: datetime) -> Notice:
    """Record that the institution has opened a notice; a second reader changes nothing. Returns the notice.

    Only somebody of that institution reads in its name: an officer who looks at a notice does not.
    """
    _ensure_recipient(notice, by, Permission.NOTICE_READ)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.read_at is not None:
        return notice
    notice.read_at, notice.read_by = now, by
    notice.save(update_fields=["read_at", "read_by"])
    _record(notice, "notice.read", by, now)
    return notice


@transaction.atomic
def acknowledge(*, notice: Notice, by: User, now: datetime) -> Notice:
    """Record that the institution confirms a notice, which reads it too; a second time changes nothing."""
    _ensure_recipient(notice, by, Permission.NOTICE_ACKNOWLEDGE)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.acknowledged_at is not None:
        return notice
    if notice.read_at is None:
        notice.read_at, notice.read_by = now, by
    notice.acknowledged_at, notice.acknowledged_by = now, by
    notice.save(update_fields=["read_at", "read_by", "acknowledged_at", "acknowledged_by"])
    _record(notice, "notice.acknowledged", by, now)
    return notice


def recipient_key(recipient: Institution | Practitioner) -> str:
    """Return the recipient as a key: "institution:<uuid>" or "practitioner:<uuid>"."""
    kind = "institution" if isinstance(recipient, Institution) else "practitioner"
    return f"{kind}:{recipient.pk}"


def _lies_in_pilot(recipient: Institution | Practitioner, on: date) -> bool:
    if not pilots.running(on):
        return False
    sites = [recipient] if isinstance(recipient, Institution) else practitioners.institutions_to_tell(recipient, on)
    return pilots.any_in_pilot([site.region_id for site in sites], on)


def _queue_delivery(notice: Notice, channel: Channel, now: datetime) -> None:
    Delivery.objects.bulk_create(
        [Delivery(notice=notice, channel=channel, state=DeliveryState.QUEUED, next_attempt_at=now)],
        ignore_conflicts=True,
    )


def _next_number(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('institutions_notice_number_seq')")
        (number,) = cursor.fetchone()
    return f"JF{clock.local_date(now).year}-{number:06d}"


def _ensure_recipient(notice: Notice, by: User, permission: Permission) -> None:
    if notice.institution is None or notice.is_pilot:
        raise NotThere()
    permissions.ensure_permission(by, permission, institution=notice.institution)


def _record(notice: Notice, action: str, by: User, now: datetime) -> None:
    region = notice.institution.region_id if notice.institution else ""
    audit.record_event(action=action, subject=notice, by=by, now=now, region=region)
