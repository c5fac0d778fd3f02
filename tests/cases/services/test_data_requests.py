"""Requests to correct data: filed by the person, one open of a kind, answered once with reasons."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cases.models import DataRequest
from cases.services import data_requests
from cases.states import State
from institutions.errors import Forbidden, NotThere, RuleRefused, WrongState
from institutions.models import AuditEvent
from tests.cases.last_write import LastWriteError, fail_on
from tests.cases.views.opening import letter_of
from tests.factories.attribution import procedure
from tests.factories.notice import NoticeFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(now):
    return letter_of(procedure(State.INTENT_SERVED, now=now).attribution)


def file(notice, now, **changes):
    facts = {"kind": "identity", "text": "姓名应为“耿晓敏”。"}
    return data_requests.file_request(notice=notice, now=now, **(facts | changes))


def answer(request, now, **changes):
    facts: dict[str, Any] = {"outcome": "corrected", "answer": "已在名册更正。", "by": officer("inspector")}
    return data_requests.answer_request(request=request, now=now, **(facts | changes))


def test_is_filed_with_a_receipt_and_names_no_user(notice, now):
    request = file(notice, now)
    assert request.receipt == f"GZ2025-{request.pk:06d}"
    assert (request.practitioner, request.answered_at) == (notice.practitioner, None)
    assert AuditEvent.objects.get(action="data_request.filed").by is None


def test_while_one_is_open_the_same_kind_returns_it(notice, now):
    first = file(notice, now)
    assert file(notice, now, text="别的话") == first
    assert file(notice, now, kind="dates") != first
    answer(first, now)
    assert file(notice, now, text="还不对") not in (first,)


@pytest.mark.parametrize("changes", [{"kind": "gossip"}, {"text": " "}, {"text": "长" * 4001}])
def test_what_is_not_valid_is_refused(notice, now, changes):
    with pytest.raises(RuleRefused):
        file(notice, now, **changes)


def test_a_notice_to_an_institution_files_nothing(now):
    with pytest.raises(NotThere):
        file(NoticeFactory(), now)


def test_is_answered_once_with_reasons(notice, now):
    request, by = file(notice, now), officer("inspector")
    done = answer(request, now, by=by)
    assert (done.outcome, done.answer, done.answered_by) == ("corrected", "已在名册更正。", by)
    assert answer(request, now, by=by) == done
    with pytest.raises(WrongState):
        answer(request, now, outcome="refused", by=by)


@pytest.mark.parametrize("changes", [{"answer": " "}, {"outcome": "perhaps"}])
def test_an_answer_without_reasons_or_outcome_is_refused(notice, now, changes):
    with pytest.raises(RuleRefused):
        answer(file(notice, now), now, **changes)


@pytest.mark.parametrize("role", ["appeal_officer", "auditor", "publisher"])
def test_who_may_not_answer_is_refused(notice, now, role):
    with pytest.raises(Forbidden):
        answer(file(notice, now), now, by=officer(role))


def test_an_officer_of_another_region_does_not_answer(notice, now):
    with pytest.raises(Forbidden):
        answer(file(notice, now), now, by=officer("inspector", region="43"))


def test_nothing_remains_when_the_last_write_fails(notice, now, monkeypatch):
    request = file(notice, now)
    fail_on(monkeypatch, "cases.services.data_requests.audit.record_event")
    with pytest.raises(LastWriteError):
        answer(request, now)
    request.refresh_from_db()
    assert request.answered_at is None


def test_the_database_keeps_what_was_filed_and_answered(notice, now):
    request = file(notice, now)
    with pytest.raises(IntegrityError, match="data_request_stays_as_filed"), transaction.atomic():
        DataRequest.objects.filter(pk=request.pk).update(text="别的")
    with pytest.raises(IntegrityError, match="data_request_is_kept"), transaction.atomic():
        request.delete()
    with pytest.raises(IntegrityError, match="data_request_is_answered_with_reasons"), transaction.atomic():
        DataRequest.objects.filter(pk=request.pk).update(answered_at=now, answered_by=officer("inspector"))
    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.create(
            practitioner=request.practitioner, notice=notice, kind=request.kind, text="第二份", filed_at=now
        )
    answer(request, now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_datarequest SET answer = '改了' WHERE id = %s", [request.pk])
