"""The outbox: told once per cause, frozen, read and acknowledged by the institution only."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from institutions.errors import Forbidden, Invalid, NotThere
from institutions.models import AuditEvent, Channel, Delivery, DeliveryState, Notice, NoticeKind
from institutions.services import audit, notices
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import hr_of, officer

pytestmark = pytest.mark.django_db

PAYLOAD = {"subject_name": "李某梅", "what": "医保支付资格终止", "effect_from": "2025-06-11"}


def queue(recipient, now, **changes):
    values = {"kind": NoticeKind.STATUS_CHANGE, "cause": "measure:1", "payload": PAYLOAD} | changes
    return notices.queue_notice(recipient=recipient, now=now, **values)


class TestQueueing:
    def test_a_notice_is_in_the_inbox_and_a_copy_waits_to_be_sent(self, now):
        hospital = InstitutionFactory()
        notice = queue(hospital, now)
        assert notice.institution == hospital
        assert notice.payload == PAYLOAD
        assert notice.created_at == now
        assert re.fullmatch(r"JF2025-\d{6}", notice.number)
        copy = Delivery.objects.get(notice=notice)
        assert (copy.channel, copy.state, copy.next_attempt_at) == (Channel.EMAIL, DeliveryState.QUEUED, now)

    def test_the_same_cause_tells_once_whatever_the_payload(self, now):
        hospital = InstitutionFactory()
        first = queue(hospital, now)
        again = queue(hospital, now + timedelta(days=1), payload={"what": "别的"})
        assert again.pk == first.pk
        assert again.payload == PAYLOAD
        assert Notice.objects.count() == 1
        assert Delivery.objects.count() == 1

    def test_another_kind_recipient_or_cause_is_another_notice(self, now):
        hospital = InstitutionFactory()
        made = {
            queue(hospital, now).number,
            queue(hospital, now, kind=NoticeKind.CORRECTION).number,
            queue(hospital, now, cause="measure:2").number,
            queue(InstitutionFactory(), now).number,
        }
        assert len(made) == 4

    def test_a_person_is_told_too_without_a_copy_by_e_mail(self, now):
        person = PractitionerFactory()
        notice = queue(person, now, kind=NoticeKind.INTENT)
        assert (notice.practitioner, notice.institution) == (person, None)
        assert not notice.deliveries.exists()

    def test_the_year_of_the_number_is_the_one_in_shanghai(self):
        notice = queue(InstitutionFactory(), datetime(2025, 12, 31, 17, 0, tzinfo=UTC))
        assert notice.number.startswith("JF2026-")

    def test_an_unknown_kind_and_a_missing_cause_are_refused(self, now):
        with pytest.raises(Invalid):
            queue(InstitutionFactory(), now, kind="gossip")
        with pytest.raises(Invalid):
            queue(InstitutionFactory(), now, cause="")
        assert not Notice.objects.exists()

    def test_nothing_is_told_when_the_act_behind_it_fails(self, now):
        hospital = InstitutionFactory()

        @transaction.atomic
        def act_that_fails():
            queue(hospital, now)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            act_that_fails()
        assert not Notice.objects.exists()
        assert not Delivery.objects.exists()


class TestReading:
    def test_the_institution_reads_and_the_first_reader_is_kept(self, now):
        notice = NoticeFactory()
        first, second = hr_of(notice.institution), hr_of(notice.institution)
        notices.mark_read(notice=notice, by=first, now=now)
        notices.mark_read(notice=notice, by=second, now=now + timedelta(hours=1))
        notice.refresh_from_db()
        assert (notice.read_by, notice.read_at) == (first, now)
        assert AuditEvent.objects.filter(action="notice.read", subject_id=str(notice.pk)).count() == 1

    def test_acknowledging_reads_too_and_a_second_time_changes_nothing(self, now):
        notice = NoticeFactory()
        user = hr_of(notice.institution)
        notices.acknowledge(notice=notice, by=user, now=now)
        notices.acknowledge(notice=notice, by=hr_of(notice.institution), now=now + timedelta(hours=1))
        notice.refresh_from_db()
        assert (notice.read_by, notice.read_at) == (user, now)
        assert (notice.acknowledged_by, notice.acknowledged_at) == (user, now)
        assert AuditEvent.objects.filter(action="notice.acknowledged").count() == 1

    def test_reading_first_and_acknowledging_later_keeps_both_instants(self, now):
        notice = NoticeFactory()
        user = hr_of(notice.institution)
        notices.mark_read(notice=notice, by=user, now=now)
        done = notices.acknowledge(notice=notice, by=user, now=now + timedelta(hours=1))
        assert (done.read_at, done.acknowledged_at) == (now, now + timedelta(hours=1))

    @pytest.mark.parametrize("act", [notices.mark_read, notices.acknowledge])
    def test_hr_of_another_institution_and_officers_do_not_read_in_its_name(self, act, now):
        notice = NoticeFactory()
        for stranger in (hr_of(InstitutionFactory()), officer("inspector")):
            with pytest.raises(Forbidden):
                act(notice=notice, by=stranger, now=now)
        notice.refresh_from_db()
        assert notice.read_at is None

    @pytest.mark.parametrize("act", [notices.mark_read, notices.acknowledge])
    def test_a_notice_to_a_person_is_not_in_any_institutions_inbox(self, act, now):
        notice = NoticeFactory(institution=None, practitioner=PractitionerFactory(), recipient_key="practitioner:1")
        with pytest.raises(NotThere):
            act(notice=notice, by=hr_of(InstitutionFactory()), now=now)

    @pytest.mark.parametrize("act", [notices.mark_read, notices.acknowledge])
    def test_nothing_is_kept_when_the_record_of_it_fails(self, act, now, monkeypatch):
        notice = NoticeFactory()

        def fail(**facts):
            raise RuntimeError

        monkeypatch.setattr(audit, "record_event", fail)
        with pytest.raises(RuntimeError):
            act(notice=notice, by=hr_of(notice.institution), now=now)
        notice.refresh_from_db()
        assert notice.read_at is None
        assert notice.acknowledged_at is None
