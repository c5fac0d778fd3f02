"""What the database refuses about appeals, whoever writes: every rule by its name."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.test import override_settings

from cases.models import Appeal, AppealMessage, SubmittedFile, VariedLine
from cases.services import appeals
from cases.states.appeal import State
from institutions.identifiers import new_id
from tests.factories.appeal import hearing
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


NOW = datetime(2025, 6, 10, 2, 0, tzinfo=UTC)
STATES = [state for state in State if state != State.ELEVATED]


@pytest.fixture(scope="module")
def hearings(shared_rows, tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        return {state: hearing(state, now=NOW) for state in STATES}


@pytest.fixture
def heard_in(hearings):
    """Return an appeal in a state; each test has it as it was made."""
    return lambda state: deepcopy(hearings[State(state)])


def refused(rule, act):
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        act()


def changed(heard, **columns):
    return lambda: Appeal.objects.filter(pk=heard.appeal.pk).update(**columns)


def copied(heard, **columns):
    def insert():
        appeal = heard.appeal
        appeal.id, appeal.receipt = new_id(), f"{appeal.receipt}-2"
        appeal._state.adding = True
        for name, value in columns.items():
            setattr(appeal, name, value)
        appeal.save(force_insert=True)

    return insert


def test_one_open_appeal_per_decision(heard_in):
    heard = heard_in(State.FILED)
    refused("one_open_appeal_per_attribution", copied(heard))


def test_one_appeal_at_each_level(heard_in):
    heard = heard_in(State.WITHDRAWN)
    blank = {"state": "filed", "outcome": "", "outcome_reasons": "", "decided_at": None}
    refused("one_appeal_per_decision_and_level", copied(heard, **blank))


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "decided"},
        {"state": "decided", "outcome": "upheld"},
        {"state": "decided", "outcome": "upheld", "outcome_reasons": " \n", "points_before": 10, "points_after": 10},
        {"state": "withdrawn", "outcome": "withdrawn"},
        {"outcome": "upheld"},
        {"outcome_reasons": "理由"},
    ],
)
def test_no_appeal_is_closed_without_outcome_instant_officer_and_reasons(heard_in, now, columns):
    heard = heard_in(State.ACCEPTED)
    for also in ({}, {"decided_at": now}, {"decided_at": now, "decided_by": heard.officer}):
        refused("appeal_is_closed_with_outcome_and_reasons", changed(heard, **columns, **also))


def test_only_the_assigned_officer_decides(heard_in, now):
    heard = heard_in(State.FILED)
    nobody = {"state": "decided", "outcome": "inadmissible", "outcome_reasons": "x", "decided_at": now}
    refused("appeal_is_closed_with_outcome_and_reasons", changed(heard, **nobody, decided_by=heard.officer))
    heard.assign().accept()
    closing = {"state": "decided", "outcome": "upheld", "outcome_reasons": "x", "decided_at": now}
    points = {"points_before": 10, "points_after": 10}
    refused(
        "appeal_is_closed_with_outcome_and_reasons",
        changed(heard, **closing, **points, decided_by=officer("appeal_officer")),
    )


@pytest.mark.parametrize(
    ("outcome", "before", "after"),
    [
        *[("varied", 10, 11), ("varied", 10, 0), ("varied", 10, None), ("varied", None, 4)],
        *[("overturned", 10, 1), ("overturned", 10, None)],
        *[("upheld", 10, 9), ("upheld", None, 3), ("upheld", 10, None)],
    ],
)
def test_points_agree_with_the_outcome(heard_in, now, outcome, before, after):
    heard = heard_in(State.ACCEPTED)
    closing = {"outcome_reasons": "x", "decided_at": now, "decided_by": heard.officer}
    refused(
        "outcome_agrees_with_the_points",
        changed(heard, state="decided", outcome=outcome, points_before=before, points_after=after, **closing),
    )


def test_nothing_is_decided_on_points_before_acceptance(heard_in, now):
    heard = heard_in(State.FILED).assign()
    closing = {"outcome_reasons": "x", "decided_at": now, "decided_by": heard.officer}
    refused(
        "appeal_is_decided_after_acceptance",
        changed(heard, state="decided", outcome="overturned", points_before=10, points_after=0, **closing),
    )


@pytest.mark.parametrize("state", [state.value for state in State if state != State.FILED])
def test_it_begins_as_filed(heard_in, state):
    heard = heard_in(State.MOOT)
    refused("appeal_begins_as_filed", copied(heard, state=state))


def test_nobody_handles_it_from_the_start(heard_in, now):
    heard = heard_in(State.MOOT)
    refused("appeal_begins_as_filed", copied(heard, state="filed", assigned_to=heard.officer, assigned_at=now))


@pytest.mark.parametrize(("state", "target"), [("accepted", "filed"), ("filed", "awaiting_answer")])
def test_it_moves_by_the_table(heard_in, state, target):
    heard = heard_in(state)
    refused("appeal_moves_by_the_table", changed(heard, state=target))


def test_a_closed_one_never_opens_again(heard_in):
    heard = heard_in(State.DECIDED)
    refused("appeal_moves_by_the_table|outcome_of_an_appeal_stays", changed(heard, state="accepted"))


@pytest.mark.parametrize(
    "columns",
    [
        {"grounds": "别的理由"},
        {"receipt": "YY2025-999999"},
        {"filed_on": F("filed_on") - timedelta(days=1)},
        {"is_late": True, "late_reason": "x"},
        {"stays": True},
        {"level": 2},
    ],
)
def test_what_was_filed_stays(heard_in, columns):
    refused("what_was_filed_stays|second_level_follows_the_first", changed(heard_in(State.FILED), **columns))


@pytest.mark.parametrize(
    "columns",
    [{"outcome_reasons": "别的理由"}, {"points_before": 9, "points_after": 9}, {"outcome": "inadmissible"}],
)
def test_the_outcome_stays(heard_in, columns):
    refused("outcome_of_an_appeal_stays", changed(heard_in(State.DECIDED), **columns))


def test_grounds_and_the_reason_of_lateness_have_words(heard_in):
    heard = heard_in(State.MOOT)
    fresh = {"state": "filed", "outcome": "", "outcome_reasons": "", "decided_at": None}
    refused("appeal_has_grounds", copied(heard, **fresh, grounds=" \t"))
    refused("late_appeal_has_a_reason", copied(heard, **fresh, is_late=True, late_reason=" "))
    refused("late_appeal_has_a_reason", copied(heard, **fresh, late_reason="x"))


def test_the_second_level_follows_a_first_that_opened_it(heard_in):
    heard = heard_in(State.WITHDRAWN)
    fresh = {"state": "filed", "outcome": "", "outcome_reasons": "", "decided_at": None, "level": 2}
    refused("second_level_follows_the_first", copied(heard, **fresh))
    refused("second_level_is_open", copied(heard, **fresh, previous=heard.appeal))


def test_only_a_decision_that_reached_the_person_is_appealed_against(heard_in):
    heard = heard_in(State.ACCEPTED).decide("overturned")
    fresh = {"state": "filed", "outcome": "", "outcome_reasons": "", "decided_at": None, "decided_by": None}
    unheard = {"assigned_to": None, "assigned_at": None, "accepted_by": None, "accepted_at": None}
    points = {"points_before": None, "points_after": None, "second_level_until_on": None}
    refused("appeal_is_against_a_served_decision", copied(heard, **fresh, **unheard, **points))


def test_the_clock_stands_while_an_answer_is_awaited(heard_in):
    heard = heard_in(State.AWAITING_ANSWER)
    refused("clock_stops_while_an_answer_is_awaited", changed(heard, paused_on=None))
    refused("clock_stops_while_an_answer_is_awaited", changed(heard, state="accepted"))


@pytest.mark.parametrize("columns", [{"assigned_at": None}, {"accepted_at": None}, {"decision_due_on": None}])
def test_what_belongs_together_is_together(heard_in, columns):
    refused("_has_officer_and_instant|decision_due_has_days", changed(heard_in(State.ACCEPTED), **columns))


def test_it_is_never_deleted(heard_in):
    heard = heard_in(State.FILED)
    refused("appeal_is_kept", lambda: Appeal.objects.filter(pk=heard.appeal.pk)._raw_delete("default"))


def test_messages_are_only_added_and_only_while_it_is_heard(heard_in, now):
    heard = heard_in(State.AWAITING_ANSWER)
    message = heard.appeal.messages.get()
    refused("append_only|Cannot update", lambda: AppealMessage.objects.filter(pk=message.pk)._raw_delete("default"))
    refused(
        "question_has_an_officer_and_a_day",
        lambda: AppealMessage.objects.create(appeal=heard.appeal, kind="question", text="?", at=now),
    )
    appeals.withdraw(appeal=heard.appeal, reason="不再申诉。", by=None, now=heard.now)
    refused(
        "closed_appeal_takes_no_messages",
        lambda: AppealMessage.objects.create(appeal=heard.appeal, kind="answer", text="迟了", at=now),
    )


def test_a_line_is_varied_downwards_and_only_by_an_appeal_that_varied_it(heard_in):
    heard = heard_in(State.DECIDED)
    line = heard.walk.attribution.lines.get()
    given = {"appeal": heard.appeal, "line": line, "points_before": 10}
    refused("varied_line_is_of_the_decision", lambda: VariedLine.objects.create(**given, points_after=4))
    refused("line_is_varied_downwards|varied_line", lambda: VariedLine.objects.create(**given, points_after=10))


def test_a_submitted_file_belongs_to_one_thing(heard_in, now):
    heard = heard_in(State.FILED)
    facts = {"file": "evidence/aa/" + "a" * 64, "file_name": "a.pdf", "sha256": "a" * 64, "size": 1}
    also = {"content_type": "application/pdf", "received_at": now}
    refused("submitted_file_belongs_to_one_thing", lambda: SubmittedFile.objects.create(**facts, **also))
    kept = SubmittedFile.objects.create(appeal=heard.appeal, **facts, **also)
    refused("submitted_file_once_per_thing", lambda: SubmittedFile.objects.create(appeal=heard.appeal, **facts, **also))
    refused(
        "submitted_file_is_stored_under_its_hash",
        lambda: SubmittedFile.objects.create(appeal=heard.appeal, **{**facts, "sha256": "b" * 64}, **also),
    )
    assert list(heard.appeal.files.all()) == [kept]
    with pytest.raises(IntegrityError), transaction.atomic():
        SubmittedFile.objects.create(appeal=heard.appeal, **{**facts, "sha256": "x"}, **also)
