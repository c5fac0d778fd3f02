"""Who looked at a record: role and organisation for the person, nothing of strangers but numbers."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from institutions.models import AccessDoor, LookupCount, RecordAccess, Region
from institutions.models.append_only import AppendOnly
from institutions.permissions import Permission, held_over_institutions
from institutions.selectors.record_access import access_report
from institutions.services import record_access
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import UserFactory, assign, hr_of, officer

pytestmark = pytest.mark.django_db


def look(person, by, now, **changes):
    facts = {"door": AccessDoor.ACCOUNT, "permission": Permission.LEDGER_VIEW}
    record_access.note_access(practitioners=[person.pk], by=by, now=now, **(facts | changes))


def test_an_officers_opening_is_kept_with_role_and_region(now):
    Region.objects.get_or_create(code="150400", defaults={"name": "赤峰市"})
    person, by = PractitionerFactory(), officer("inspector", region="1504")
    by.display_name = "王经办"
    by.save(update_fields=["display_name"])
    look(person, by, now)
    row = RecordAccess.objects.get()
    assert (row.role, row.region_prefix, row.institution) == ("inspector", "1504", None)
    (line,) = access_report(person).opened
    assert "赤峰市" in line.organisation
    assert line.at == now
    assert "王经办" not in str(line)
    assert by.username not in str(line)


def test_hr_looks_in_the_name_of_the_institution(now):
    first, second, person = InstitutionFactory(), InstitutionFactory(), PractitionerFactory()
    by = assign(hr_of(first), "institution_hr", institution=second)
    held = held_over_institutions(by, Permission.NOTICE_READ)[second]
    look(person, by, now, door=AccessDoor.ROSTER, permission=Permission.NOTICE_READ, held=held)
    (line,) = access_report(person).opened
    assert line.organisation == second.name


def test_the_first_opening_of_a_day_is_kept(now):
    person, by = PractitionerFactory(), officer("inspector")
    look(person, by, now)
    look(person, by, now + timedelta(hours=2))
    look(person, by, now + timedelta(days=1))
    look(person, officer("inspector"), now)
    look(person, by, now, door=AccessDoor.CASE)
    assert RecordAccess.objects.count() == 4
    assert access_report(person).opened[0].at == now + timedelta(days=1)


def test_many_persons_take_three_queries(now, django_assert_num_queries):
    people = [person.pk for person in PractitionerFactory.create_batch(30)]
    by = officer("inspector")
    with django_assert_num_queries(3):
        record_access.note_access(
            practitioners=people, door=AccessDoor.ROSTER, permission=Permission.CASE_VIEW, by=by, now=now
        )
    assert RecordAccess.objects.count() == 30


def test_somebody_without_a_role_is_kept_all_the_same(now):
    person = PractitionerFactory()
    look(person, UserFactory(is_superuser=True), now)
    assert access_report(person).opened[0].role


def test_what_institutions_received_is_listed_without_pilots(now):
    person = PractitionerFactory()
    told = NoticeFactory(payload={"practitioner_slug": person.slug})
    NoticeFactory(payload={"practitioner_slug": person.slug}, is_pilot=True)
    NoticeFactory(payload={"practitioner_slug": PractitionerFactory().slug})
    (line,) = access_report(person).received
    assert (line.number, line.organisation, line.is_opened) == (told.number, told.institution.name, False)


def test_received_notices_are_found_by_their_index(now):
    person = PractitionerFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM institutions_notice WHERE payload ->> 'practitioner_slug' IN (%s)", [person.slug]
        )
        assert "notice_about_person" in str(cursor.fetchall())


def test_merged_records_show_what_happened_to_all_of_them(now):
    kept = PractitionerFactory()
    gone = PractitionerFactory(merged_into=kept)
    look(gone, officer("inspector"), now)
    assert len(access_report(kept).opened) == 1


def test_look_ups_are_counted_by_day_and_told_by_month(now, django_assert_num_queries):
    person = PractitionerFactory()
    with django_assert_num_queries(1):
        record_access.count_lookup(slug=person.slug, now=now)
    record_access.count_lookup(slug=person.slug, now=now)
    record_access.count_lookup(slug=person.slug, now=now + timedelta(days=1))
    record_access.count_lookup(slug=person.slug, now=now - timedelta(days=30))
    record_access.count_lookup(slug="unknown", now=now)
    report = access_report(person)
    assert [(str(month.month), month.lookups) for month in report.lookups] == [("2025-06-01", 3), ("2025-05-01", 1)]
    assert report.lookups_total == 4
    assert sorted(LookupCount.objects.values_list("lookups", flat=True)) == [1, 1, 2]


def test_a_long_list_says_that_there_is_more(now):
    person = PractitionerFactory()
    for day in range(3):
        look(person, officer("inspector"), now + timedelta(days=day))
    report = access_report(person, lines_max=2)
    assert (len(report.opened), report.has_more) == (2, True)


def test_openings_are_never_changed_and_counts_only_grow(now):
    person = PractitionerFactory()
    look(person, officer("inspector"), now)
    record_access.count_lookup(slug=person.slug, now=now)
    record_access.count_lookup(slug=person.slug, now=now)
    with pytest.raises(AppendOnly):
        RecordAccess.objects.update(role="auditor")
    for statement in ("UPDATE institutions_lookupcount SET lookups = 1", "DELETE FROM institutions_lookupcount"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
