"""Taking a row of a queue in hand, letting it go, and ending somebody else's claim for a reason.

A claim says who does the work; it is no right to decide. Every act asks its own permission, whoever holds the row.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions import clock
from institutions.errors import Forbidden, Invalid, WrongState
from institutions.models import ClaimEnd, User, WorkClaim
from institutions.permissions import Permission, ensure_permission, has_permission
from institutions.selectors import deputies
from institutions.services import audit


class AlreadyClaimed(WrongState):
    """Somebody else holds the row."""

    code = "already-claimed"
    title = gettext_lazy("Somebody else holds this")


class NotClaimed(WrongState):
    """There is no claim to let go or to end."""

    code = "not-claimed"
    title = gettext_lazy("Nobody holds this")


@dataclass(frozen=True, slots=True)
class Work:
    """One row of one queue: how it is found, how it is called, where it belongs, and who may work on it.

    `acts` are the permissions of which one is enough. `region` is a GB/T 2260 code, "" where the row has none.
    """

    queue: str
    subject_id: str
    reference: str
    region: str
    acts: Collection[Permission]


def ensure_may_work(work: Work, by: User) -> None:
    """Refuse (403) an officer who holds none of the permissions that the work needs, where it lies."""
    held = next((act for act in work.acts if has_permission(by, act, region=work.region or None)), None)
    if held is None:
        raise Forbidden(
            _("Your roles do not include this work here."),
            rule=" | ".join(act.value for act in work.acts),
            next_step=_("Ask an administrator for a role that includes it, over this region or institution."),
        )
    ensure_permission(by, held, region=work.region or None)


@transaction.atomic
def claim(*, work: Work, by: User, now: datetime) -> WorkClaim:
    """Take a row in hand; a second time returns the claim that stands.

    Refuses (403) who could not do the work anyway, and (409) a row that somebody else holds; of two who ask at once
    one is refused. A claim that has lapsed ends with the new one.
    """
    ensure_may_work(work, by)
    standing = _standing(work)
    if standing is not None and standing.lapses_at > now:
        if standing.holder_id == by.pk:
            return standing
        raise _held(standing)
    if standing is not None:
        _end(standing, ClaimEnd.LAPSED, "", by, now)
    return _write(work, by, now)


@transaction.atomic
def release(*, work: Work, by: User, now: datetime) -> WorkClaim:
    """Let go of a row that one holds; return the ended claim. Refuses (409) a row that is not held, or by another."""
    ensure_may_work(work, by)
    standing = _standing(work)
    if standing is None:
        raise NotClaimed(_("Nobody holds %(what)s.") % {"what": work.reference})
    if standing.holder_id != by.pk:
        raise _held(standing)
    _end(standing, ClaimEnd.RELEASED, "", by, now)
    return standing


@transaction.atomic
def take_over(*, work: Work, reason: str, by: User, now: datetime) -> WorkClaim:
    """End somebody else's claim and hold the row oneself; return the new claim.

    Whoever stands in for its holder takes it over without leave (ADR 0051). Refuses (403) others who may not end claims
    there, and who could not do the work, (422) no reason, and (409) a row that nobody else holds.
    """
    standing = _standing(work)
    if standing is None or standing.holder_id not in deputies.names_of(by):
        ensure_permission(by, Permission.CLAIM_END, region=work.region or None)
    ensure_may_work(work, by)
    if standing is None or standing.holder_id == by.pk:
        raise NotClaimed(_("Nobody else holds %(what)s; claim it.") % {"what": work.reference})
    _end(standing, ClaimEnd.TAKEN_OVER, _given(reason), by, now)
    return _write(work, by, now)


@transaction.atomic
def free(*, claim: WorkClaim, reason: str, by: User, now: datetime) -> WorkClaim:
    """End somebody's claim so that others may take the row; return the ended claim.

    For those who manage claims over its region; they need not see the work. Refuses (422) no reason, (409) an ended
    claim.
    """
    ensure_permission(by, Permission.CLAIM_END, region=claim.region_code or None)
    locked = WorkClaim.objects.select_for_update(of=("self",)).select_related("holder").get(pk=claim.pk)
    if locked.ended_at is not None:
        raise NotClaimed(_("This claim has ended."))
    _end(locked, ClaimEnd.FREED, _given(reason), by, now)
    return locked


def _standing(work: Work) -> WorkClaim | None:
    """Return the open claim of a row, locked."""
    claims = WorkClaim.objects.select_for_update(of=("self",)).select_related("holder")
    return claims.filter(queue=work.queue, subject_id=work.subject_id, ended_at__isnull=True).first()


def _write(work: Work, by: User, now: datetime) -> WorkClaim:
    try:
        with transaction.atomic():
            made = WorkClaim.objects.create(
                queue=work.queue,
                subject_id=work.subject_id,
                reference=work.reference,
                region_code=work.region,
                holder=by,
                claimed_at=now,
                lapses_at=now + timedelta(days=settings.WORK_CLAIM_DAYS),
            )
    except IntegrityError as lost:
        winner = _standing(work)
        raise (_held(winner) if winner else AlreadyClaimed()) from lost
    _record("work.claimed", made, by, now)
    return made


def _end(claim: WorkClaim, how: ClaimEnd, reason: str, by: User, now: datetime) -> None:
    claim.end, claim.end_reason, claim.ended_at, claim.ended_by = how, reason, now, by
    claim.save(update_fields=["end", "end_reason", "ended_at", "ended_by"])
    _record(f"work.{how.value}", claim, by, now)


def _record(action: str, claim: WorkClaim, by: User, now: datetime) -> None:
    audit.record_event(
        action=action,
        subject=claim,
        by=by,
        now=now,
        reason=claim.end_reason,
        detail={"queue": claim.queue, "subject": claim.subject_id, "reference": claim.reference},
        region=claim.region_code,
    )


def _held(claim: WorkClaim) -> AlreadyClaimed:
    facts = {
        "who": claim.holder.username,
        "what": claim.reference,
        "day": date_format(clock.local_date(claim.claimed_at), "DATE_FORMAT"),
    }
    return AlreadyClaimed(
        _("%(who)s has held %(what)s since %(day)s.") % facts,
        state=claim.holder.username,
        next_step=_("Ask them to release it, or take another row."),
    )


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid(_("Say why the claim is ended; its holder will read it."))
    return reason.strip()
