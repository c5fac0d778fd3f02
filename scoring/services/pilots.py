"""Pilots of regions: everything is computed and officers see it; nothing is published, nobody outside is told."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from institutions.clock import local_date
from institutions.errors import Invalid, RuleRefused
from institutions.models import PilotRegion, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit, wake_up
from scoring.services import scorecards


@transaction.atomic
def begin_pilot(*, region_prefix: str, starts_on: date, reason: str, by: User | None, now: datetime) -> PilotRegion:
    """Put a region and all within it into pilot from a Shanghai date on (today or later); return the period.

    Scorecards that this closes are taken out of service in the same transaction. Refuses a day gone by, since what was
    told cannot be taken back, no reason, and a period that overlaps another of the same prefix.
    """
    ensure_permission(by, Permission.SCORECARD_PUBLISH, region=region_prefix)
    if starts_on < local_date(now):
        raise Invalid(_("A pilot begins today or later: what was published and told cannot be taken back."))
    _ensure_reason(reason)
    try:
        with transaction.atomic():
            pilot = PilotRegion.objects.create(region_prefix=region_prefix, starts_on=starts_on, reason=reason)
    except IntegrityError:
        raise RuleRefused(
            _("The prefix has no such form, or is in pilot at that time already."),
            rule="pilot_periods_apart",
            next_step=_("Give 2, 4 or 6 digits, or end the other period first."),
        ) from None
    _record("pilot.begun", pilot, by, now, reason)
    return pilot


@transaction.atomic
def end_pilot(*, pilot: PilotRegion, ends_on: date, reason: str, by: User | None, now: datetime) -> PilotRegion:
    """Let a pilot end after a Shanghai date, its last day (today or later); return it. Twice the same changes nothing.

    From the next day on scorecards are published and notices go out; what was withheld until then stays withheld.
    Refuses a day gone by, or before the pilot began, and a pilot that is over.
    """
    ensure_permission(by, Permission.SCORECARD_PUBLISH, region=pilot.region_prefix)
    pilot = PilotRegion.objects.select_for_update().get(pk=pilot.pk)
    if pilot.ends_on == ends_on:
        return pilot
    _ensure_reason(reason)
    today = local_date(now)
    if ends_on < max(today, pilot.starts_on) or (pilot.ends_on is not None and pilot.ends_on < today):
        raise RuleRefused(_("The last day of a pilot is today or later, and it is not changed once the pilot is over."))
    pilot.ends_on = ends_on
    pilot.save(update_fields=["ends_on"])
    _record("pilot.ended", pilot, by, now, reason)
    return pilot


def _ensure_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Say why: the reason is kept."))


def _record(action: str, pilot: PilotRegion, by: User | None, now: datetime, reason: str) -> None:
    audit.record_event(
        action=action,
        subject=pilot,
        by=by,
        now=now,
        detail={
            "region_prefix": pilot.region_prefix,
            "starts_on": pilot.starts_on.isoformat(),
            "ends_on": pilot.ends_on.isoformat() if pilot.ends_on else None,
        },
        reason=reason,
        region=pilot.region_prefix,
    )
    scorecards.mark_all_dirty(now=now)
    wake_up.after_commit("scoring.publish_scorecards")
