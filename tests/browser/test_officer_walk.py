"""The Chifeng case in a browser, from the log-in with a second factor to the file of a person.

Two officers act in the browser. Background work runs where the worker would run it, and the clock is moved.
"""

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Dialog, Page, expect

from cases.models import Attribution, CaseFile, ConcernKind, ContinuityChoice
from cases.selectors.concerns import concerns_of
from cases.services import attributions, concerns
from cases.services.case_uploads import CASES
from cases.states import State
from config.demo.story import CASES as CASE_FILES
from config.demo.story import ROSTER
from institutions import clock
from institutions.clock import local_date
from institutions.models import User
from institutions.services import upload_steps
from institutions.services.roster import import_roster
from tests.browser.conftest import Open
from tests.browser.signing_in import sign_in
from tests.browser.test_due_process import no_serious_issue
from tests.factories.user import officer
from tests.scoring.public_people import set_today

DESK = {"width": 1366, "height": 900}
INTENT_ON, DECIDED_ON = date(2025, 7, 10), date(2025, 7, 18)
LAST = "刘某茹"
REASONING = "在登记住院期间照常出诊,对虚假住院骗取基金起配合作用。"
NUMBER = "巴医保案〔2025〕001"


@pytest.fixture
def team(live_server: Any, tmp_path: Path, settings: Any) -> tuple[User, User]:
    """An inspector and an approver, the roster of the two sites, and a day on which nothing has been done."""
    settings.MEDIA_ROOT = tmp_path / "media"
    now = set_today(INTENT_ON)
    inspector, approver = officer("inspector", region="15"), officer("approver", region="15")
    import_roster(source=ROSTER, by=officer("inspector"), now=now)
    return inspector, approver


def case_without_the_last_person(folder: Path) -> list[Path]:
    """The case as it was made public, but for one person, whom the officer will add; with its evidence."""
    whole = yaml.safe_load((CASE_FILES / "chifeng.yaml").read_text(encoding="utf-8"))
    whole["case"]["attributions"] = [
        part for part in whole["case"]["attributions"] if part["practitioner"]["name"] != LAST
    ]
    path = folder / "chifeng.yaml"
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    pieces = [CASE_FILES / piece["file"] for piece in whole["case"]["evidence"]]
    return [path, *pieces]


def morning_of(day: date) -> datetime:
    """Ten in the morning, the night's work of the day done; the server reads the same clock."""
    set_today(day)
    now = datetime.combine(day, time(10), tzinfo=clock.SHANGHAI)
    clock.move_to(now)
    return now


def test_from_the_import_to_the_file_of_a_person(
    open_page: Open, live_server: Any, team: tuple[User, User], tmp_path: Path
) -> None:
    inspector, approver = team
    desk = open_page("/admin/login/", script=True, viewport=DESK)
    sign_in(desk, inspector, base=live_server.url)
    import_the_case(desk, live_server.url, tmp_path)
    add_the_last_person(desk)
    expect(desk.locator("#preview-sum")).to_contain_text(re.compile(r"终止\s*6\s*暂停\s*2"))
    no_serious_issue(desk)
    read_the_evidence(desk)
    tell_everybody(desk)
    morning_of(DECIDED_ON)
    decide_everything(open_page, live_server.url, approver)
    desk.goto(live_server.url + workspace())
    serve_everybody(desk)
    attributions.make_due_attributions_effective(now=clock.now())
    desk.reload()
    expect(desk.locator(".ws-states")).to_contain_text("已生效")
    expect(desk.locator("#preview-sum")).to_contain_text(re.compile(r"终止\s*6\s*暂停\s*2"))
    the_file_shows_it(desk, live_server.url)


def workspace() -> str:
    """The path of the case's page."""
    return f"/admin/cases/casefile/{CaseFile.objects.get().pk}/workspace/"


def import_the_case(desk: Page, base: str, folder: Path) -> None:
    """Upload the case with its evidence, look at what it would do, and import it; open its page."""
    file, *evidence = case_without_the_last_person(folder)
    desk.goto(f"{base}/admin/cases/caseupload/add/")
    desk.locator("input[name=file]").set_input_files(file)
    desk.locator("input[name=evidence]").set_input_files(evidence)
    desk.locator("main form button[type=submit], #content form button[type=submit]").first.click()
    expect(desk).to_have_url(re.compile(r"/caseupload/\d+/"))
    upload_steps.process_due(CASES, now=clock.now())
    desk.reload()
    expect(desk.get_by_text(NUMBER).first).to_be_visible()
    desk.locator("form[action$='/confirm/'] button").click()
    upload_steps.process_due(CASES, now=clock.now())
    desk.reload()
    desk.locator("#cases-made").get_by_role("link", name=NUMBER).click()
    expect(desk.locator("#case-title")).to_have_text("巴林左旗济仁中医医院")
    expect(desk.locator("#preview-sum")).to_contain_text(re.compile(r"终止\s*6\s*暂停\s*1"))


def add_the_last_person(desk: Page) -> None:
    """Find the person by pinyin, hold them responsible, watch the preview, be stopped by a short reasoning, save."""
    desk.locator("#add-person summary").click()
    desk.locator("#people-q").fill("liumouru")
    desk.locator("#people-found").get_by_role("link", name=re.compile(LAST)).click()
    expect(desk.get_by_role("heading", name=LAST)).to_be_visible()
    desk.get_by_role("button", name=re.compile("^＋ f2")).click()
    line = desk.locator("#line-0")
    line.locator("select[name=line-0-clause]").select_option("D1")
    line.locator("select[name=line-0-degree]").select_option("general")
    expect(line.locator("[data-suggested='10']")).to_be_visible()
    expect(line.locator("input[name=line-0-points]")).to_have_value("10")
    desk.locator("input[name=months]").fill("4")
    line.locator("input[name=line-0-evidence][value=e2]").check()
    expect(desk.locator("#preview-sum")).to_contain_text(re.compile(r"暂停\s*2"))
    line.locator("textarea").fill("太短")
    expect(line.locator("[data-count-for]")).to_contain_text(re.compile("2 字.至少 20 字"))
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator("#faults")).to_contain_text("20")
    expect(desk.locator("input[name=line-0-points]")).to_have_value("10")
    leaving_is_guarded(desk)
    desk.locator("#line-0 textarea").fill(REASONING)
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator(".ws-messages")).to_contain_text("已保存")
    assert Attribution.objects.get(practitioner__name=LAST).lines.get().points == 10


def leaving_is_guarded(desk: Page) -> None:
    """Leaving with unsaved changes asks first; staying keeps everything."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.once("dialog", stay)
    desk.locator(".ws-close").click()
    desk.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    expect(desk.locator("#faults")).to_be_visible()


def read_the_evidence(desk: Page) -> None:
    """Open a piece in place; the opening stands in its log."""
    piece = desk.locator("#evidence-e1")
    piece.get_by_role("button", name=re.compile("^查阅")).click()
    expect(desk.frame_locator("iframe[name=evidence-viewer]").locator("body")).not_to_be_empty()
    desk.goto(desk.url.partition("?")[0])
    expect(desk.locator("#evidence-e1 .ws-log summary").first).to_have_text("已查阅 1 次")


def tell_everybody(desk: Page) -> None:
    """Propose all eight at once, then record that all eight were told on one day with one proof."""
    desk.locator("[data-all]").check()
    desk.get_by_role("button", name="提出所选人员").click()
    expect(desk.locator(".ws-messages")).to_contain_text("已提出 8 人")
    serve(desk, "拟记分告知书签收回执,共八份")
    assert states() == {State.INTENT_SERVED}
    expect(desk.locator(".ws-states")).to_contain_text("已告知")


def serve_everybody(desk: Page) -> None:
    """Record that the decisions reached all eight."""
    serve(desk, "记分决定书签收回执,共八份")
    assert states() == {State.SERVED}


def serve(desk: Page, proof: str) -> None:
    """Tick everybody and record the service of today."""
    desk.locator("[data-all]").check()
    desk.locator("#act-serve_several > summary").click()
    desk.locator("[name=serve_several-method]").select_option("hr_handover")
    desk.locator("[name=serve_several-served_on]").fill(local_date(clock.now()).isoformat())
    desk.locator("[name=serve_several-proof]").fill(proof)
    desk.locator("button[value=serve_several]").click()
    expect(desk.locator(".ws-messages")).to_contain_text("8 人")


def decide_everything(open_page: Open, base: str, approver: User) -> None:
    """After the window the second officer answers what is asked, decides one on their page, and the others at once.

    Nobody can be ticked before their page was opened.
    """
    answer_what_is_asked(approver)
    first, *others = Attribution.objects.order_by("pk")
    page = open_page("/admin/login/", script=True, viewport=DESK)
    sign_in(page, approver, base=base, path=f"{workspace()}?person={first.pk}")
    page.locator(".ws-person a[href$='/decide/']").click()
    page.locator("#move-decide textarea").first.fill("事实清楚,证据充分。")
    page.locator("#move-decide button[value=decide]").click()
    expect(page.get_by_role("status").first).to_be_visible()
    first.refresh_from_db()
    assert (first.state, first.decided_by) == (State.DECIDED, approver)
    several = f"{base}/admin/cases/attribution/decide-several/"
    page.goto(several)
    expect(page.locator("#waiting input[name=chosen]:disabled")).to_have_count(len(others))
    for attribution in others:
        page.goto(f"{base}/admin/cases/attribution/{attribution.pk}/decide/")
        expect(page.locator("#move-decide button[value=decide]")).to_be_enabled()
    page.goto(several)
    for box in page.locator("#waiting input[name=chosen]").all():
        box.check()
    page.locator("textarea[name=reasons]").fill("事实清楚,证据充分。")
    page.get_by_role("button", name="对勾选项作出决定").click()
    expect(page.get_by_role("status").first).to_contain_text(LAST)
    assert set(Attribution.objects.values_list("state", "decided_by")) == {(State.DECIDED, approver.pk)}


def answer_what_is_asked(approver: User) -> None:
    """Answer every question before the decision."""
    case = CaseFile.objects.get()
    for item in concerns_of(case, on=DECIDED_ON, by=approver):
        if item.waits:
            choice = ContinuityChoice.COVER if item.kind is ConcernKind.CONTINUITY else ""
            said = {"key": item.key, "digest": item.digest, "text": "已核实,当地另有同专业医师可以接诊。"}
            concerns.answer(case=case, **said, choice=choice, by=approver, now=clock.now())


def states() -> set[str]:
    """The states in which the persons of the case are."""
    return set(Attribution.objects.values_list("state", flat=True))


def the_file_shows_it(desk: Page, base: str) -> None:
    """The file of the person added in the browser tells points and suspension."""
    person = Attribution.objects.get(practitioner__name=LAST).practitioner
    desk.goto(f"{base}/admin/institutions/practitioner/{person.pk}/change/")
    shown = desk.locator("#content")
    expect(shown).to_contain_text("10")
    expect(shown).to_contain_text("暂停")
    expect(shown).to_contain_text(NUMBER)
