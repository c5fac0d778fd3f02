"""Every public page in a browser: what axe says, how much a scorecard weighs, and nothing clipped or tiny."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from scoring.services import certificates, open_data, own_statements
from tests.browser.conftest import PHONE, Open
from tests.factories.award import at_noon, post_award
from tests.factories.notice import NoticeFactory
from tests.factories.typical_case import PublishedCaseFactory
from tests.factories.user import officer
from tests.scoring.public_people import TODAY, People, physician

KILOBYTES_MAX, REQUESTS_MAX, LETTERS_MIN = 60, 5, 14
DESKTOP = {"width": 1280, "height": 800}
SMALLEST_LETTERS = """
Math.min(...[...document.querySelectorAll('main *')]
  .filter(e => e.textContent.trim() && !e.children.length)
  .map(e => parseFloat(getComputedStyle(e).fontSize)))
"""
LOOKS = [(PHONE, "zh-CN", "light"), (PHONE, "en", "dark"), (DESKTOP, "zh-CN", "dark"), (DESKTOP, "en", "light")]


@pytest.fixture
def paths(who: People, settings: Any, tmp_path: Any) -> list[str]:
    """Every public page, each with something on it, and the designed pages of refusals."""
    settings.OPEN_DATA_DIR = tmp_path / "open-data"
    now = at_noon(TODAY)
    coming = physician("孙未来", "D150422000030", who.hospital)
    post_award(coming, 9, TODAY, institution=who.hospital)
    say_something(who)
    open_data.publish_open_data(now=now)
    told = PublishedCaseFactory.create(case__institution=who.hospital)
    over = PublishedCaseFactory.create(case=told.case, display_until=TODAY - timedelta(days=1))
    letter = NoticeFactory.create(
        institution=None, practitioner=who.clean, recipient_key=f"practitioner:{who.clean.pk}"
    )
    token = certificates.issue_to_person(notice=letter, now=now).token.text
    people = [f"/s/{person.slug}" for person in (who.terminated, who.suspended, who.scored, who.clean, coming)]
    return [
        "/",
        "/?institution=x",
        "/?name=gxm&institution=济仁",
        "/?name=无此人&institution=无此院",
        *people,
        "/i/H15042200001",
        "/i/H15042200001/plate",
        "/rules/",
        "/rules/inner-mongolia/1",
        "/cases/",
        f"/cases/{told.slug}",
        f"/cases/{over.slug}",
        f"/verify/{token}",
        "/verify/",
        "/verify/J1.nothing",
        "/statistics/",
        "/open-data/",
        "/about/",
        "/privacy/",
        "/accessibility/",
        "/developers/",
        "/no-such-page",
    ]


def say_something(who: People) -> None:
    """Have the suspended person's own words beside the record."""
    letter = NoticeFactory.create(
        institution=None, practitioner=who.suspended, recipient_key=f"practitioner:{who.suspended.pk}"
    )
    entry = who.suspended.points_entries.get()
    said = own_statements.submit(notice=letter, entry=entry, text="本人已退回全部费用。", now=at_noon(TODAY))
    own_statements.publish(statement=said, by=officer("publisher"), now=at_noon(TODAY))


def grave(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    return [
        f"{page.url} {item['id']}: {item['help']} {item['nodes'][0]['target']}"
        for item in Axe().run(page).response["violations"]
        if item["impact"] in ("serious", "critical")
    ]


def test_axe_finds_nothing_grave_and_nothing_is_clipped_or_tiny(open_page: Open, paths: list[str]) -> None:
    problems: list[str] = []
    for size, language, scheme in LOOKS:
        page = open_page("/", language=language, script=True, viewport=size, color_scheme=scheme, bypass_csp=True)
        home = page.url.rstrip("/")
        for path in paths:
            page.goto(home + path)
            problems += [f"{size['width']} {language} {scheme} {problem}" for problem in [*grave(page), *untidy(page)]]
        page.close()
    assert not problems, "\n".join(problems)


def untidy(page: Page) -> list[str]:
    """What is clipped or too small to read."""
    found = []
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url} scrolls sideways")
    if page.evaluate(SMALLEST_LETTERS) < LETTERS_MIN:
        found.append(f"{page.url} has letters too small to read")
    return found


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_scorecard_is_light(open_page: Open, who: People, language: str) -> None:
    """As sent by this server, which compresses nothing: less by two thirds where it is compressed."""
    say_something(who)
    page = open_page("/about/", language=language)
    got: list[Response] = []
    fresh = page.context.new_page()
    fresh.on("response", lambda response: got.append(response))
    fresh.goto(page.url.replace("/about/", f"/s/{who.suspended.slug}"))
    fresh.wait_for_load_state("networkidle")
    assert len(got) <= REQUESTS_MAX, [response.url for response in got]
    assert sum(len(response.body()) for response in got) <= KILOBYTES_MAX * 1024


def test_without_any_style_sheet_a_scorecard_can_be_read(open_page: Open, who: People) -> None:
    page = open_page("/about/")
    page.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto(page.url.replace("/about/", f"/s/{who.suspended.slug}"))
    text = page.locator("main").inner_text()
    for words in ("李晓梅", "暂停", "2025年10月10日", "10"):
        assert words in text
    assert page.locator("rect.meter__cell--filled").count() == 10
