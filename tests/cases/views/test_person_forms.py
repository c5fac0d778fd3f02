"""Forms behind a letter: statement, appeal with its dialogue, correction; mistakes beside the field, receipts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Appeal, DataRequest, Statement
from cases.policy import evidence_types
from cases.services import statements
from cases.states import State
from cases.states.appeal import State as AppealState
from institutions import clock
from tests.cases.views.opening import letter_of, opened, text_of
from tests.factories.appeal import PDF, hearing
from tests.factories.attribution import procedure

pytestmark = pytest.mark.django_db


def upload(name="考勤.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


class TestStatement:
    @pytest.fixture
    def walk(self, now):
        return procedure(State.INTENT_SERVED, now=now)

    @pytest.fixture
    def client(self, walk):
        return opened(letter_of(walk.attribution), walk.now, "en")

    @pytest.fixture
    def page(self, walk):
        return f"/n/{letter_of(walk.attribution).number}/statement"

    def test_is_sent_with_files_and_acknowledged(self, client, page):
        answer = client.post(page, {"text": "检查报告由上级医师签发。", "files": [upload(), upload("b.txt", b"note")]})
        statement = Statement.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"{page}/{statement.receipt}")
        receipt = text_of(client.get(answer["Location"]))
        assert statement.receipt in receipt
        assert "考勤.pdf" in receipt
        assert "Not answered yet" in receipt

    def test_the_answer_stands_on_the_receipt(self, walk, client, page):
        client.post(page, {"text": "检查报告由上级医师签发。"})
        statement = Statement.objects.get()
        statements.answer_statement(statement=statement, answer="经核实不成立。", by=walk.team.approver, now=walk.now)
        assert "经核实不成立。" in text_of(client.get(f"{page}/{statement.receipt}"))

    def test_another_receipt_is_not_there(self, client, page):
        assert client.get(f"{page}/CS2025-999999").status_code == 404

    def test_an_empty_one_is_refused_beside_the_field(self, client, page):
        answer = client.post(page, {"text": " "})
        text = text_of(answer)
        assert answer.status_code == 422
        assert 'href="#text"' in text
        assert 'id="text-error"' in text
        assert 'aria-invalid="true"' in text
        assert not Statement.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content"),
        [("virus.exe", b"MZ\x00"), ("page.html", b"<script>"), ("photo.pdf", b"GIF89a"), ("empty.txt", b"")],
    )
    def test_a_file_that_is_not_what_it_says_is_named_and_the_text_is_kept(self, client, page, name, content):
        answer = client.post(page, {"text": "我的陈述", "files": [upload(name, content), upload()]})
        text = text_of(answer)
        assert answer.status_code == 422
        assert name in text
        assert "我的陈述" in text
        assert 'href="#files"' in text
        assert "Please choose your files again" in text
        assert not Statement.objects.exists()

    def test_too_large_too_many_and_too_much_are_refused_before_they_are_kept(self, client, page, monkeypatch):
        monkeypatch.setattr(evidence_types, "SIZE_MAX", 10)
        answer = client.post(page, {"text": "我的陈述", "files": [upload()]})
        assert "larger than" in text_of(answer)
        answer = client.post(page, {"text": "我的陈述", "files": [upload(f"{n}.pdf") for n in range(11)]})
        assert "At most 10 files" in text_of(answer)
        answer = client.post(page, {"text": "长" * (statements.TEXT_LENGTH_MAX + 1)})
        assert answer.status_code == 422
        assert not Statement.objects.exists()

    def test_after_the_decision_the_page_says_so_and_takes_nothing(self, now):
        walk = procedure(State.DECIDED, now=now)
        notice = letter_of(walk.attribution, "intent")
        client = opened(notice, walk.now, "en")
        page = f"/n/{notice.number}/statement"
        assert "statements are no longer taken in here" in text_of(client.get(page))
        assert client.post(page, {"text": "太晚了"}).status_code == 409
        assert not Statement.objects.exists()

    def test_what_was_written_is_escaped(self, client, page):
        client.post(page, {"text": "<script>alert(1)</script>"})
        text = text_of(client.get(f"{page}/{Statement.objects.get().receipt}"))
        assert "<script>alert" not in text


class TestAppeal:
    @pytest.fixture
    def walk(self, now):
        return procedure(State.EFFECTIVE, now=now)

    @pytest.fixture
    def client(self, walk):
        return opened(letter_of(walk.attribution, "decision"), walk.now, "en")

    @pytest.fixture
    def page(self, walk):
        return f"/n/{letter_of(walk.attribution, 'decision').number}/appeal"

    def test_is_filed_with_two_files_and_followed(self, client, page):
        answer = client.post(page, {"grounds": "本人当日不在岗。", "files": [upload(), upload("b.txt", b"note")]})
        appeal = Appeal.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"{page}/{appeal.receipt}")
        assert (appeal.filed_by, appeal.files.count()) == (None, 2)
        text = text_of(client.get(answer["Location"]))
        assert appeal.receipt in text
        assert "本人当日不在岗。" in text
        assert "working days left" in text

    def test_a_second_one_leads_to_the_first(self, client, page):
        first = client.post(page, {"grounds": "本人当日不在岗。"})
        second = client.post(page, {"grounds": "再来一次。"})
        assert first["Location"] == second["Location"]
        assert Appeal.objects.count() == 1
        text = text_of(client.get(page))
        assert "An appeal is not possible now" in text
        assert Appeal.objects.get().receipt in text

    def test_empty_grounds_are_refused_beside_the_field(self, client, page):
        answer = client.post(page, {"grounds": ""})
        assert answer.status_code == 422
        assert 'href="#grounds"' in text_of(answer)

    def test_a_late_one_needs_its_reason(self, walk, page):
        late = hearing(AppealState.FILED, now=walk.now).later(60).now  # sixty days are past every deadline
        notice = letter_of(walk.attribution, "decision")
        client = opened(notice, late, "en")
        assert "The time to appeal has passed" in text_of(client.get(page))
        answer = client.post(page, {"grounds": "本人当日不在岗。"})
        assert [problem["field"] for problem in answer.context["problems"]] == ["late_reason"]
        client.post(page, {"grounds": "本人当日不在岗。", "late_reason": "住院。"})
        appeal = Appeal.objects.get(attribution=walk.attribution)
        assert (appeal.is_late, appeal.late_reason) == (True, "住院。")

    def test_before_there_is_a_decision_the_page_gives_the_reason(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        notice = letter_of(walk.attribution)
        client = opened(notice, walk.now, "en")
        assert "Nothing is decided yet" in text_of(client.get(f"/n/{notice.number}/appeal"))
        assert client.post(f"/n/{notice.number}/appeal", {"grounds": "早了"}).status_code == 409

    def test_question_and_answer(self, now):
        heard = hearing(AppealState.AWAITING_ANSWER, now=now)
        notice = letter_of(heard.walk.attribution, "decision")
        client = opened(notice, heard.now, "en")
        home = client.get(f"/n/{notice.number}")
        assert home.context["moves"][0].key == "answer"
        page = f"/n/{notice.number}/appeal/{heard.appeal.receipt}"
        text = text_of(client.get(page))
        assert "当日考勤由谁记录?" in text
        assert "does not run" in text
        assert client.post(page, {"text": ""}).status_code == 422
        answer = client.post(page, {"text": "由护士长记录。", "files": [upload()]})
        assert (answer.status_code, answer["Location"]) == (302, page)
        assert heard.appeal.state == AppealState.ACCEPTED
        text = text_of(client.get(page))
        assert "由护士长记录。" in text
        assert "A question to you" not in text
        assert client.post(page, {"text": "再说一句。"}).status_code == 409

    def test_the_outcome_with_its_reasons(self, now):
        heard = hearing(AppealState.DECIDED, now=now)
        notice = letter_of(heard.walk.attribution, "decision")
        text = text_of(opened(notice, heard.now, "en").get(f"/n/{notice.number}/appeal/{heard.appeal.receipt}"))
        assert heard.appeal.outcome_reasons in text
        assert "Ask for a second review" in text

    def test_the_second_review(self, now):
        heard = hearing(AppealState.DECIDED, now=now)
        notice = letter_of(heard.walk.attribution, "decision")
        client = opened(notice, heard.now, "en")
        page = f"/n/{notice.number}/appeal/{heard.appeal.receipt}/second-review"
        assert "It is the last level of this procedure" in text_of(client.get(page))
        assert client.post(page, {"grounds": ""}).status_code == 422
        client.post(page, {"grounds": "一审没有看考勤。"})
        second = Appeal.objects.get(level=2)
        assert second.previous == heard.appeal
        assert second.receipt in text_of(client.get(f"/n/{notice.number}"))
        assert text_of(client.get(page)).count(second.receipt)

    def test_withdrawing_asks_once_more(self, now):
        heard = hearing(AppealState.FILED, now=now)
        notice = letter_of(heard.walk.attribution, "decision")
        client = opened(notice, heard.now, "en")
        page = f"/n/{notice.number}/appeal/{heard.appeal.receipt}/withdraw"
        assert "cannot be filed again" in text_of(client.get(page))
        assert client.post(page, {"reason": ""}).status_code == 422
        assert heard.appeal.is_open
        client.post(page, {"reason": "已沟通。"})
        assert heard.appeal.state == AppealState.WITHDRAWN
        assert client.post(page, {"reason": "已沟通。"}).status_code == 302

    def test_an_appeal_of_somebody_else_is_not_there(self, now, client, page):
        other = hearing(AppealState.FILED, now=now)
        clock.move_to(now)
        for rest in ("", "/withdraw", "/second-review"):
            assert client.get(f"{page}/{other.appeal.receipt}{rest}").status_code == 404

    def test_while_overdue_both_sides_see_it(self, now):
        heard = hearing(AppealState.ACCEPTED, now=now).later(120)
        notice = letter_of(heard.walk.attribution, "decision")
        text = text_of(opened(notice, heard.now, "en").get(f"/n/{notice.number}"))
        assert "The day for the outcome has passed" in text


class TestCorrection:
    @pytest.fixture
    def walk(self, now):
        return procedure(State.INTENT_SERVED, now=now)

    def test_is_filed_and_listed_with_its_number(self, walk):
        notice = letter_of(walk.attribution)
        client = opened(notice, walk.now, "en")
        answer = client.post(f"/n/{notice.number}/correction", {"kind": "dates", "text": "日期应为1月2日。"})
        assert answer["Location"] == f"/n/{notice.number}/record#requests"
        text = text_of(client.get(f"/n/{notice.number}/record"))
        assert DataRequest.objects.get().receipt in text

    def test_mistakes_are_named(self, walk):
        notice = letter_of(walk.attribution)
        answer = opened(notice, walk.now, "en").post(f"/n/{notice.number}/correction", {"kind": "", "text": ""})
        assert [problem["field"] for problem in answer.context["problems"]] == ["kind", "text"]

    def test_evidence_can_be_asked_for_from_its_page(self, walk):
        notice = letter_of(walk.attribution)
        client = opened(notice, walk.now, "en")
        assert "?kind=evidence" in text_of(client.get(f"/n/{notice.number}/facts"))
        assert 'value="evidence" checked' in text_of(client.get(f"/n/{notice.number}/correction?kind=evidence"))
