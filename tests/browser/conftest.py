"""A real browser (Debian's chromium) on a real server. Run by `make test-browser` only."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.scoring.public_people import People, people_today

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything below this folder, and give each test a database that the server sees too."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One chromium for all tests. Playwright runs an event loop in this thread, which Django has to be told of."""
    assert CHROMIUM.exists(), "Install Debian's chromium: apt-get install chromium fonts-noto-cjk"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def who(live_server: Any) -> People:
    """The people of the tests, on a day after the decisions; the server reads the same clock."""
    return people_today()


@pytest.fixture
def open_page(chromium: Browser, live_server: Any) -> Iterator[Open]:
    """Open a path as a phone without JavaScript would, unless told otherwise; fails on any complaint of the page."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_path(path: str, *, language: str = "zh-CN", script: bool = False, **options: Any) -> Page:
        settings: dict[str, Any] = {"viewport": PHONE, "locale": language, "java_script_enabled": script} | options
        context = chromium.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note_complaint(message, complaints))
        page.on("request", lambda request: _note_foreign(request.url, live_server.url, complaints))
        page.goto(live_server.url + path)
        return page

    yield open_path
    for context in contexts:
        context.close()
    assert not complaints


def _note_complaint(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and not _is_answer(message):
        complaints.append(f"{message.text} {message.location.get('url')}")


def _is_answer(message: ConsoleMessage) -> bool:
    """A refusal is an answer (410, 422, 429); so is what is not there or broken, where it was asked for on purpose."""
    address = str(message.location.get("url", ""))
    is_asked_for = "/n/" in address or address.endswith("/no-such-page")
    is_our_fault = "status of 500" in message.text and address.endswith("/trouble/500")
    is_refusal = any(f"status of {status}" in message.text for status in (410, 422, 429))
    return is_refusal or is_our_fault or (is_asked_for and "status of 404" in message.text)


def _note_foreign(url: str, home: str, complaints: list[str]) -> None:
    if not url.startswith((home, "data:")):
        complaints.append(f"the page asked another host: {url}")
