"""Repairs, re-registrations, stays and licence events: written once, judged by the replay."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import permissions
from institutions.models import Practitioner, User
from institutions.permissions import Permission
from institutions.services import audit, wake_up
from scoring.enums import AccountEventKind
from scoring.errors import EventRefused
from scoring.models import AccountEvent, PointsEntry
from scoring.refusal_texts import refusal_text
from scoring.selectors.accounts import load_account
from scoring.selectors.rulebooks import version_for
from scoring.services import measures


@transaction.atomic
def record_repair(
    *,
    practitioner: Practitioner,
    region: str,
    points: int,
    on: date,
    source_key: str,
    reason: str,
    by: User | None,
    now: datetime,
) -> AccountEvent:
    """Credit an approved repair of ``points`` on the day, under the rules of ``region``.

    Refuses EventRefused with the rules' reason (repair off, cap, more than the total, excluded award).
    """
    permissions.ensure_permission(by, Permission.REPAIR_DECIDE, region=region)
    return _record(
        AccountEvent(
            practitioner=practitioner,
            kind=AccountEventKind.REPAIR,
            on=on,
            points=points,
            rulebook=version_for(region, on),
            source_key=source_key,
            reason=reason,
        ),
        by,
        now,
    )


@transaction.atomic
def record_reregistration(
    *,
    practitioner: Practitioner,
    region: str,
    on: date,
    commitment_on: date,
    source_key: str,
    by: User | None,
    now: datetime,
) -> AccountEvent:
    """Register a person anew after a bar, with the commitment signed on ``commitment_on``.

    Refuses EventRefused during a bar and for anybody who is not terminated.
    """
    permissions.ensure_permission(by, Permission.REREGISTRATION_DECIDE, region=region)
    return _record(
        AccountEvent(
            practitioner=practitioner,
            kind=AccountEventKind.REREGISTRATION,
            on=on,
            commitment_on=commitment_on,
            source_key=source_key,
        ),
        by,
        now,
    )


@transaction.atomic
def record_stay(*, entry: PointsEntry, on: date, source_key: str, by: User | None, now: datetime) -> AccountEvent:
    """Note that an appeal against an award was accepted; it stays measures where the rules say so."""
    return _record_about(entry, AccountEventKind.STAY, on, source_key, by, now)


@transaction.atomic
def record_dismissal(*, entry: PointsEntry, on: date, source_key: str, by: User | None, now: datetime) -> AccountEvent:
    """Note that the appeal against an award failed; unserved days run from the day after ``on``."""
    return _record_about(entry, AccountEventKind.DISMISSAL, on, source_key, by, now)


@transaction.atomic
def record_appeal_opened(
    *, entry: PointsEntry, on: date, source_key: str, by: User | None, now: datetime
) -> AccountEvent:
    """Note that an appeal against an award was filed: the public page says so; no measure is touched."""
    return _record_about(entry, AccountEventKind.APPEAL_OPENED, on, source_key, by, now)


@transaction.atomic
def record_appeal_closed(
    *, entry: PointsEntry, on: date, source_key: str, by: User | None, now: datetime
) -> AccountEvent:
    """Note that no appeal against an award is open any more, however it ended."""
    return _record_about(entry, AccountEventKind.APPEAL_CLOSED, on, source_key, by, now)


@transaction.atomic
def record_licence_loss(
    *, practitioner: Practitioner, on: date, source_key: str, reason: str, by: User | None, now: datetime
) -> AccountEvent:
    """Note that a licence or registration was revoked (clause D2): qualification ends by itself on ``on``."""
    event = AccountEvent(
        practitioner=practitioner,
        kind=AccountEventKind.LICENCE_LOSS,
        on=on,
        source_key=source_key,
        reason=reason,
    )
    return _record(event, by, now)


@transaction.atomic
def record_licence_restored(
    *, practitioner: Practitioner, on: date, source_key: str, reason: str, by: User | None, now: datetime
) -> AccountEvent:
    """Note that the licence was given back (or its loss annulled) from ``on``."""
    event = AccountEvent(
        practitioner=practitioner,
        kind=AccountEventKind.LICENCE_RESTORED,
        on=on,
        source_key=source_key,
        reason=reason,
    )
    return _record(event, by, now)


def _record_about(
    entry: PointsEntry, kind: AccountEventKind, on: date, source_key: str, by: User | None, now: datetime
) -> AccountEvent:
    event = AccountEvent(practitioner=entry.practitioner, kind=kind, on=on, award=entry, source_key=source_key)
    return _record(event, by, now, may_be_void=True)


def _record(event: AccountEvent, by: User | None, now: datetime, *, may_be_void: bool = False) -> AccountEvent:
    """Write the event, let the account follow, refuse what the rules refuse.

    A stay without effect (``may_be_void``) is kept: it also says that an appeal is open.
    """
    instant = measures.lock(event.practitioner, now)
    known = AccountEvent.objects.filter(source_key=event.source_key).first()
    if known is not None:
        return known
    event.recorded_at, event.recorded_by = instant, by
    event.save()
    account = load_account(event.practitioner).account
    refusal = next((r for r in account.refusals if r.ref == event.source_key), None)
    if refusal is not None and not may_be_void:
        raise EventRefused(
            refusal_text(refusal),
            rule=refusal.rule,
            state=str(account.status_on(event.on).status),
            next_step=_("The account is unchanged."),
        )
    measures.refresh(practitioner=event.practitioner, cause=None, by=by, now=instant)
    audit.record_event(
        action=f"account.{event.kind}",
        subject=event,
        by=by,
        now=now,
        reason=event.reason,
        detail={"on": event.on.isoformat(), "practitioner": str(event.practitioner_id)},
    )
    wake_up.after_commit("scoring.publish_scorecards")
    return event
