"""The page behind a letter: what it says, what can be done, and that it names no officer."""

import pytest

from cases.models import Attribution, Service
from cases.services import letters
from cases.states import State
from institutions.clock import local_date
from institutions.models import NoticeKind
from institutions.services import notices
from scoring.models import PointsEntry
from tests.cases.views.opening import letter_of, opened, text_of
from tests.factories.attribution import procedure
from tests.factories.registration import RegistrationFactory

pytestmark = pytest.mark.django_db


def moves(answer) -> list[str]:
    return [move.key for move in answer.context["moves"]]


def steps(answer) -> list[tuple[str, str]]:
    return [(step.label, step.state) for step in answer.context["steps"]]


def test_a_letter_not_served_yet_asks_for_confirmation_first(now):
    walk = procedure(State.PROPOSED, now=now)
    notice = letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    client = opened(notice, now, "en")
    page = client.get(f"/n/{notice.number}")
    assert moves(page) == ["received"]
    assert len(page.context["letter"].blocks) == 7
    answer = client.post(f"/n/{notice.number}/received")
    assert (answer.status_code, answer["Location"]) == (302, f"/n/{notice.number}")
    service = Service.objects.get(attribution=walk.attribution)
    assert (service.method, service.on, service.recorded_by) == ("portal", local_date(now), None)
    again = client.post(f"/n/{notice.number}/received")
    assert again.status_code == 302
    assert Service.objects.count() == 1
    page = client.get(f"/n/{notice.number}")
    assert moves(page) == ["statement"]
    walk.attribution.refresh_from_db()
    assert page.context["moves"][0].until == walk.attribution.statement_deadline_on


def test_confirming_the_decision_takes_effect_that_day(now):
    walk = procedure(State.DECIDED, now=now)
    notice = letter_of(walk.attribution, "decision")
    client = opened(notice, walk.now)
    assert moves(client.get(f"/n/{notice.number}")) == ["received"]
    client.post(f"/n/{notice.number}/received")
    attribution = Attribution.objects.get(pk=walk.attribution.pk)
    assert (attribution.state, attribution.served_on) == (State.SERVED, local_date(walk.now))
    assert moves(client.get(f"/n/{notice.number}")) == ["appeal"]


def test_a_letter_that_a_newer_one_replaced_cannot_be_confirmed(now):
    walk = procedure(State.PROPOSED, now=now)
    old = letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    walk.serve_intent()
    client = opened(old, walk.now)
    assert moves(client.get(f"/n/{old.number}")) == ["statement"]
    attribution = walk.attribution
    walk = procedure(State.DECIDED, now=now)
    stale = letter_of(walk.attribution, "intent")
    page = opened(stale, walk.now).get(f"/n/{stale.number}")
    assert moves(page) == []
    assert "目前尚未作出任何决定" not in text_of(page)
    assert attribution.pk != walk.attribution.pk


def test_the_deadline_shows_how_its_days_were_counted(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    notice = letter_of(walk.attribution)
    page = opened(notice, walk.now, "en").get(f"/n/{notice.number}")
    move = page.context["moves"][0]
    assert move.counted.sources[0].year == 2025
    assert "How the working days were counted" in text_of(page)


def test_after_the_window_the_statement_is_still_taken_in(now):
    walk = procedure(State.INTENT_SERVED, now=now).wait()
    notice = letter_of(walk.attribution)
    page = opened(notice, walk.now, "en").get(f"/n/{notice.number}")
    assert moves(page) == ["statement"]
    assert "The time has passed" in text_of(page)


def test_the_course_tells_what_is_done_now_and_later(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    notice = letter_of(walk.attribution)
    page = opened(notice, walk.now, "en").get(f"/n/{notice.number}")
    assert [state for _label, state in steps(page)] == ["done", "now", "coming"]
    walk.wait().decide().serve().make_effective()
    notice = letter_of(walk.attribution, "decision")
    page = opened(notice, walk.now, "en").get(f"/n/{notice.number}")
    assert [label for label, _state in steps(page)][-1] == "The decision reached you and took effect"


def test_a_rejected_case_says_no_points_and_asks_for_nothing_more(now):
    walk = procedure(State.REJECTED, now=now)
    notice = letter_of(walk.attribution, "decision")
    page = opened(notice, walk.now, "en").get(f"/n/{notice.number}")
    assert ("Decided: no points", "done") in steps(page)
    assert "no longer the latest" not in text_of(page)


def test_a_letter_about_no_attribution_shows_itself_and_the_data(now):
    person = RegistrationFactory().practitioner
    notice = notices.queue_notice(
        kind=NoticeKind.REMINDER, recipient=person, cause="reminder:1", payload={"subject_name": person.name}, now=now
    )
    client = opened(notice, now)
    page = client.get(f"/n/{notice.number}")
    assert page.status_code == 200
    assert page.context["moves"] == []
    assert client.get(f"/n/{notice.number}/facts").status_code == 404
    assert client.get(f"/n/{notice.number}/statement").status_code == 404
    assert client.get(f"/n/{notice.number}/appeal").status_code == 404
    assert client.get(f"/n/{notice.number}/record").status_code == 200
    assert client.get(f"/n/{notice.number}/options").status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_names_an_officer(now, language):
    walk = procedure(State.EFFECTIVE, now=now)
    for place, user in enumerate((walk.team.inspector, walk.team.approver)):
        user.display_name, user.username = f"经办甲乙丙{place}", f"officer-name-{place}"
        user.save(update_fields=["display_name", "username"])
    notice = letter_of(walk.attribution, "decision")
    client = opened(notice, walk.now, language)
    for page in ("", "/facts", "/statement", "/appeal", "/options", "/record", "/correction"):
        text = text_of(client.get(f"/n/{notice.number}{page}"))
        assert "经办甲乙丙" not in text, page
        assert "officer-name" not in text, page


def test_the_pdf_is_the_persons_own_copy(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    notice = letter_of(walk.attribution)
    answer = opened(notice, walk.now).get(f"/n/{notice.number}/letter.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == f'attachment; filename="{notice.number}.pdf"'


def test_what_if_says_where_the_person_would_stand_and_writes_nothing(now):
    walk = procedure(State.EFFECTIVE, now=now)
    RegistrationFactory(practitioner=walk.attribution.practitioner, institution=walk.attribution.case.institution)
    notice = letter_of(walk.attribution, "decision")
    before = PointsEntry.objects.count()
    page = opened(notice, walk.now, "en").get(f"/n/{notice.number}/options")
    kinds = [option.kind for option in page.context["options"]]
    assert "appeal_won" in kinds
    assert "next_reset" in kinds
    won = next(option for option in page.context["options"] if option.kind == "appeal_won")
    assert won.standing.points == "0 points in 2025"
    assert won.standing.word == "Normal"
    assert PointsEntry.objects.count() == before


def test_the_page_takes_few_queries(now, django_assert_max_num_queries):
    walk = procedure(State.INTENT_SERVED, now=now)
    notice = letter_of(walk.attribution)
    client = opened(notice, walk.now)
    with django_assert_max_num_queries(40):
        client.get(f"/n/{notice.number}")
