"""The public pages in a browser: on a phone, without JavaScript, by keyboard, in the dark, on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.scoring.public_people import HOSPITAL, People

PATHS = ["/", "/about/", "/rules/inner-mongolia/1", "/?name=gxm&institution=济仁", "/?name=无此人&institution=无此院"]


def no_sideways_scrolling(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_doctor_is_found_in_two_steps_without_javascript(open_page: Open, who: People) -> None:
    page = open_page("/")
    page.get_by_role("textbox", name="姓名").fill("耿晓敏")
    page.get_by_role("textbox", name="机构").fill(HOSPITAL)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/s/{who.terminated.slug}$"))
    expect(page.get_by_role("heading", name="耿晓敏", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="终止")).to_be_in_viewport()


def test_part_of_the_institutions_name_takes_one_more_tap(open_page: Open, who: People) -> None:
    page = open_page("/?name=耿晓敏&institution=济仁")
    page.get_by_role("link", name=f"是，在{HOSPITAL}").click()
    expect(page.get_by_role("heading", name="耿晓敏", level=1)).to_be_visible()


def test_initials_and_the_last_four_of_the_code_confirm(open_page: Open, who: People) -> None:
    page = open_page("/?name=gxm&institution=济仁")
    expect(page.get_by_role("heading", name="耿某敏")).to_be_visible()
    page.get_by_label("代码后四位").fill("0001")
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("heading", name="耿晓敏", level=1)).to_be_visible()


def test_the_language_changes_on_the_spot_and_stays(open_page: Open, who: People) -> None:
    page = open_page(f"/s/{who.suspended.slug}")
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(re.compile(rf"/s/{who.suspended.slug}$"))
    expect(page.get_by_role("heading", name="Suspended")).to_be_visible()
    page.get_by_role("link", name="Look up somebody else").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Does medical insurance pay")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("查询医务人员")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_scrolls_sideways(open_page: Open, who: People, width: int, language: str) -> None:
    paths = [*PATHS, f"/s/{who.terminated.slug}", f"/s/{who.suspended.slug}", f"/s/{who.clean.slug}", "/portal/login/"]
    page = open_page("/", language=language, script=True, viewport={"width": width, "height": 800})
    home = page.url.rstrip("/")
    for path in paths:
        page.goto(home + path)
        assert no_sideways_scrolling(page), path


def test_what_is_tapped_is_large_enough_for_a_thumb(open_page: Open, who: People) -> None:
    page = open_page("/")
    for control in page.locator("button, input:not([type=hidden]), select").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_the_keyboard_reaches_the_content_first(open_page: Open, who: People) -> None:
    page = open_page("/", script=True)
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="姓名")).to_be_focused()


def test_a_mistake_is_named_at_the_top_and_leads_to_the_field(open_page: Open, who: People) -> None:
    page = open_page("/")
    page.get_by_role("textbox", name="机构").fill(HOSPITAL)
    page.get_by_role("button", name="查询", exact=True).click()
    page.get_by_role("link", name="请填写姓名。不能只按机构列出人员。").click()
    expect(page.get_by_role("textbox", name="姓名")).to_be_in_viewport()
    expect(page.get_by_role("textbox", name="姓名")).to_have_attribute("aria-invalid", "true")


def test_status_is_a_word_and_a_shape_before_a_colour(open_page: Open, who: People) -> None:
    seen = set()
    for person, word in ((who.clean, "正常"), (who.suspended, "暂停"), (who.terminated, "终止")):
        page = open_page(f"/s/{person.slug}", script=True, forced_colors="active")
        expect(page.get_by_role("heading", name=word)).to_be_visible()
        seen.add(page.locator(".status__shape").inner_html())
    assert len(seen) == 3


def test_points_are_a_picture_with_words(open_page: Open, who: People) -> None:
    page = open_page(f"/s/{who.suspended.slug}")
    expect(page.get_by_role("img", name="本年度记10分，满分12分。")).to_be_visible()
    assert page.locator(".meter__cell").count() == 12
    assert page.locator(".meter__cell--filled").count() == 10


def test_dark_is_dark_and_light_is_light(open_page: Open, who: People) -> None:
    def brightness(scheme: str) -> int:
        page = open_page("/", script=True, color_scheme=scheme)
        colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return sum(int(part) for part in re.findall(r"\d+", colour)[:3])

    assert brightness("dark") < 150 < 600 < brightness("light")


def test_paper_shows_the_facts_and_no_controls(open_page: Open, who: People) -> None:
    page = open_page(f"/s/{who.terminated.slug}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="耿晓敏", level=1)).to_be_visible()
    expect(page.get_by_text("2028年6月10日").first).to_be_visible()
    expect(page.locator(".language")).to_be_hidden()
    expect(page.locator(".back-link")).to_be_hidden()


def test_text_is_never_tiny(open_page: Open, who: People) -> None:
    page = open_page(f"/s/{who.terminated.slug}", script=True)
    sizes = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.innerText)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 14
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
