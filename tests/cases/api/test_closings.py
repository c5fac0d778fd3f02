"""`/api/v1/cases/{id}/close/` and `/reopen/`: nobody is scored, and then perhaps somebody after all."""

import pytest

from institutions import clock
from tests.factories.api_client import client
from tests.factories.case_file import CaseFileFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db
WHY = "违规系信息系统故障所致，查明无人员责任。"


@pytest.fixture(autouse=True)
def today(now):
    clock.move_to(now)


def test_a_case_is_closed_shown_closed_and_opened_again():
    case, approver = CaseFileFactory(opened_by=officer("inspector", region="15")), officer("approver", region="15")
    address, caller = f"/api/v1/cases/{case.pk}/", client(approver)
    closed = caller.post(f"{address}close/", {"reasons": WHY}, format="json")
    assert (closed.status_code, closed.json()["closed_by"], closed.json()["reopened_by"]) == (
        200,
        approver.username,
        "",
    )
    assert caller.post(f"{address}close/", {"reasons": WHY}, format="json").json() == closed.json()
    assert caller.post(f"{address}close/", {"reasons": "另有原因。"}, format="json").status_code == 409
    assert caller.get(address).json()["closings"] == [closed.json()]
    opened = caller.post(f"{address}reopen/", {"reason": "发现新的证据。"}, format="json")
    assert (opened.status_code, opened.json()["reopened_by"]) == (200, approver.username)
    again = caller.post(f"{address}reopen/", {"reason": "发现新的证据。"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")


def test_who_may_not_and_where_not():
    case = CaseFileFactory(opened_by=officer("approver", region="15"))
    address = f"/api/v1/cases/{case.pk}/close/"
    assert client(officer("approver", region="43")).post(address, {"reasons": WHY}, format="json").status_code == 404
    assert client(officer("inspector", region="15")).post(address, {"reasons": WHY}, format="json").status_code == 403
    assert client(case.opened_by).post(address, {"reasons": WHY}, format="json").status_code == 403
    assert client(officer("approver", region="15")).post(address, {}, format="json").status_code == 422
