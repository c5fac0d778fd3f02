"""Many connections at once: exact totals, the right measures, one entry per cause, no deadlock."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from institutions.models import Institution, Practitioner
from scoring.models import Measure, PointsEntry, PointsTotal
from scoring.policy.account import Status
from scoring.selectors.status import points_on, status_on
from scoring.services import ledger, verification
from tests.factories.award import at_noon, line, post_award, registered

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2025, 6, 10)
CONNECTIONS = 8


def at_once(jobs: Iterable[Callable[[], object]]) -> list[object]:
    """Run the jobs on eight threads with a connection each; an exception in any of them is raised."""

    def run(job: Callable[[], object]) -> object:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(run, jobs))


def post(person: Practitioner, site: Institution, key: str, points: int, on: date) -> Callable[[], PointsEntry]:
    def job() -> PointsEntry:
        return ledger.record_award(
            practitioner=Practitioner.objects.get(pk=person.pk),
            source_key=key,
            case_reference="并发案〔2025〕1号",
            institution=site,
            effective_on=on,
            scored_on=on,
            lines=[line(points, conduct=key)],
            months=None,
            by=None,
            now=at_noon(on),
        )

    return job


def site_of(person: Practitioner) -> Institution:
    spell = person.registrations.select_related("institution").first()
    assert spell is not None
    return spell.institution


def test_fifty_postings_for_one_person_give_the_exact_total_and_one_bar() -> None:
    person = registered()
    site = site_of(person)
    at_once(post(person, site, f"k{n}", 1, DAY + timedelta(days=n % 5)) for n in range(50))
    assert points_on(person, date(2025, 12, 31)) == 50
    assert PointsTotal.objects.get(practitioner=person, year=2025).points == 50
    assert Measure.objects.filter(practitioner=person, kind="terminate", recorded__endswith__isnull=True).count() == 1
    assert verification.verify_ledger() == []


def test_the_same_posting_twenty_times_is_one_entry() -> None:
    person = registered()
    site = site_of(person)
    made = at_once(post(person, site, "one-cause", 12, DAY) for _ in range(20))
    assert PointsEntry.objects.filter(practitioner=person).count() == 1
    assert len({entry.pk for entry in made if isinstance(entry, PointsEntry)}) == 1


def test_many_people_at_many_sites_do_not_wait_for_each_other_in_a_ring() -> None:
    people = [registered() for _ in range(6)]
    sites = [site_of(p) for p in people]
    at_once(post(people[n % 6], sites[(n * 5) % 6], f"x{n}", 2, DAY) for n in range(60))
    assert [points_on(p, DAY) for p in people] == [20] * 6
    assert verification.verify_ledger() == []


def test_a_reversal_and_a_posting_at_once_leave_a_state_that_follows_from_the_ledger() -> None:
    person = registered()
    site = site_of(person)
    entry = post_award(person, 9, DAY)

    def undo() -> PointsEntry:
        return ledger.reverse_award(entry=entry, reason="撤销", by=None, now=at_noon(date(2025, 7, 1)))

    at_once([undo, post(person, site, "other", 4, date(2025, 7, 1)), undo])
    assert points_on(person, date(2025, 7, 1)) == 4
    assert status_on(person, date(2025, 7, 2)).status is Status.NORMAL
    assert verification.verify_ledger() == []
