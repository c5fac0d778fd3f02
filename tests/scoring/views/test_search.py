"""`/`: two ways to ask, one person meant, candidates masked until confirmed, and never a listing."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from institutions.models import Practitioner
from scoring.api.throttling import LookupThrottle
from scoring.selectors import search
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
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


@pytest.fixture
def who() -> People:
    return people_today()


def ask(language: str = "en", **query: str) -> Any:
    return Client().get("/?" + urlencode(query), headers={"Accept-Language": language})


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def leads_to(response: Any, person: Practitioner) -> bool:
    return response.status_code == 302 and response["Location"] == f"/s/{person.slug}"


def test_the_empty_form_in_both_languages() -> None:
    assert "查询医务人员的医保支付资格" in text(ask("zh-CN"))
    assert "Does medical insurance pay for this person's services?" in text(ask("en"))


def test_full_name_and_institution_lead_to_the_scorecard_at_once(who: People) -> None:
    assert leads_to(ask(name="耿晓敏", institution=HOSPITAL), who.terminated)
    assert leads_to(ask(name=" 耿晓敏 ", institution="H15042200001"), who.terminated)


def test_code_leads_to_the_scorecard_at_once_however_it_is_typed(who: People) -> None:
    assert leads_to(ask(code="d150422000001"), who.terminated)
    assert leads_to(ask(code="Ｄ150422 000001"), who.terminated)


def test_part_of_the_institutions_name_asks_whether_it_is_this_one(who: People) -> None:
    response = ask(name="耿晓敏", institution="济仁")
    html = text(response)
    assert "Is it this person?" in html
    assert "耿某敏" in html
    assert f"Yes, at {HOSPITAL}" in html
    assert who.terminated.slug not in html
    choice = html.split('button--small" href="')[1].split('"')[0].replace("&amp;", "&")
    assert leads_to(Client().get(choice), who.terminated)


@pytest.mark.parametrize("name", ["耿晓", "gengxiaomin", "Geng Xiaomin", "gxm", "gengxi"])
def test_beginnings_pinyin_and_initials_give_masked_candidates_without_an_address(who: People, name: str) -> None:
    html = text(ask(name=name, institution="济仁中医医院"))
    assert "耿某敏" in html
    assert "耿晓敏" not in html
    assert "/s/" not in html
    assert who.terminated.slug not in html


def test_the_last_four_characters_of_the_code_confirm(who: People) -> None:
    assert leads_to(ask(name="gxm", institution="济仁", last_four="0001"), who.terminated)
    html = text(ask(name="gxm", institution="济仁", last_four="0002"))
    assert "nobody who fits has them" in html


def test_a_confirmation_that_is_not_four_characters_is_asked_again(who: People) -> None:
    response = ask(name="gxm", institution="济仁", last_four="1")
    html = text(response)
    assert response.status_code == 422
    assert 'id="last_four-error"' in html
    assert "耿某敏" in html


def test_candidates_show_only_the_sites_that_were_asked_for(who: People) -> None:
    html = text(ask(name="lxm", institution="济仁"))
    assert HOSPITAL in html
    assert "富河镇中心卫生院" not in html


def test_exact_comes_before_beginnings_before_readings(who: People) -> None:
    for name, code in (("张伟明", "D150422000101"), ("张伟", "D150422000102"), ("章威", "D150422000103")):
        physician(name, code, who.hospital)
    html = text(ask(name="张伟", institution="济仁"))
    assert html.index(">张某<") < html.index(">张某明<")
    assert "章某" not in html
    html = text(ask(name="zhangwei", institution="济仁"))
    assert html.count("candidate__name") == 3


def test_two_people_of_one_name_at_one_institution_need_the_code(who: People) -> None:
    twins = [physician("赵敏", f"D15042200020{n}", who.hospital) for n in (1, 2)]
    html = text(ask(name="赵敏", institution=HOSPITAL))
    assert html.count("candidate__name") == 2
    assert not any(twin.slug in html for twin in twins)
    assert leads_to(ask(name="赵敏", institution=HOSPITAL, last_four="0202"), twins[1])


def test_open_mode_shows_names_and_addresses() -> None:
    hospital = institution("烟台试验医院", "H37060200001", "370602")
    person = physician("孙晓明", "D370602000001", hospital)
    set_today()
    html = text(ask(name="孙晓", institution="烟台试验"))
    assert f'href="/s/{person.slug}"' in html
    assert "孙晓明" in html
    assert leads_to(ask(name="孙晓明", institution="烟台试验"), person)


def test_nobody_found_explains_and_judges_nobody(who: People) -> None:
    response = ask(name="张三丰", institution=HOSPITAL)
    html = text(response)
    assert response.status_code == 200
    assert "Nobody was found" in html
    assert "This says nothing good or bad about anybody." in html
    assert "Nobody was found" in text(ask(code="D999999999999"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"institution": HOSPITAL}, "name"),
        ({"name": "耿晓敏"}, "institution"),
        ({"name": "耿", "institution": HOSPITAL}, "name"),
        ({"name": "耿晓敏", "institution": "济"}, "institution"),
        ({"name": "耿%", "institution": HOSPITAL}, "name"),
        ({"name": "耿晓敏", "institution": "**"}, "institution"),
        ({"name": "耿晓敏", "institution": HOSPITAL, "region": "15x"}, "region"),
        ({"code": "D1504"}, "code"),
        ({"code": "D150422%"}, "code"),
        ({"name": "耿" * 101, "institution": HOSPITAL}, "name"),
    ],
)
def test_a_question_that_would_list_people_is_refused_at_the_field(
    who: People, query: dict[str, str], field: str
) -> None:
    response = ask(**query)
    html = text(response)
    assert response.status_code == 422
    assert f'id="{field}-error"' in html
    assert f'href="#{field}"' in html
    assert "<title>Error: " in html
    assert "耿某敏" not in html


def test_region_narrows(who: People) -> None:
    assert "耿某敏" in text(ask(name="gxm", institution="济仁", region="15"))
    assert "耿某敏" in text(ask(name="gxm", institution="济仁", region="150400"))
    assert "Nobody was found" in text(ask(name="gxm", institution="济仁", region="43"))


def test_at_most_twenty_are_shown_and_the_rest_is_not_counted(who: People) -> None:
    for _ in range(23):
        RegistrationFactory.create(institution=who.hospital, practitioner=PractitionerFactory.create(name="欧阳春天"))
    html = text(ask(name="欧阳", institution="济仁"))
    assert html.count("candidate__name") == 20
    assert "More people fit. The first 20 are shown" in html
    assert "23" not in html.split("results")[1].split("</section>")[0]


def test_provisional_and_departed_people_are_not_found(who: People) -> None:
    physician("钱某一", "D150422000301", who.hospital, is_provisional=True, provisional_institution=who.hospital)
    gone = physician("钱某三", "D150422000303", who.hospital)
    gone.registrations.update(starts_on="2024-01-01", ends_on="2025-06-11")
    assert "Nobody was found" in text(ask(name="钱某", institution="济仁"))
    assert "Nobody was found" in text(ask(code="D150422000301"))


def test_no_address_on_any_answer_holds_a_code(who: People) -> None:
    for query in ({"name": "耿晓敏", "institution": "济仁"}, {"name": "gxm", "institution": "济仁"}):
        assert "D150422" not in text(ask(**query))


def test_a_sweep_of_names_is_throttled_with_a_designed_page(who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LookupThrottle, "rate", "3/min", raising=False)
    monkeypatch.setattr(LookupThrottle, "scope", "lookup-test")
    answers = [ask(name=f"耿晓{n}", institution=HOSPITAL) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Too many look-ups" in text(answers[-1])
    assert int(answers[-1]["Retry-After"]) > 0
    assert ask().status_code == 200  # the empty form stays open


def test_an_answer_takes_as_many_queries_for_twenty_as_for_one(who: People) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert ask(name="司马春", institution="济仁").status_code == 200
        return len(seen)

    physician("司马春一", "D150422000400", who.hospital, who.clinic)
    alone = queries()
    for n in range(1, 20):
        physician(f"司马春{chr(0x4E00 + n)}", f"D1504220004{n:02d}", who.hospital, who.clinic)
    assert queries() == alone
    assert alone < 20


def test_a_name_shared_by_too_many_asks_for_more_of_it(who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "NAMESAKES_MAX", 2)
    for n in range(3):
        physician("慕容雪", f"D15042200050{n}", who.clinic)
    assert "write the full name and the institution" in text(ask(name="慕容雪", institution="富河"))


def test_closed_institution_sends_the_reader_there(who: People) -> None:
    publish_as("closed")
    html = text(ask(name="耿晓敏", institution=HOSPITAL))
    assert "Please ask the institution" in html
    assert "耿某敏" not in html
    assert text(ask(name="无此人", institution=HOSPITAL)).count("Please ask the institution") == 1
