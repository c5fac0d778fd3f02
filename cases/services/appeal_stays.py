"""What an appeal says on the person's account: that it is open, and where the rules say so, that measures wait."""

from datetime import datetime

from cases.models import Appeal
from institutions.clock import local_date
from institutions.models import User
from scoring.enums import AccountEventKind
from scoring.models import AccountEvent, PointsEntry
from scoring.services import account_events


def open_flag(appeal: Appeal, *, by: User | None, now: datetime) -> None:
    """Note on the account that the award is under appeal; nothing where the decision has no award yet."""
    entry = appeal.attribution.entry
    if entry is not None:
        account_events.record_appeal_opened(
            entry=entry, on=local_date(now), source_key=f"appeal:{appeal.pk}:opened", by=by, now=now
        )


def begin(appeal: Appeal, *, by: User | None, now: datetime) -> None:
    """Note the acceptance: measures of the award wait from now on where the rulebook says so."""
    entry = appeal.attribution.entry
    if entry is not None and not is_stayed(entry):
        account_events.record_stay(
            entry=entry, on=local_date(now), source_key=f"appeal:{appeal.pk}:stay", by=by, now=now
        )


def end(appeal: Appeal, *, by: User | None, now: datetime) -> None:
    """Note that the appeal is over and the award stands: unserved days run on from tomorrow, the flag goes."""
    entry = appeal.attribution.entry
    if entry is None:
        return
    if is_stayed(entry):
        account_events.record_dismissal(
            entry=entry, on=local_date(now), source_key=f"appeal:{appeal.pk}:dismissal", by=by, now=now
        )
    close_flag(appeal, by=by, now=now)


def close_flag(appeal: Appeal, *, by: User | None, now: datetime) -> None:
    """Note on the account that the award is no longer under appeal."""
    entry = appeal.attribution.entry
    if entry is not None:
        account_events.record_appeal_closed(
            entry=entry, on=local_date(now), source_key=f"appeal:{appeal.pk}:closed", by=by, now=now
        )


def is_stayed(entry: PointsEntry) -> bool:
    """Say whether a stay of an award is on record that nothing has ended."""
    kinds = (AccountEventKind.STAY, AccountEventKind.DISMISSAL)
    latest = AccountEvent.objects.filter(award=entry, kind__in=kinds).order_by("-posting").first()
    return latest is not None and latest.kind == AccountEventKind.STAY
