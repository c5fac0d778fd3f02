"""What the person says through their letter: in words and files, acknowledged, before anything is decided."""

import pytest

from cases.models import Statement, SubmittedFile
from cases.services import evidence as evidence_rows
from cases.services import letters, statements
from cases.services.submissions import SentFile
from cases.states import State
from institutions.errors import NotThere, RuleRefused, WrongState
from institutions.models import AuditEvent, NoticeKind
from institutions.services import notices
from tests.cases.last_write import LastWriteError, fail_on
from tests.cases.views.opening import letter_of
from tests.factories.appeal import PDF
from tests.factories.attribution import procedure
from tests.factories.practitioner import PractitionerFactory

pytestmark = pytest.mark.django_db

TEXT = "检查报告由上级医师签发,本人未参与。"


@pytest.fixture
def walk(now):
    return procedure(State.INTENT_SERVED, now=now)


def submit(walk, **changes):
    facts = {"notice": letter_of(walk.attribution), "text": TEXT, "files": (), "now": walk.now}
    return statements.submit_statement(**(facts | changes))


def test_keeps_words_and_files_and_names_a_receipt(walk):
    statement = submit(walk, files=[SentFile("考勤.pdf", PDF), SentFile("说明.txt", "当日请假".encode())])
    assert statement.receipt == f"CS2025-{statement.pk:06d}"
    assert (statement.text, statement.window, statement.recorded_by) == (TEXT, 1, None)
    assert sorted(file.file_name for file in statement.files.all()) == ["考勤.pdf", "说明.txt"]
    event = AuditEvent.objects.get(action="statement.received")
    assert event.by is None
    assert event.subject_id == str(walk.attribution.pk)


def test_has_to_be_answered_before_the_decision(walk):
    submit(walk)
    walk.wait()
    with pytest.raises(WrongState):
        walk.decide()
    statements.answer_statement(
        statement=Statement.objects.get(), answer="经核实,不予采纳。", by=walk.team.approver, now=walk.now
    )
    assert walk.decide().attribution.state == State.DECIDED


def test_a_form_sent_twice_counts_once_and_more_can_be_added(walk):
    first = submit(walk, files=[SentFile("a.pdf", PDF)])
    assert submit(walk, files=[SentFile("b.pdf", PDF)]) == first
    assert submit(walk) != first
    assert Statement.objects.count() == 2
    assert SubmittedFile.objects.count() == 1


def test_the_same_words_after_the_decision_still_find_their_receipt(walk):
    first = submit(walk)
    statements.answer_statement(statement=first, answer="不予采纳。", by=walk.team.approver, now=walk.now)
    walk.decide()
    assert submit(walk) == first
    with pytest.raises(WrongState):
        submit(walk, text="还有一点。")


def test_before_the_letter_is_served_there_is_nothing_to_answer(now):
    walk = procedure(State.PROPOSED, now=now)
    notice = letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    with pytest.raises(WrongState):
        submit(walk, notice=notice)


@pytest.mark.parametrize("text", ["", "  \n ", "长" * (statements.TEXT_LENGTH_MAX + 1)])
def test_nothing_or_too_much_is_refused(walk, text):
    with pytest.raises(RuleRefused):
        submit(walk, text=text)


@pytest.mark.parametrize(
    "file", [SentFile("a.exe", b"MZ\x00"), SentFile("a.pdf", b"not a pdf"), SentFile("a.txt", b"")]
)
def test_a_file_that_may_not_be_kept_refuses_the_whole(walk, file):
    with pytest.raises(evidence_rows.EvidenceRefused):
        submit(walk, files=[file])
    assert not Statement.objects.exists()


def test_a_letter_about_nothing_takes_no_statement(now):
    notice = notices.queue_notice(
        kind=NoticeKind.REMINDER, recipient=PractitionerFactory(), cause="reminder:1", payload={}, now=now
    )
    with pytest.raises(NotThere):
        statements.submit_statement(notice=notice, text=TEXT, files=(), now=now)


def test_nothing_remains_when_the_last_write_fails(walk, monkeypatch):
    fail_on(monkeypatch, "cases.services.statements.audit.record_event")
    with pytest.raises(LastWriteError):
        submit(walk, files=[SentFile("a.pdf", PDF)])
    assert not Statement.objects.exists()
    assert not SubmittedFile.objects.exists()
