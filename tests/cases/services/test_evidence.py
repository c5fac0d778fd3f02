"""F03: evidence is taken in once, addressed by its hash, watched and logged."""

import hashlib

import pytest
from django.core.files.storage import default_storage

from cases.models import Evidence, EvidenceAccess
from cases.services import evidence as evidence_rows
from cases.services.evidence import EvidenceRefused, HashMismatch
from institutions.errors import Forbidden, WrongState
from institutions.models import AuditEvent
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.case_file import CaseFileFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db
TEXT = "报告比对表\n".encode()


@pytest.fixture
def inspector():
    return officer("inspector")


def add(case, by, now, **changes):
    facts = {"key": "e1", "title": "报告比对表", "file_name": "reports.txt", "content": TEXT}
    return evidence_rows.add_evidence(case=case, by=by, now=now, **(facts | changes))


def tamper(piece):
    with open(default_storage.path(piece.file.name), "r+b") as stored:
        stored.write(b"X")


class TestAdd:
    def test_is_stored_under_its_hash(self, inspector, now):
        piece = add(CaseFileFactory(), inspector, now)
        digest = hashlib.sha256(TEXT).hexdigest()
        assert (piece.sha256, piece.size, piece.content_type) == (digest, len(TEXT), "text/plain")
        assert piece.file.name.endswith(digest)
        assert evidence_rows.read(piece) == TEXT

    def test_the_same_a_second_time_changes_nothing_and_other_bytes_are_refused(self, inspector, now):
        case = CaseFileFactory()
        assert add(case, inspector, now) == add(case, inspector, now)
        with pytest.raises(WrongState):
            add(case, inspector, now, content=b"other")

    def test_two_cases_may_cite_the_same_bytes(self, inspector, now):
        first, second = (add(CaseFileFactory(), inspector, now) for _ in range(2))
        assert first.file.name == second.file.name

    def test_a_file_that_was_tampered_with_is_mended_by_the_same_bytes_coming_in_again(self, inspector, now):
        first = add(CaseFileFactory(), inspector, now)
        tamper(first)
        add(CaseFileFactory(), inspector, now)
        assert evidence_rows.is_unchanged(first)

    @pytest.mark.parametrize(
        ("name", "content"), [("a.txt", b""), ("a.exe", b"MZ"), ("a.pdf", b"no"), ("a.txt", b"x" * (20 * 2**20 + 1))]
    )
    def test_empty_too_large_or_not_allowed_is_refused(self, inspector, now, name, content):
        with pytest.raises(EvidenceRefused):
            add(CaseFileFactory(), inspector, now, file_name=name, content=content)

    def test_an_approver_does_not_add(self, now):
        with pytest.raises(Forbidden):
            add(CaseFileFactory(), officer("approver"), now)

    def test_nothing_remains_when_the_last_write_fails(self, inspector, now, monkeypatch):
        fail_on(monkeypatch, "cases.services.evidence.audit.record_event")
        with pytest.raises(LastWriteError):
            add(CaseFileFactory(), inspector, now)
        assert not Evidence.objects.exists()


class TestOpen:
    def test_every_opening_is_written_down(self, inspector, now):
        piece = EvidenceFactory(content=TEXT)
        assert evidence_rows.open_evidence(evidence=piece, purpose="核查", by=inspector, now=now) == TEXT
        access = EvidenceAccess.objects.get()
        assert (access.opened_by, access.purpose, access.hash_matched) == (inspector, "核查", True)

    def test_a_changed_file_is_not_handed_out_and_the_attempt_stays_on_record(self, inspector, now):
        piece = EvidenceFactory(content=TEXT)
        tamper(piece)
        assert evidence_rows.open_evidence(evidence=piece, purpose="核查", by=inspector, now=now) is None
        assert EvidenceAccess.objects.get().hash_matched is False

    def test_whoever_may_not_see_evidence_is_refused_and_leaves_no_line(self, now):
        with pytest.raises(Forbidden):
            evidence_rows.open_evidence(evidence=EvidenceFactory(), purpose="x", by=officer("publisher"), now=now)
        assert not EvidenceAccess.objects.exists()


class TestVerify:
    def test_untouched_files_are_clean(self, now):
        EvidenceFactory.create_batch(3)
        check = evidence_rows.verify_evidence(now=now)
        assert (check.checked, check.is_clean, check.orphans) == (3, True, [])
        check.ensure_clean()

    def test_one_changed_byte_is_found_and_named(self, now):
        piece = EvidenceFactory(content=TEXT)
        tamper(piece)
        check = evidence_rows.verify_evidence(now=now)
        assert check.mismatched == [piece]
        assert AuditEvent.objects.get(action="evidence.hash_mismatch").subject_id == str(piece.pk)
        with pytest.raises(HashMismatch, match=piece.key):
            check.ensure_clean()

    def test_a_lost_file_is_found(self, now):
        piece = EvidenceFactory(content=TEXT)
        default_storage.delete(piece.file.name)
        assert evidence_rows.verify_evidence(now=now).missing == [piece]

    def test_files_nobody_cites_are_counted(self, now, media):
        orphan = media / "evidence" / "00" / "0000"
        orphan.parent.mkdir(parents=True)
        orphan.write_bytes(b"x")
        assert evidence_rows.verify_evidence(now=now).orphans == ["evidence/00/0000"]


def test_several_files_at_once_get_keys_of_their_own_and_none_is_kept_twice(now):
    case, by = CaseFileFactory(), officer("inspector")
    files = [("对照表.txt", "一\n".encode()), ("登记表.txt", "二\n".encode())]
    pieces = evidence_rows.add_files(case=case, files=files, by=by, now=now)
    assert [(piece.key, piece.title) for piece in pieces] == [("e1", "对照表"), ("e2", "登记表")]
    again = evidence_rows.add_files(case=case, files=[*files, ("三.txt", "三\n".encode())], by=by, now=now)
    assert [piece.key for piece in again] == ["e1", "e2", "e3"]
    titled = evidence_rows.add_files(case=case, files=[("x.txt", b"four\n")], title="第四份", by=by, now=now)
    assert titled[0].title == "第四份"
    assert case.evidence.count() == 4


def test_of_several_files_all_are_kept_or_none(now):
    case, by = CaseFileFactory(), officer("inspector")
    with pytest.raises(EvidenceRefused, match=r"b\.pdf"):
        evidence_rows.add_files(case=case, files=[("a.txt", b"a\n"), ("b.pdf", b"no pdf")], by=by, now=now)
    assert not case.evidence.exists()
    with pytest.raises(Forbidden):
        evidence_rows.add_files(case=case, files=[("a.txt", b"a\n")], by=officer("auditor"), now=now)
