"""Logging in as people do, for the tests in a browser: `sign_in(page, user)`."""

import re

from playwright.sync_api import Page, expect

from institutions.models import SecondFactor, User
from tests.factories.second_factor import SECRET, code_of, enrolled
from tests.factories.user import PASSWORD

ADMIN, PORTAL = "/admin/login/", "/portal/login/"


def sign_in(page: Page, user: User, *, base: str, path: str = "/admin/") -> None:
    """Log an officer in with password and authenticator, enrolling one if there is none, and go to a path.

    `base` is the address of the server (`live_server.url`); the user's password is the factories'.
    """
    if not SecondFactor.objects.filter(user=user).exists():
        enrolled(user)
    give_password(page, user, base=base, path=path)
    page.get_by_role("textbox").fill(fresh_code(user))
    page.locator("main form button").click()
    expect(page).to_have_url(base + path)


def sign_in_to_portal(page: Page, user: User, *, base: str, path: str = "/portal/") -> None:
    """Log hospital staff in with their password, and go to a path."""
    give_password(page, user, base=base, path=path, door=PORTAL)
    expect(page).to_have_url(base + path)


def give_password(page: Page, user: User, *, base: str, path: str = "", door: str = ADMIN) -> None:
    """Fill in the first step of the log-in and send it."""
    page.goto(f"{base}{door}?next={path}")
    page.locator("#username").fill(user.username)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"^(?!.*/login/)"))


def fresh_code(user: User) -> str:
    """Return a code of the factories' authenticator that has not been used; a used one is let be forgotten."""
    SecondFactor.objects.filter(user=user).update(last_step=0)
    return code_of(SECRET)
