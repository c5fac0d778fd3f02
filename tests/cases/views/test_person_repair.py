"""Earning points back behind a letter, and checking the letter oneself: without script, in both languages."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import QuizAttempt, RepairApplication
from cases.services import repair_decisions
from cases.states import State
from institutions.clock import local_date
from institutions.models import Notice, NoticeKind
from scoring.policy.letter_check import check
from tests.cases.views.opening import letter_of, opened, text_of
from tests.factories.attribution import procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.region import RegionFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.repair import REASONS, TIANJIN, right_answers
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(now: datetime):
    """A decision of 5 points in Tianjin that has taken effect."""
    site = InstitutionFactory.create(region=RegionFactory.create(code=TIANJIN))
    basis = BasisFactory.create(institution=site, articles=[38], decided_on=local_date(now) - timedelta(days=9))
    case = CaseFileFactory.create(institution=site, basis=basis)
    made = procedure(State.EFFECTIVE, now=now, case=case, line__points=5, line__clause="B3", line__degree="important")
    RegistrationFactory.create(practitioner=made.attribution.practitioner, institution=site)
    return made


def start(client, notice, walk, **fields):
    return client.post(f"/n/{notice.number}/repair", {"place": walk.attribution.case.institution.code, **fields})


def sent_answers(answers: list[list[int]]) -> dict[str, object]:
    return {"move": "answers", **{f"q{n}": chosen for n, chosen in enumerate(answers)}}


def test_a_course_is_read_answered_handed_in_and_approved(walk, now: datetime) -> None:
    notice = letter_of(walk.attribution)
    client = opened(notice, walk.now)

    page = text_of(client.get(f"/n/{notice.number}/repair"))
    begun = start(client, notice, walk, activity="course", clause="B3")
    course = text_of(client.get(begun["Location"]))
    wrong = client.post(begun["Location"], sent_answers([[0], [0], [0], [0], [0]]), follow=True)
    right = client.post(begun["Location"], sent_answers(right_answers("B3")), follow=True)
    client.post(begun["Location"], {"move": "submit"})

    made = RepairApplication.objects.get()
    assert "B3" in page
    assert begun.status_code == 302
    assert 'type="radio"' in course
    assert 'type="checkbox"' in course
    assert "需要再看一看" in text_of(wrong)
    assert "您已答题合格" in text_of(right)
    assert (made.state, made.entered_by, QuizAttempt.objects.count()) == ("submitted", None, 2)

    repair_decisions.approve(application=made, reasons=REASONS, by=officer("approver"), now=walk.now)
    assert REASONS in text_of(client.get(begun["Location"]))


def test_an_activity_is_shown_by_a_file(walk) -> None:
    notice = letter_of(walk.attribution)
    client = opened(notice, walk.now)
    day = local_date(walk.now).isoformat()

    empty = start(client, notice, walk, activity="volunteer", description="", took_place_from="", took_place_to="")
    begun = start(
        client, notice, walk, activity="volunteer", description="宣传", took_place_from=day, took_place_to=day
    )
    nothing = client.post(begun["Location"], {"move": "files"})
    client.post(begun["Location"], {"move": "files", "files": SimpleUploadedFile("a.txt", "证明".encode())})
    client.post(begun["Location"], {"move": "submit"})

    assert empty.status_code == 422
    assert {p["field"] for p in empty.context["problems"]} == {"description", "took_place_from", "took_place_to"}
    assert nothing.status_code == 422
    assert RepairApplication.objects.get().state == "submitted"


def test_it_can_be_taken_back_and_what_is_not_possible_is_said(walk) -> None:
    notice = letter_of(walk.attribution)
    client = opened(notice, walk.now)
    begun = start(client, notice, walk, activity="course", clause="B3")

    early = client.post(begun["Location"], {"move": "submit"})
    client.post(begun["Location"], {"move": "withdraw"})
    late = client.post(begun["Location"], {"move": "submit"})
    strange = client.post(begun["Location"], {"move": "approve"})

    assert (early.status_code, late.status_code, strange.status_code) == (422, 409, 404)
    assert RepairApplication.objects.get().state == "withdrawn"


def test_the_rules_reason_is_read_where_nothing_can_be_earned_back(now: datetime) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=10)
    notice = letter_of(walk.attribution)
    RegistrationFactory.create(
        practitioner=walk.attribution.practitioner, institution=walk.attribution.case.institution
    )
    client = opened(notice, walk.now, "en")

    page = client.get(f"/n/{notice.number}/repair")
    refused = start(client, notice, walk, activity="course", clause="B3")

    assert "Points cannot be earned back under the rules that apply here" in text_of(page)
    assert "Take a course" not in text_of(page)
    assert refused.status_code == 409
    assert not RepairApplication.objects.exists()


def test_nobody_reads_anothers_application(walk, now: datetime) -> None:
    notice = letter_of(walk.attribution)
    start(opened(notice, walk.now), notice, walk, activity="course", clause="B3")
    receipt = RepairApplication.objects.get().receipt
    other = letter_of(procedure(State.EFFECTIVE, now=now).attribution)

    assert opened(other, walk.now).get(f"/n/{other.number}/repair/{receipt}").status_code == 404
    assert receipt not in text_of(opened(other, walk.now).get(f"/n/{other.number}/repair"))


def test_the_facts_of_a_letter_are_handed_out_and_agree(walk) -> None:
    notice = letter_of(walk.attribution)
    client = opened(notice, walk.now)

    answer = client.get(f"/n/{notice.number}/facts.json")
    page = text_of(client.get(f"/n/{notice.number}"))

    assert [str(line) for line in check(json.loads(answer.content)) if not line.agrees] == []
    assert "verify_letter.py" in page
    intent = Notice.objects.get(practitioner=walk.attribution.practitioner, kind=NoticeKind.INTENT)
    without = opened(intent, walk.now)
    assert without.get(f"/n/{intent.number}/facts.json").status_code == 404
    assert "verify_letter.py" not in text_of(without.get(f"/n/{intent.number}"))
