"""Due process in a browser: from the letter's QR code to the restored record, on a phone, without JavaScript.

The person and two staff offices act in the browser; the officers act through the services that their pages call.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cases.models import Appeal, Attribution, AttributionLine, CaseFile, Statement
from cases.services import appeals, attributions, letters, redactions, statements
from institutions import clock
from institutions.clock import local_date
from institutions.letters import content
from institutions.models import Institution, Notice, Practitioner, User
from institutions.services import notice_tokens
from scoring.services import scorecards
from tests.browser.conftest import Open
from tests.factories.appeal import PDF
from tests.factories.attribution import Officers, Procedure, officers, procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory
from tests.factories.user import PASSWORD, hr_of, officer
from tests.scoring.public_people import DECIDED_ON, HOSPITAL, TOWN_CLINIC, institution, physician, set_today

DESK = {"width": 1280, "height": 900}


@dataclass
class Town:
    """Two hospitals with their staff offices, and a physician of both about whom there is a case at the first."""

    hospital: Institution
    clinic: Institution
    person: Practitioner
    hr: User
    clinic_hr: User
    team: Officers
    walk: Procedure

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.walk.now

    @property
    def attribution(self) -> Attribution:
        """The attribution as it stands."""
        return Attribution.objects.get(pk=self.walk.attribution.pk)

    @property
    def appeal(self) -> Appeal:
        """The appeal as it stands."""
        return Appeal.objects.get(attribution=self.walk.attribution)

    def move_to(self, now: datetime) -> None:
        """Let time pass, for the server too; the night's work of the day is done."""
        self.walk.now = now
        set_today(local_date(now))
        clock.move_to(now)


@pytest.fixture
def town(live_server: Any, tmp_path: Path, settings: Any) -> Town:
    settings.MEDIA_ROOT = tmp_path / "media"
    hospital = institution(HOSPITAL, "H15042200001", "150422")
    clinic = institution(TOWN_CLINIC, "H15042200002", "150422")
    person = physician("耿晓敏", "D150422000001", hospital, clinic)
    now = set_today(DECIDED_ON)
    case = CaseFileFactory.create(
        number="巴医保案〔2025〕001",
        institution=hospital,
        basis=BasisFactory.create(institution=hospital, document="巴医保罚〔2025〕3号", decided_on=DECIDED_ON),
    )
    team = officers()
    for user, name in ((team.inspector, "经办甲乙丙"), (team.approver, "审批丁戊己")):
        user.display_name = name
        user.save(update_fields=["display_name"])
    walk = _proposed(case, person, team, now)
    return Town(hospital, clinic, person, hr_of(hospital), hr_of(clinic), team, walk)


def _proposed(case: CaseFile, person: Practitioner, team: Officers, now: datetime) -> Procedure:
    walk = procedure("proposed", now=now, case=case, practitioner=person, team=team)
    letters.issue_intent(attribution=walk.attribution, by=team.inspector, now=now)
    return walk


def letter_of(town: Town, kind: str) -> Notice:
    return town.attribution.letters.filter(kind=kind).latest("issued_at").notice


def qr_path(notice: Notice, now: datetime) -> str:
    """What the QR code of a letter holds, without the host."""
    made = content.compose(notice, token=notice_tokens.issue(notice, now))
    address = urlsplit(made.page_url)
    return f"{address.path}?{address.query}"


def choose(page: Page, *names: str, folder: Path) -> None:
    """Choose files as a person does."""
    paths = []
    for name in names:
        path = folder / name
        path.write_bytes(PDF + name.encode())
        paths.append(path)
    page.locator("input[type=file]").set_input_files(paths)


def portal(open_page: Open, user: User, **options: Any) -> Page:
    """Log a staff office in."""
    page = open_page("/portal/", **({"viewport": DESK} | options))
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    return page


def confirm_first(page: Page, kind: str) -> None:
    """Open the first notice of a kind in the inbox, and confirm its receipt."""
    page.locator(".portal-nav").get_by_role("link", name="收件箱").click()
    page.get_by_role("link", name=re.compile(kind)).first.click()
    page.get_by_role("button", name="确认签收").click()
    expect(page.locator(".notice--ok")).to_be_visible()


def no_serious_issue(page: Page) -> None:
    """Fail on what axe calls serious or critical."""
    found = Axe().run(page).response["violations"]
    grave = [
        f"{item['id']}: {item['help']} {item['nodes'][0]['target']}"
        for item in found
        if item["impact"] in ("serious", "critical")
    ]
    assert not grave, f"{page.url}\n" + "\n".join(grave)


def test_from_the_letter_to_the_restored_record(open_page: Open, town: Town, tmp_path: Path) -> None:
    hr = portal(open_page, town.hr)
    clinic = portal(open_page, town.clinic_hr)
    hand_over(hr, town, tmp_path)
    state(open_page, town, tmp_path)
    decision = receive_decision(open_page, town)
    public = open_page(f"/s/{town.person.slug}")
    expect(public.locator(".points__number")).to_have_text("10")
    both_are_told(hr, clinic, town)
    judge = appeal_with_two_files(decision, town, tmp_path)
    scorecards.publish_dirty(now=town.now)
    public.reload()
    expect(public.get_by_role("heading", name="申诉处理中")).to_be_visible()
    answer_the_question(decision, town, judge, tmp_path)
    town.move_to(town.now + timedelta(days=3))
    reasons = "考勤证明本人当日不在岗,原认定不成立。"
    appeals.decide(appeal=town.appeal, outcome="overturned", reasons=reasons, by=judge, now=town.now)
    scorecards.publish_dirty(now=town.now)
    read_outcome_and_manifest(open_page, town, reasons)
    public.reload()
    expect(public.locator(".points__number")).to_have_text("0")
    expect(public.get_by_role("heading", name="正常")).to_be_visible()
    expect(public.get_by_role("heading", name="申诉处理中")).to_have_count(0)
    both_are_corrected(hr, clinic)


def hand_over(hr: Page, town: Town, folder: Path) -> None:
    """The staff office of the case's hospital hands the sealed letter over and puts the receipt down."""
    hr.locator(".portal-nav").get_by_role("link", name="待转交的文书").click()
    hr.get_by_role("link", name=re.compile("耿晓敏")).click()
    hr.get_by_label("本人收到的日期").fill(local_date(town.now).isoformat())
    hr.get_by_label("签收情况").fill("签收回执第12号,人事档案")
    choose(hr, "签收.pdf", folder=folder)
    hr.get_by_role("button", name="登记转交").click()
    expect(hr.get_by_text("转交已登记")).to_be_visible()
    assert town.attribution.state == "intent_served"


def state(open_page: Open, town: Town, folder: Path) -> None:
    """The person scans the code, states their side with a file, gets a receipt, and later reads the answer."""
    page = open_page(qr_path(letter_of(town, "intent"), town.now))
    expect(page).to_have_url(re.compile(rf"/n/{letter_of(town, 'intent').number}$"))
    expect(page.get_by_text("目前尚未作出任何决定")).to_be_visible()
    page.get_by_role("link", name="填写陈述申辩").click()
    page.get_by_label("您想说明的内容").fill("报告由上级医师签发,本人未参与。")
    choose(page, "考勤.pdf", folder=folder)
    page.get_by_role("button", name="提交陈述申辩").click()
    statement = Statement.objects.get()
    expect(page.get_by_text(statement.receipt).first).to_be_visible()
    expect(page.get_by_text("考勤.pdf")).to_be_visible()
    town.move_to(town.now + timedelta(minutes=30))
    statements.answer_statement(statement=statement, answer="经核实,签名系本人。", by=town.team.approver, now=town.now)
    page.reload()
    expect(page.get_by_text("经核实,签名系本人。")).to_be_visible()


def receive_decision(open_page: Open, town: Town) -> Page:
    """The second officer decides; the person scans the new code and says that the decision has reached them."""
    town.walk.decide()
    page = open_page(qr_path(letter_of(town, "decision"), town.now))
    page.get_by_role("button", name="我已收到本文书").click()
    expect(page.get_by_text("决定已送达并生效")).to_be_visible()
    attributions.make_effective(attribution=town.attribution, now=town.now)
    scorecards.publish_dirty(now=town.now)
    return page


def both_are_told(hr: Page, clinic: Page, town: Town) -> None:
    """Both hospitals read the notice and confirm it; the one outside the case reads no details of it."""
    confirm_first(hr, "医保支付资格状态变更")
    confirm_first(clinic, "医保支付资格状态变更")
    expect(clinic.get_by_text("巴医保案")).to_have_count(0)
    told = Notice.objects.filter(kind="status_change", institution__isnull=False)
    assert {notice.institution: notice.acknowledged_by for notice in told} == {
        town.hospital: town.hr,
        town.clinic: town.clinic_hr,
    }
    hr.locator(".portal-nav").get_by_role("link", name="本单位人员").click()
    expect(hr.locator("strong", has_text="耿晓敏")).to_be_visible()


def appeal_with_two_files(decision: Page, town: Town, folder: Path) -> User:
    """The person appeals with two files; an officer who had no part takes it on and asks a question."""
    decision.reload()
    decision.get_by_role("link", name="填写申诉").click()
    decision.get_by_label("您认为决定有误的理由").fill("本人当日不在岗,考勤可以证明。")
    choose(decision, "考勤表.pdf", "请假条.pdf", folder=folder)
    decision.get_by_role("button", name="提交申诉").click()
    expect(decision.get_by_text(town.appeal.receipt).first).to_be_visible()
    expect(decision.get_by_text("请假条.pdf")).to_be_visible()
    judge = officer("appeal_officer")
    appeals.assign(appeal=town.appeal, to=judge, by=judge, now=town.now)
    appeals.accept(appeal=town.appeal, by=judge, now=town.now)
    appeals.ask(appeal=town.appeal, text="当日考勤由谁记录?", by=judge, now=town.now)
    return judge


def answer_the_question(decision: Page, town: Town, judge: User, folder: Path) -> None:
    """The person reads the question and answers it with a file; the clock of the appeal runs on."""
    decision.reload()
    decision.get_by_label("您的说明").fill("由护士长记录,签字页附后。")
    choose(decision, "签字页.pdf", folder=folder)
    decision.get_by_role("button", name="提交说明").click()
    expect(decision.get_by_text("由护士长记录,签字页附后。")).to_be_visible()
    assert (town.appeal.state, town.appeal.assigned_to) == ("accepted", judge)


def read_outcome_and_manifest(open_page: Open, town: Town, reasons: str) -> None:
    """The visit of three days ago is over; the code opens the letter again: outcome, reasons, no line left open."""
    page = open_page(qr_path(letter_of(town, "decision"), town.now))
    page.get_by_role("link", name=f"您的申诉 {town.appeal.receipt}").click()
    expect(page.get_by_text(reasons)).to_be_visible()
    page.get_by_role("link", name="逐项查看已撤销的后果").click()
    expect(page.get_by_text("没有未撤销的事项")).to_be_visible()
    expect(page.get_by_text("尚未撤销")).to_have_count(0)


def both_are_corrected(hr: Page, clinic: Page) -> None:
    """Both hospitals find the correction in their inbox and the person qualified on their roster."""
    for office in (hr, clinic):
        confirm_first(office, "更正")
        office.locator(".portal-nav").get_by_role("link", name="本单位人员").click()
        expect(office.get_by_text("正常", exact=True)).to_be_visible()
        expect(office.get_by_text("暂停", exact=True)).to_have_count(0)


@pytest.fixture
def pages(open_page: Open, town: Town) -> list[str]:
    """A case in the middle of an appeal, with every page behind the letter filled."""
    piece = AttributionLine.objects.get(attribution=town.attribution).evidence.get()
    redactions.add_redacted_copy(
        evidence=piece, file_name="报告.txt", content="患者:***".encode(), taken_out="患者姓名、身份证号",
        by=town.team.inspector, now=town.now,
    )  # fmt: skip
    town.walk.serve_intent()
    statement = statements.submit_statement(notice=letter_of(town, "intent"), text="报告由上级医师签发。", now=town.now)
    statements.answer_statement(statement=statement, answer="经核实,签名系本人。", by=town.team.approver, now=town.now)
    town.walk.decide().serve().make_effective()
    judge = officer("appeal_officer")
    appeal = appeals.file_appeal(attribution=town.attribution, grounds="本人当日不在岗。", by=None, now=town.now)
    appeals.assign(appeal=appeal, to=judge, by=judge, now=town.now)
    appeals.accept(appeal=appeal, by=judge, now=town.now)
    appeals.ask(appeal=appeal, text="当日考勤由谁记录?", by=judge, now=town.now)
    receipts = [f"/statement/{statement.receipt}", f"/appeal/{appeal.receipt}", f"/appeal/{appeal.receipt}/withdraw"]
    return ["", "/facts", "/options", "/record", "/correction", "/statement", "/appeal", *receipts]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_behind_a_letter_are_accessible_and_never_scroll_sideways(
    open_page: Open, town: Town, pages: list[str], width: int, language: str
) -> None:
    notice = letter_of(town, "decision")
    page = open_page(
        qr_path(notice, town.now), language=language, script=True, viewport={"width": width, "height": 844}
    )
    home = page.url
    for place in pages:
        page.goto(home + place)
        no_serious_issue(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), place


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_closed_door_and_the_portal_are_accessible(open_page: Open, town: Town, language: str) -> None:
    page = open_page("/n/", language=language, script=True)
    no_serious_issue(page)
    page.locator("#number").fill("JF2025-999999")
    page.locator("#code").fill("0000")
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    no_serious_issue(page)
    hr = portal(open_page, town.hr, script=True)
    for path in ("/portal/", "/portal/handovers/", "/portal/roster/", "/portal/roster/?text=无人"):
        hr.goto(hr.url.split("/portal/")[0] + path)
        no_serious_issue(hr)
    hr.goto(hr.url.split("/portal/")[0] + "/portal/handovers/")
    hr.get_by_role("link", name=re.compile("耿晓敏")).click()
    no_serious_issue(hr)


def test_a_mistake_leads_to_its_field_by_keyboard(open_page: Open, town: Town) -> None:
    town.walk.serve_intent()
    page = open_page(qr_path(letter_of(town, "intent"), town.now), script=True)
    page.get_by_role("link", name="填写陈述申辩").click()
    page.get_by_role("button", name="提交陈述申辩").click()
    page.get_by_role("link", name="请填写您想说明的内容。").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("用键盘写的陈述。")
    expect(page.get_by_label("您想说明的内容")).to_have_value("用键盘写的陈述。")


def test_the_letter_closes_in_the_browser(open_page: Open, town: Town) -> None:
    page = open_page(qr_path(letter_of(town, "intent"), town.now))
    home = page.url
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_role("heading", name="打开您的文书")).to_be_visible()
    page.goto(home)
    expect(page.get_by_role("heading", name="打开您的文书")).to_be_visible()
