"""An officer's first day and a bad day: enrol, log in with the phone, without it, and not at all after guesses."""

import pytest
from playwright.sync_api import Page, expect

from institutions.models import User
from tests.browser.conftest import PHONE, Open
from tests.browser.signing_in import fresh_code, give_password, sign_in
from tests.factories.second_factor import code_of, enrolled
from tests.factories.user import officer

DESK = {"width": 1366, "height": 768}


@pytest.fixture
def inspector(transactional_db) -> User:
    return officer("inspector", region="15")


def log_out(page: Page, base: str) -> None:
    page.goto(f"{base}/account/")
    page.locator(".portal-session button").click()
    expect(page.get_by_role("status")).to_be_visible()


def send(page: Page, field: str, text: str) -> None:
    page.locator(f"#{field}").fill(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_the_first_log_in_to_the_lock_out(open_page: Open, live_server, inspector):
    base = live_server.url
    page = open_page("/admin/", language="en-GB", viewport=PHONE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in to the administration")
    give_password(page, inspector, base=base, path="/admin/cases/casefile/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Enrol your authenticator")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_text("Type the key by hand instead").click()
    secret = page.locator("#secret").inner_text()
    send(page, "code", "000000")
    expect(page.get_by_role("alert")).to_be_visible()
    send(page, "code", code_of(secret))
    codes = page.locator(".sign-in__codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="I have kept the codes").click()
    expect(page).to_have_url(f"{base}/admin/cases/casefile/")
    log_out(page, base)

    give_password(page, inspector, base=base)
    page.get_by_role("link", name="use a recovery code").click()
    send(page, "code", codes[0])
    expect(page).to_have_url(f"{base}/admin/")
    log_out(page, base)

    give_password(page, inspector, base=base)
    for _ in range(5):
        send(page, "code", "000000")
        expect(page.get_by_role("alert")).to_contain_text("not right")
    send(page, "code", codes[1])
    expect(page.get_by_role("alert")).to_contain_text("too many attempts")
    page.goto(f"{base}/admin/")
    expect(page).to_have_url(f"{base}/admin/login/?next=/admin/")


def test_keys_alone_lead_through_the_log_in(open_page: Open, live_server, inspector):
    enrolled(inspector)
    page = open_page("/admin/login/", viewport=DESK)
    expect(page.locator("#username")).to_be_focused()
    page.keyboard.type(inspector.username)
    page.keyboard.press("Tab")
    page.keyboard.type("only-for-tests-1")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(fresh_code(inspector))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/admin/")


def test_sessions_elsewhere_are_seen_and_ended(open_page: Open, live_server, inspector):
    desk, phone = open_page("/admin/login/", viewport=DESK), open_page("/admin/login/", viewport=PHONE)
    for page in (desk, phone):
        sign_in(page, inspector, base=live_server.url)
    desk.goto(f"{live_server.url}/account/")
    expect(desk.locator(".list-rows > li")).to_have_count(2)
    desk.locator(".list-rows button").click()
    expect(desk.locator(".list-rows > li")).to_have_count(1)
    phone.goto(f"{live_server.url}/admin/")
    assert "/admin/login/" in phone.url
