"""The notices outbox: a row in the same transaction as its cause; copies are sent afterwards (`deliveries`).

The row is the record: it is in the institution's inbox from the moment of commit, whatever happens to e-mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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

__all__ = ["Draft", "acknowledge", "deliver_due", "mark_read", "queue_notice", "queue_notices", "recipient_key"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is to be told; the fields are those of `queue_notice`."""

    kind: NoticeKind | str
    recipient: Institution | Practitioner
    cause: str
    payload: JsonObject
    mandatory: bool = True
    is_pilot: bool = False
    region: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one notice of."""
        return str(self.kind), recipient_key(self.recipient), self.cause


def queue_notice(
    *,
    kind: NoticeKind | str,
    recipient: Institution | Practitioner,
    cause: str,
    payload: JsonObject,
    now: datetime,
    mandatory: bool = True,
    is_pilot: bool = False,
    region: str | None = None,
) -> Notice:
    """Tell an institution or a person something, once per kind, recipient and cause; return the notice.

    A second call with the same three returns the first notice unchanged, whatever its payload. The payload is kept as
    it is and is what every page and letter shows; it never names an officer. Refuses an unknown kind or no cause.

    What is of a region in pilot (`is_pilot`: the cause is; or a site of the recipient lies in one) is on record for
    officers only: no inbox shows it and no copy goes out, then or later. `region` (GB/T 2260) is that of the authority
    that tells, whose officers see the notice and whose service desk stands in the letter; without it, the recipient's.
    """
    return queue_notices([Draft(kind, recipient, cause, payload, mandatory, is_pilot, region)], now=now)[0]


@transaction.atomic
def queue_notices(drafts: Sequence[Draft], *, now: datetime) -> list[Notice]:
    """Do what `queue_notice` does for each draft, in a handful of queries; return the notices in the same order."""
    for draft in drafts:
        if str(draft.kind) not in NoticeKind.values:
            raise Invalid(_("There is no notice of the kind %(kind)s.") % {"kind": draft.kind})
        if not draft.cause:
            raise Invalid(_("A notice names its cause, so that it is sent once."))
    told = _told(drafts)
    fresh = {draft.key: draft for draft in reversed(drafts) if draft.key not in told}
    if fresh:
        untold = list(reversed(fresh.values()))
        numbers = _next_numbers(len(untold), now)
        is_quiet = not pilots.running(clock.local_date(now))
        rows = [_notice(draft, number, now, is_quiet) for draft, number in zip(untold, numbers, strict=True)]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        queued = _told(untold)
        _queue_deliveries([queued[draft.key] for draft in untold], Channel.EMAIL, now)
        told |= queued
    return [told[draft.key] for draft in drafts]


def _told(drafts: Sequence[Draft]) -> dict[tuple[str, str, str], Notice]:
    """The notices there are of these drafts."""
    kinds, recipients, causes = ({draft.key[place] for draft in drafts} for place in range(3))
    rows = Notice.objects.filter(kind__in=kinds, recipient_key__in=recipients, cause__in=causes)
    return {(row.kind, row.recipient_key, row.cause): row for row in rows.order_by()}


def _notice(draft: Draft, number: str, now: datetime, is_quiet: bool) -> Notice:
    """A row to be saved; `is_quiet`: no pilot runs anywhere."""
    recipient = draft.recipient
    return Notice(
        number=number,
        kind=str(draft.kind),
        mandatory=draft.mandatory,
        institution=recipient if isinstance(recipient, Institution) else None,
        practitioner=recipient if isinstance(recipient, Practitioner) else None,
        region_id=draft.region or (recipient.region_id if isinstance(recipient, Institution) else None),
        recipient_key=recipient_key(recipient),
        cause=draft.cause,
        payload=dict(draft.payload),
        created_at=now,
        is_pilot=draft.is_pilot or (not is_quiet and _lies_in_pilot(recipient, clock.local_date(now))),
    )


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
    sites = [recipient] if isinstance(recipient, Institution) else practitioners.institutions_to_tell(recipient, on)
    return pilots.any_in_pilot([site.region_id for site in sites], on)


def _queue_deliveries(queued: Sequence[Notice], channel: Channel, now: datetime) -> None:
    """Have copies sent to institutions; what is of a pilot is sent to nobody."""
    Delivery.objects.bulk_create(
        [
            Delivery(notice=notice, channel=channel, state=DeliveryState.QUEUED, next_attempt_at=now)
            for notice in queued
            if notice.institution_id is not None and not notice.is_pilot
        ],
        ignore_conflicts=True,
    )


def _next_numbers(count: int, now: datetime) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('institutions_notice_number_seq') FROM generate_series(1, %s)", [count])
        return [f"JF{clock.local_date(now).year}-{number:06d}" for (number,) in cursor.fetchall()]


def _ensure_recipient(notice: Notice, by: User, permission: Permission) -> None:
    if notice.institution is None or notice.is_pilot:
        raise NotThere()
    permissions.ensure_permission(by, permission, institution=notice.institution)


def _record(notice: Notice, action: str, by: User, now: datetime) -> None:
    region = notice.institution.region_id if notice.institution else ""
    audit.record_event(action=action, subject=notice, by=by, now=now, region=region)
