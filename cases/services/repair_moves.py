"""The steps that every service on a repair or a new registration shares: receipts, locks, and the tables of moves."""

from datetime import datetime
from typing import TypeVar

from django.db import connection
from django.utils.translation import gettext as _

from cases.errors import TwoOfficerRule
from cases.models import RepairApplication, ReregistrationApplication
from cases.models.repair_choices import (
    ENTRY_ACTION_LABELS,
    ENTRY_STATE_LABELS,
    REPAIR_ACTION_LABELS,
    REPAIR_STATE_LABELS,
)
from cases.services.moves import TWO_OFFICERS, ensure_not_as_one
from cases.states.repair import ENTRY_TABLE, TABLE, Action, EntryAction, EntryState, State
from institutions.clock import local_date
from institutions.errors import Text, WrongState
from institutions.json_types import JsonObject
from institutions.models import User
from institutions.services import audit

REPAIR_TABLE = "design: state table of repairs"
REREGISTRATION_TABLE = "design: state table of new registrations"
SEQUENCES = {"XF": "cases_repair_receipt_seq", "CD": "cases_reregistration_receipt_seq"}

Application = TypeVar("Application", RepairApplication, ReregistrationApplication)


def next_receipt(prefix: str, now: datetime) -> str:
    """Return the next receipt number: XF2025-000001 of a repair (修复), CD2025-000001 of a new registration (重登)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCES[prefix]])
        (number,) = cursor.fetchone()
    return f"{prefix}{local_date(now).year}-{number:06d}"


def lock(application: Application) -> Application:
    """Lock an application for the rest of the transaction and return it as it now stands."""
    rows = type(application)._default_manager.select_for_update(of=("self",), no_key=True)
    locked: Application = rows.select_related("practitioner", "institution").get(pk=application.pk)
    return locked


def ensure_can(application: RepairApplication, action: Action) -> State:
    """Return the state after the action; raise `WrongState` where the table does not admit it now."""
    state = State(application.state)
    if TABLE.can(action, state):
        return TABLE.next_state(action, state)
    possible = [REPAIR_ACTION_LABELS[item] for item in TABLE.allowed_actions(state)]
    raise _refusal(REPAIR_ACTION_LABELS[action], REPAIR_STATE_LABELS[state], state, possible, REPAIR_TABLE)


def ensure_entry_can(application: ReregistrationApplication, action: EntryAction) -> EntryState:
    """Return the state after the action; raise `WrongState` where the table does not admit it now."""
    state = EntryState(application.state)
    if ENTRY_TABLE.can(action, state):
        return ENTRY_TABLE.next_state(action, state)
    possible = [ENTRY_ACTION_LABELS[item] for item in ENTRY_TABLE.allowed_actions(state)]
    raise _refusal(ENTRY_ACTION_LABELS[action], ENTRY_STATE_LABELS[state], state, possible, REREGISTRATION_TABLE)


def ensure_other_officer(application: RepairApplication | ReregistrationApplication, by: User) -> None:
    """Refuse whoever entered an application to decide it."""
    if application.entered_by_id == by.pk:
        raise TwoOfficerRule(
            _("You entered this application; another officer has to decide it."),
            rule=TWO_OFFICERS,
            state=application.state,
            next_step=_("Ask an officer who took no part in it."),
        )
    ensure_not_as_one(by, [application.entered_by_id], subject=application, state=application.state)


def record(
    action: str,
    application: RepairApplication | ReregistrationApplication,
    by: User | None,
    now: datetime,
    *,
    reason: str = "",
    detail: JsonObject | None = None,
) -> None:
    """Write the audit event of a move."""
    audit.record_event(
        action=action,
        subject=application,
        by=by,
        now=now,
        reason=reason,
        detail={"receipt": application.receipt, "state": application.state} | dict(detail or {}),
        region=application.institution.region_id,
    )


def _refusal(action: Text, state: Text, code: State | EntryState, possible: list[Text], rule: str) -> WrongState:
    return WrongState(
        _("“%(action)s” is not possible: the application is in the state “%(state)s”.")
        % {"action": action, "state": state},
        rule=rule,
        state=code.value,
        next_step=(
            _("Possible now: %(actions)s.") % {"actions": ", ".join(str(item) for item in possible)}
            if possible
            else _("Nothing more can be done with it.")
        ),
    )
