"""Rules, the page that explains, the language, and the designed errors."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings

pytestmark = pytest.mark.django_db

CHINESE, ENGLISH = {"Accept-Language": "zh-CN"}, {"Accept-Language": "en"}
PACKS = ["national", "inner-mongolia", "liaoning", "tianjin", "hunan", "yantai"]


def text(path: str, language: dict[str, str], status: int = 200) -> str:
    response = Client(raise_request_exception=False).get(path, headers=language)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("language", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_pack_has_a_page_with_its_parameters_and_its_clauses(pack: str, language: dict[str, str]) -> None:
    html = text(f"/rules/{pack}/1", language)
    for code in ("A1", "B3", "C2", "D1", "D3"):
        assert f"<h3>{code}</h3>" in html
    assert html.count("<dt>") > 20


def test_a_rulebook_says_what_is_assumed_and_where_a_number_comes_from() -> None:
    html = text("/rules/hunan/1", ENGLISH)
    months = html.split("9 points: 1 to 2 months, 2 unless decided otherwise")[1].split("</div>")[0]
    assert "Assumption" in months
    assert "湘医保发〔2025〕4号" in months
    assert "the first day of the month after the decision takes effect" in html
    assert "1 March 2025" in html
    assert "湖南省" in html


def test_yantai_says_that_points_added_up_to_twelve_suspend() -> None:
    html = text("/rules/yantai/1", ENGLISH)
    assert "suspension for 1 year" in html
    assert "termination; no new registration for 3 years" in html


def test_tianjin_shows_repair_and_its_cap() -> None:
    assert "1 off for each participation that counts, at most 4 in a year" in text("/rules/tianjin/1", ENGLISH)


def test_a_repeal_says_that_the_larger_regions_rules_apply() -> None:
    assert "the rules of this region are repealed" in text("/rules/hunan/2", ENGLISH)


@pytest.mark.parametrize("path", ["/rules/national/99", "/rules/nowhere/1"])
def test_rules_that_are_not_there(path: str) -> None:
    text(path, ENGLISH, 404)


def test_the_page_that_explains_names_the_three_words_in_both_languages() -> None:
    chinese, english = text("/about/", CHINESE), text("/about/", ENGLISH)
    for word in ("正常", "暂停", "终止"):
        assert word in chinese
    for word in ("Normal", "Suspended", "Terminated"):
        assert word in english


def test_the_language_is_changed_by_a_form_and_kept() -> None:
    client = Client(headers=CHINESE, enforce_csrf_checks=True)
    assert 'lang="zh-Hans"' in client.get("/about/").content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/about/"})
    assert (answer.status_code, answer["Location"]) == (302, "/about/")
    assert 'lang="en"' in client.get("/about/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/about/"})
    assert 'lang="zh-Hans"' in client.get("/about/").content.decode()


def test_changing_the_language_never_leads_to_another_site() -> None:
    answer = Client().post("/language/", {"language": "en", "next": "https://example.org/"})
    assert "example.org" not in answer["Location"]


def test_chinese_is_what_a_reader_of_neither_language_gets() -> None:
    assert 'lang="zh-Hans"' in text("/about/", {"Accept-Language": "fr"})
    assert settings.LANGUAGE_CODE == "zh-hans"


@pytest.mark.parametrize("path", ["/", "/about/", "/rules/national/1"])
def test_pages_load_nothing_from_elsewhere_and_run_nothing(path: str) -> None:
    html = text(path, CHINESE)
    assert "<script" not in html
    assert " style=" not in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', html)


@pytest.mark.parametrize("path", ["/", "/about/", "/rules/national/1"])
def test_english_pages_hold_no_chinese_but_names_of_texts_and_places(path: str) -> None:
    html = text(path, ENGLISH)
    html = re.sub(r'<(\w+)[^>]* lang="zh-Hans"[^>]*>.*?</\1>', "", html)
    html = re.sub(r"<option[^>]*>.*?</option>", "", html)
    assert not re.findall(r"[\u3400-\u9fff]+", html)


@override_settings(DEBUG=False)
@pytest.mark.parametrize("language", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_not_found_is_designed(language: dict[str, str]) -> None:
    html = text("/no/such/page", language, 404)
    assert 'class="button" href="/"' in html
    assert 'name="robots" content="noindex"' in html


@override_settings(DEBUG=False)
def test_a_fault_of_ours_is_designed_and_tells_no_details(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> object:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("scoring.views.search.provinces", broken)
    html = text("/", ENGLISH, 500)
    assert "secret detail" not in html
    assert "Back to the start" in html


@override_settings(DEBUG=False)
def test_a_form_without_its_token_is_refused_with_a_designed_page() -> None:
    answer = Client(enforce_csrf_checks=True, headers=ENGLISH).post("/portal/login/", {})
    assert answer.status_code == 403
    assert "Back to the start" in answer.content.decode()


def test_open_data_say_so_when_there_is_no_release_yet(client):
    answer = client.get("/open-data/", headers={"accept-language": "en"})
    assert "There is no release yet" in answer.content.decode()
