"""Every act upon a letter in every state of its decision: legal ones work, the others answer 409, change nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.forms.models import model_to_dict

from cases.models import Attribution, IssuedLetter, Service
from cases.services import letters
from cases.states import State
from institutions.clock import local_date
from institutions.errors import WrongState
from institutions.models import Notice, NoticeKind
from tests.factories.attribution import procedure
from tests.factories.user import hr_of

pytestmark = pytest.mark.django_db

TOLD = {
    State.DRAFT: None,
    State.PROPOSED: NoticeKind.INTENT,
    State.INTENT_SERVED: NoticeKind.INTENT,
    State.DECIDED: NoticeKind.DECISION,
    State.HELD: NoticeKind.INTENT,  # nothing goes out before the release
    State.REJECTED: NoticeKind.DECISION,
    State.SERVED: NoticeKind.DECISION,
    State.EFFECTIVE: NoticeKind.DECISION,
    State.SET_ASIDE: NoticeKind.DECISION,
}
WAITING = {State.PROPOSED, State.DECIDED}  # a letter is there and was not served
SERVED = {State.INTENT_SERVED, State.HELD, State.SERVED, State.EFFECTIVE, State.SET_ASIDE}
LEGAL = {
    "issue_intent": {State.PROPOSED},
    "issue_decision": {State.DECIDED, State.REJECTED},
    "serve": WAITING,
    "confirm": WAITING | SERVED,  # a letter that was served stays as it was
    "hand_over": WAITING,
}


def act(name, walk, letter):
    it, officer, now = walk.attribution, walk.team.inspector, walk.now
    if name == "issue_intent":
        letters.issue_intent(attribution=it, by=officer, now=now)
    elif name == "issue_decision":
        letters.issue_decision(attribution=it, by=officer, now=now)
    elif name == "serve":
        letters.serve_standing_letter(
            attribution=it, method="post", served_on=local_date(now), proof="EMS 1", by=officer, now=now
        )
    elif name == "confirm":
        letters.serve_by_portal(notice=letter, now=now)
    else:
        hr, later = hr_of(it.case.institution), now + timedelta(days=1)  # not the day on which it may be served
        letters.record_handover(letter=letter, on=local_date(later), receipt="签收回执第1号", by=hr, now=later)


def rows(walk):
    it = Attribution.objects.get(pk=walk.attribution.pk)
    return model_to_dict(it), Service.objects.count(), IssuedLetter.objects.count(), Notice.objects.count()


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("name", list(LEGAL))
def test_every_act_in_every_state(name, state, now):
    walk = procedure(state, now=now)
    if state is State.PROPOSED and name != "issue_intent":
        letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=walk.now)
    letter = Notice.objects.filter(kind=TOLD[state], practitioner=walk.attribution.practitioner).last()
    if name in ("confirm", "hand_over") and letter is None:
        assert state in (State.DRAFT, State.SET_ASIDE)  # nobody holds a letter that was never made out
        return
    before = rows(walk)
    if state in LEGAL[name]:
        act(name, walk, letter)
        if name in ("serve", "hand_over", "confirm") and state in WAITING:
            assert rows(walk)[1] == before[1] + 1
    else:
        with pytest.raises(WrongState) as refused, transaction.atomic():
            act(name, walk, letter)
        assert refused.value.status == 409
        assert rows(walk) == before
