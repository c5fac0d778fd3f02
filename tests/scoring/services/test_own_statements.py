"""F58: the person's own words beside the record: handed in, read by an officer, shown, and gone with the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from institutions.clock import local_date
from institutions.errors import Forbidden, NotThere, RuleRefused, WrongState
from institutions.models import AuditEvent, Institution, Notice, Practitioner
from scoring.models import OwnStatement, PointsEntry, Scorecard
from scoring.selectors.scorecards import public_scorecard, served_scorecard
from scoring.services import ledger, own_statements, scorecards
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.award import post_award
from tests.factories.notice import NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer
from tests.scoring.public_people import DECIDED_ON, HOSPITAL, TODAY, institution, physician, publish_as, set_today

pytestmark = pytest.mark.django_db

WORDS = "本人已退回全部费用，并完成培训。"


@dataclass
class Walk:
    """A scored person at their hospital, the letter about it, and the moment."""

    person: Practitioner
    entry: PointsEntry
    hospital: Institution
    now: datetime


def letter_to(person: Practitioner) -> Notice:
    return NoticeFactory.create(institution=None, practitioner=person, recipient_key=f"practitioner:{person.pk}")


def scored(points: int) -> Walk:
    hospital = institution(HOSPITAL, "H15042200001", "150422")
    person = physician("耿晓敏", "D150422000001", hospital)
    return Walk(person, post_award(person, points, DECIDED_ON, institution=hospital), hospital, set_today(TODAY))


@pytest.fixture
def walk() -> Walk:
    return scored(12)


@pytest.fixture
def notice(walk) -> Notice:
    return letter_to(walk.person)


def submitted(walk, notice, text=WORDS) -> OwnStatement:
    return own_statements.submit(notice=notice, entry=walk.entry, text=text, now=walk.now)


def published(walk, notice) -> OwnStatement:
    return own_statements.publish(statement=submitted(walk, notice), by=officer("approver"), now=walk.now)


def shown(walk, days=1):
    on = local_date(walk.now) + timedelta(days=days)
    return public_scorecard(walk.person, on=on).statements


def test_nothing_is_shown_before_an_officer_has_read_it(walk, notice):
    submitted(walk, notice)
    assert shown(walk) == ()


def test_a_published_statement_stands_beside_the_entry_in_page_and_api(walk, notice, client):
    published(walk, notice)
    (said,) = shown(walk)
    day = local_date(walk.now).isoformat()
    assert (said.text, said.about, said.published_on) == (WORDS, walk.entry.effective_on.isoformat(), day)
    scorecards.publish_dirty(now=walk.now)
    slug = walk.person.slug
    assert WORDS in client.get(f"/s/{slug}").content.decode()
    assert client.get(f"/api/v1/scorecards/{slug}/").json()["statements"][0]["text"] == WORDS


def test_publishing_and_withdrawing_take_the_old_page_out_of_service(walk, notice):
    statement = submitted(walk, notice)
    scorecards.publish_dirty(now=walk.now)
    assert Scorecard.objects.get().dirty_at is None
    own_statements.publish(statement=statement, by=officer("publisher"), now=walk.now)
    assert Scorecard.objects.get().dirty_at is not None
    scorecards.publish_dirty(now=walk.now)
    slug, on = walk.person.slug, local_date(walk.now)
    assert served_scorecard(slug, on=on, now=walk.now).card.statements[0].text == WORDS
    own_statements.withdraw(statement=statement, notice=notice, now=walk.now)
    assert served_scorecard(slug, on=on, now=walk.now).card.statements == ()


def test_it_goes_with_the_record(walk, notice):
    published(walk, notice)
    later = walk.now + timedelta(days=3)
    ledger.reverse_award(entry=walk.entry, reason="申诉成立", by=None, now=later)
    assert shown(walk, days=4) == ()
    with pytest.raises(WrongState):
        own_statements.submit(notice=notice, entry=walk.entry, text="另一段话。", now=later)


def test_it_goes_when_the_entry_leaves_the_page():
    walk = scored(4)
    published(walk, letter_to(walk.person))
    assert shown(walk) != ()
    assert shown(walk, days=366) == ()


def test_it_stays_with_a_reduced_award(walk, notice):
    published(walk, notice)
    ledger.vary_award(entry=walk.entry, points=1, reason="部分成立", by=None, now=walk.now + timedelta(days=1))
    (said,) = shown(walk, days=2)
    assert said.text == WORDS


@pytest.mark.parametrize(("points", "is_shown"), [(12, True), (4, False)])
def test_where_points_are_hidden_only_what_is_said_of_a_measure_in_force_is_shown(points, is_shown):
    walk = scored(points)
    published(walk, letter_to(walk.person))
    publish_as("status_only")
    card = public_scorecard(walk.person, on=TODAY)
    assert (card.entries, bool(card.statements)) == ((), is_shown)


def test_as_known_before_it_was_published_it_was_not_there(walk, notice):
    published(walk, notice)
    on = local_date(walk.now)
    earlier = walk.now - timedelta(seconds=1)
    assert public_scorecard(walk.person, on=on, known_at=walk.now).statements != ()
    assert public_scorecard(walk.person, on=on, known_at=earlier).statements == ()


def test_the_same_text_again_is_the_same_statement_and_another_waits(walk, notice):
    first = submitted(walk, notice)
    assert submitted(walk, notice) == first
    with translation.override("en"), pytest.raises(WrongState, match="Withdraw it first"):
        submitted(walk, notice, "另一段话。")
    own_statements.withdraw(statement=first, notice=notice, now=walk.now)
    assert submitted(walk, notice, "另一段话。") != first


def test_colleagues_names_are_refused_with_the_place(walk, notice):
    colleague = PractitionerFactory.create(name="李晓梅")
    RegistrationFactory(practitioner=colleague, institution=walk.hospital)
    with pytest.raises(RuleRefused, match="李晓梅") as refused:
        submitted(walk, notice, "李晓梅与本人一同值班。")
    assert refused.value.errors == [{"field": "text", "code": "name"}]
    assert not OwnStatement.objects.exists()


def test_a_letter_to_somebody_else_opens_nothing(walk, notice):
    stranger = letter_to(PractitionerFactory.create(code="D150422000099"))
    with pytest.raises(NotThere):
        own_statements.submit(notice=stranger, entry=walk.entry, text=WORDS, now=walk.now)
    with pytest.raises(NotThere):
        own_statements.withdraw(statement=submitted(walk, notice), notice=stranger, now=walk.now)


@pytest.mark.parametrize("role", ["appeal_officer", "auditor"])
def test_others_do_not_decide(walk, notice, role):
    with pytest.raises(Forbidden):
        own_statements.publish(statement=submitted(walk, notice), by=officer(role), now=walk.now)
    with pytest.raises(Forbidden):
        own_statements.publish(statement=submitted(walk, notice), by=officer("approver", region="11"), now=walk.now)
    with pytest.raises(Forbidden):
        own_statements.publish(statement=submitted(walk, notice), by=None, now=walk.now)


def test_it_is_decided_once_and_refused_with_reasons(walk, notice):
    statement, by = submitted(walk, notice), officer("inspector")
    with pytest.raises(RuleRefused):
        own_statements.refuse(statement=statement, reasons=" ", by=by, now=walk.now)
    done = own_statements.refuse(statement=statement, reasons="提到了患者。", by=by, now=walk.now)
    assert own_statements.refuse(statement=statement, reasons="提到了患者。", by=by, now=walk.now) == done
    with pytest.raises(WrongState):
        own_statements.publish(statement=statement, by=by, now=walk.now)
    assert shown(walk) == ()
    assert AuditEvent.objects.filter(action="own_statement.refused", by=by).count() == 1
    assert submitted(walk, notice) != statement  # a refusal leaves room for another


@pytest.mark.parametrize("act", ["publish", "withdraw"])
def test_where_the_last_write_fails_nothing_remains(walk, notice, monkeypatch, act):
    by = officer("approver")
    statement = published(walk, notice) if act == "withdraw" else submitted(walk, notice)
    acts = {
        "publish": lambda: own_statements.publish(statement=statement, by=by, now=walk.now),
        "withdraw": lambda: own_statements.withdraw(statement=statement, notice=notice, now=walk.now),
    }
    fail_on(monkeypatch, "scoring.services.scorecards.mark_dirty_of")
    with pytest.raises(LastWriteError), transaction.atomic():
        acts[act]()
    statement.refresh_from_db()
    assert bool(statement.outcome) == (act == "withdraw")
    assert statement.withdrawn_at is None


def test_the_database_keeps_what_was_said_and_decided(walk, notice):
    statement = published(walk, notice)
    for column, value in (("text", "改过的话"), ("outcome", "refused"), ("submitted_at", walk.now + timedelta(1))):
        with pytest.raises(DatabaseError), transaction.atomic():
            OwnStatement.objects.filter(pk=statement.pk).update(**{column: value})
    with pytest.raises(DatabaseError, match="own_statement_one_of_an_entry"), transaction.atomic():
        OwnStatement.objects.create(
            practitioner=statement.practitioner, entry=statement.entry, notice=notice, text="x", submitted_at=walk.now
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        statement.delete()
