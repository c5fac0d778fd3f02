"""Roster import: good rows go in, bad rows come back, the same roster again changes nothing."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.errors import Forbidden
from institutions.models import (
    AuditEvent,
    Category,
    CodeSource,
    Institution,
    Practitioner,
    PractitionerCode,
    Registration,
)
from institutions.roster.rejects import write_rejects
from institutions.selectors import practitioners as practitioner_selectors
from institutions.services import identity_numbers, practitioners, roster, roster_apply
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

HEADINGS = (
    "fixmedins_code,fixmedins_name,fixmedins_type,admdvs,prac_psn_code,prac_psn_name,category,"
    "dept_name,position,specialty,certno,begndate,enddate,commitment_on"
)
JIREN = "H15042200001,巴林左旗济仁中医医院,hospital,150422"
TOWN = "H15042200002,某镇中心卫生院,hospital,150422"
GENG = "D150422000001,耿某敏,physician,中医科,主治医师,中医内科,,2022-03-01,,2025-01-01"
LI = "D150422000007,李某梅,physician,中医科,主治医师,中医内科,,2022-03-01,,2025-01-01"
LI_TOWN = "D150422000007,李某梅,physician,全科,医师,全科,,2024-01-01,,2025-01-01"


def source(*lines: str) -> bytes:
    return "\n".join([HEADINGS, *lines]).encode()


def load(now, *lines: str, by=None, dry_run=False):
    return roster.import_roster(source=source(*lines), by=by, now=now, dry_run=dry_run)


def reasons(report) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in report.rejected]


class TestInsert:
    def test_institutions_people_codes_and_spells_are_made(self, now):
        report = load(now, f"{JIREN},{GENG}", f"{JIREN},{LI}", f"{TOWN},{LI_TOWN}")
        assert report.rejected == []
        assert (report.created, report.institutions_created, report.practitioners_created) == (3, 2, 2)
        hospital = Institution.objects.get(code="H15042200001")
        assert (hospital.name, hospital.kind, hospital.region_id, hospital.code_flagged) == (
            "巴林左旗济仁中医医院",
            "hospital",
            "150422",
            False,
        )
        person = practitioner_selectors.by_code("D150422000001")
        assert person is not None
        assert (person.name, person.category, person.pinyin, person.is_provisional) == (
            "耿某敏",
            Category.PHYSICIAN,
            "gengmoumin",
            False,
        )
        code = person.codes.get()
        assert (code.source, code.scheme, code.primary, code.flagged) == (CodeSource.ROSTER, "physician", True, False)
        spell = person.registrations.get()
        assert (spell.starts_on, spell.ends_on, spell.commitment_on) == (date(2022, 3, 1), None, date(2025, 1, 1))
        assert (spell.department, spell.position, spell.specialty) == ("中医科", "主治医师", "中医内科")

    def test_a_person_at_two_sites_is_one_person(self, now):
        load(now, f"{JIREN},{LI}", f"{TOWN},{LI_TOWN}")
        person = Practitioner.objects.get()
        assert set(practitioner_selectors.sites_on(person, date(2025, 1, 1)).values_list("code", flat=True)) == {
            "H15042200001",
            "H15042200002",
        }

    def test_two_people_of_one_name_at_one_institution_stay_two(self, now):
        load(now, f"{JIREN},{GENG}", f"{JIREN},{GENG.replace('D150422000001', 'D150422000002')}")
        assert Practitioner.objects.filter(name="耿某敏").count() == 2

    def test_an_unusual_code_is_kept_and_flagged(self, now):
        load(now, f"h-88,某诊所,诊所,150422,{GENG.replace('D150422000001', '旧码 7')}")
        assert Institution.objects.get().code_flagged
        assert PractitionerCode.objects.get().flagged

    def test_a_person_without_a_code_is_known_by_a_hash_of_the_identity_number(self, now):
        line = f"{JIREN},,王某,fee_reviewer,医保办,,,11010119900101123X,2024-01-01,,"
        assert load(now, line).practitioners_created == 1
        assert load(now, line).unchanged == 1
        person = Practitioner.objects.get()
        assert person.id_number_digest == identity_numbers.digest_of("11010119900101123X")
        assert "1990" not in str(Practitioner.objects.values().get())
        report = load(now, f"{TOWN},D150422000009,王某,fee_reviewer,医保办,,,11010119900101123X,2024-01-01,,")
        assert report.practitioners_created == 0
        assert person.codes.get().code == "D150422000009"

    def test_the_public_ids_are_all_different(self, now):
        load(now, *(f"{JIREN},{GENG.replace('000001', f'{n:06d}')}" for n in range(1, 60)))
        assert Practitioner.objects.values("slug").distinct().count() == 59


class TestAgain:
    LINES = (f"{JIREN},{GENG}", f"{JIREN},{LI}", f"{TOWN},{LI_TOWN}")

    def test_the_same_roster_again_changes_nothing(self, now):
        load(now, *self.LINES)
        before = list(Practitioner.objects.order_by("pk").values())
        report = load(now + timedelta(days=1), *self.LINES)
        assert (report.created, report.updated, report.unchanged) == (0, 0, 3)
        assert not report.changed
        assert list(Practitioner.objects.order_by("pk").values()) == before
        assert AuditEvent.objects.filter(action="roster.imported").count() == 1

    def test_a_dry_run_reports_the_same_and_writes_nothing(self, now):
        report = load(now, *self.LINES, dry_run=True)
        assert (report.created, report.practitioners_created, report.dry_run) == (3, 2, True)
        assert not Institution.objects.exists()
        assert not Practitioner.objects.exists()
        assert not AuditEvent.objects.filter(action="roster.imported").exists()

    def test_what_changed_is_updated_and_marked(self, now):
        load(now, *self.LINES)
        later = now + timedelta(days=1)
        report = load(later, f"{JIREN},{GENG.replace('主治医师', '副主任医师')}", f"{JIREN},{LI}")
        assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
        changed = practitioner_selectors.by_code("D150422000001")
        untouched = practitioner_selectors.by_code("D150422000007")
        assert changed is not None
        assert untouched is not None
        assert changed.registrations.get().position == "副主任医师"
        assert (changed.profile_changed_at, untouched.profile_changed_at) == (later, now)

    def test_a_last_day_closes_the_spell_and_a_new_one_may_begin_in_the_same_roster(self, now):
        load(now, f"{JIREN},{GENG}")
        report = load(
            now,
            f"{JIREN},D150422000001,耿某敏,physician,,,,,2026-01-01,,",
            f"{JIREN},{GENG.replace('2022-03-01,,', '2022-03-01,2025-12-31,')}",
        )
        assert report.rejected == []
        assert (report.created, report.updated) == (1, 1)
        spells = list(Registration.objects.order_by("starts_on").values_list("starts_on", "ends_on"))
        assert spells == [(date(2022, 3, 1), date(2025, 12, 31)), (date(2026, 1, 1), None)]

    def test_blank_cells_leave_what_is_on_record_and_a_blank_last_day_means_still_running(self, now):
        load(now, f"{JIREN},{GENG.replace('2022-03-01,,', '2022-03-01,2025-12-31,')}")
        load(now, "H15042200001,,,,D150422000001,耿某敏,physician,,,,,2022-03-01,,")
        spell = Registration.objects.get()
        assert (spell.department, spell.commitment_on, spell.ends_on) == ("中医科", date(2025, 1, 1), None)

    def test_a_renamed_institution_marks_everybody_there(self, now):
        load(now, *self.LINES)
        later = now + timedelta(days=1)
        report = load(later, f"{TOWN.replace('某镇', '新镇')},{LI_TOWN}")
        assert report.institutions_updated == 1
        assert Institution.objects.get(code="H15042200002").name == "新镇中心卫生院"
        assert Practitioner.objects.get(name="李某梅").profile_changed_at == later

    def test_a_new_name_under_the_same_code_is_taken_and_recorded(self, now):
        load(now, f"{JIREN},{GENG}")
        load(now, f"{JIREN},{GENG.replace('耿某敏', '曾晓敏')}")
        person = Practitioner.objects.get()
        assert (person.name, person.pinyin) == ("曾晓敏", "zengxiaomin")
        assert AuditEvent.objects.get(action="practitioner.renamed").detail == {"name_before": "耿某敏"}

    def test_a_masked_name_does_not_overwrite_the_full_one(self, now):
        load(now, f"{JIREN},{GENG.replace('耿某敏', '耿晓敏')}")
        assert load(now, f"{JIREN},{GENG}").unchanged == 1
        assert Practitioner.objects.get().name == "耿晓敏"


class TestRowErrors:
    def test_good_rows_go_in_and_bad_rows_come_back_with_their_place(self, now):
        report = load(
            now,
            f"{JIREN},{GENG}",
            f"{JIREN},{LI.replace('2022-03-01', '2022-02-30')}",
            f"{JIREN},{LI.replace('physician', '大夫')}",
            f"H15042200003,新医院,hospital,999999,{LI}",
            f"H15042200004,,,,{LI}",
        )
        assert (report.rows, report.created, len(report.rejected_rows)) == (5, 1, 4)
        assert reasons(report) == [
            (3, "begndate"),
            (4, "category"),
            (5, "admdvs"),
            (6, "fixmedins_name"),
            (6, "fixmedins_type"),
            (6, "admdvs"),
        ]
        assert report.rejected[1].value == "大夫"
        assert Practitioner.objects.count() == 1
        assert Institution.objects.count() == 1

    def test_a_row_stated_twice_is_refused_the_second_time(self, now):
        report = load(now, f"{JIREN},{GENG}", f"{JIREN},{GENG}")
        assert (report.created, reasons(report)) == (1, [(3, "begndate")])

    def test_rows_that_contradict_each_other_are_refused(self, now):
        report = load(
            now,
            f"{JIREN},{GENG}",
            f"{TOWN},{GENG.replace('耿某敏', '王五')}",
            f"{JIREN.replace('济仁', '别的')},{LI}",
            f"{TOWN},{GENG.replace('physician', 'nurse')}",
        )
        assert reasons(report) == [(3, "prac_psn_name"), (4, "fixmedins_name"), (5, "category")]
        assert report.created == 1

    def test_overlapping_spells_are_refused(self, now):
        load(now, f"{JIREN},{GENG}")
        report = load(now, f"{JIREN},{GENG.replace('2022-03-01', '2024-01-01')}")
        assert reasons(report) == [(2, "begndate")]
        assert Registration.objects.count() == 1

    def test_a_code_of_one_person_with_the_identity_number_of_another_is_refused(self, now):
        one, other = "11010119900101123X", "110101199001011248"
        load(
            now,
            f"{JIREN},D150422000001,耿某敏,physician,,,,{one},2022-03-01,,",
            f"{JIREN},D150422000002,杜某鑫,physician,,,,{other},2022-03-01,,",
        )
        report = load(
            now,
            f"{TOWN},D150422000001,耿某敏,physician,,,,{other},2022-03-01,,",
            f"{TOWN},D150422000002,杜某鑫,physician,,,,110101199001010000,2022-03-01,,",
        )
        assert reasons(report) == [(2, "prac_psn_code"), (3, "certno")]
        assert report.rejected[1].value == "*" * 14 + "0000"

    def test_a_mended_file_of_rejects_goes_in(self, now):
        report = load(now, f"{JIREN},{GENG.replace('physician', '大夫')}")
        mended = write_rejects(report).replace("大夫".encode(), "医师".encode())
        again = roster.import_roster(source=mended, by=None, now=now)
        assert (again.created, again.rejected) == (1, [])


class TestProvisionalPeople:
    def provisional(self, now, **changes):
        hospital = InstitutionFactory(code="H15042200001", name="巴林左旗济仁中医医院", region__code="150422")
        values = {"name": "耿某敏", "code": "D150422000001"} | changes
        return practitioners.create_provisional(
            category=Category.PHYSICIAN, institution=hospital, by=None, now=now, **values
        )

    def test_the_same_code_confirms_the_person(self, now):
        person = self.provisional(now)
        report = load(now + timedelta(days=1), f"{JIREN},{GENG.replace('耿某敏', '耿晓敏')}")
        person.refresh_from_db()
        assert report.confirmed == 1
        assert (person.is_provisional, person.name) == (False, "耿晓敏")
        assert person.codes.get().source == CodeSource.ROSTER
        event = AuditEvent.objects.get(action="practitioner.confirmed_by_roster")
        assert event.subject_id == str(person.pk)

    def test_the_same_code_under_a_name_that_does_not_fit_is_left_to_an_officer(self, now):
        person = self.provisional(now)
        report = load(now, f"{JIREN},{GENG.replace('耿某敏', '王五')}")
        person.refresh_from_db()
        assert reasons(report) == [(2, "prac_psn_name")]
        assert (person.is_provisional, person.name) == (True, "耿某敏")

    def test_without_a_code_a_like_name_is_only_pointed_out(self, now):
        person = self.provisional(now, code=None)
        report = load(now, f"{JIREN},{GENG.replace('耿某敏', '耿晓敏')}")
        person.refresh_from_db()
        assert [(match.row, match.slug) for match in report.possible_matches] == [(2, person.slug)]
        assert person.is_provisional
        assert Practitioner.objects.count() == 2


class TestWhoAndWhen:
    def test_an_inspector_imports_their_own_region_only(self, now):
        inspector = officer("inspector", region="15")
        report = load(now, f"{JIREN},{GENG}", f"H43112200001,东安仁爱医院,hospital,431122,{LI}", by=inspector)
        assert (report.created, reasons(report)) == (1, [(3, "admdvs")])
        assert AuditEvent.objects.get(action="roster.imported").by == inspector

    def test_an_institution_is_not_drawn_into_another_region(self, now):
        InstitutionFactory(code="H43112200001", name="东安仁爱医院", region__code="431122")
        report = load(now, f"H43112200001,东安仁爱医院,hospital,150422,{LI}", by=officer("inspector", region="15"))
        assert reasons(report) == [(2, "admdvs")]

    def test_others_are_refused(self, now):
        with pytest.raises(Forbidden):
            load(now, f"{JIREN},{GENG}", by=officer("approver", region="15"))

    def test_nothing_is_kept_when_the_last_write_fails(self, now, monkeypatch):
        def fail(cursor, changes, run):
            raise RuntimeError

        monkeypatch.setattr(roster_apply, "_insert_spells", fail)
        with pytest.raises(RuntimeError):
            load(now, f"{JIREN},{GENG}")
        assert not Institution.objects.exists()
        assert not Practitioner.objects.exists()

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, now, django_assert_max_num_queries):
        lines = [f"{JIREN},{GENG.replace('000001', f'{n:06d}')}" for n in range(1, 331)]
        load(now, lines[0])  # beside what is on record from here on
        with CaptureQueriesContext(connection) as few:
            assert load(now, *lines[:30]).created == 29
        with django_assert_max_num_queries(len(few)):
            assert load(now, *lines[30:]).created == 300
        with django_assert_max_num_queries(len(few)):
            assert load(now, *lines).unchanged == 330

    def test_an_institution_that_was_closed_by_hand_stays_so(self, now):
        InstitutionFactory(
            code="H15042200001", name="巴林左旗济仁中医医院", region__code="150422", closed_on=date(2025, 5, 1)
        )
        load(now, f"{JIREN},{GENG}")
        assert Institution.objects.get().closed_on == date(2025, 5, 1)


def test_a_code_of_a_merged_record_leads_to_the_record_it_was_merged_into(now):
    kept, gone = PractitionerFactory(name="耿某敏"), PractitionerFactory(name="耿某敏", code="D150422000001")
    gone.merged_into = kept
    gone.save()
    report = load(now, f"{JIREN},{GENG}")
    assert (report.created, report.practitioners_created) == (1, 0)
    assert Registration.objects.get().practitioner == kept


def test_the_published_roster_of_the_first_cases_goes_in_whole(now):
    sample = Path(__file__).resolve().parents[1] / "roster" / "sample.csv"
    report = roster.import_roster(source=sample, by=None, now=now)
    assert (report.rejected, report.created, report.practitioners_created) == ([], 14, 13)
