"""Making out the letters of the procedure, before they are served.

The person's letter is a notice to the person. The institution of the case is asked, by a notice of its own, to hand
the letter over; where it has closed, the letter goes to the person directly.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Attribution, IssuedLetter, ServiceKind
from cases.services import attribution_notices, moves
from cases.services import lines as line_rows
from cases.states import Action, State
from institutions.errors import WrongState
from institutions.models import Notice, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: a letter exists before it is served"


@transaction.atomic
def issue_intent(*, attribution: Attribution, by: User | None, now: datetime) -> Notice:
    """Make out the letter of what is intended, for the proposal as it stands; return the person's letter.

    The statement window is told in working days from the day after receipt. The same proposal in the same window has
    one letter, whoever asks again; a changed proposal gets a new one. Refuses an attribution that is not proposed.
    """
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=attribution.case.region_id)
    attribution = moves.lock(attribution)
    moves.ensure_can(attribution, Action.SERVE_INTENT)
    return letter_of_intent(attribution, by=by, now=now).notice


@transaction.atomic
def issue_decision(*, attribution: Attribution, by: User | None, now: datetime) -> Notice:
    """Make out the letter of the decision, of points or of none; return the person's letter.

    There is one for each decision, whoever asks again. Refuses an attribution that is not decided.
    """
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=attribution.case.region_id)
    attribution = moves.lock(attribution)
    if attribution.state not in (State.DECIDED, State.REJECTED):
        raise WrongState(
            _("There is no decision to write a letter about, or its letter was served."),
            rule=RULE,
            state=attribution.state,
        )
    return letter_of_decision(attribution, by=by, now=now).notice


def letter_of_intent(attribution: Attribution, *, by: User | None, now: datetime) -> IssuedLetter:
    """Return the letter of the proposal as it stands, made out now if nobody did; permission and lock are seen to."""
    return _letter(attribution, ServiceKind.INTENT, attribution.window + 1, by, now)


def letter_of_decision(attribution: Attribution, *, by: User | None, now: datetime) -> IssuedLetter:
    """Return the letter of the decision, made out now if nobody did; permission and lock are seen to."""
    return _letter(attribution, ServiceKind.DECISION, attribution.window, by, now)


def standing_letter(attribution: Attribution) -> IssuedLetter | None:
    """Return the letter that waits to be served, for the proposal or decision as it stands; None if none was made."""
    if attribution.state == State.PROPOSED:
        return _issued(attribution, ServiceKind.INTENT, attribution.window + 1)
    if attribution.state == State.DECIDED:
        return _issued(attribution, ServiceKind.DECISION, attribution.window)
    return None


def _issued(attribution: Attribution, kind: ServiceKind, window: int) -> IssuedLetter | None:
    proposal = line_rows.latest_proposal(attribution)
    number = proposal.number if proposal is not None else 0
    rows = IssuedLetter.objects.select_related("notice", "handover")
    return rows.filter(attribution=attribution, kind=kind, window=window, proposal_number=number).first()


def _letter(attribution: Attribution, kind: ServiceKind, window: int, by: User | None, now: datetime) -> IssuedLetter:
    made = _issued(attribution, kind, window)
    if made is not None:
        return made
    proposal = line_rows.latest_proposal(attribution)
    number = proposal.number if proposal is not None else 0
    told = attribution_notices.tell_intent if kind == ServiceKind.INTENT else attribution_notices.tell_decision
    notice = told(attribution=attribution, version=f"{window}:{number}", now=now)
    handover = attribution_notices.ask_for_handover(attribution=attribution, letter=notice, now=now)
    letter = IssuedLetter.objects.create(
        attribution=attribution,
        kind=kind,
        window=window,
        proposal_number=number,
        notice=notice,
        handover=handover,
        issued_at=now,
        issued_by=by,
    )
    audit.record_event(
        action="letter.issued",
        subject=attribution,
        by=by,
        now=now,
        detail={
            "kind": kind.value,
            "number": notice.number,
            "handover": handover.number if handover is not None else "",
            "proposal": number,
        },
        region=attribution.case.region_id,
    )
    return letter
