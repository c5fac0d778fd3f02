"""A region in pilot: everything is computed and officers see it; nothing is published and nobody outside is told."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client

from institutions import clock
from institutions.errors import Forbidden, Invalid, NotThere, RuleRefused
from institutions.models import AuditEvent, Delivery, Notice, PilotRegion
from institutions.selectors import notices as notice_selectors
from institutions.selectors import pilots as pilot_selectors
from institutions.services import deliveries, escalations, notices
from scoring.models import Scorecard
from scoring.policy.account import Status
from scoring.selectors.scorecards import served_scorecard
from scoring.selectors.status import points_on, status_on
from scoring.services import ledger, pilots, scorecards
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.award import at_noon, post_award
from tests.factories.user import hr_of, officer
from tests.scoring.public_people import institution, physician

pytestmark = pytest.mark.django_db

TODAY = date(2025, 6, 10)
NOW = at_noon(TODAY)
LAST = date(2025, 6, 30)


@pytest.fixture(autouse=True)
def today():
    clock.move_to(NOW)


@pytest.fixture
def hospital():
    return institution("巴林左旗济仁中医医院", "H15042200001", "150422")


@pytest.fixture
def elsewhere():
    return institution("长春市第一医院", "H22010200001", "220102")


def begin(prefix: str = "1504", starts_on: date = TODAY, by=None) -> PilotRegion:
    return pilots.begin_pilot(region_prefix=prefix, starts_on=starts_on, reason="first trial", by=by, now=NOW)


def end(pilot: PilotRegion, ends_on: date, now=NOW, by=None) -> PilotRegion:
    return pilots.end_pilot(pilot=pilot, ends_on=ends_on, reason="went well", by=by, now=now)


def mode_of(person, on: date) -> str:
    return served_scorecard(person.slug, on=on, now=at_noon(on)).card.mode


class TestPublication:
    def test_the_page_is_closed_though_the_status_is_computed(self, hospital):
        person = physician("耿晓敏", "D150422000001", hospital)
        begin()
        post_award(person, 10, TODAY, institution=hospital)
        scorecards.publish_dirty(now=NOW)
        served = served_scorecard(person.slug, on=TODAY, now=NOW)
        assert (served.card.mode, served.card.points, served.card.entries) == ("closed", None, ())
        html = Client().get(f"/s/{person.slug}", headers={"Accept-Language": "en"}).content.decode()
        assert "Please ask the institution" in html
        assert "耿晓敏" not in html
        assert Client().get(f"/api/v1/scorecards/{person.slug}/").status_code == 404
        assert points_on(person, TODAY) == 10
        assert status_on(person, TODAY + timedelta(days=1)).status is Status.SUSPENDED

    def test_a_card_published_before_is_closed_the_moment_a_pilot_begins(self, hospital):
        person = physician("耿晓敏", "D150422000001", hospital)
        post_award(person, 4, TODAY, institution=hospital)
        scorecards.publish_dirty(now=NOW)
        assert mode_of(person, TODAY) != "closed"
        begin()
        assert mode_of(person, TODAY) == "closed"

    def test_a_pilot_to_come_closes_the_card_on_its_first_day_and_opens_it_after_its_last(self, hospital):
        person = physician("耿晓敏", "D150422000001", hospital)
        post_award(person, 4, TODAY, institution=hospital)
        pilot = begin(starts_on=date(2025, 6, 20))
        end(pilot, LAST)
        scorecards.publish_dirty(now=NOW)
        card = Scorecard.objects.get(practitioner=person)
        assert card.valid_until == date(2025, 6, 19)
        modes = {on: mode_of(person, on) for on in (date(2025, 6, 19), date(2025, 6, 20), LAST, date(2025, 7, 1))}
        assert [modes[on] == "closed" for on in sorted(modes)] == [False, True, True, False]

    def test_an_award_of_a_pilot_shows_nowhere_though_the_person_works_elsewhere_too(self, hospital, elsewhere):
        person = physician("李晓梅", "D150422000007", elsewhere)
        begin()
        post_award(person, 4, TODAY, institution=hospital)
        assert mode_of(person, TODAY) == "closed"

    def test_nobody_else_is_closed(self, elsewhere):
        person = physician("王建国", "D220102000001", elsewhere)
        begin()
        assert mode_of(person, TODAY) != "closed"

    def test_the_search_sends_to_the_institution(self, hospital):
        physician("耿晓敏", "D150422000001", hospital)
        begin()
        facts = Client().get("/api/v1/scorecards/", {"code": "D150422000001"}).json()
        assert (facts["results"], facts["ask_institution"]) == ([], True)
        named = Client().get("/api/v1/scorecards/", {"name": "耿晓敏", "institution": hospital.name}).json()
        assert (named["results"], named["ask_institution"]) == ([], True)


class TestNotices:
    def told(self, hospital, elsewhere) -> list[Notice]:
        person = physician("李晓梅", "D150422000007", hospital, elsewhere)
        post_award(person, 10, TODAY, institution=hospital)
        return list(Notice.objects.all())

    def test_they_are_on_record_but_reach_nobody_wherever_the_second_site_lies(self, hospital, elsewhere):
        begin()
        staff = [hr_of(hospital), hr_of(elsewhere)]
        told = self.told(hospital, elsewhere)
        assert told
        assert all(notice.is_pilot for notice in told)
        assert not Delivery.objects.exists()
        deliveries.deliver_due(NOW + timedelta(days=1))
        assert mail.outbox == []
        for user in staff:
            assert notice_selectors.unread_count(user) == 0
            assert not notice_selectors.visible_to(user).exists()
            client = Client()
            client.force_login(user)
            for notice in told:
                assert client.get(f"/portal/notices/{notice.number}/").status_code == 404

    def test_hr_can_neither_read_nor_confirm_one(self, hospital, elsewhere):
        begin()
        notice = next(n for n in self.told(hospital, elsewhere) if n.institution == hospital)
        for act in (notices.mark_read, notices.acknowledge):
            with pytest.raises(NotThere):
                act(notice=notice, by=hr_of(hospital), now=NOW)

    def test_officers_of_the_region_see_them(self, hospital, elsewhere):
        begin()
        self.told(hospital, elsewhere)
        seen = notice_selectors.visible_to(officer("inspector", region="15"))
        assert {notice.institution for notice in seen} == {hospital, elsewhere, None}  # and the letter to the person

    def test_they_are_never_escalated_as_unread(self, hospital, elsewhere):
        begin()
        self.told(hospital, elsewhere)
        assert escalations.escalate_unread(NOW + timedelta(days=30)) == 0

    def test_a_site_in_pilot_hears_nothing_of_an_award_elsewhere_and_the_others_do(self, hospital, elsewhere):
        begin("2201")
        told = self.told(hospital, elsewhere)
        assert {n.institution: n.is_pilot for n in told if n.institution} == {hospital: False, elsewhere: True}
        assert {n.is_pilot for n in told if n.practitioner} == {True}

    def test_what_was_withheld_stays_so_and_its_correction_too(self, hospital, elsewhere):
        pilot = begin()
        person = physician("李晓梅", "D150422000007", hospital, elsewhere)
        entry = post_award(person, 10, TODAY, institution=hospital)
        end(pilot, TODAY)
        later = at_noon(TODAY + timedelta(days=5))
        ledger.reverse_award(entry=entry, reason="annulled", by=None, now=later)
        assert Notice.objects.filter(kind="correction").exists()
        assert not Notice.objects.filter(is_pilot=False).exists()

    def test_after_the_last_day_notices_go_out(self, hospital, elsewhere):
        end(begin(), TODAY)
        person = physician("李晓梅", "D150422000007", hospital, elsewhere)
        next_day = TODAY + timedelta(days=1)
        post_award(person, 10, next_day, institution=hospital)
        assert not Notice.objects.filter(is_pilot=True).exists()
        assert Delivery.objects.exists()


class TestBeginningAndEnding:
    def test_both_are_on_record_with_their_reason(self):
        by = officer("publisher", region="15")
        pilot = end(begin(by=by), LAST, by=by)
        acts = AuditEvent.objects.filter(action__startswith="pilot.").order_by("id")
        assert [(a.action, a.reason, a.by) for a in acts] == [
            ("pilot.begun", "first trial", by),
            ("pilot.ended", "went well", by),
        ]
        assert pilot_selectors.running(LAST) == [pilot]
        assert pilot_selectors.running(LAST + timedelta(days=1)) == []
        assert pilot_selectors.is_in_pilot("150422", TODAY)
        assert not pilot_selectors.is_in_pilot("150422", TODAY - timedelta(days=1))

    def test_ending_on_the_same_day_again_changes_nothing(self):
        pilot = end(begin(), LAST)
        end(pilot, LAST)
        assert AuditEvent.objects.filter(action="pilot.ended").count() == 1

    @pytest.mark.parametrize(("role", "region"), [("inspector", "15"), ("publisher", "37"), ("publisher", "150422")])
    def test_only_a_publisher_of_the_whole_prefix_does_it(self, role, region):
        with pytest.raises(Forbidden):
            begin(by=officer(role, region=region))
        pilot = begin()
        with pytest.raises(Forbidden):
            end(pilot, LAST, by=officer(role, region=region))

    def test_not_for_days_gone_by(self):
        with pytest.raises(Invalid):
            begin(starts_on=TODAY - timedelta(days=1))
        pilot = begin(starts_on=TODAY + timedelta(days=3))
        for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=2)):
            with pytest.raises(RuleRefused):
                end(pilot, day)

    def test_a_pilot_that_is_over_is_not_changed(self):
        pilot = end(begin(), TODAY)
        with pytest.raises(RuleRefused):
            end(pilot, LAST, now=at_noon(TODAY + timedelta(days=2)))

    @pytest.mark.parametrize("prefix", ["150", "15042", "ab"])
    def test_a_prefix_has_a_form(self, prefix):
        with pytest.raises(RuleRefused):
            begin(prefix)

    def test_one_period_at_a_time(self):
        begin()
        with pytest.raises(RuleRefused):
            begin(starts_on=LAST)

    def test_a_reason_is_needed(self):
        with pytest.raises(Invalid):
            pilots.begin_pilot(region_prefix="15", starts_on=TODAY, reason=" ", by=None, now=NOW)
        pilot = begin()
        with pytest.raises(Invalid):
            pilots.end_pilot(pilot=pilot, ends_on=LAST, reason="", by=None, now=NOW)

    def test_when_the_last_write_fails_nothing_remains(self, monkeypatch):
        fail_on(monkeypatch, "scoring.services.pilots.scorecards.mark_all_dirty")
        with pytest.raises(LastWriteError):
            begin()
        assert not PilotRegion.objects.exists()
        assert not AuditEvent.objects.filter(action="pilot.begun").exists()
