"""The closed lists of the scoring app. Plain enumerations: no Django, so that pure code may use them."""

from __future__ import annotations

from enum import StrEnum


class EntryKind(StrEnum):
    """记分分录: what a ledger entry is."""

    AWARD = "award"
    REVERSAL = "reversal"
    REPAIR = "repair"


class AccountEventKind(StrEnum):
    """What else happens to an account, besides points."""

    REPAIR = "repair"
    REREGISTRATION = "reregistration"
    STAY = "stay"
    DISMISSAL = "dismissal"
    APPEAL_OPENED = "appeal_opened"
    APPEAL_CLOSED = "appeal_closed"
    LICENCE_LOSS = "licence_loss"
    LICENCE_RESTORED = "licence_restored"


class ConsequenceKind(StrEnum):
    """后果: every kind of effect that a decision can have, each of which can be undone and ticked."""

    ENTRY = "entry"
    MEASURE = "measure"
    SCORECARD = "scorecard"
    NOTICE = "notice"
    READER = "reader"
    CLAIMS = "claims"
    OPEN_DATA = "open_data"
