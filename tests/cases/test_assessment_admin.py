"""F16 on the page and by API: the officer asks, the expert answers, the second officer reads and decides."""

import pytest
from django.test import Client

from cases.models import ExpertAssessment
from cases.states import State
from institutions import clock
from tests.cases.services.test_expert_assessments import APART, OPINION, QUESTION, answer, ask
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def walk(now):
    walk = procedure(State.INTENT_SERVED, now=now, line__points=9).wait()
    clock.move_to(walk.now)
    return walk


@pytest.fixture
def expert():
    return officer("expert", region="15")


def page(walk):
    return f"/admin/cases/attribution/{walk.attribution.pk}/assessments/"


def api(walk, tail=""):
    return f"/api/v1/attributions/{walk.attribution.pk}/assessments/{tail}"


def post_json(user, path, **data):
    return client_of(user).post(path, data, content_type="application/json")


def test_asked_answered_and_read_before_the_decision(walk, expert):
    asking = client_of(walk.team.approver)
    html = asking.get(page(walk)).content.decode()
    assert f'value="{expert.pk}"' in html
    assert "Assumption" in html
    sent = asking.post(page(walk), {"move": "open", "open-expert": expert.pk, "open-question": QUESTION})
    assert sent.status_code == 302, sent.content.decode()

    answering = client_of(expert)
    queue = answering.get("/admin/queues/assessments/").content.decode()
    assert walk.attribution.case.number in queue
    html = answering.get(page(walk)).content.decode()
    assert QUESTION in html
    assert walk.attribution.lines.get().reasoning in html
    assert 'id="act-withdraw"' not in html
    given = {"move": "opinion", "opinion-declaration": APART, "opinion-text": OPINION}
    assert answering.post(page(walk), given).status_code == 302

    decide = f"/admin/cases/attribution/{walk.attribution.pk}/decide/"
    html = asking.get(decide).content.decode()
    assert OPINION in html
    assert QUESTION in html
    workspace = f"/admin/cases/casefile/{walk.attribution.case_id}/workspace/?person={walk.attribution.pk}"
    html = asking.get(workspace).content.decode()
    assert OPINION in html
    assert "Expert opinion attached" in html
    person = f"/admin/institutions/practitioner/{walk.attribution.practitioner_id}/change/"
    assert OPINION in asking.get(person).content.decode()


def test_the_second_officers_page_says_that_it_waits(walk, expert):
    made = ask(walk, expert)
    html = client_of(walk.team.approver).get(f"/admin/cases/attribution/{walk.attribution.pk}/decide/").content.decode()
    assert f"The opinion of {expert.display_name} is awaited until {made.due_on}" in html
    assert 'id="why-decide"' in html


def test_a_form_without_words_is_shown_again_and_a_refusal_is_said(walk, expert):
    client = client_of(walk.team.approver)
    empty = client.post(page(walk), {"move": "open", "open-expert": expert.pk, "open-question": ""})
    assert empty.status_code == 422
    short = client.post(page(walk), {"move": "open", "open-expert": expert.pk, "open-question": "太短"})
    assert short.status_code == 422
    assert 'role="alert"' in short.content.decode()
    assert not ExpertAssessment.objects.exists()


def test_who_may_not_ask_reads_and_is_told_why(walk):
    reader = client_of(officer("auditor", region="15"))
    html = reader.get(page(walk)).content.decode()
    assert "Asking an expert is not possible now" in html
    assert reader.post(page(walk), {"move": "open"}).status_code == 403
    assert client_of(officer("auditor", region="43")).get(page(walk)).status_code in (302, 404)


def test_an_expert_sees_rows_of_others_as_barred(walk, expert):
    ask(walk, expert)
    html = client_of(officer("expert", region="15")).get("/admin/queues/assessments/").content.decode()
    assert "Another expert was asked." in html


def test_by_api(walk, expert):
    made = post_json(walk.team.approver, api(walk), expert=expert.username, question=QUESTION)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert post_json(walk.team.approver, api(walk), expert="nobody", question=QUESTION).status_code == 404
    refused = post_json(
        walk.team.approver, f"/api/v1/attributions/{walk.attribution.pk}/decide/", outcome="decided", reasons="属实。"
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "expert-awaited")
    assert post_json(expert, api(walk, f"{key}/withdraw/"), reason="不必了。").status_code == 403
    given = post_json(expert, api(walk, f"{key}/opinion/"), declaration=APART, text=OPINION)
    assert (given.status_code, given.json()["outcome"]) == (200, "opinion")
    listed = client_of(walk.team.inspector).get(api(walk)).json()
    assert [(row["id"], row["text"]) for row in listed] == [(key, OPINION)]
    assert post_json(walk.team.approver, api(walk, f"{key}/withdraw/"), reason="不必了。").status_code == 409
    again = post_json(walk.team.approver, api(walk), expert=expert.username, question="该处方的剂量是否合理？").json()
    assert post_json(expert, api(walk, f"{again['id']}/decline/"), reason="冲突。").json()["outcome"] == "declined"
    foreign = officer("approver", region="43")
    assert post_json(foreign, api(walk), expert=expert.username, question=QUESTION).status_code == 404


def test_the_queue_asks_no_more_for_more_rows(walk, expert, django_assert_max_num_queries):
    ask(walk, expert)
    reader = client_of(expert)
    reader.get("/admin/queues/assessments/")
    with django_assert_max_num_queries(14):
        reader.get("/admin/queues/assessments/")


def test_answering_is_kept_for_whom_it_was(walk, expert):
    made = answer(ask(walk, expert), walk)
    assert made.ended_by == expert
