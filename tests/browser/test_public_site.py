"""Every public page in a browser: what axe says, how much a scorecard weighs, and nothing clipped or tiny."""

from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_FILE_PATH as AXE
from playwright.sync_api import Page, Response, ViewportSize

from tests.browser.conftest import PHONE, Open
from tests.browser.public_paths import make_public_site, say_something
from tests.scoring.public_people import People

KILOBYTES_MAX, REQUESTS_MAX, LETTERS_MIN = 60, 5, 14
SIZES: list[ViewportSize] = [{"width": PHONE["width"], "height": PHONE["height"]}, {"width": 1280, "height": 800}]
ColourScheme = Literal["light", "dark"]
LOOKS: list[tuple[ViewportSize, ColourScheme]] = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
SMALLEST_LETTERS = """
Math.min(...[...document.querySelectorAll('main *')]
  .filter(e => e.textContent.trim() && !e.children.length)
  .map(e => parseFloat(getComputedStyle(e).fontSize)))
"""
GRAVE = """
async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(found => ['serious', 'critical'].includes(found.impact))
  .map(found => `${found.id}: ${found.help} ${found.nodes[0].target}`)
"""


@pytest.fixture
def paths(who: People, settings: Any, tmp_path: Path) -> dict[str, str]:
    """Every public page, each with something on it, and the designed pages of refusals."""
    return make_public_site(who, tmp_path, settings)


def grave(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    return [f"{page.url} {found}" for found in page.evaluate(GRAVE)]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "looks",
    [pytest.param(LOOKS[::3], id="two"), pytest.param(LOOKS, id="all", marks=pytest.mark.endurance)],
)
def test_axe_finds_nothing_grave_and_nothing_is_clipped_or_tiny(
    open_page: Open, paths: dict[str, str], language: str, looks: list[tuple[ViewportSize, ColourScheme]]
) -> None:
    """Each page is loaded once in a language; size and colours are changed under it, as a reader would."""
    problems: list[str] = []
    page = open_page("/about/", language=language, script=True, bypass_csp=True)
    home = page.url.removesuffix("/about/")
    page.add_init_script(path=AXE)
    for path in paths.values():
        page.goto(home + path)
        for size, scheme in looks:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            problems += [f"{size['width']} {scheme} {problem}" for problem in (*untidy(page), *grave(page))]
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
