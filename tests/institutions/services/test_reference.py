"""What the product ships with: regions, roles, the working calendar."""

from datetime import date

import pytest

from institutions.models import AuditEvent, CalendarDay, Region, Role
from institutions.permissions import Permission
from institutions.roles import BUILTIN_ROLES
from institutions.services import reference

pytestmark = pytest.mark.django_db


def test_regions_nest_from_county_to_province():
    names = Region.objects.values_list("name", "parent__name", "parent__parent__name").get(code="150422")
    assert names == ("巴林左旗", "赤峰市", "内蒙古自治区")
    assert Region.objects.filter(parent=None).count() >= 31
    assert Region.objects.get(code="370602").name == "芝罘区"


def test_a_county_directly_under_a_province_has_the_province_above_it():
    assert Region.objects.get(code="429004").parent_id in {"429000", "420000"}


def test_the_calendar_holds_whole_years_with_holidays_and_make_up_days():
    assert CalendarDay.objects.filter(on__year=2026).count() == 365
    assert not CalendarDay.objects.filter(on__year=2027).exists()
    assert CalendarDay.objects.get(on=date(2025, 9, 28)).is_working
    assert not CalendarDay.objects.get(on=date(2025, 10, 8)).is_working


def test_every_built_in_role_is_loaded():
    assert {role.code for role in BUILTIN_ROLES} <= set(Role.objects.values_list("code", flat=True))


def test_loading_again_changes_nothing(now):
    reference.load_reference_data(now=now)
    events = AuditEvent.objects.count()
    report = reference.load_reference_data(now=now)
    assert report.total == 0
    assert AuditEvent.objects.count() == events


def test_what_was_changed_is_put_right_and_what_was_added_stays(now):
    Region.objects.filter(code="150422").update(name="别处")
    CalendarDay.objects.filter(on=date(2025, 10, 1)).update(is_working=True)
    Role.objects.filter(code="auditor").update(permissions=[Permission.CASE_IMPORT.value])
    Role.objects.create(code="own", name="自设", permissions=[Permission.CASE_VIEW.value])
    report = reference.load_reference_data(now=now)
    assert (report.regions, report.calendar_days, report.roles) == (1, 1, 1)
    assert Region.objects.get(code="150422").name == "巴林左旗"
    assert Permission.CASE_IMPORT.value not in Role.objects.get(code="auditor").permissions
    assert Role.objects.get(code="own").permissions == [Permission.CASE_VIEW.value]


def test_loading_takes_few_queries_whatever_is_loaded(now, django_assert_max_num_queries):
    CalendarDay.objects.all().delete()
    with django_assert_max_num_queries(15):
        report = reference.load_reference_data(now=now)
    assert report.calendar_days > 8000
