"""Every what-if equals the result of really doing it (M7), on lives generated over six packs and one with stays."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from institutions.models import Institution, Practitioner
from scoring.errors import EventRefused
from scoring.models import AccountEvent, PointsEntry, RulebookVersion
from scoring.policy.account import Account, Status
from scoring.policy.rulebook_files import load_pack
from scoring.selectors.accounts import load_account
from scoring.selectors.measures import known_measures, replayed_measures
from scoring.selectors.what_if import Outcome, Scenario, ScenarioKind, outcome_of, what_if
from scoring.services import account_events, ledger
from tests.factories.award import at_noon, line, post_award, registered
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.region import RegionFactory
from tests.factories.registration import RegistrationFactory
from tests.walks.story import FIRST_DAY, PLACES, Person, people
from tests.walks.town import Town, at
from tests.worked_examples.test_worked_examples import FOLDER, packs

pytestmark = pytest.mark.django_db

PEOPLE = 54  # nine of each pack
SPAN = 200  # days after FIRST_DAY among which the day of asking lies


@contextmanager
def only_reading() -> Iterator[None]:
    """Have PostgreSQL refuse every write inside."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        yield


def suppositions(practitioner: Practitioner, on: date) -> list[Scenario]:
    with only_reading():
        return what_if(practitioner, on)


def live(town: Town, person: Person, until: date) -> None:
    """Carry out a person's story up to a day, everything through the scoring services."""
    for minute, posting in enumerate(p for p in person.postings if p.day <= until and not p.is_refused):
        town.carry_out(person, replace(posting, by="service"), at(posting.day, 11, minute % 60))


def do(scenario: Scenario, practitioner: Practitioner) -> None:
    """Really do what was supposed, through the services that do it in earnest."""
    now = at(scenario.on, 15)
    match scenario.kind:
        case ScenarioKind.APPEAL_WON:
            assert scenario.entry is not None
            ledger.reverse_award(entry=scenario.entry, reason="申诉成立。", by=None, now=now)
        case ScenarioKind.REPAIR:
            assert scenario.institution is not None
            assert scenario.rulebook is not None
            assert scenario.rulebook.repair is not None
            for ref in scenario.refs:
                account_events.record_repair(
                    practitioner=practitioner,
                    region=scenario.institution.region_id,
                    points=scenario.rulebook.repair.points,
                    on=scenario.on,
                    source_key=ref,
                    reason="参加医保政策培训。",
                    by=None,
                    now=now,
                )
        case ScenarioKind.REREGISTRATION:
            account_events.record_reregistration(
                practitioner=practitioner,
                region="",
                on=scenario.on,
                commitment_on=scenario.on,
                source_key=scenario.refs[0],
                by=None,
                now=now,
            )
        case ScenarioKind.ONE_MORE_CASE:
            assert scenario.clause is not None
            assert scenario.institution is not None
            one = replace(line(scenario.points, clause=scenario.clause.code), articles=tuple(scenario.clause.articles))
            post_award(
                practitioner,
                scenario.points,
                scenario.on,
                source_key=scenario.refs[0],
                institution=scenario.institution,
                lines=[one],
                now=now,
            )
        case ScenarioKind.NEXT_RESET:
            pass  # nothing is done: the year ends


def without_places(account: Account) -> Account:
    """The account without the places in the order of posting, which a sequence gives and nobody can foretell."""
    awards = tuple(replace(award, seq=0) for award in account.awards)
    again = tuple(replace(event, seq=0) for event in account.reregistrations)
    return replace(account, awards=awards, reregistrations=again)


def hold(scenario: Scenario, practitioner: Practitioner) -> None:
    """Do it, look at what is then on record, and undo it."""
    with transaction.atomic():
        if scenario.refusal is not None:
            with pytest.raises(EventRefused) as refused, transaction.atomic():
                do(scenario, practitioner)
            assert refused.value.rule == scenario.refusal.rule
        else:
            do(scenario, practitioner)
        loaded = load_account(practitioner)
        assert outcome_of(loaded.account, scenario.after.on) == scenario.after, scenario
        assert without_places(loaded.account) == without_places(scenario.account), scenario
        assert known_measures(practitioner) == replayed_measures(loaded)
        transaction.set_rollback(True)


@pytest.fixture
def town() -> Town:
    return Town(people(PEOPLE)).settle()


def test_every_what_if_of_fifty_four_accounts_equals_the_result_of_really_doing_it(town: Town) -> None:
    held: Counter[str] = Counter()
    for person in town.people:
        on = FIRST_DAY + timedelta(days=40 + person.number * 37 % SPAN)
        live(town, person, on)
        practitioner = town.practitioners[person.number]
        rows = PointsEntry.objects.count(), AccountEvent.objects.count()
        scenarios = suppositions(practitioner, on)
        assert (PointsEntry.objects.count(), AccountEvent.objects.count()) == rows
        for scenario in scenarios:
            hold(scenario, practitioner)
            held[f"{scenario.kind}{'' if scenario.refusal is None else ' refused'}"] += 1
            if scenario.changes_anything:
                held["changes"] += 1

    assert held["appeal_won"] >= 50
    assert held["one_more_case"] >= 4 * PEOPLE
    assert held["next_reset"] == PEOPLE
    assert held["repair"] >= 10
    assert held["repair refused"] >= 3
    assert held["reregistration refused"] >= 3
    assert held["changes"] >= 200
    packs = {a.rulebook.id for p in town.practitioners.values() for a in load_account(p).account.awards}
    assert packs >= {place.pack for place in PLACES}


def test_what_ifs_hold_while_an_appeal_stays_the_measures() -> None:
    pack = load_pack(FOLDER / "packs" / "stays-repair.yaml", packs())
    RulebookVersion.objects.create(
        rulebook=pack.id,
        version=pack.version,
        jurisdiction=pack.jurisdiction,
        effective_from=pack.effective_from,
        title=pack.title,
        pack=dict(pack.resolved),
        digest=pack.digest,
        activated_at=at_noon(date(2025, 1, 1)),
    )
    site = InstitutionFactory.create(region=RegionFactory.create(code="991201"))
    person = PractitionerFactory.create()
    RegistrationFactory.create(practitioner=person, institution=site)
    cases = [line(10, clause="C3", conduct="c1"), line(2, clause="A3", conduct="c2")]
    stayed, other = (
        post_award(person, one.points, on, source_key=str(on), lines=[replace(one, articles=(38,))])
        for one, on in zip(cases, [date(2025, 4, 1), date(2025, 5, 6)], strict=True)
    )
    account_events.record_stay(
        entry=stayed, on=date(2025, 4, 21), source_key="stay:1", by=None, now=at_noon(date(2025, 4, 21))
    )
    on = date(2025, 6, 20)

    found = suppositions(person, on)
    for scenario in found:
        hold(scenario, person)

    assert {s.entry for s in found if s.entry is not None} == {stayed, other}
    assert [s.times for s in found if s.kind is ScenarioKind.REPAIR] == [1, 2, 3, 4]
    assert len(found) == 2 + 1 + 4 + 4 + 1
    assert found[-5].refusal is not None


def test_a_doctor_reads_what_comes_next() -> None:
    person = registered()
    spell = person.registrations.get()
    first = post_award(person, 4, date(2025, 3, 3), source_key="a", lines=[line(4, clause="B1")])
    second = post_award(person, 5, date(2025, 11, 3), source_key="b", lines=[line(5, clause="B1", conduct="other")])
    on = date(2025, 11, 22)

    found = suppositions(person, on)

    by_entry = {s.entry.pk: s for s in found if s.entry is not None}
    assert by_entry[second.pk].before.status.status is Status.SUSPENDED
    assert (by_entry[first.pk].after.points, by_entry[second.pk].after.points) == (5, 4)
    assert by_entry[second.pk].after.status.status is Status.NORMAL
    reset = next(s for s in found if s.kind is ScenarioKind.NEXT_RESET)
    assert (reset.after.on, reset.days_until, reset.points, reset.after.points) == (date(2026, 1, 1), 40, 9, 0)
    assert reset.after.status.status is Status.SUSPENDED  # a running suspension survives the reset
    cases = [s for s in found if s.kind is ScenarioKind.ONE_MORE_CASE]
    assert [(s.points, s.clause.code) for s in cases if s.clause] == [(1, "A1"), (4, "B1"), (7, "C1"), (10, "D1")]
    assert [s.after.points for s in cases] == [10, 13, 16, 19]
    assert cases[1].after.next_change is not None
    assert cases[1].after.next_change.status.status is Status.TERMINATED
    assert {s.institution for s in cases} == {spell.institution}
    assert not [s for s in found if s.kind is ScenarioKind.REPAIR]  # no repair under these rules


def test_repairs_are_named_one_by_one_until_the_rules_refuse() -> None:
    tianjin = InstitutionFactory.create(code="H12010100001", region=RegionFactory.create(code="120101"))
    person = PractitionerFactory.create()
    RegistrationFactory.create(practitioner=person, institution=tianjin)
    post_award(person, 3, date(2025, 6, 2), lines=[replace(line(3, clause="A1"), articles=())], source_key="t")
    on = date(2025, 6, 20)

    repairs = [s for s in suppositions(person, on) if s.kind is ScenarioKind.REPAIR]

    assert [(s.times, s.points, s.after.points) for s in repairs] == [(1, 1, 2), (2, 2, 1), (3, 3, 0)]


def test_a_bar_that_is_over_ends_by_registering_anew() -> None:
    person = registered()
    post_award(person, 12, date(2025, 1, 10))
    during, after = date(2028, 1, 10), date(2028, 1, 11)

    for on in (during, after):
        (again,) = [s for s in suppositions(person, on) if s.kind is ScenarioKind.REREGISTRATION]
        hold(again, person)
        assert (again.refusal is None) == (on == after)
        assert again.changes_anything == (on == after)


def test_a_person_without_points_or_site_is_told_of_the_reset_alone() -> None:
    person = PractitionerFactory.create()

    (reset,) = suppositions(person, date(2025, 6, 20))

    assert reset.kind is ScenarioKind.NEXT_RESET
    assert isinstance(reset.after, Outcome)
    assert not Institution.objects.filter(registrations__practitioner=person).exists()
