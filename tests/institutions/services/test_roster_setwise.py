"""What the set-wise checks say of rows that mean the same person, place or spell."""

from datetime import date, datetime

import pytest

from institutions.models import AuditEvent, Institution, Practitioner, PractitionerCode, Registration
from institutions.roster.reading import UnreadableRoster
from institutions.roster.rejects import write_rejects
from institutions.services import roster
from institutions.services.roster import FullRoster
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer
from tests.institutions.services.roster_files import (
    HEADINGS,
    JIREN,
    ONE,
    TOWN,
    TWO,
    load,
    reasons,
    row,
    source,
    spreadsheet,
)

pytestmark = pytest.mark.django_db


class TestPeople:
    def test_a_code_and_an_identity_number_lead_to_one_person_across_rows(self, now):
        report = load(
            now,
            row(certno=ONE),
            row(TOWN, code="", certno=ONE),
            row(TOWN, code="D150422000001", begins="2010-01-01", ends="2011-01-01"),
        )
        assert (report.rejected, report.created, report.practitioners_created) == ([], 3, 1)
        person = Practitioner.objects.get()
        assert person.codes.get().primary
        assert person.id_number_digest

    def test_a_code_with_two_identity_numbers_keeps_the_one_that_begins_earlier(self, now):
        report = load(now, row(certno=ONE), row(TOWN, certno=TWO, begins="2023-01-01"))
        assert reasons(report) == [(3, "certno")]
        assert report.practitioners_created == 1

    def test_a_second_code_goes_to_the_person_with_the_identity_number(self, now):
        load(now, row(certno=ONE))
        report = load(now, row(TOWN, code="D150422000099", certno=ONE))
        assert report.practitioners_created == 0
        assert list(PractitionerCode.objects.order_by("code").values_list("code", "primary")) == [
            ("D150422000001", True),
            ("D150422000099", False),
        ]

    def test_two_codes_of_one_person_on_record_are_one_person(self, now):
        load(now, row(certno=ONE), row(TOWN, code="D150422000099", certno=ONE))
        report = load(now, row(code="D150422000099", begins="2023-01-01"))
        assert reasons(report) == [(2, "begndate")]  # overlaps the spell under the other code
        report = load(now, row(), row(code="D150422000099", name="别名", begins="2024-01-01"))
        assert reasons(report) == [(3, "prac_psn_name")]

    def test_two_people_on_record_are_not_joined_by_a_roster(self, now):
        load(now, row(), row(code="D150422000002", name="杜鑫"))
        report = load(
            now, row(certno=ONE), row(TOWN, code="D150422000002", name="杜鑫", certno=ONE, begins="2023-01-01")
        )
        assert reasons(report) == [(3, "prac_psn_code")]
        assert Practitioner.objects.count() == 2

    def test_a_refused_row_leaves_no_identity_number_behind(self, now):
        report = load(now, row(certno=ONE, begins="2022-03-01"), row(begins="2022-03-01", ends="2022-12-31"), row(TOWN))
        assert reasons(report) == [(3, "begndate")]
        report = load(now, row(TOWN, code="D150422000002", name="杜鑫", certno=TWO), row(code="D150422000002",
                      name="别名", certno=TWO, begins="2024-01-01"))  # fmt: skip
        assert reasons(report) == [(3, "prac_psn_name")]

    def test_a_link_through_a_refused_row_does_not_hold(self, now):
        load(now, row(code="D150422000001", begins="2020-01-01"))
        report = load(
            now,
            row(code="D150422000001", certno=ONE, begins="2021-01-01"),  # overlaps what is on record
            row(TOWN, code="D150422000005", name="耿晓敏", certno=ONE, begins="2022-01-01"),
        )
        assert reasons(report) == [(2, "begndate")]
        assert Practitioner.objects.count() == 2


class TestPlaces:
    def test_a_new_institution_may_be_told_by_another_row_than_the_first(self, now):
        report = load(now, row("H15042200009,,,", code="D1"), row("H15042200009,新医院,医院,150422", code="D2"))
        assert (report.rejected, report.institutions_created) == ([], 1)

    def test_what_a_refused_row_tells_of_an_institution_does_not_count(self, now):
        report = load(
            now,
            row(code="D1", name="甲某"),
            row("H15042200009,新医院,医院,150422", code="D1", name="乙某", begins="2023-01-01"),
            row("H15042200009,,,", code="D2", begins="2024-01-01"),
        )
        assert sorted({line for line, _column in reasons(report)}) == [3, 4]
        assert Institution.objects.count() == 1

    def test_a_foreign_row_does_not_spoil_the_rows_of_an_importers_own_region(self, now):
        report = load(
            now,
            row("H15042200009,新医院,医院,431122", code="D1", begins="2020-01-01"),
            row("H15042200009,新医院,医院,150422", code="D2"),
            by=officer("inspector", region="15"),
        )
        assert reasons(report) == [(2, "admdvs")]
        assert report.created == 1

    def test_rows_that_change_nothing_speak_against_a_row_that_renames_their_institution(self, now):
        load(now, row(begins="2022-01-01"), row(code="D2", name="杜鑫", begins="2023-01-01"))
        renamed = JIREN.replace("济仁", "别的")
        again = [row(begins="2022-01-01"), row(code="D2", name="杜鑫", begins="2023-01-01")]
        late = row(renamed, code="D3", name="李梅", begins="2024-01-01")
        report = load(now, *again, late)
        assert reasons(report) == [(4, "fixmedins_name")]
        assert report.unchanged == 2
        report = load(now, *again, row(renamed, code="D3", name="李梅", begins="2021-01-01"))
        assert reasons(report) == [(2, "fixmedins_name"), (3, "fixmedins_name")]  # the earlier one counts

    def test_what_is_out_of_reach_is_refused_though_nothing_changes(self, now):
        load(now, row())
        assert reasons(load(now, row(), by=officer("inspector", region="43"))) == [(2, "admdvs")]


class TestSpells:
    def test_a_row_that_changes_nothing_still_stands_in_the_way_of_another(self, now):
        load(now, row(), row(code="D2", name="杜鑫"))
        report = load(now, row(), row(code="D2", name="杜鑫"), row(begins="2024-01-01"), row(code="D2", name="杜鑫"))
        assert reasons(report) == [(4, "begndate"), (5, "begndate")]
        assert report.unchanged == 2

    def test_a_chain_of_spells_is_taken_in_the_order_of_days(self, now):
        report = load(
            now,
            row(begins="2024-01-01"),
            row(begins="2022-01-01", ends="2022-12-31"),
            row(begins="2022-06-01", ends="2023-12-31"),  # overlaps the one before; the next fits again
            row(begins="2023-01-01", ends="2023-12-31"),
        )
        assert reasons(report) == [(4, "begndate")]
        assert Registration.objects.count() == 3

    def test_a_merged_records_spells_are_compared_under_the_surviving_record(self, now):
        kept = PractitionerFactory(name="耿晓敏")
        PractitionerFactory(name="耿晓敏", code="D150422000001", merged_into=kept)
        load(now, row())
        assert load(now, row()).unchanged == 1
        assert Registration.objects.get().practitioner == kept


class TestLeavers:
    def people(self, now):
        load(now, row(), row(code="D150422000002", name="杜鑫"), row(TOWN, code="D150422000003", name="李梅"))

    def test_who_is_missing_from_a_full_roster_is_listed_and_not_ended(self, now):
        self.people(now)
        report = load(now, row(), full=FullRoster())
        assert [(item.institution, item.name) for item in report.missing] == [("H15042200001", "杜鑫")]
        assert not report.changed
        assert Registration.objects.filter(ends_on__isnull=True).count() == 3

    def test_they_are_ended_where_somebody_says_so(self, now):
        self.people(now)
        report = load(now, row(), full=FullRoster(["H15042200001"], date(2025, 5, 31)))
        assert report.ended == 1
        gone = Registration.objects.get(ends_on__isnull=False)
        assert (gone.practitioner.name, gone.ends_on) == ("杜鑫", date(2025, 5, 31))
        assert AuditEvent.objects.filter(action="roster.imported").latest("id").detail["ended"] == 1

    def test_nobody_is_ended_where_a_refused_row_may_be_about_them(self, now):
        self.people(now)
        broken = row(code="", name="杜鑫")
        report = load(now, row(), broken, full=FullRoster(None, date(2025, 5, 31)))
        assert [item.is_sure for item in report.missing] == [False]
        assert report.ended == 0

    def test_an_institution_that_is_not_there_is_named(self, now):
        self.people(now)
        with pytest.raises(Exception, match="H999"):
            load(now, row(), full=FullRoster(["H999"]))

    def test_a_row_with_a_last_day_ends_a_registration(self, now):
        self.people(now)
        assert load(now, row(ends="2025-05-31")).updated == 1
        assert Registration.objects.get(ends_on=date(2025, 5, 31)).practitioner.name == "耿晓敏"


class TestFormats:
    def test_a_spreadsheet_is_read_like_a_csv(self, now):
        cells = row().split(",")
        cells[11] = datetime(2022, 3, 1)  # noqa: DTZ001  as spreadsheets hold dates
        report = roster.import_roster(source=spreadsheet(HEADINGS.split(","), cells, [], cells), by=None, now=now)
        assert (report.encoding, report.created, reasons(report)) == ("xlsx", 1, [(4, "begndate")])

    def test_a_zip_file_that_is_no_spreadsheet_is_refused(self, now):
        with pytest.raises(UnreadableRoster):
            roster.import_roster(source=b"PK\x03\x04nothing", by=None, now=now)

    def test_mended_rejects_with_quoted_cells_go_in(self, now):
        report = load(now, row(department='"内科,一区"', category="大夫"), row(code="D2", department='"a\tb\\n"'))
        assert report.created == 1
        mended = write_rejects(report).replace("大夫".encode(), "医师".encode())
        again = roster.import_roster(source=mended, by=None, now=now)
        assert (again.created, again.rejected) == (1, [])
        assert set(Registration.objects.values_list("department", flat=True)) == {"内科,一区", "a\tb\\n"}

    def test_rows_refused_beside_others_come_back_as_they_were_written(self, now):
        odd = row(begins="2022年3月1日")
        report = load(now, row(), odd)
        (back,) = report.rejected_rows
        assert (back.row, back.cells["begndate"]) == (3, "2022年3月1日")

    def test_gb18030_of_a_rare_name(self, now):
        data = source(row(name="䶮𠮷")).decode().encode("gb18030")
        assert roster.import_roster(source=data, by=None, now=now).encoding == "gb18030"
        assert Practitioner.objects.get().name == "䶮𠮷"


def test_a_registration_made_by_hand_is_left_alone(now):
    spell = RegistrationFactory()
    load(now, row())
    spell.refresh_from_db()
    assert spell.ends_on is None
