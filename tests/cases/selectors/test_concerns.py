"""M5, M6, M11: the planted cases are noticed before the decision, with the facts, in both languages; others are not."""

import pytest
from django.utils import translation

from cases.models import ConcernKind, ScoredCell
from cases.policy.consistency import NO_AMOUNT, band_of
from cases.selectors.concern_shape import concern_rule
from cases.selectors.concerns import comparisons_of, concerns_before, concerns_of
from cases.services import dispersion, undoing
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden
from institutions.models import InstitutionKind
from tests.cases.planted import AMOUNT, case_at, cells, only_nurses, outlier, scored, sole_village_doctor
from tests.factories.attribution import days_later, officers, procedure
from tests.factories.case_file import FindingFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def noticed(walk, kind=None):
    found = concerns_before(walk.attribution, on=local_date(walk.now))
    return [item for item in found if kind in (None, item.kind)]


class TestConsistency:
    def test_a_planted_outlier_is_noticed_with_what_others_gave(self, now):
        [item] = noticed(outlier(now, from_ledger=True))
        assert (item.kind, item.rule, item.waits) == (ConcernKind.CONSISTENCY, "above", True)
        assert {key: item.facts[key] for key in ("points", "decisions", "quarter", "median", "three_quarters")} == {
            "points": 6,
            "decisions": 5,
            "quarter": "4",
            "median": "4",
            "three_quarters": "4",
        }
        with translation.override("en"):
            assert "6 points are proposed" in item.sentence
            assert "half of 5 decisions gave 4 to 4" in item.sentence
        with translation.override("zh-hans"):
            assert "拟记6分" in item.sentence

    def test_fewer_than_five_decisions_are_neither_compared_nor_shown(self, now):
        walk = outlier(now, others=4)
        assert noticed(walk) == []
        [row] = comparisons_of(walk.attribution, on=local_date(now))
        assert (row.region, row.country) == (None, None)

    def test_what_is_in_line_is_compared_and_not_asked_about(self, now):
        walk = outlier(now, points=4)
        assert noticed(walk) == []
        [row] = comparisons_of(walk.attribution, on=local_date(now))
        assert row.country is not None
        assert row.country.decisions == 5

    def test_before_the_first_night_nothing_is_compared(self, now):
        walk = outlier(now)
        ScoredCell.objects.all().delete()
        assert noticed(walk) == []

    def test_a_case_is_not_compared_with_itself(self, now):
        """What this case put into the cells is no measure for the next person in it."""
        case = case_at()
        night = scored(case, 4, now=now).now
        cells(4, 5, now=night)
        assert noticed(scored(case, 6, now=now, state=State.DRAFT)) == []
        cells(4, 1, now=night, region="1505")
        [item] = noticed(scored(case, 6, now=now, state=State.DRAFT))
        assert item.facts["decisions"] == 5

    def test_an_overturned_decision_counts_no_more_and_a_varied_one_with_what_it_kept(self, now):
        one, two, three = (scored(case_at(), 5, now=now) for _ in range(3))
        undoing.set_aside_attribution(attribution=one.attribution, reason="撤销", by=one.team.approver, now=now)
        line = two.attribution.lines.get()
        undoing.vary_attribution(
            attribution=two.attribution, points_by_line={line.pk: 4}, reason="部分成立", by=two.team.approver, now=now
        )
        dispersion.renew_cells(now=now)
        rows = ScoredCell.objects.order_by("points").values_list(
            "region_prefix", "clause", "degree", "points", "decisions"
        )
        assert list(rows) == [("1504", "B1", "general", 4, 1), ("1504", "B1", "general", 5, 1)]
        assert three.entry.points == 5

    def test_the_database_numbers_the_bands_as_the_rule_does(self, now):
        bounds = concern_rule(local_date(now)).consistency.amount_bands
        amounts = [None, "9999.99", "10000.00", "1000000.00"]
        for amount in amounts:
            case = case_at()
            FindingFactory(case=case, key="f2", amount=amount)
            procedure(State.EFFECTIVE, now=now, case=case, line__finding=case.findings.get(key="f2"))
        for _ in range(2):
            dispersion.renew_cells(now=now)  # a second time makes the same cells
        expected: dict[int, int] = {}
        for amount in amounts:
            band = band_of(None if amount is None else type(AMOUNT)(amount), bounds)
            expected[band] = expected.get(band, 0) + 1
        assert dict(ScoredCell.objects.values_list("band", "decisions")) == expected
        assert expected[NO_AMOUNT] == 1


class TestResponsibility:
    def test_two_million_yuan_with_only_nurses_raises_the_question(self, now):
        found = noticed(only_nurses(now))
        assert [item.rule for item in found] == ["only_juniors", "only_general"]
        assert all(item.kind is ConcernKind.RESPONSIBILITY and item.waits for item in found)
        with translation.override("en"):
            assert "2,000,000.00 yuan" in found[0].sentence
            assert "nurse × 2" in found[0].sentence
            assert found[0].question.startswith("Who ordered, allowed or profited")
        with translation.override("zh-hans"):
            assert "护士 × 2" in found[0].sentence

    def test_a_small_case_raises_none(self, now):
        assert noticed(only_nurses(now, amount="20000")) == []

    def test_a_head_nurse_who_is_held_responsible_answers_the_question(self, now):
        walk = only_nurses(now)
        head = PractitionerFactory(category="nurse")
        RegistrationFactory(practitioner=head, institution=walk.attribution.case.institution, position="护士长")
        procedure(State.DRAFT, now=now, case=walk.attribution.case, practitioner=head, line__degree="principal")
        assert noticed(walk) == []

    def test_an_institution_whose_managers_are_never_held_responsible_is_asked_about(self, now):
        institution = InstitutionFactory()
        for _ in range(2):
            case = case_at(institution)
            for _ in range(2):
                scored(case, 4, now=now, state=State.DRAFT)
        last = scored(case_at(institution), 4, now=now, state=State.DRAFT)
        [item] = noticed(last)
        assert (item.rule, item.facts["cases"], item.facts["persons"]) == ("never_managers", 3, 5)
        boss = PractitionerFactory()
        RegistrationFactory(practitioner=boss, institution=institution, position="副院长")
        procedure(State.DRAFT, now=now, case=last.attribution.case, practitioner=boss)
        assert noticed(last) == []


class TestContinuity:
    def test_the_sole_doctor_of_a_village_raises_the_warning(self, now):
        [item] = noticed(sole_village_doctor(now))
        assert (item.kind, item.rule, item.waits) == (ConcernKind.CONTINUITY, "sole_at_site", True)
        assert (item.facts["measure"], item.facts["site"], item.facts["others_at_site"]) == (
            "terminate",
            "河东村卫生室",
            0,
        )
        assert [value for value, _label in item.choices] == ["cover", "emergencies", "not_needed"]
        with translation.override("en"):
            assert "no other physician is there and payable at 河东村卫生室" in item.sentence

    def test_no_measure_no_warning(self, now):
        assert noticed(sole_village_doctor(now, points=10), ConcernKind.CONTINUITY)  # suspended
        village = sole_village_doctor(now, points=8)
        assert noticed(village, ConcernKind.CONTINUITY) == []

    def test_a_colleague_who_is_payable_takes_the_warning_away(self, now):
        walk = sole_village_doctor(now)
        clinic = walk.attribution.case.institution
        RegistrationFactory(institution=clinic, practitioner=PractitionerFactory(category="nurse"))
        assert noticed(walk)
        colleague = RegistrationFactory(institution=clinic).practitioner
        assert noticed(walk) == []
        procedure(State.EFFECTIVE, now=now, practitioner=colleague, line__points=12)
        walk.now = days_later(walk.now, 1)
        assert noticed(walk), "the colleague is terminated from that day"

    def test_a_colleague_who_left_or_who_is_in_the_same_case_is_nobody(self, now):
        walk = sole_village_doctor(now)
        clinic = walk.attribution.case.institution
        RegistrationFactory(institution=clinic, ends_on=local_date(now))
        both = RegistrationFactory(institution=clinic).practitioner
        procedure(State.DRAFT, now=now, case=walk.attribution.case, practitioner=both)
        assert [item.facts["others_at_site"] for item in noticed(walk)] == [0]

    def test_the_only_one_of_a_specialty_in_the_county(self, now):
        hospital = InstitutionFactory(kind=InstitutionKind.HOSPITAL)
        case = case_at(hospital)
        doctor = RegistrationFactory(institution=hospital, specialty="儿科").practitioner
        RegistrationFactory(institution=hospital, specialty="外科")
        walk = procedure(State.DRAFT, now=now, case=case, practitioner=doctor, line__points=12)
        [item] = noticed(walk)
        assert (item.rule, item.facts["specialty"]) == ("sole_of_specialty", "儿科")
        RegistrationFactory(institution=InstitutionFactory(), specialty="儿科")
        assert noticed(walk) == []


class TestWhoSees:
    def test_officers_of_the_region_see_what_is_asked_others_are_refused(self, now):
        case = sole_village_doctor(now).attribution.case
        assert concerns_of(case, on=local_date(now), by=officer("auditor", region="15"))
        with pytest.raises(Forbidden):
            concerns_of(case, on=local_date(now), by=officer("approver", region="43"))

    def test_nothing_is_asked_about_what_is_decided(self, now):
        walk = sole_village_doctor(now).decide()
        assert concerns_of(walk.attribution.case, on=local_date(walk.now), by=officers().approver) == ()

    def test_the_number_of_queries_does_not_grow_with_the_lines(self, now, django_assert_max_num_queries):
        walk = outlier(now)
        case = walk.attribution.case
        with django_assert_max_num_queries(25):
            concerns_of(case, on=local_date(now), by=walk.team.approver)
