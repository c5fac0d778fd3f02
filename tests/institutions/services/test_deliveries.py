"""Copies by e-mail: sent once, tried again with growing pauses, given up visibly; the inbox does not depend on them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from institutions.models import DeliveryState, NoticeKind
from institutions.selectors import notices as notice_selectors
from institutions.services import deliveries, notices
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import CREATED_AT, DeliveryFactory
from tests.factories.user import hr_of, officer

pytestmark = pytest.mark.django_db


class BrokenBackend(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("no mail server")


@pytest.fixture
def mail_is_down(settings):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"


@pytest.fixture
def copy():
    made = DeliveryFactory()
    hr_of(made.notice.institution)
    return made


def test_a_due_copy_is_sent_to_hr_of_the_institution_and_to_nobody_else(copy):
    hr_of(InstitutionFactory())
    officer("inspector")
    assert deliveries.deliver_due(CREATED_AT) == {"sent": 1}
    copy.refresh_from_db()
    assert (copy.state, copy.attempts, copy.sent_at) == (DeliveryState.SENT, 1, CREATED_AT)
    (message,) = mail.outbox
    assert message.to == deliveries.email_addresses(copy.notice)
    assert len(message.to) == 1
    assert copy.notice.number in message.subject
    assert "李某梅" in message.body
    assert f"/portal/notices/{copy.notice.number}/" in message.body
    assert message.extra_headers["Message-ID"] == f"<{copy.notice.number}@localhost>"


def test_a_copy_is_sent_once(copy):
    deliveries.deliver_due(CREATED_AT)
    assert deliveries.deliver_due(CREATED_AT + timedelta(days=30)) == {}
    assert len(mail.outbox) == 1


def test_a_copy_that_is_not_due_waits(copy):
    assert deliveries.deliver_due(CREATED_AT - timedelta(seconds=1)) == {}
    assert mail.outbox == []


@pytest.mark.usefixtures("mail_is_down")
def test_a_copy_that_fails_waits_longer_each_time_and_is_given_up(copy):
    at = CREATED_AT
    for attempt, pause in enumerate(deliveries.PAUSES, start=1):
        assert deliveries.deliver_due(at) == {"failed": 1}
        copy.refresh_from_db()
        assert (copy.state, copy.attempts) == (DeliveryState.FAILED, attempt)
        assert copy.next_attempt_at == at + pause
        assert "no mail server" in copy.error
        assert deliveries.deliver_due(at) == {}
        at = copy.next_attempt_at
    assert deliveries.deliver_due(at) == {"dead": 1}
    copy.refresh_from_db()
    assert (copy.state, copy.next_attempt_at) == (DeliveryState.DEAD, None)
    assert deliveries.deliver_due(at + timedelta(days=365)) == {}


@pytest.mark.usefixtures("mail_is_down")
def test_with_e_mail_down_the_inbox_and_the_unread_count_are_right(now):
    hospital = InstitutionFactory()
    user = hr_of(hospital)
    notice = notices.queue_notice(
        kind=NoticeKind.STATUS_CHANGE, recipient=hospital, cause="measure:1", payload={"what": "终止"}, now=now
    )
    deliveries.deliver_due(now)
    assert list(notice_selectors.inbox_of(user)) == [notice]
    assert notice_selectors.unread_count(user) == 1
    notices.acknowledge(notice=notice, by=user, now=now)
    assert notice_selectors.unread_count(user) == 0


def test_one_failure_does_not_stop_the_others(copy):
    nobody_there = DeliveryFactory()
    assert deliveries.deliver_due(CREATED_AT) == {"sent": 1, "failed": 1}
    nobody_there.refresh_from_db()
    assert "NoAddress" in nobody_there.error
    assert len(mail.outbox) == 1


def test_users_who_left_and_users_without_an_address_get_nothing(copy):
    left, silent = hr_of(copy.notice.institution), hr_of(copy.notice.institution)
    left.is_active = False
    left.save()
    silent.email = ""
    silent.save()
    assert left.email not in deliveries.email_addresses(copy.notice)
    assert "" not in deliveries.email_addresses(copy.notice)


def test_a_message_never_names_an_officer(copy):
    inspector = officer("inspector")
    deliveries.deliver_due(CREATED_AT)
    (message,) = mail.outbox
    for name in (inspector.username, inspector.display_name, inspector.email):
        assert name not in f"{message.subject} {message.body}"


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_another_worker_is_sending_is_passed_over(django_db_setup):
    copy = DeliveryFactory()
    hr_of(copy.notice.institution)
    with django_db_setup.connect_owner() as other, other.transaction():
        other.execute("SELECT 1 FROM institutions_delivery WHERE id = %s FOR UPDATE", [copy.pk])
        assert deliveries.deliver_due(CREATED_AT) == {}
    assert deliveries.deliver_due(CREATED_AT) == {"sent": 1}
    assert len(mail.outbox) == 1
