"""`/portal/staff-list/`: a list goes in, the outcome is shown and can be taken home; without JavaScript."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from institutions.models import Institution
from tests.factories.award import post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import assign, hr_of, officer
from tests.scoring.public_people import set_today

pytestmark = pytest.mark.django_db

PAGE = "/portal/staff-list/"


@pytest.fixture
def hospital() -> Institution:
    set_today(date(2025, 7, 1))
    site: Institution = InstitutionFactory.create(name="巴林医院", code="H15042200091")
    for name, code, points in (
        ("李晓梅", "D150422000001", 9),
        ("耿晓敏", "D150422000002", 12),
        ("王建国", "D150422000003", 0),
    ):
        person = PractitionerFactory.create(name=name, code=code)
        RegistrationFactory.create(practitioner=person, institution=site)
        if points:
            post_award(person, points, date(2025, 6, 10), institution=site)
    return site


def client_of(user: Any, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def upload(client: Client, site: Institution, text: str, **more: str) -> Any:
    file = SimpleUploadedFile("staff.csv", text.encode("gb18030"))
    return client.post(PAGE, {"institution": str(site.pk), "file": file, **more})


def plain(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_strangers_are_sent_to_the_portals_door() -> None:
    assert Client().get(PAGE)["Location"] == f"/portal/login/?next={PAGE}"


def test_the_inbox_leads_to_the_page_and_the_page_says_what_it_does(hospital: Institution) -> None:
    client = client_of(hr_of(hospital))
    assert PAGE in client.get("/portal/").content.decode()
    assert "Nothing is changed, and the list is not kept." in plain(client.get(PAGE))


def test_the_outcome_says_first_how_many_suspended_people_are_still_listed(hospital: Institution) -> None:
    lines = "执业人员代码,姓名\nD150422000001,李晓梅\nD150422000002,耿晓敏\nD150422999999,谁\n"
    html = plain(upload(client_of(hr_of(hospital)), hospital, lines))
    assert "You still list 1 suspended person. You still list 1 terminated person." in html
    assert "code not on record" in html
    assert "registered at your institution, but not on your list" in html
    assert "王建国" in html
    assert html.index("You still list") < html.index("Data version")
    zh = plain(upload(client_of(hr_of(hospital), "zh-CN"), hospital, lines))
    assert "贵机构名单上仍有 1 名暂停人员" in zh


def test_nobody_barred_on_the_list_is_said_as_well(hospital: Institution) -> None:
    html = plain(upload(client_of(hr_of(hospital)), hospital, "code\nD150422000003\n"))
    assert "Nobody on your list is suspended or terminated." in html


def test_the_outcome_is_downloaded_from_the_shown_list_without_uploading_it_again(hospital: Institution) -> None:
    client = client_of(hr_of(hospital))
    shown = upload(client, hospital, "code,name\nD150422000001,李晓梅\n,=cmd()\n")
    answer = client.post(PAGE, {"institution": str(hospital.pk), "people": shown.context["people"], "download": "1"})
    assert answer["Content-Type"].startswith("text/csv")
    assert "staff-list_H15042200091_2025-07-01_P" in answer["Content-Disposition"]
    table = answer.content.decode("utf-8-sig")
    assert "D150422000001,李晓梅" in table
    assert "'=cmd()" in table
    assert ",=cmd()" not in table


def test_what_cannot_be_read_is_said_beside_the_field_and_nothing_is_shown(hospital: Institution) -> None:
    client = client_of(hr_of(hospital))
    refused = upload(client, hospital, "姓名\n李晓梅\n")
    assert refused.status_code == 422
    assert "Columns are missing: code." in plain(refused)
    empty = client.post(PAGE, {"institution": str(hospital.pk)})
    assert "Choose the file of your list." in plain(empty)


def test_another_institution_cannot_be_asked_about(hospital: Institution) -> None:
    foreign = client_of(hr_of(InstitutionFactory.create()))
    refused = upload(foreign, hospital, "code\nD150422000001\n")
    assert refused.status_code == 422
    assert refused.context["check"] is None


def test_somebody_of_two_institutions_chooses_and_an_officer_has_none_here(hospital: Institution) -> None:
    second = InstitutionFactory.create(name="松山医院")
    user = assign(hr_of(hospital), "institution_hr", institution=second)
    html = plain(client_of(user).get(PAGE))
    assert "<select" in html
    assert "松山医院" in html
    assert upload(client_of(officer("inspector")), hospital, "code\n").status_code == 422
