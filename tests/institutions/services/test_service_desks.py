"""Service desks: the longest prefix and the day decide; rows stay, so that old letters keep the desk they name."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from institutions.clock import local_date
from institutions.errors import Forbidden, Invalid
from institutions.letters import content
from institutions.models import AuditEvent, ServiceDesk
from institutions.models.append_only import AppendOnly
from institutions.selectors.service_desks import desk_for
from institutions.services.service_desks import add_desk
from tests.factories.notice import NoticeFactory
from tests.factories.user import officer
from tests.institutions.letters.conftest import DESK

pytestmark = pytest.mark.django_db
FIRST = date(2025, 1, 1)


def name(prefix, starts_on, authority, now):
    return add_desk(
        region_prefix=prefix, starts_on=starts_on, desk=replace(DESK, authority=authority), by=None, now=now
    )


def test_the_longest_prefix_counts_and_then_the_latest_day(now):
    name("", FIRST, "全国", now)
    name("15", FIRST, "自治区", now)
    name("1504", date(2025, 7, 1), "市", now)
    name("37", FIRST, "外省", now)
    assert desk_for("150422", on=date(2025, 6, 30)).authority == "自治区"
    assert desk_for("150422", on=date(2025, 7, 1)).authority == "市"
    assert desk_for("431122", on=date(2025, 7, 1)).authority == "全国"
    name("1504", date(2025, 7, 1), "市(更正)", now)
    assert desk_for("150422", on=date(2025, 7, 1)).authority == "市(更正)"


def test_before_the_first_and_nowhere_there_is_none(now):
    name("1504", FIRST, "市", now)
    assert not desk_for("150422", on=date(2024, 12, 31)).found
    assert not desk_for("370600", on=FIRST).found


def test_in_english_it_speaks_english(now):
    add_desk(region_prefix="15", starts_on=FIRST, desk=replace(DESK, address_en=""), by=None, now=now)
    desk = desk_for("150422", on=FIRST, english=True)
    assert (desk.authority, desk.hours) == (DESK.authority_en, DESK.hours_en)
    assert desk.address == DESK.address


def test_a_letter_printed_again_names_the_desk_of_its_day(now):
    name("15", FIRST, "旧服务台", now)
    letter = NoticeFactory(region_id="150422", created_at=now)
    name("15", local_date(now) + timedelta(days=1), "新服务台", now)
    assert content.compose(letter, language="zh-hans").authority_name == "旧服务台"


def test_without_a_desk_a_letter_still_says_whom_to_ask(now):
    letter = content.compose(NoticeFactory(region_id="150422"), language="en")
    assert letter.authority_name == "Medical insurance authority"
    assert "medical insurance authority of your region" in " ".join(letter.block("contact").paragraphs)


class TestNaming:
    def add(self, by, now, **changes):
        facts: dict[str, Any] = {"region_prefix": "15", "starts_on": local_date(now), "desk": DESK} | changes
        return add_desk(by=by, now=now, **facts)

    def test_an_administrator_names_one_and_it_is_on_record(self, now):
        row = self.add(officer("administrator"), now)
        assert row.added_by is not None
        assert AuditEvent.objects.filter(action="service_desk.added", subject_id=str(row.pk)).count() == 1

    def test_others_and_those_of_other_regions_do_not(self, now):
        for stranger in (officer("inspector"), officer("administrator", region="37")):
            with pytest.raises(Forbidden):
                self.add(stranger, now)
        assert not ServiceDesk.objects.exists()

    def test_not_for_days_gone_by(self, now):
        with pytest.raises(Invalid):
            self.add(officer("administrator"), now, starts_on=local_date(now) - timedelta(days=1))

    @pytest.mark.parametrize("field", ["authority", "phone", "support_line"])
    def test_a_desk_can_be_reached(self, now, field):
        with pytest.raises(Invalid):
            self.add(officer("administrator"), now, desk=replace(DESK, **{field: " "}))

    def test_a_row_stays(self, now):
        row = self.add(officer("administrator"), now)
        row.phone = "1"
        with pytest.raises(AppendOnly):
            row.save()
