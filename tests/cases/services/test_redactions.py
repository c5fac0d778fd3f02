"""Redacted copies: what the person sees of evidence, every opening written down."""

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from cases.models import AttributionLine, RedactedCopy, RedactedOpening
from cases.selectors import persons
from cases.services import evidence as evidence_rows
from cases.services import redactions
from cases.states import State
from institutions.errors import Forbidden, NotThere, RuleRefused
from tests.cases.views.opening import letter_of
from tests.factories.attribution import procedure
from tests.factories.evidence import EvidenceFactory, stored
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

COPY = "检查报告 患者:***\n".encode()


@pytest.fixture
def walk(now):
    return procedure(State.INTENT_SERVED, now=now)


def piece_of(walk):
    return AttributionLine.objects.get(attribution=walk.attribution).evidence.get()


def add(walk, **changes):
    facts = {
        "evidence": piece_of(walk),
        "file_name": "report.txt",
        "content": COPY,
        "taken_out": "患者姓名",
        "by": walk.team.inspector,
        "now": walk.now,
    }
    return redactions.add_redacted_copy(**(facts | changes))


def test_the_latest_copy_is_what_the_person_sees(walk):
    assert persons.evidence_of(walk.attribution)[0].copy is None
    first = add(walk)
    assert persons.evidence_of(walk.attribution)[0].copy == first
    second = redactions.add_redacted_copy(
        evidence=piece_of(walk),
        file_name="report.txt",
        content=COPY + b"more",
        taken_out="患者姓名、身份证号",
        by=walk.team.inspector,
        now=walk.wait().now,
    )
    assert persons.evidence_of(walk.attribution)[0].copy == second


def test_the_same_bytes_again_change_nothing(walk):
    assert add(walk) == add(walk)
    assert RedactedCopy.objects.count() == 1


def test_the_original_itself_is_refused_by_service_and_database(walk):
    piece = piece_of(walk)
    content = evidence_rows.read(piece) or b""
    with pytest.raises(RuleRefused):
        add(walk, content=content)
    with pytest.raises(IntegrityError, match="redacted_copy_is_not_the_original"), transaction.atomic():
        RedactedCopy.objects.create(
            evidence=piece, file=stored(content), file_name="a.txt", sha256=piece.sha256, size=piece.size,
            content_type="text/plain", taken_out="无", added_at=walk.now, added_by=walk.team.inspector,
        )  # fmt: skip


@pytest.mark.parametrize("changes", [{"content": b""}, {"content": b"MZ\x00", "file_name": "a.exe"}])
def test_what_may_not_be_kept_is_refused(walk, changes):
    with pytest.raises(evidence_rows.EvidenceRefused):
        add(walk, **changes)


def test_a_copy_says_what_was_taken_out(walk):
    with pytest.raises(RuleRefused):
        add(walk, taken_out=" ")


@pytest.mark.parametrize("role", ["appeal_officer", "auditor", "publisher"])
def test_only_officers_of_the_case_decide_what_is_shown(walk, role):
    with pytest.raises(Forbidden):
        add(walk, by=officer(role))


def test_every_opening_is_written_down(walk):
    copy, notice = add(walk), letter_of(walk.attribution)
    assert redactions.open_by_person(copy=copy, notice=notice, now=walk.now) == COPY
    assert redactions.open_by_officer(copy=copy, by=walk.team.approver, now=walk.now) == COPY
    by_person, by_officer = RedactedOpening.objects.order_by("pk")
    assert (by_person.notice, by_person.opened_by) == (notice, None)
    assert (by_officer.notice, by_officer.opened_by) == (None, walk.team.approver)


def test_another_persons_letter_opens_nothing(walk, now):
    copy = add(walk)
    other = procedure(State.INTENT_SERVED, now=now)
    with pytest.raises(NotThere):
        redactions.open_by_person(copy=copy, notice=letter_of(other.attribution), now=now)
    assert not RedactedOpening.objects.exists()
    assert persons.copy_for(other.attribution, copy.pk) is None


def test_evidence_of_the_case_that_is_not_against_this_person_is_not_theirs_to_see(walk):
    piece = EvidenceFactory(case=walk.attribution.case)
    copy = add(walk, evidence=piece)
    with pytest.raises(NotThere):
        redactions.open_by_person(copy=copy, notice=letter_of(walk.attribution), now=walk.now)


def test_a_changed_file_is_not_handed_out_and_is_found_at_night(walk, now):
    copy = add(walk)
    name = str(copy.file.name)
    default_storage.delete(name)
    with default_storage.open(name, "wb") as tampered:
        tampered.write(b"changed")
    assert redactions.open_by_person(copy=copy, notice=letter_of(walk.attribution), now=now) is None
    assert RedactedOpening.objects.get().hash_matched is False
    check = evidence_rows.verify_evidence(now=now)
    assert check.mismatched == [copy]
    assert piece_of(walk).case.number in evidence_rows.name_of(copy)
