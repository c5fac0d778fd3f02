"""A case in which nobody is scored is closed by a second officer with reasons, leaves the queue, and may come back."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from cases.errors import TwoOfficerRule
from cases.models import CaseClosing, CaseFile
from cases.queues import CASES
from cases.selectors import waiting
from cases.services import attributions, case_closings
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent
from institutions.services import work_claims
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import days_later, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.delegation import stand_in
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db
WHY = "违规系信息系统故障所致，查明无人员责任。"


@pytest.fixture
def case(now):
    clock.move_to(now)
    return CaseFileFactory(opened_by=officer("inspector", region="15"))


def close(case, now, by=None, reasons=WHY):
    return case_closings.close_case(case=case, reasons=reasons, by=by or officer("approver", region="15"), now=now)


def test_it_leaves_the_queue_and_comes_back_when_it_is_opened_again(case, now):
    today, approver = local_date(now), officer("approver", region="15")
    assert case in waiting.cases(today)
    closing = close(case, now, by=approver)
    assert case not in waiting.cases(today)
    assert close(case, now, by=approver) == closing
    assert AuditEvent.objects.get(action="case.closed").reason == WHY
    case_closings.reopen_case(case=case, reason="发现新的证据。", by=approver, now=days_later(now, 3))
    assert case in waiting.cases(today)
    with pytest.raises(WrongState):
        case_closings.reopen_case(case=case, reason="再次。", by=approver, now=days_later(now, 3))
    assert close(case, days_later(now, 4)) != closing


def test_nor_does_whoever_stands_in_for_them(case, now):
    deputy = officer("approver", region="15")
    stand_in(deputy, case.opened_by, now=now)
    with pytest.raises(TwoOfficerRule):
        close(case, now, by=deputy)


def test_the_officer_who_brought_it_in_does_not_close_it(case, now):
    opener = case.opened_by
    for role in ("inspector", "auditor", "expert"):
        with pytest.raises(Forbidden):
            close(case, now, by=officer(role, region="15"))
    both = officer("approver", region="15")
    CaseFile.objects.filter(pk=case.pk).update(opened_by=both)
    case.refresh_from_db()
    with pytest.raises(TwoOfficerRule):
        close(case, now, by=both)
    with pytest.raises(DatabaseError, match="whoever_brought_a_case_in_does_not_close_it"), transaction.atomic():
        CaseClosing.objects.create(case=case, reasons=WHY, closed_by=both, closed_at=now)
    assert opener != both


@pytest.mark.parametrize("state", [State.DRAFT, State.PROPOSED, State.EFFECTIVE])
def test_not_while_somebody_is_or_may_be_scored(state, now):
    case = procedure(state, now=now).attribution.case
    with pytest.raises(WrongState) as refused:
        close(case, now)
    assert (refused.value.rule, refused.value.state) == (case_closings.RULE, state)
    with pytest.raises(DatabaseError, match="only_a_case_that_scores_nobody_is_closed"), transaction.atomic():
        CaseClosing.objects.create(case=case, reasons=WHY, closed_by=officer("approver"), closed_at=now)


def test_after_everybody_was_withdrawn_or_rejected_it_may_be_closed(now):
    walk = procedure(State.REJECTED, now=now)
    assert close(walk.attribution.case, walk.now).reasons == WHY


def test_it_takes_nobody_while_it_is_closed(now):
    walk = procedure(State.DRAFT, now=now)
    case, by = walk.attribution.case, walk.team.inspector
    attributions.withdraw(attribution=walk.attribution, reason="认错了人。", by=by, now=now)
    close(case, now)
    with pytest.raises(WrongState) as refused:
        attributions.create_draft(case=case, practitioner=PractitionerFactory(), lines=[], by=by, now=now)
    assert refused.value.state == "closed"
    with pytest.raises(WrongState) as refused:
        attributions.resume(attribution=walk.attribution, by=by, now=now)
    assert refused.value.state == "closed"
    with pytest.raises(DatabaseError, match="closed_case_takes_no_attribution"), transaction.atomic():
        case.attributions.model.objects.create(case=case, practitioner=PractitionerFactory())


def test_reasons_are_asked_and_stay(case, now):
    with pytest.raises(RuleRefused):
        close(case, now, reasons="  ")
    closing = CaseClosing.objects.filter(pk=close(case, now).pk)
    with pytest.raises(DatabaseError, match="closing_is_not_edited"), transaction.atomic():
        closing.update(reasons="另一个理由")
    with pytest.raises(DatabaseError, match="closing_is_kept"), transaction.atomic():
        closing.delete()


def test_nothing_of_a_failed_closing_remains(case, now, monkeypatch):
    fail_on(monkeypatch, "institutions.services.audit.record_event")
    with pytest.raises(LastWriteError):
        close(case, now)
    assert not CaseClosing.objects.exists()


def test_on_the_page(case, now):
    approver = officer("approver", region="15")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(approver)
    work_claims.claim(work=CASES.work(case), by=officer("inspector", region="15"), now=now)
    page, workspace = f"/admin/cases/casefile/{case.pk}/closing/", f"/admin/cases/casefile/{case.pk}/workspace/"
    html = client.get(workspace).content.decode()
    assert page in html
    assert "In hand with" in html
    assert client.post(page, {"reasons": ""}).status_code == 422
    assert client.post(page, {"reasons": WHY}).status_code == 302
    html = client.get(workspace).content.decode()
    assert WHY in html
    assert "Case closed: nobody is scored" in html
    assert client.post(page, {"reasons": "发现新的证据。"}).status_code == 302
    assert "发现新的证据。" in client.get(page).content.decode()
    reader = Client(headers={"Accept-Language": "en"})
    reader.force_login(case.opened_by)
    refused = reader.post(page, {"reasons": WHY})
    assert refused.status_code == 403
    assert not CaseClosing.objects.filter(reopened_at=None).exists()
