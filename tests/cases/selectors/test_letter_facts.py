"""The letters about an attribution carry facts that recompute, before the decision is served and after."""

from datetime import datetime
from typing import Any

import pytest

from cases.selectors.letter_facts import facts_file, facts_of
from cases.selectors.previews import preview
from cases.states import State
from institutions.clock import local_date
from institutions.letters import content
from institutions.models import Notice, NoticeKind
from institutions.services import letter_printing
from scoring.letter_check.alone import document_in
from scoring.policy.letter_check import Unreadable, check
from scoring.selectors.letter_facts import with_packs
from tests.factories.attribution import procedure

pytestmark = pytest.mark.django_db


def claims(facts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = facts["claims"]
    return found


def disagreements(facts: dict[str, Any]) -> list[str]:
    return [str(line) for line in check(with_packs(facts)) if not line.agrees]


def test_a_decision_not_yet_served_carries_what_the_preview_shows(now: datetime) -> None:
    walk = procedure(State.DECIDED, now=now, line__points=10)
    on = local_date(walk.now)

    facts = facts_of(walk.attribution, now=walk.now)

    shown = preview(walk.attribution, on=on)
    assert disagreements(facts) == []
    assert facts["decision"]["effective_on_is"] == "assumed"  # type: ignore[index]
    assert (claims(facts)["points"], claims(facts)["total"]) == (shown.points, shown.total)
    assert [(m["starts_on"], m["ends_on"]) for m in claims(facts)["measures"]] == [
        (m.starts_on.isoformat(), m.ends_on.isoformat()) for m in shown.measures
    ]


def test_a_decision_in_effect_carries_what_was_posted(now: datetime) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=10)

    facts = facts_of(walk.attribution, now=walk.now)

    assert disagreements(facts) == []
    assert facts["decision"]["effective_on"] == walk.served_on.isoformat()  # type: ignore[index]
    assert facts["decision"]["basis_decided_on"] == walk.attribution.case.basis.decided_on.isoformat()  # type: ignore[index]
    assert claims(facts)["points_standing"] == walk.entry.points == 10


def test_the_facts_name_no_person(now: datetime) -> None:
    walk = procedure(State.EFFECTIVE, now=now)

    text = str(facts_of(walk.attribution, now=walk.now))

    person = walk.attribution.practitioner
    assert person.name not in text
    assert str(person.pk) not in text
    assert walk.team.approver.display_name not in text


def test_the_letters_of_a_decision_carry_facts_that_recompute_inside_their_pdf(now: datetime) -> None:
    walk = procedure(State.EFFECTIVE, now=now, line__points=10)
    person = walk.attribution.practitioner
    kinds = [NoticeKind.DECISION, NoticeKind.STATUS_CHANGE]

    for notice in Notice.objects.filter(practitioner=person, kind__in=kinds).order_by("kind"):
        pdf = letter_printing.file_copy(notice=notice, language="zh-hans")
        document = document_in(pdf)
        assert [str(line) for line in check(document) if not line.agrees] == []
        assert document["facts_digest"] == notice.payload["facts"]["facts_digest"]
        assert content.compose(notice).facts_digest == document["facts_digest"]
        kinds.remove(NoticeKind(notice.kind))
    assert kinds == []
    assert not [n for n in Notice.objects.filter(institution__isnull=False) if "facts" in n.payload]


def test_a_letter_without_facts_has_no_attachment(now: datetime) -> None:
    walk = procedure(State.INTENT_SERVED, now=now)
    notice = Notice.objects.get(practitioner=walk.attribution.practitioner, kind=NoticeKind.INTENT)

    assert facts_file(notice) is None
    with pytest.raises(Unreadable):
        document_in(letter_printing.file_copy(notice=notice, language="en"))
