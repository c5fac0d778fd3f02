"""The second officer's way: read everything, answer what is asked on the page, read the letter, decide."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.models import Attribution
from cases.services import attributions
from cases.services.lines import LineInput
from institutions import clock
from institutions.clock import local_date
from tests.browser.conftest import Open
from tests.browser.signing_in import sign_in
from tests.cases.planted import cells, sole_village_doctor
from tests.factories.attribution import REASONING, Procedure

DESK = {"width": 1366, "height": 900}


@pytest.fixture
def media(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def walk(transactional_db, media, now) -> Procedure:
    """The doctor of a village, softened from twelve points to eleven after a statement; others got ten."""
    made = sole_village_doctor(now, points=12)
    for points, decisions in ((10, 7), (11, 2)):
        cells(points, decisions, now=now)
    it, line = made.attribution, made.attribution.lines.get()
    statement = attributions.record_statement(
        attribution=it,
        text="本人只按院长要求登记,请予从轻。",
        received_at=made.now,
        by=made.team.inspector,
        now=made.now,
    )
    attributions.answer_statement(
        statement=statement, answer="已核对排班表,部分采纳。", by=made.team.approver, now=made.now
    )
    keys = tuple(line.evidence.values_list("key", flat=True))
    softer = [LineInput(line.finding.key, line.clause, "important", 11, REASONING, None, keys)]
    attributions.edit_lines(attribution=it, lines=softer, months=None, by=made.team.inspector, now=made.now)
    made.attribution = Attribution.objects.get(pk=it.pk)
    clock.move_to(made.now)
    return made


def decision_page(open_page: Open, live_server, walk: Procedure, *, language: str, **options: object) -> Page:
    path = f"/admin/cases/attribution/{walk.attribution.pk}/decide/"
    page = open_page("/admin/", language=language, script=True, viewport=DESK, **options)
    sign_in(page, walk.team.approver, base=live_server.url, path=path)
    return page


def test_the_second_officer_reads_answers_and_decides(open_page: Open, live_server, walk):
    page = decision_page(open_page, live_server, walk, language="en-GB")
    expect(page.get_by_text("Proposal 2: 11 points")).to_be_visible()
    expect(page.get_by_text("已核对排班表,部分采纳。")).to_be_visible()
    decide = page.locator("#move-decide")
    expect(decide.get_by_role("button", name="Decide: points")).to_be_disabled()
    expect(decide).to_contain_text("1 question waits for an answer")
    question = page.locator("#questions article")
    question.get_by_role("button", name="Answer").click()
    expect(question.get_by_role("alert")).to_be_visible(timeout=30_000)
    question.get_by_label("Somebody else covers").check()
    question.get_by_label("Your answer; it stays in the file").fill("乡卫生院每周一三五派医师到村接诊。")
    question.get_by_role("button", name="Answer").click()
    expect(question.get_by_text("answered", exact=True)).to_be_visible(timeout=30_000)
    expect(decide.get_by_role("button", name="Decide: points")).to_be_enabled(timeout=30_000)
    decide.get_by_label("Reasons; they stand in the letter").fill("属实,陈述部分采纳。")
    decide.get_by_role("button", name="Read the letter (English)").click()
    expect(page.locator("#letter-decide")).to_contain_text("Draft: nothing is sent", timeout=30_000)
    expect(page.locator("#letter-decide")).to_contain_text("属实,陈述部分采纳。")
    decide.get_by_role("button", name="Decide: points").click()
    expect(page.get_by_role("status").first).to_contain_text("The decision is on record")
    assert Attribution.objects.get(pk=walk.attribution.pk).state == "decided"
    assert local_date(walk.now) == clock.today()
