"""Every state × every action of repairs and of new registrations: the table's moves work, all others change nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.models import Activity, RepairApplication, ReregistrationApplication
from cases.services import repair_decisions, repairs, reregistrations
from cases.states.repair import (
    ENTRY_INITIAL,
    ENTRY_TABLE,
    FINAL,
    INITIAL,
    TABLE,
    Action,
    EntryAction,
    EntryState,
    State,
)
from institutions.errors import WrongState
from institutions.models import AuditEvent, Notice
from scoring.models import AccountEvent, PointsEntry
from tests.factories.repair import (
    REASONS,
    Registering,
    Repairing,
    certificate,
    registering,
    repairing,
    right_answers,
)

pytestmark = pytest.mark.django_db

# Doing the last act once more is a retry: it answers with what was done, and changes nothing.
RETRIES = {(Action.SUBMIT, State.SUBMITTED), (Action.APPROVE, State.APPROVED), (Action.REFUSE, State.REFUSED)}
RETRIES |= {(Action.WITHDRAW, State.WITHDRAWN)}
ENTRY_RETRIES = {
    (EntryAction.APPROVE, EntryState.APPROVED),
    (EntryAction.REFUSE, EntryState.REFUSED),
    (EntryAction.WITHDRAW, EntryState.WITHDRAWN),
}


def act_on(walk: Repairing, action: Action) -> None:
    it, now = walk.application, walk.now
    acts: dict[Action, Callable[[], Any]] = {
        Action.TAKE_QUIZ: lambda: repairs.take_quiz(application=it, answers=right_answers(), by=None, now=now),
        Action.ADD_FILES: lambda: repairs.add_files(
            application=it, files=[certificate("b.txt", "b")], by=None, now=now
        ),
        Action.SUBMIT: lambda: repairs.submit(application=it, by=None, now=now),
        Action.APPROVE: lambda: repair_decisions.approve(application=it, reasons=REASONS, by=walk.approver, now=now),
        Action.REFUSE: lambda: repair_decisions.refuse(application=it, reasons=REASONS, by=walk.approver, now=now),
        Action.WITHDRAW: lambda: repairs.withdraw(application=it, by=None, now=now),
    }
    acts[action]()


def act_on_entry(walk: Registering, action: EntryAction) -> None:
    it, now, by = walk.application, walk.now, walk.approver
    acts: dict[EntryAction, Callable[[], Any]] = {
        EntryAction.ADD_FILES: lambda: reregistrations.add_files(
            application=it, files=[certificate("b.txt", "b")], by=walk.clerk, now=now
        ),
        EntryAction.APPROVE: lambda: reregistrations.approve(application=it, reasons=REASONS, by=by, now=now),
        EntryAction.REFUSE: lambda: reregistrations.refuse(application=it, reasons=REASONS, by=by, now=now),
        EntryAction.WITHDRAW: lambda: reregistrations.withdraw(application=it, by=walk.clerk, now=now),
    }
    acts[action]()


def everything(application: RepairApplication | ReregistrationApplication) -> tuple[Any, ...]:
    row = type(application).objects.filter(pk=application.pk).values().get()
    counted = (AccountEvent, PointsEntry, Notice, AuditEvent)
    return row, application.files.count(), *(model.objects.count() for model in counted)


def prepared(state: State, action: Action, now: datetime) -> Repairing:
    """An application in the state; a started course that is to be submitted has its questions passed."""
    walk = repairing(state, now=now)
    if (state, action) == (State.STARTED, Action.SUBMIT):
        repairs.take_quiz(application=walk.application, answers=right_answers(), by=None, now=now)
    return walk


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("state", list(State))
def test_every_pair_of_a_repair(now: datetime, state: State, action: Action) -> None:
    walk = prepared(state, action, now)
    before = everything(walk.application)

    if TABLE.can(action, state):
        act_on(walk, action)
        walk.application.refresh_from_db()
        assert walk.application.state == TABLE.next_state(action, state)
        assert everything(walk.application) != before
        return
    if (action, state) in RETRIES:
        act_on(walk, action)
    else:
        with pytest.raises(WrongState) as refused:
            act_on(walk, action)
        assert (refused.value.status, refused.value.state) == (409, state.value)
    assert everything(walk.application) == before


@pytest.mark.parametrize("action", list(EntryAction))
@pytest.mark.parametrize("state", list(EntryState))
def test_every_pair_of_a_new_registration(now: datetime, state: EntryState, action: EntryAction) -> None:
    walk = registering(state, now=now + timedelta(days=365))
    before = everything(walk.application)

    if ENTRY_TABLE.can(action, state):
        act_on_entry(walk, action)
        walk.application.refresh_from_db()
        assert walk.application.state == ENTRY_TABLE.next_state(action, state)
        assert everything(walk.application) != before
        return
    if (action, state) in ENTRY_RETRIES:
        act_on_entry(walk, action)
    else:
        with pytest.raises(WrongState) as refused:
            act_on_entry(walk, action)
        assert (refused.value.status, refused.value.state) == (409, state.value)
    assert everything(walk.application) == before


def test_the_tables_begin_and_end_where_they_say() -> None:
    assert (INITIAL, ENTRY_INITIAL) == (State.STARTED, EntryState.ENTERED)
    assert all(not TABLE.allowed_actions(state) for state in FINAL)
    assert {new for _old, new in TABLE.moves()} == set(State) - {INITIAL}
    assert {new for _old, new in ENTRY_TABLE.moves()} == set(EntryState) - {ENTRY_INITIAL}


# --- the database refuses the same


def refused_by(rule: str, change: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        change()


@pytest.mark.parametrize("new", list(State))
@pytest.mark.parametrize("old", list(State))
def test_the_database_moves_a_repair_by_the_table_only(now: datetime, old: State, new: State) -> None:
    walk = repairing(old, now=now)
    rows = RepairApplication.objects.filter(pk=walk.application.pk)
    if old is new or (old, new) in TABLE.moves():
        return  # whether the rest of the row fits is for the constraints

    either = "repair_moves_by_the_table|course_is_passed_before_it_counts"  # whichever trigger comes first
    refused_by(either, lambda: rows.update(state=new.value))


def test_the_database_keeps_what_was_applied_for_and_decided(now: datetime) -> None:
    walk = repairing(State.APPROVED, now=now)
    rows = RepairApplication.objects.filter(pk=walk.application.pk)

    refused_by("repair_application_stays", lambda: rows.update(clause="A1"))
    refused_by("repair_application_stays", lambda: rows.update(submitted_at=now + timedelta(days=1)))
    refused_by("repair_decision_stays", lambda: rows.update(points=4))
    refused_by("repair_is_kept", lambda: rows._raw_delete(rows.db))


def test_the_database_wants_a_passed_course_or_a_file_before_it_counts(now: datetime) -> None:
    course = RepairApplication.objects.filter(pk=repairing(now=now).application.pk)
    activity = repairing(now=now, activity=Activity.INSPECTION).application
    shown = RepairApplication.objects.filter(pk=activity.pk)

    refused_by("course_is_passed_before_it_counts", lambda: course.update(state="submitted", submitted_at=now))
    refused_by("activity_is_shown_before_it_counts", lambda: shown.update(state="submitted", submitted_at=now))


def test_the_database_wants_the_other_officer_reasons_and_the_right_event(now: datetime) -> None:
    walk = repairing(State.SUBMITTED, now=now, by_officer=True)
    stranger = repairing(State.APPROVED, now=now).application
    rows = RepairApplication.objects.filter(pk=walk.application.pk)
    refusal = {"state": "refused", "outcome": "refused", "decided_at": now}
    approval = {"state": "approved", "outcome": "approved", "decided_at": now, "outcome_reasons": REASONS}

    refused_by(
        "repair_is_decided_by_another_officer",
        lambda: rows.update(**refusal, outcome_reasons=REASONS, decided_by=walk.clerk),
    )
    refused_by(
        "repair_decision_is_whole_with_reasons",
        lambda: rows.update(**refusal, outcome_reasons=" ", decided_by=walk.approver),
    )
    refused_by("repair_is_on_the_account_once_approved", lambda: rows.update(**approval, decided_by=walk.approver))
    refused_by(
        "repair_is_credited_as_applied_for",
        lambda: rows.update(
            **approval, decided_by=walk.approver, event=AccountEvent(pk=stranger.event_id), points=1,
            credited_on=stranger.credited_on,
        ),
    )  # fmt: skip


def test_the_database_keeps_new_registrations_as_entered(now: datetime) -> None:
    walk = registering(now=now + timedelta(days=365))
    rows = ReregistrationApplication.objects.filter(pk=walk.application.pk)

    refused_by("reregistration_application_stays", lambda: rows.update(department="外科"))
    refused_by("reregistration_is_kept", lambda: rows._raw_delete(rows.db))
    refused_by(
        "reregistration_is_decided_by_another_officer",
        lambda: rows.update(
            state="refused", outcome="refused", outcome_reasons=REASONS, decided_at=walk.now, decided_by=walk.clerk
        ),
    )
    refused_by("reregistration_is_on_the_account_once_approved", lambda: rows.update(
        state="approved", outcome="approved", outcome_reasons=REASONS, decided_at=walk.now, decided_by=walk.approver
    ))  # fmt: skip
