"""Whether a person may be registered anew on a day, as the rules say it."""

from datetime import date

from institutions.models import Practitioner
from scoring.policy.account import Refusal
from scoring.policy.events import Reregistration
from scoring.policy.replay import replay
from scoring.selectors.accounts import load_account

SUPPOSED = "what-if:reregistration"


def reregistration_refusal(practitioner: Practitioner, *, on: date) -> Refusal | None:
    """Return why the rules would refuse a new registration on a day, or None where they would accept it."""
    events = load_account(practitioner).events
    record = str(practitioner.pk) if any(event.record for event in events) else ""
    seq = max((event.seq for event in events), default=0) + 1
    account = replay([*events, Reregistration(SUPPOSED, seq, on, record)])
    return next((item for item in account.refusals if item.ref == SUPPOSED), None)
