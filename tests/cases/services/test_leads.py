"""Leads come in once, are dismissed or joined to a case, and give nobody a point."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from cases.models import Attribution, Lead, Tip, TipOpening
from cases.selectors.leads import conversions
from cases.services import leads
from cases.services.leads import TipText
from cases.services.sealing import Informant
from cases.states import State as AttributionState
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent
from institutions.roster.reading import UnreadableRoster
from scoring.models import PointsEntry
from tests.factories.attribution import procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.user import officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HEADINGS = "institution_code,source,model,model_version,score,key,summary,rule_hits\n"


@pytest.fixture
def place():
    return InstitutionFactory.create(code="H15042200001")


@pytest.fixture
def inspector():
    return officer("inspector", region="15")


def hit(key="k1", code="H15042200001", source="big_data", score="0.93") -> str:
    return f"{code},{source},重复收费模型,2.1,{score},{key},门诊重复收费疑点,17\n"


@pytest.fixture
def lead(place, inspector, now):
    leads.import_hits(file=(HEADINGS + hit()).encode(), by=inspector, now=now)
    return Lead.objects.get()


class TestHits:
    def test_a_hit_comes_in_with_model_score_and_its_own_fields(self, lead):
        assert (lead.model_name, lead.model_version, lead.score) == ("重复收费模型", "2.1", Decimal("0.93"))
        assert lead.details == {"rule_hits": "17"}
        assert lead.number == "XS2025-" + lead.number[-6:]
        assert lead.state == "received"

    def test_the_same_file_again_makes_nothing_new(self, lead, inspector, now):
        report = leads.import_hits(file=(HEADINGS + hit()).encode(), by=inspector, now=now)
        assert (report.created, report.known) == (0, 1)
        assert Lead.objects.count() == 1

    def test_good_rows_come_in_and_bad_ones_say_why(self, place, inspector, now):
        rows = [hit("a"), hit("b", code="H99999999999"), hit("c", source="moon"), hit("d", score="high"), hit("e")]
        report = leads.import_hits(file=(HEADINGS + "".join(rows)).encode(), by=inspector, now=now)
        assert report.created == 2
        assert [(e.row, e.column) for e in report.errors] == [(3, "institution_code"), (4, "source"), (5, "score")]

    def test_a_dry_run_writes_nothing(self, place, inspector, now):
        report = leads.import_hits(file=(HEADINGS + hit()).encode(), dry_run=True, by=inspector, now=now)
        assert report.created == 1
        assert not Lead.objects.exists()

    def test_a_column_with_patients_refuses_the_file(self, place, inspector, now):
        with pytest.raises(UnreadableRoster, match="insured persons"):
            leads.import_hits(file=("患者姓名," + HEADINGS + "张某," + hit()).encode(), by=inspector, now=now)
        assert not Lead.objects.exists()

    def test_an_institution_of_another_region_is_an_error_of_its_row(self, place, now):
        report = leads.import_hits(file=(HEADINGS + hit()).encode(), by=officer("inspector", region="43"), now=now)
        assert "outside your regions" in report.errors[0].reason
        assert not Lead.objects.exists()

    def test_who_may_not_take_leads_in_is_refused(self, place, now):
        with pytest.raises(Forbidden):
            leads.import_hits(file=(HEADINGS + hit()).encode(), by=officer("approver"), now=now)


class TestDuplicates:
    LIST = (
        "institution_code,trace_code,settled_on,order_id\n"
        "H15042200001,T1,2025-03-01,O1\nH15042200002,T1,2025-03-02,O2\nH15042200001,T2,2025-03-03,O3\n"
    )

    def test_each_institution_with_a_package_settled_twice_gets_a_lead(self, place, inspector, now):
        InstitutionFactory.create(code="H15042200002")
        report = leads.import_duplicates(file=self.LIST.encode(), by=inspector, now=now)
        assert report.created == 2
        lead = Lead.objects.get(institution=place)
        assert lead.source == "traceability"
        assert lead.details["of"] == 1
        assert "T1" not in str(lead.details)
        assert "O1" not in str(lead.details)
        assert leads.import_duplicates(file=self.LIST.encode(), by=inspector, now=now).created == 0


class TestTips:
    def test_who_gave_a_tip_is_sealed_and_opened_only_with_a_reason_that_is_written_down(self, place, now):
        told = TipText(place, "护士代刷医保卡。", Informant("王某", "13800000000"), wants_reward=True)
        lead = leads.enter_tip(tip=told, by=None, now=now)
        sealed = bytes(Tip.objects.get(lead=lead).sealed or b"")
        assert sealed
        assert "王某".encode() not in sealed
        assert b"13800000000" not in sealed
        approver = officer("approver", region="15")
        with pytest.raises(RuleRefused):
            leads.open_identity(lead=lead, reason=" ", by=approver, now=now)
        with pytest.raises(Forbidden):
            leads.open_identity(lead=lead, reason="核实", by=officer("inspector"), now=now)
        assert not TipOpening.objects.exists()
        assert leads.open_identity(lead=lead, reason="发放奖励", by=approver, now=now).name == "王某"
        assert TipOpening.objects.get().reason == "发放奖励"
        assert AuditEvent.objects.filter(action="lead.identity_opened", by=approver).count() == 1

    def test_an_anonymous_tip_has_nothing_to_open_and_no_reward(self, place, now):
        with pytest.raises(RuleRefused):
            leads.enter_tip(tip=TipText(place, "挂床住院。", wants_reward=True), by=None, now=now)
        lead = leads.enter_tip(tip=TipText(place, "挂床住院。"), by=None, now=now)
        with pytest.raises(WrongState):
            leads.open_identity(lead=lead, reason="核实", by=officer("approver"), now=now)

    def test_the_name_is_in_no_history_and_no_audit(self, place, now):
        leads.enter_tip(tip=TipText(place, "挂床住院。", Informant("王某", "13800000000")), by=None, now=now)
        assert not AuditEvent.objects.filter(detail__icontains="王某").exists()
        assert not apps.get_model("cases", "LeadEvent").objects.filter(summary__contains="王某").exists()


class TestDecisions:
    def test_a_lead_is_joined_to_a_case_of_its_institution_and_nothing_else_follows(self, lead, inspector, now):
        case = CaseFileFactory.create(institution=lead.institution)
        before = (Attribution.objects.count(), PointsEntry.objects.count(), case.findings.count())
        promoted = leads.promote(lead=lead, case=case, reason="同一事实", by=inspector, now=now)
        assert (promoted.state, promoted.case) == ("promoted", case)
        assert (Attribution.objects.count(), PointsEntry.objects.count(), case.findings.count()) == before
        assert leads.promote(lead=lead, case=case, reason="同一事实", by=inspector, now=now).pk == lead.pk
        with pytest.raises(WrongState):
            leads.dismiss(lead=lead, reason="改主意", by=inspector, now=now)

    def test_a_case_of_another_institution_or_an_annulled_one_is_refused(self, lead, inspector, now):
        with pytest.raises(RuleRefused, match="is about"):
            leads.promote(lead=lead, case=CaseFileFactory.create(), reason="同一事实", by=inspector, now=now)
        basis = BasisFactory.create(institution=lead.institution)
        case = CaseFileFactory.create(institution=lead.institution, basis=basis)
        basis.annulled_on, basis.annulled_by, basis.annulled_reason = basis.decided_on, inspector, "复议撤销"
        case.basis = basis
        with pytest.raises(RuleRefused, match="annulled"):
            leads.promote(lead=lead, case=case, reason="同一事实", by=inspector, now=now)

    def test_the_database_joins_a_lead_to_no_other_institutions_case(self, lead, inspector, now):
        other = CaseFileFactory.create()
        with pytest.raises(IntegrityError, match="lead_is_joined_to_its_institutions_case"), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(
                state="promoted", case=other, decision_reason="x", decided_at=now, decided_by=inspector
            )

    def test_a_dismissed_lead_has_its_reason_and_may_be_taken_up_again(self, lead, inspector, now):
        with pytest.raises(RuleRefused):
            leads.dismiss(lead=lead, reason="", by=inspector, now=now)
        assert leads.dismiss(lead=lead, reason="查无实据", by=inspector, now=now).state == "dismissed"
        assert leads.reopen(lead=lead, reason="新材料", by=inspector, now=now).state == "received"
        with pytest.raises(WrongState):
            leads.reopen(lead=lead, reason="新材料", by=inspector, now=now)

    def test_an_officer_of_another_region_decides_nothing(self, lead, now):
        with pytest.raises(Forbidden):
            leads.dismiss(lead=lead, reason="查无实据", by=officer("inspector", region="43"), now=now)

    def test_what_was_received_is_never_edited_nor_deleted(self, lead):
        with pytest.raises(IntegrityError, match="lead_stays_as_received"), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(summary="改写")
        with pytest.raises(IntegrityError, match="lead_is_kept"), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).delete()


def test_nothing_of_the_ledger_or_of_an_attribution_leads_back_to_a_lead():
    """No path from a lead to points: the only key to or from one leads to a case file, or to the institution."""
    to_lead = {
        model.__name__
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is Lead
    }
    assert to_lead == {"Tip", "LeadEvent"}
    keys = {f.name for f in Lead._meta.get_fields() if f.is_relation and f.concrete}
    assert keys == {"institution", "case", "received_by", "decided_by"}


def test_what_leads_come_to_is_counted_by_source_and_detector(now):
    walk = procedure(AttributionState.EFFECTIVE, now=now)
    inspector = officer("inspector")
    code = walk.attribution.case.institution.code
    rows = hit("a", code) + hit("b", code) + hit("c", code, source="smart_supervision")
    leads.import_hits(file=(HEADINGS + rows).encode(), by=inspector, now=walk.now)
    first, second, _third = Lead.objects.order_by("external_key")
    leads.promote(lead=first, case=walk.attribution.case, reason="同一事实", by=inspector, now=walk.now)
    leads.dismiss(lead=second, reason="查无实据", by=inspector, now=walk.now)
    model, smart = conversions([""], year=2025)
    assert (model.source, model.received, model.waiting, model.dismissed, model.promoted) == ("big_data", 2, 0, 1, 1)
    assert (model.with_points, model.share) == (1, 0.5)
    assert (smart.received, smart.waiting, smart.share) == (1, 1, None)
    assert conversions(["99"]) == []
