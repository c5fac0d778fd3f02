"""Leads in the officers' admin: taken in with row errors, decided, sealed, counted; each to those who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Lead, Tip
from cases.services import leads
from cases.services.leads import TipText
from cases.services.sealing import Informant
from institutions import clock
from tests.factories.case_file import CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

LEADS = "/admin/cases/lead/"
FILE = "institution_code,source,key,summary\nH15042200001,big_data,k1,疑点一\nH15042200001,moon,k2,疑点二\n"


@pytest.fixture(autouse=True)
def place(now):
    clock.move_to(now)
    return InstitutionFactory.create(code="H15042200001")


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def client():
    return client_of(officer("inspector", region="15"))


@pytest.fixture
def lead(place, now):
    told = TipText(place, "护士代刷医保卡。", Informant("王某", "13800000000"), wants_reward=True)
    return leads.enter_tip(tip=told, by=None, now=now)


def page_of(lead: Lead) -> str:
    return f"{LEADS}{lead.pk}/change/"


def test_a_file_is_checked_first_and_taken_in_when_asked(client):
    sent = {"kind": "hits", "file": SimpleUploadedFile("hits.csv", FILE.encode())}
    html = client.post(f"{LEADS}take-in/", sent | {"move": "check"}).content.decode()
    assert "nothing was written" in html
    assert "This is no known source." in html
    assert not Lead.objects.exists()
    sent["file"] = SimpleUploadedFile("hits.csv", FILE.encode())
    assert "What was taken in" in client.post(f"{LEADS}take-in/", sent | {"move": "import"}).content.decode()
    assert Lead.objects.get().external_key == "k1"


def test_a_file_that_is_no_table_is_refused(client):
    sent = {"kind": "hits", "file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n"), "move": "import"}
    answer = client.post(f"{LEADS}take-in/", sent)
    assert answer.status_code == 422
    assert "lacks the columns" in answer.content.decode()


def test_a_tip_is_written_down_and_its_name_not_shown_again(client):
    sent = {"institution": "H15042200001", "summary": "挂床住院。", "name": "王某", "contact": "13800000000"}
    answer = client.post(f"{LEADS}tip/", sent)
    assert answer.status_code == 302
    html = client.get(answer["Location"]).content.decode()
    assert "sealed" in html
    assert "王某" not in html
    assert Tip.objects.get().sealed


def test_a_name_without_a_contact_is_asked_for(client):
    answer = client.post(f"{LEADS}tip/", {"institution": "H15042200001", "summary": "挂床。", "name": "王某"})
    assert answer.status_code == 422
    assert not Lead.objects.exists()


def test_a_lead_is_dismissed_with_a_reason_and_taken_up_again(client, lead):
    assert client.post(page_of(lead), {"move": "dismiss", "dismiss-reason": ""}).status_code == 422
    assert client.post(page_of(lead), {"move": "dismiss", "dismiss-reason": "查无实据"}).status_code == 302
    again = client.post(page_of(lead), {"move": "dismiss", "dismiss-reason": "另一个理由"})
    assert again.status_code == 409
    assert client.post(page_of(lead), {"move": "reopen", "reopen-reason": "新材料"}).status_code == 302


def test_a_lead_is_joined_to_a_case_of_its_institution_only(client, lead, place):
    foreign = CaseFileFactory.create()
    sent = {"move": "promote", "promote-reason": "同一事实"}
    assert client.post(page_of(lead), sent | {"promote-case": foreign.pk}).status_code == 422
    own = CaseFileFactory.create(institution=place)
    assert client.post(page_of(lead), sent | {"promote-case": own.pk}).status_code == 302
    lead.refresh_from_db()
    assert lead.case == own


def test_the_reward_is_worked_out_with_its_source(client, lead):
    html = client.post(page_of(lead), {"move": "reward", "reward-confirmed": "20000000"}).content.decode()
    assert "200,000.00 yuan" in html
    assert "assumption" in html


def test_the_seal_is_opened_by_an_approver_and_the_opening_shown(lead):
    client = client_of(officer("approver", region="15"))
    html = client.post(page_of(lead), {"move": "unseal", "unseal-reason": "发放奖励"}).content.decode()
    assert "王某" in html
    later = client.get(page_of(lead)).content.decode()
    assert "王某" not in later
    assert "发放奖励" in later


@pytest.mark.parametrize(
    ("role", "region", "status"),
    [("auditor", "15", 200), ("inspector", "43", 404), ("publisher", "", 403), ("administrator", "", 403)],
)
def test_who_may_read_a_lead(lead, role, region, status):
    assert client_of(officer(role, region=region)).get(page_of(lead)).status_code == status


def test_an_auditor_changes_nothing(lead):
    client = client_of(officer("auditor"))
    assert client.post(page_of(lead), {"move": "dismiss", "dismiss-reason": "查无实据"}).status_code == 403
    assert client.get(f"{LEADS}take-in/").status_code == 403


def test_what_leads_come_to_is_shown_and_exported(client, lead):
    assert "Tip-off" in client.get(f"{LEADS}statistics/").content.decode()
    csv = client.get(f"{LEADS}statistics/", {"year": "2025", "format": "csv"}).content.decode("utf-8-sig")
    assert csv.splitlines()[1] == "tip_off,,1,1,0,0,0"
    assert "No lead was received" in client.get(f"{LEADS}statistics/", {"year": "2024"}).content.decode()
