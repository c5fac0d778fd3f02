"""Mandatory notices that nobody opened: flagged after three working days, once."""

from datetime import UTC, datetime, timedelta

import pytest

from institutions.models import AuditEvent
from institutions.services import audit, notices
from institutions.services.escalations import escalate_unread
from tests.factories.notice import NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import hr_of

pytestmark = pytest.mark.django_db

# Friday 26 September 2025: the third working day is 30 September, with 28 September worked.
TOLD = datetime(2025, 9, 26, 2, 0, tzinfo=UTC)
THIRD_DAY = datetime(2025, 9, 30, 2, 0, tzinfo=UTC)
FOURTH_DAY = datetime(2025, 9, 30, 16, 0, tzinfo=UTC)


def test_an_unread_notice_is_flagged_on_the_day_after_the_third_working_day():
    notice = NoticeFactory(created_at=TOLD)
    assert escalate_unread(THIRD_DAY) == 0
    assert escalate_unread(FOURTH_DAY) == 1
    notice.refresh_from_db()
    assert notice.escalated_at == FOURTH_DAY
    event = AuditEvent.objects.get(action="notice.escalated")
    assert event.region_code == notice.institution.region_id
    assert event.detail["number"] == notice.number


def test_it_is_flagged_once():
    NoticeFactory(created_at=TOLD)
    escalate_unread(FOURTH_DAY)
    assert escalate_unread(FOURTH_DAY + timedelta(days=9)) == 0
    assert AuditEvent.objects.filter(action="notice.escalated").count() == 1


def test_what_was_read_is_optional_or_goes_to_a_person_is_not_flagged():
    read = NoticeFactory(created_at=TOLD)
    notices.mark_read(notice=read, by=hr_of(read.institution), now=TOLD)
    NoticeFactory(created_at=TOLD, mandatory=False)
    NoticeFactory(created_at=TOLD, institution=None, practitioner=PractitionerFactory(), recipient_key="practitioner:1")
    assert escalate_unread(FOURTH_DAY) == 0


def test_nothing_is_flagged_when_the_record_of_it_fails(monkeypatch):
    notice = NoticeFactory(created_at=TOLD)

    def fail(**facts):
        raise RuntimeError

    monkeypatch.setattr(audit, "record_event", fail)
    with pytest.raises(RuntimeError):
        escalate_unread(FOURTH_DAY)
    notice.refresh_from_db()
    assert notice.escalated_at is None
