"""`/s/{slug}`: what a stranger reads about a terminated, a suspended, a scored and a clean person."""

import re
from datetime import date

import pytest
from django.test import Client

from institutions.models import Practitioner
from scoring.services import ledger
from tests.factories.award import at_noon, post_award
from tests.factories.practitioner import PractitionerFactory
from tests.scoring.public_people import (
    HOSPITAL,
    People,
    institution,
    people_today,
    physician,
    publish_as,
    set_today,
)

pytestmark = pytest.mark.django_db

CHINESE, ENGLISH = {"Accept-Language": "zh-CN"}, {"Accept-Language": "en"}


@pytest.fixture
def who() -> People:
    return people_today()


def page(person: Practitioner, language: dict[str, str] = CHINESE) -> str:
    """The page of a person as a stranger's browser gets it, with the white space evened out."""
    response = Client().get(f"/s/{person.slug}", headers=language)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_terminated_person_with_word_dates_points_and_what_it_means_for_a_visit(who: People) -> None:
    html = page(who.terminated)
    assert '<h1 lang="zh-Hans">耿晓敏</h1>' in html
    assert "医师" in html
    assert 'id="status">终止<' in html
    assert "2025年6月11日" in html
    assert "2028年6月10日" in html
    assert "2025年6月12日" in html
    assert 'role="img" aria-label="本年度记12分，满分12分。"' in html
    assert "急诊、抢救除外" in html
    assert "提供服务之前告知您" in html
    assert "D1" in html
    assert HOSPITAL in html


def test_suspended_person_in_english(who: People) -> None:
    html = page(who.suspended, ENGLISH)
    assert 'lang="en"' in html
    assert 'id="status">Suspended<' in html
    assert "11 June 2025" in html
    assert "10 October 2025" in html
    assert (
        "Points go back to 0 on 1 January 2026. A measure that has been imposed runs to its end all the same." in html
    )
    assert "Emergency treatment and rescue are excepted" in html
    assert "It does not by itself take away the right to practise." in html


def test_zero_points_is_a_clear_positive_state(who: People) -> None:
    html = page(who.clean)
    assert 'class="status status--ok"' in html
    assert "记0分，具备医保支付资格" in html
    assert "没有查到" not in html
    assert "0 points, qualified." in page(who.clean, ENGLISH)


def test_a_few_points_leave_a_person_qualified(who: People) -> None:
    html = page(who.scored)
    assert 'id="status">正常<' in html
    assert "本年度记4分，满分12分。" in html


def test_a_restored_person_is_qualified_with_zero_points_and_no_entries(who: People) -> None:
    set_today(date(2026, 3, 1))
    html = page(who.suspended, ENGLISH)
    assert 'id="status">Normal<' in html
    assert "0 points, qualified." in html
    assert "Points for a violation" not in html
    assert "2025" not in re.sub(r"<time[^>]*>.*?</time>", "", html).replace("2025年", "")


def test_a_measure_that_rests_on_last_year_shows_that_years_total() -> None:
    hospital = institution("第一医院", "H15042200090", "150422")
    person = physician("周明远", "D150422000090", hospital)
    post_award(person, 10, date(2025, 12, 20), institution=hospital)
    set_today(date(2026, 1, 10))
    html = page(person, ENGLISH)
    assert 'id="status">Suspended<' in html
    assert "No points are on record this year." in html
    assert "The present status rests on 2025: 10 points in that year." in html
    assert "Points for a violation" in html


def test_after_the_bar_the_page_says_that_an_application_is_possible(who: People) -> None:
    set_today(date(2028, 9, 1))
    html = page(who.terminated, ENGLISH)
    assert 'id="status">Terminated<' in html
    assert "The bar has ended. The institution may apply to register this person again" in html


def test_assumptions_stand_beside_the_numbers_and_link_to_the_rules(who: People) -> None:
    html = page(who.terminated, ENGLISH)
    status_panel = html.split('class="status status--stop"')[1].split("</section>")[0]
    assert "the values used are assumptions: first day of a measure; how a termination ends." in status_panel
    assert 'href="/rules/inner-mongolia/1"' in status_panel


def test_an_overturned_decision_leaves_nothing_on_the_page(who: People) -> None:
    entry = who.terminated.points_entries.get()
    ledger.reverse_award(entry=entry, reason="处罚决定被撤销", by=None, now=at_noon(date(2025, 6, 11)))
    html = page(who.terminated)
    assert 'id="status">正常<' in html
    assert "记0分，具备医保支付资格" in html
    assert "D1" not in html
    assert "处罚决定被撤销" not in html


def test_what_never_appears(who: People) -> None:
    for person in (who.terminated, who.suspended, who.scored, who.clean):
        for language in (CHINESE, ENGLISH):
            html = page(person, language)
            assert person.codes.get().code not in html
            assert str(person.pk) not in html
            assert "巴医保案" not in html  # the number of the case
            assert "批量伪造" not in html  # the finding
            assert "csrf" not in html.lower()
            assert "<script" not in html
            assert " style=" not in html


def test_search_engines_keep_nothing_and_caches_ask_again(who: People) -> None:
    response = Client().get(f"/s/{who.clean.slug}", headers=CHINESE)
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert 'name="robots" content="noindex' in response.content.decode()
    assert response["Cache-Control"] == "no-cache"
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in response["Vary"].split(",")}
    assert not response.cookies
    again = Client().get(f"/s/{who.clean.slug}", headers=CHINESE | {"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_unknown_provisional_and_merged_persons_get_the_designed_not_found(who: People) -> None:
    provisional = PractitionerFactory.create(
        name="临时某", is_provisional=True, provisional_institution=who.hospital, code=None
    )
    merged = PractitionerFactory.create(name="重复某", merged_into=who.clean)
    for slug in (provisional.slug, merged.slug, "a" * 16, "nonsense"):
        response = Client().get(f"/s/{slug}", headers=ENGLISH)
        assert response.status_code == 404
        assert "cannot be guessed" in response.content.decode()


def test_a_last_slash_leads_to_the_page(who: People) -> None:
    response = Client().get(f"/s/{who.clean.slug}/")
    assert (response.status_code, response["Location"]) == (301, f"/s/{who.clean.slug}")


def test_status_only_hides_points_and_entries() -> None:
    publish_as("status_only")
    html = page(people_today().terminated)
    assert 'id="status">终止<' in html
    assert "2028年6月10日" in html
    assert 'id="points"' not in html
    assert "D1" not in html


def test_closed_sends_the_reader_to_the_institution() -> None:
    publish_as("closed")
    html = page(people_today().terminated)
    assert "请向机构询问" in html
    for hidden in ("耿晓敏", "终止", "12分", "D1"):
        assert hidden not in html
