"""Putting right what was told: everybody who heard of a decision that fell hears that it fell, and what holds now.

One correction per recipient and reversal names every notice that it corrects: those of the decision itself, and those
of other decisions that say something else now. What other decisions cause now is told anew, as it would have been had
the one that fell never been posted. Payloads hold data; letters and pages find the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from institutions.clock import local_date
from institutions.json_types import Json
from institutions.models import Institution, Notice, NoticeKind, Practitioner
from institutions.selectors.practitioners import record_ids
from institutions.services import notices
from scoring.consequences.kind import GivenBack
from scoring.consequences.registry import NOTICE
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, Measure, PointsEntry
from scoring.policy.account import ReminderFired, Status
from scoring.policy.telling import Told, told_by_each
from scoring.selectors.accounts import LoadedAccount
from scoring.selectors.told import corrected_numbers
from scoring.services import status_notices

REVERSED, VARIED, REINSTATED = "reversed", "varied", "reinstated"
TellingKey = tuple[UUID, str]  # award, cause


@dataclass(frozen=True)
class Change:
    """An account before and after the posting that undoes, varies or puts back an award.

    ``undone`` is the award that fell (when one is put back whole: the one that had fallen before), ``standing`` the
    award in its place if there is one. ``cause`` is the posting by which corrections are named; ``outcome`` is one of
    reversed, varied, reinstated.
    """

    undone: PointsEntry
    standing: PointsEntry | None
    cause: PointsEntry
    outcome: str
    before: LoadedAccount
    after: LoadedAccount
    given_back: tuple[GivenBack, ...]
    now: datetime


@dataclass(frozen=True)
class Corrected:
    """The corrections sent, by the number of each notice corrected and by the key of the recipient; what was left."""

    sent: Mapping[str, Notice]
    still_true: frozenset[str]


@dataclass(frozen=True)
class Telling:
    """One thing that an award gives to tell: its change of status, or one reminder."""

    entry: PointsEntry
    told: Told
    reminder: tuple[ReminderFired, int] | None

    @property
    def facts(self) -> tuple[object, ...]:
        """What makes two tellings the same."""
        if self.reminder is None:
            return self.told.changed, self.told.total
        fired, total = self.reminder
        return fired.year, fired.at, fired.kind, total


@dataclass(frozen=True)
class LiveNotice:
    """A notice that was not corrected yet, and the awards that gave it to tell; the first wrote what it says."""

    notice: Notice
    awards: tuple[UUID, ...]

    def is_under(self, cause: str) -> bool:
        """Whether it was told under a cause, first or again."""
        return self.notice.cause == cause or self.notice.cause.startswith(f"{cause}:again:")


def put_right(change: Change) -> Corrected:
    """Correct what was told and is not so any more, then tell what is so now; return the corrections sent."""
    before, after = _tellings(change.before), _tellings(change.after)
    stale = {key for key, telling in before.items() if key not in after or after[key].facts != telling.facts}
    live = _live_notices(change)
    wrong = [told for told in live if _is_wrong(told, change, stale)]
    left = {told.notice.number for told in live if change.undone.pk in told.awards and told not in wrong}
    sent = _send(change, [told.notice for told in wrong])
    for (award, cause), telling in after.items():
        was_told_by_another = any(award in told.awards and told.is_under(cause) for told in wrong)
        if (award, cause) in stale or (award, cause) not in before or was_told_by_another:
            _tell(telling, change)
    _tell_ends(change)
    return Corrected(sent, frozenset(left))


def _tellings(loaded: LoadedAccount) -> dict[TellingKey, Telling]:
    """What every standing award gives to tell, by award and cause."""
    found: dict[TellingKey, Telling] = {}
    for ref, told in told_by_each(loaded.events).items():
        entry = loaded.entry_of[ref]
        if told.changed:
            found[entry.pk, status_notices.status_cause(entry)] = Telling(entry, told, None)
        for fired, total in told.reminders:
            cause = status_notices.reminder_cause(entry.practitioner, fired)
            found[entry.pk, cause] = Telling(entry, told, (fired, total))
    return found


def _live_notices(change: Change) -> list[LiveNotice]:
    """Every notice that an award of this person caused and that was not corrected yet."""
    rows = Consequence.objects.filter(
        practitioner__in=record_ids(change.cause.practitioner), kind=ConsequenceKind.NOTICE
    )
    awards_of: dict[str, list[UUID]] = {}
    for number, award in rows.order_by("caused_at", "id").values_list("target", "entry_id"):
        awards_of.setdefault(number, []).append(award)
    if change.outcome == REINSTATED:  # whoever was told that the award fell
        fell = Notice.objects.filter(kind=NoticeKind.CORRECTION, cause=reversal_cause(change.undone))
        for number in fell.values_list("number", flat=True):
            awards_of.setdefault(number, [change.undone.pk])
    uncorrected = set(awards_of) - corrected_numbers(change.cause.practitioner)
    told = Notice.objects.filter(number__in=uncorrected).select_related("institution", "practitioner")
    return [LiveNotice(notice, tuple(awards_of[notice.number])) for notice in told.order_by("number")]


def reversal_cause(entry: PointsEntry) -> str:
    """The cause of the reversal of an award, under which its corrections went out."""
    return f"{entry.source_key}:reversal"


def _is_wrong(told: LiveNotice, change: Change, stale: set[TellingKey]) -> bool:
    """Whether a notice no longer holds: all of the award undone, but for an end of measure that others bring too."""
    if told.notice.kind == NoticeKind.RESTORED:
        ends = {measure.ends_on.isoformat() for measure in change.after.account.measures}
        return told.notice.payload.get("ended_on") not in ends
    first = told.awards[0]
    if first == change.undone.pk:
        return True
    return any(first == award and told.is_under(cause) for award, cause in stale)


def _send(change: Change, wrong: Iterable[Notice]) -> dict[str, Notice]:
    """One correction to each recipient of a wrong notice, each past reader, each site with claims to resubmit."""
    by_recipient: dict[str, list[Notice]] = {}
    recipients: dict[str, Institution | Practitioner] = {}
    for notice in wrong:
        recipient = notice.institution or notice.practitioner
        assert recipient is not None  # check constraint notice_one_recipient
        recipients.setdefault(notice.recipient_key, recipient)
        by_recipient.setdefault(notice.recipient_key, []).append(notice)
    for site in [*_past_readers(change), *(given.site for given in change.given_back)]:
        recipients.setdefault(notices.recipient_key(site), site)
    in_pilot = status_notices.is_of_pilot(change.undone, change.now)
    sent: dict[str, Notice] = {}
    for key, recipient in recipients.items():
        corrected = by_recipient.get(key, [])
        sent[key] = correction = notices.queue_notice(
            kind=NoticeKind.CORRECTION,
            recipient=recipient,
            cause=change.cause.source_key,
            payload=_payload(change, recipient, corrected),
            now=change.now,
            is_pilot=all(notice.is_pilot for notice in corrected) if corrected else in_pilot,
            region=change.undone.institution.region_id if change.undone.institution else None,
        )
        sent |= {notice.number: correction for notice in corrected}
        if change.standing is not None:
            NOTICE.cause(entry=change.standing, thing=correction, now=change.now)
    return sent


def _past_readers(change: Change) -> list[Institution]:
    rows = Consequence.objects.filter(entry=change.undone, kind=ConsequenceKind.READER)
    keys = [target.partition(":")[2] for target in rows.values_list("target", flat=True)]
    return list(Institution.objects.filter(pk__in=keys).order_by("code"))


def _payload(change: Change, recipient: Institution | Practitioner, corrected: list[Notice]) -> dict[str, Json]:
    """What a correction says: of which notices, points left, what holds today, which days are given back."""
    person = change.cause.practitioner
    today = local_date(change.now)
    days: list[Json] = [
        {"institution": given.site.name, "from": given.first.isoformat(), "until": given.last.isoformat()}
        for given in change.given_back
        if isinstance(recipient, Practitioner) or given.site.pk == recipient.pk
    ]
    left = change.standing.points if change.standing else 0
    payload = status_notices.status_payload(person, change.after.account.status_on(today)) | {
        "corrects": [notice.number for notice in corrected],
        "outcome": change.outcome,
        "points_withdrawn": change.undone.points - left,
        "points_left": left,
        "given_back": days,
    }
    if isinstance(recipient, Practitioner) or recipient.pk == change.undone.institution_id:
        payload["case_reference"] = change.undone.case_reference
    return payload


def _tell(telling: Telling, change: Change) -> None:
    """Tell it to those who would have heard of it on the day on which the award was first posted."""
    entry, on = telling.entry, local_date(_first_posted(telling.entry, change.after))
    if telling.reminder is not None:
        fired, points = telling.reminder
        cause = f"{status_notices.reminder_cause(entry.practitioner, fired)}:again:{change.cause.posting}"
        status_notices.tell_reminder(entry, fired, points, on=on, now=change.now, cause=cause)
        return
    day = max(telling.told.first_day or on, on)
    status = change.after.account.status_on(day)
    if status.status is Status.NORMAL:  # no day gets worse: the days were cut to none
        return
    cause = f"{status_notices.status_cause(entry)}:again:{change.cause.posting}"
    status_notices.tell_status(entry, status, telling.told.total, on=on, now=change.now, cause=cause)


def _tell_ends(change: Change) -> None:
    """Tell of measures that ended in silence, since the decision that fell went on: their end did free the person.

    What is not noted as ended yet, the nightly job tells; what was told and stands is not told twice; and nobody is
    told of a qualification that another measure has taken away since.
    """
    rows = Measure.objects.filter(
        practitioner__in=record_ids(change.cause.practitioner), recorded__endswith__isnull=True, end__isnull=False
    ).select_related("practitioner", "entry__institution")
    account = change.after.account
    today = account.status_on(local_date(change.now)).status
    after = [(row, account.status_on(row.valid.upper)) for row in rows.order_by("valid")]
    free = [(row, status) for row, status in after if status_notices.is_over(status) and status.status is today]
    status_notices.tell_ends(free, now=change.now)


def _first_posted(entry: PointsEntry, loaded: LoadedAccount) -> datetime:
    """When an award was first recorded: of a varied one when the first of the chain was."""
    by_id = {row.pk: row for row in loaded.entries}
    while entry.replaces_id is not None and entry.reinstates_id is None:
        entry = by_id[entry.replaces_id]
    return entry.recorded_at
