"""The preview of a case is what really happens: measures, totals and notices of the Chifeng case."""

from datetime import date

import pytest

from cases.models import Annulment, Attribution, CaseFile
from cases.selectors.case_previews import meant_by, preview_case
from cases.services import case_links
from cases.services.case_import import import_case
from cases.states import State
from config.demo.story import CASES, ROSTER
from institutions.clock import local_date
from institutions.models import Notice, Registration
from institutions.services.roster import import_roster
from scoring.enums import EntryKind
from scoring.models import Measure, PointsEntry
from tests.factories.attribution import Procedure, officers, procedure, reach
from tests.factories.case_file import CaseFileFactory
from tests.factories.registration import RegistrationFactory

pytestmark = pytest.mark.django_db


def preview_of(case, on):
    rows = Attribution.objects.filter(case=case).select_related("practitioner").order_by("practitioner__codes__code")
    rows = rows.prefetch_related("lines__finding")
    return preview_case(case, [meant_by(row, ()) for row in rows], on=on)


@pytest.fixture
def chifeng(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    team = officers()
    import_roster(source=ROSTER, by=team.inspector, now=now)
    import_case(data=(CASES / "chifeng.yaml").read_bytes(), base_dir=CASES, by=team.inspector, now=now)
    return CaseFile.objects.select_related("basis", "institution").get(), team


def test_six_terminations_and_two_suspensions_before_anything_is_proposed(chifeng, now):
    case, _team = chifeng
    found = preview_of(case, local_date(now))
    assert (found.terminations, found.suspensions) == (6, 2)
    assert {person.after for person in found.persons} == {12, 10}
    assert {person.before for person in found.persons} == {0}
    assert {person.term.default for person in found.persons if person.term} == {4}


def test_the_preview_equals_what_really_happens(chifeng, now):
    case, team = chifeng
    walks = [Procedure(row, team, now) for row in Attribution.objects.filter(case=case)]
    for walk in walks:
        reach(walk, State.DECIDED)
    served = walks[0].now
    foreseen = preview_of(case, local_date(served))
    told_before = set(Notice.objects.values_list("pk", flat=True))
    for walk in walks:
        walk.serve().make_effective()
    for person in foreseen.persons:
        who = person.meant.practitioner
        entry = PointsEntry.objects.get(practitioner=who, kind=EntryKind.AWARD)
        assert (entry.points, entry.year) == (person.points, person.year)
        stored = Measure.objects.filter(practitioner=who).values_list("kind", "valid")
        assert {(kind, valid.lower, valid.upper) for kind, valid in stored} == {
            (str(m.kind), m.starts_on, date.fromordinal(m.ends_on.toordinal() + 1)) for m in person.measures
        }
        told = Notice.objects.exclude(pk__in=told_before)
        really = sorted(told.filter(practitioner=who).values_list("kind", flat=True))
        assert really == sorted(str(notice.kind) for notice in person.notices if notice.site is None)
    told = Notice.objects.exclude(pk__in=told_before)
    assert told.count() == foreseen.notice_count
    after = preview_of(case, local_date(served))
    assert (after.terminations, after.suspensions, after.notice_count) == (6, 2, 0)
    assert [(p.before, p.after) for p in after.persons] == [(p.before, p.after) for p in foreseen.persons]
    assert {site.code for site in foreseen.sites} >= {"H15042200001", "H15042200002"}


def test_the_number_of_queries_does_not_grow_with_the_persons(now, django_assert_max_num_queries):
    case = CaseFileFactory()
    for _ in range(8):
        walk = procedure("draft", now=now, case=case)
        RegistrationFactory(practitioner=walk.attribution.practitioner, institution=case.institution)
    assert Registration.objects.count() == 8
    with django_assert_max_num_queries(14):
        assert preview_of(case, local_date(now)).terminations == 0


def test_what_is_over_causes_nothing(now):
    walk = procedure(State.REJECTED, now=now, line__points=12)
    found = preview_of(walk.attribution.case, local_date(walk.now))
    assert (found.terminations, found.notice_count, found.persons[0].points) == (0, 0, 0)
    assert found.persons[0].is_over


def test_a_served_decision_keeps_its_day(now):
    walk = procedure(State.SERVED, now=now, line__points=12)
    found = preview_of(walk.attribution.case, date(2025, 12, 1))
    assert found.persons[0].gravest.starts_on > walk.served_on
    assert found.persons[0].gravest.starts_on < date(2025, 12, 1)


def test_lines_of_an_annulled_finding_cause_nothing(now):
    walk = procedure("draft", now=now, line__points=12)
    line = walk.attribution.lines.get()
    assert not Annulment.objects.exists()
    assert meant_by(walk.attribution, {line.finding_id}).lines == ()


def test_an_act_scored_in_a_linked_case_is_named(now):
    first = procedure(State.DECIDED, now=now, line__points=12)
    other = CaseFileFactory(institution=first.attribution.case.institution)
    second = procedure("draft", now=first.now, case=other, practitioner=first.attribution.practitioner)
    assert not preview_of(other, local_date(first.now)).persons[0].concerns
    case_links.link_cases(
        first=first.attribution.case, second=other, reason="同一行为。", by=first.team.inspector, now=first.now
    )
    other.refresh_from_db()
    (concern,) = preview_of(other, local_date(first.now)).persons[0].concerns
    assert concern.rule == "conduct_scored_elsewhere"
    assert second.attribution.state == "draft"
