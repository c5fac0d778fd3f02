"""The record of acts."""

import pghistory
import pytest
from pghistory.models import Events

from institutions.models import AuditEvent
from institutions.services import audit
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_what_when_and_why(now):
    person, officer = PractitionerFactory(), UserFactory()
    event = audit.record_event(
        action="practitioner.looked_at",
        subject=person,
        by=officer,
        now=now,
        detail={"fields": ["name"]},
        reason="核对",
        region="150422",
    )
    kept = AuditEvent.objects.get(pk=event.pk)
    assert (kept.action, kept.subject_type, kept.subject_id) == (
        "practitioner.looked_at",
        "institutions.practitioner",
        str(person.pk),
    )
    assert (kept.by, kept.at, kept.reason, kept.region_code) == (officer, now, "核对", "150422")
    assert kept.detail == {"fields": ["name"]}
    assert kept.recorded_at is not None


def test_a_subject_may_be_a_reference_where_there_is_no_row(now):
    event = audit.record_event(action="roster.imported", subject="roster:2025-06-10", by=None, now=now)
    assert (event.subject_type, event.subject_id, event.by) == ("roster", "2025-06-10", None)


def test_events_and_row_histories_of_one_request_carry_the_same_id(now):
    with pghistory.context(user=1) as context:
        person = PractitionerFactory()
        event = audit.record_event(action="test.done", subject=person, by=None, now=now)
    assert event.context_id == context.id
    histories = Events.objects.tracks(person)
    assert {str(history.pgh_context_id) for history in histories} == {str(context.id)}


def test_several_events_are_written_at_once(now, django_assert_max_num_queries):
    acts = [audit.Act("test.done", f"test:{n}", {"n": n}) for n in range(50)]
    with django_assert_max_num_queries(3):
        audit.record_events(acts, by=None, now=now)
    assert AuditEvent.objects.filter(action="test.done").count() == 50
