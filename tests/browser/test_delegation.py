"""Naming a deputy for a leave, and what the deputy finds: by hand, in a browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from institutions import clock
from institutions.clock import local_date
from institutions.models import Delegation
from tests.browser.conftest import Open
from tests.browser.signing_in import sign_in
from tests.factories.case_file import CaseFileFactory
from tests.factories.second_factor import enrolled
from tests.factories.user import officer

DESK = {"width": 1366, "height": 900}


@pytest.fixture
def today(transactional_db, now):
    clock.move_to(now)
    return local_date(now)


def test_an_officer_names_a_deputy_who_then_holds_the_work_until_it_is_withdrawn(open_page: Open, live_server, today):
    away, deputy = officer("inspector", region="150422"), officer("publisher", region="150422")
    case = CaseFileFactory(institution__region__code="150422")
    enrolled(deputy)
    page = open_page("/admin/", language="en-GB", script=True, viewport=DESK)
    sign_in(page, away, base=live_server.url, path="/account/")
    page.get_by_role("link", name="Name a deputy").click()
    page.locator("#id_deputy").select_option(str(deputy.pk))
    page.locator("#id_starts_on").fill(today.isoformat())
    page.locator("#id_ends_on").fill((today + timedelta(days=6)).isoformat())
    page.locator("#id_reason").fill("Annual leave")
    page.locator("[name=_save]").click()
    expect(page.get_by_text("running")).to_be_visible()
    theirs = open_page("/admin/", language="en-GB", script=True, viewport=DESK)
    sign_in(theirs, deputy, base=live_server.url)
    expect(theirs.locator("#stand-ins")).to_contain_text(f"For {away.get_full_name()} until 16 June 2025")
    expect(theirs.locator("#next-rows")).to_contain_text(case.number)
    page.goto(f"{live_server.url}/admin/institutions/delegation/{Delegation.objects.get().pk}/withdraw/")
    page.locator("#id_reason").fill("Back early")
    page.get_by_role("button", name="Withdraw this delegation").click()
    expect(page.get_by_text("withdrawn", exact=True).first).to_be_visible()
    theirs.goto(live_server.url + "/admin/")
    expect(theirs.locator("#stand-ins")).to_have_count(0)
