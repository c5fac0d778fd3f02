"""Roster watch: a list compared with what is on record, and the monthly word to each site."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from institutions.errors import Forbidden
from institutions.models import AuditEvent, Delivery, Institution, Notice, NoticeKind, Practitioner
from institutions.roster.reading import UnreadableRoster
from institutions.selectors.notices import present
from institutions.services.notices import acknowledge
from scoring import tasks
from scoring.policy.account import Status
from scoring.selectors.roster_watch import Finding, RosterCheck
from scoring.services import account_events, ledger, pilots, roster_watch
from tests.factories.award import at_noon, post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import hr_of, officer

pytestmark = pytest.mark.django_db

DAY = date(2025, 7, 1)
NOON = at_noon(DAY)


def staff(institution: Institution, name: str, code: str, **spell: Any) -> Practitioner:
    person: Practitioner = PractitionerFactory.create(name=name, code=code)
    RegistrationFactory.create(practitioner=person, institution=institution, **spell)
    return person


def compare(institution: Institution, *lines: str) -> RosterCheck:
    text = "\n".join(["code,name", *lines]) + "\n"
    return roster_watch.compare_staff_list(institution=institution, source=text.encode(), by=None, now=NOON)


def findings(check: RosterCheck) -> dict[str, tuple[Finding, ...]]:
    return {person.code: person.findings for person in check.people}


class TestComparing:
    def test_whoever_is_suspended_or_terminated_and_still_listed_is_named_with_the_last_day(self) -> None:
        hospital = InstitutionFactory.create()
        suspended = staff(hospital, "李晓梅", "D150422000001")
        terminated = staff(hospital, "耿晓敏", "D150422000002")
        post_award(suspended, 9, date(2025, 6, 10), institution=hospital)
        post_award(terminated, 12, date(2025, 6, 10), institution=hospital)
        staff(hospital, "王建国", "D150422000003")
        check = compare(hospital, "D150422000001,李晓梅", "D150422000002,", "D150422000003,王建国")
        assert findings(check) == {
            "D150422000001": (Finding.STILL_LISTED,),
            "D150422000002": (Finding.STILL_LISTED,),
            "D150422000003": (Finding.MATCHES,),
        }
        assert [(p.status, p.until) for p in check.people] == [
            (Status.SUSPENDED, date(2025, 8, 10)),
            (Status.TERMINATED, date(2028, 6, 10)),
            (Status.NORMAL, None),
        ]
        assert check.still_listed == {Status.SUSPENDED: 1, Status.TERMINATED: 1}
        assert (check.listed, check.counts["matches"], check.counts["unknown_code"]) == (3, 1, 0)

    def test_unknown_codes_names_that_differ_rows_without_code_and_rows_that_come_twice(self) -> None:
        hospital = InstitutionFactory.create()
        staff(hospital, "耿晓敏", "D150422000001")
        staff(hospital, "王建国", "D150422000002")
        check = compare(
            hospital,
            "D150422000001,耿某敏",  # masked, as on the scorecard
            "D150422999999,钱某某",
            "D150422000002,王国建",
            ",孙小明",
            "d150422000001,耿晓敏",
            "D150422999999,",
        )
        assert [person.findings for person in check.people] == [
            (Finding.MATCHES,),
            (Finding.UNKNOWN_CODE,),
            (Finding.NAME_DIFFERS,),
            (Finding.NO_CODE,),
            (Finding.LISTED_TWICE,),
            (Finding.LISTED_TWICE,),
        ]

    def test_people_on_record_at_the_site_whom_the_list_lacks_are_named(self) -> None:
        hospital = InstitutionFactory.create()
        staff(hospital, "王建国", "D150422000001")
        staff(hospital, "刘洋", "D150422000002", ends_on=date(2025, 6, 30))  # left yesterday
        staff(hospital, "赵一鸣", "D150422000003", starts_on=date(2025, 7, 2))  # comes tomorrow
        staff(InstitutionFactory.create(), "钱多多", "D150422000004")
        check = compare(hospital)
        (absent,) = check.people
        assert (absent.row, absent.code, absent.name, absent.findings) == (
            None, "D150422000001", "王建国", (Finding.NOT_LISTED,)
        )  # fmt: skip

    def test_somebody_who_left_and_is_suspended_is_still_listed_by_mistake(self) -> None:
        hospital = InstitutionFactory.create()
        left = staff(hospital, "刘洋", "D150422000002", ends_on=date(2025, 6, 20))
        post_award(left, 9, date(2025, 6, 10), institution=hospital)
        (person,) = compare(hospital, "D150422000002,刘洋").people
        assert person.findings == (Finding.NOT_REGISTERED_HERE, Finding.STILL_LISTED)

    def test_of_people_who_never_worked_here_nothing_is_told(self) -> None:
        hospital, other = InstitutionFactory.create(), InstitutionFactory.create()
        stranger = staff(other, "耿晓敏", "D150422000001")
        post_award(stranger, 12, date(2025, 6, 10), institution=other)
        (person,) = compare(hospital, "D150422000001,谁").people
        assert person.findings == (Finding.NOT_REGISTERED_HERE,)
        assert (person.name, person.status, person.until) == ("谁", None, None)

    def test_a_merged_record_is_the_person_and_codes_of_both_are_one(self) -> None:
        hospital = InstitutionFactory.create()
        kept = staff(hospital, "耿晓敏", "D150422000001")
        PractitionerFactory.create(name="耿小敏", code="D150422000002", merged_into=kept)
        check = compare(hospital, "D150422000002,耿小敏", "D150422000001,耿晓敏")
        assert [person.findings for person in check.people] == [(Finding.MATCHES,), (Finding.LISTED_TWICE,)]

    def test_nothing_is_changed_but_the_audit_knows_that_it_was_asked(self) -> None:
        hospital = InstitutionFactory.create()
        staff(hospital, "王建国", "D150422000001")
        user = hr_of(hospital)
        before = (Practitioner.objects.count(), hospital.registrations.count(), Notice.objects.count())
        text = b"code,name\nD150422999999,\n"
        roster_watch.compare_staff_list(institution=hospital, source=text, by=user, now=NOON)
        assert before == (Practitioner.objects.count(), hospital.registrations.count(), Notice.objects.count())
        event = AuditEvent.objects.get(action="roster.compared")
        assert (event.by, event.detail["listed"], event.detail["unknown_code"]) == (user, 1, 1)
        assert "D150422999999" not in str(event.detail)

    def test_who_may_compare(self) -> None:
        hospital = InstitutionFactory.create()
        for stranger in (hr_of(InstitutionFactory.create()), officer("inspector", region="43")):
            with pytest.raises(Forbidden):
                roster_watch.compare_staff_list(institution=hospital, source=b"code\n", by=stranger, now=NOON)
        with pytest.raises(UnreadableRoster):
            roster_watch.compare_staff_list(institution=hospital, source=b"x\n", by=hr_of(hospital), now=NOON)
        assert not AuditEvent.objects.filter(action="roster.compared").exists()

    def test_a_thousand_rows_take_as_many_queries_as_one(self) -> None:
        hospital = InstitutionFactory.create()
        people = [staff(hospital, f"王{chr(0x4E00 + n)}", f"D1504220{n:05d}") for n in range(12)]
        for person in people:
            post_award(person, 9, date(2025, 6, 10), institution=hospital)

        def queries(count: int) -> int:
            with CaptureQueriesContext(connection) as seen:
                compare(hospital, *(f"D1504220{n:05d},王某" for n in range(count)))
            return len(seen)

        few = queries(1)
        assert queries(1000) <= few < 25

    def test_the_outcome_as_a_table_says_when_and_from_which_data_and_runs_no_formula(self) -> None:
        hospital = InstitutionFactory.create()
        person = staff(hospital, "李晓梅", "D150422000001")
        entry = post_award(person, 9, date(2025, 6, 10), institution=hospital)
        check = compare(hospital, "D150422000001,李晓梅", "=cmd(),+1")
        with translation.override("en"):
            table = roster_watch.as_csv(check).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(table)))
        assert rows[0]["Code"] == "D150422000001"
        assert (rows[0]["Until (last day)"], rows[0]["As of"]) == ("2025-08-10", "2025-07-01")
        assert rows[0]["Data version"] == check.data_version == f"P{entry.posting}-R0"
        assert rows[0]["Made at"] == NOON.isoformat(timespec="seconds")
        assert (rows[1]["Code"], rows[1]["Name"]) == ("'=CMD()", "'+1")


class TestWatch:
    def barred(self, hospital: Institution) -> tuple[Practitioner, Practitioner]:
        suspended = staff(hospital, "李晓梅", "D150422000001")
        terminated = staff(hospital, "耿晓敏", "D150422000002")
        post_award(suspended, 9, date(2025, 6, 10), institution=hospital)
        post_award(terminated, 12, date(2025, 6, 10), institution=hospital)
        return suspended, terminated

    def test_each_site_hears_who_is_still_registered_there_and_others_hear_nothing(self) -> None:
        hospital, second, quiet = (InstitutionFactory.create() for _ in range(3))
        suspended, _terminated = self.barred(hospital)
        RegistrationFactory.create(practitioner=suspended, institution=second)
        RegistrationFactory.create(practitioner=suspended, institution=quiet, ends_on=date(2025, 6, 30))
        clean = staff(quiet, "王建国", "D150422000003")
        post_award(clean, 3, date(2025, 6, 10), institution=quiet)
        counts = roster_watch.watch_rosters(for_date=DAY, now=NOON)
        assert counts == {"sites": 2, "people": 2}
        told = {notice.institution: notice for notice in Notice.objects.filter(kind=NoticeKind.ROSTER_WATCH)}
        assert set(told) == {hospital, second}
        assert told[hospital].payload["as_of"] == "2025-07-01"
        assert [(p["name"], p["effect"], p["until"]) for p in told[hospital].payload["still_registered"]] == [
            ("李晓梅", "suspended", "2025-08-10"),
            ("耿晓敏", "terminated", "2028-06-10"),
        ]
        assert [p["code"] for p in told[second].payload["still_registered"]] == ["D150422000001"]
        assert Delivery.objects.filter(notice__in=told.values()).count() == 2

    def test_once_a_month_however_often_it_runs(self) -> None:
        hospital = InstitutionFactory.create()
        self.barred(hospital)
        assert tasks.watch_rosters.run(for_date="2025-07-03") == {"sites": 1, "people": 2}
        third = staff(hospital, "赵一鸣", "D150422000003")
        post_award(third, 12, date(2025, 7, 3), institution=hospital)
        assert tasks.watch_rosters.run(for_date="2025-07-04") == {"done_before": 1}
        roster_watch.watch_rosters(for_date=date(2025, 7, 4), now=NOON)
        assert Notice.objects.filter(kind=NoticeKind.ROSTER_WATCH).count() == 1
        tasks.watch_rosters.run(for_date="2025-08-01")
        later = Notice.objects.filter(kind=NoticeKind.ROSTER_WATCH).order_by("created_at", "number").last()
        assert later is not None
        assert len(later.payload["still_registered"]) == 3

    def test_a_run_that_failed_is_made_up_the_next_day_without_telling_anybody_twice(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hospital, second = InstitutionFactory.create(), InstitutionFactory.create()
        suspended, _terminated = self.barred(hospital)
        RegistrationFactory.create(practitioner=suspended, institution=second)
        monkeypatch.setattr(roster_watch, "SITES_BATCH", 1)
        real = roster_watch._tell
        told: list[None] = []

        def dies_at_the_second(*args: Any) -> None:
            if told:
                raise OSError("the machine went down")
            told.append(real(*args))

        monkeypatch.setattr(roster_watch, "_tell", dies_at_the_second)
        with pytest.raises(OSError, match="went down"):
            tasks.watch_rosters.run(for_date="2025-07-01")
        assert Notice.objects.filter(kind=NoticeKind.ROSTER_WATCH).count() == 1
        monkeypatch.setattr(roster_watch, "_tell", real)
        assert tasks.watch_rosters.run(for_date="2025-07-02") == {"sites": 2, "people": 2}
        assert Notice.objects.filter(kind=NoticeKind.ROSTER_WATCH).count() == 2

    def test_whoever_was_restored_reversed_or_registered_anew_is_not_named(self) -> None:
        hospital = InstitutionFactory.create()
        suspended, terminated = self.barred(hospital)
        reversed_one = staff(hospital, "赵一鸣", "D150422000003")
        entry = post_award(reversed_one, 9, date(2025, 6, 10), institution=hospital)
        ledger.reverse_award(entry=entry, reason="申诉成立", by=None, now=at_noon(date(2025, 6, 20)))
        day = date(2028, 7, 1)
        account_events.record_reregistration(
            practitioner=terminated, region=hospital.region_id, on=date(2028, 6, 20), commitment_on=date(2028, 6, 20),
            source_key="reregistration:1", by=None, now=at_noon(date(2028, 6, 20)),
        )  # fmt: skip
        assert suspended.registrations.exists()
        assert roster_watch.watch_rosters(for_date=day, now=at_noon(day)) == {"sites": 0, "people": 0}
        assert not Notice.objects.filter(kind=NoticeKind.ROSTER_WATCH).exists()

    def test_a_bar_that_is_over_without_a_new_registration_is_named(self) -> None:
        hospital = InstitutionFactory.create()
        self.barred(hospital)
        day = date(2028, 7, 1)
        assert roster_watch.watch_rosters(for_date=day, now=at_noon(day)) == {"sites": 1, "people": 1}

    def test_what_comes_from_a_region_in_pilot_is_told_to_nobody(self) -> None:
        hospital = InstitutionFactory.create()
        elsewhere = InstitutionFactory.create(region__code="430104")
        suspended, _terminated = self.barred(hospital)
        RegistrationFactory.create(practitioner=suspended, institution=elsewhere)
        pilots.begin_pilot(
            region_prefix="1504", starts_on=date(2025, 6, 25), reason="先行试点,核对数据", by=officer("publisher"),
            now=at_noon(date(2025, 6, 24)),
        )  # fmt: skip
        assert roster_watch.watch_rosters(for_date=DAY, now=NOON) == {"sites": 0, "people": 0}
        (person,) = compare(elsewhere, "D150422000001,李晓梅").people
        assert person.findings == (Finding.MATCHES,)

    def test_the_number_of_queries_does_not_grow_with_the_people(self) -> None:
        def queries(month: str) -> int:
            with CaptureQueriesContext(connection) as seen:
                roster_watch.watch_rosters(for_date=date.fromisoformat(f"{month}-01"), now=NOON)
            return len(seen)

        hospital = InstitutionFactory.create()
        self.barred(hospital)
        alone = queries("2025-07")
        for n in range(10):
            person = staff(InstitutionFactory.create(), f"王{chr(0x4E00 + n)}", f"D1504229{n:05d}")
            post_award(person, 12, date(2025, 6, 10), institution=hospital)
        assert queries("2025-08") <= alone + 2

    def test_the_notice_reads_well_and_is_confirmed_like_any_other(self) -> None:
        hospital = InstitutionFactory.create()
        self.barred(hospital)
        roster_watch.watch_rosters(for_date=DAY, now=NOON)
        notice = Notice.objects.get(kind=NoticeKind.ROSTER_WATCH)
        with translation.override("en"):
            text = "\n".join(block.text for block in present(notice).blocks)
        assert "李晓梅 · D150422000001 · payment qualification suspended · until" in text
        assert not notice.mandatory
        assert acknowledge(notice=notice, by=hr_of(hospital), now=NOON).read_at == NOON
