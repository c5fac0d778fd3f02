"""Two connections at once: a case file goes in once, a decision takes effect once, a decision is taken once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from cases.models import Attribution, CaseFile, DecisionHold
from cases.services import attributions, case_import
from cases.states import State
from institutions.errors import WrongState
from scoring.models import PointsEntry
from tests.cases.case_document import case_data, folder_with_evidence
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run acts in threads that start together, each on a connection of its own; return results or refusals."""
    barrier = Barrier(len(acts))

    def run(act):
        barrier.wait()
        try:
            return act()
        except WrongState as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_case_file_imported_twice_at_once_goes_in_once(tmp_path, now):
    folder = folder_with_evidence(tmp_path)

    def take():
        return case_import.import_case(data=case_data(), base_dir=folder, by=None, now=now).outcome.value

    assert sorted(at_once(take, take)) == ["created", "unchanged"]
    assert CaseFile.objects.count() == 1


def test_two_sweeps_at_once_post_every_award_once(now):
    walks = [procedure(State.SERVED, now=now) for _ in range(3)]
    later = walks[-1].now

    def sweep():
        return attributions.make_due_attributions_effective(now=later)["effective"]

    assert sum(at_once(sweep, sweep)) <= 3
    sweep()
    assert PointsEntry.objects.count() == 3
    assert Attribution.objects.filter(state=State.EFFECTIVE).count() == 3


def test_two_officers_who_decide_at_once_one_wins(now):
    walk = procedure(State.INTENT_SERVED, now=now).wait()
    others = [walk.team.approver, officer("approver")]

    def decide(by, outcome):
        return attributions.decide(
            attribution=walk.attribution, outcome=outcome, reasons="属实。", by=by, now=walk.now
        ).state

    first, second = at_once(lambda: decide(others[0], "decided"), lambda: decide(others[1], "rejected"))
    refused = [result for result in (first, second) if isinstance(result, WrongState)]
    assert len(refused) == 1
    assert refused[0].state in ("decided", "rejected")


def test_a_release_and_a_refusal_of_it_at_once_one_wins(now):
    walk = procedure(State.HELD, now=now)

    def end(act):
        return act(attribution=walk.attribution, reasons="核对无误。", by=officer("approver"), now=walk.now).state

    first, second = at_once(lambda: end(attributions.release), lambda: end(attributions.send_back))
    refused = [result for result in (first, second) if isinstance(result, WrongState)]
    assert len(refused) == 1
    assert Attribution.objects.get().state in ("decided", "intent_served")
    assert DecisionHold.objects.get().outcome in ("released", "sent_back")
