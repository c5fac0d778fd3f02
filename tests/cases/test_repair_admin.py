"""Repairs and new registrations on the officers' pages: entered from paper, opened with a trace, decided."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.models import Activity, RepairApplication, ReregistrationApplication
from cases.states.repair import State
from institutions import clock
from institutions.clock import local_date
from institutions.models import AuditEvent
from tests.factories.repair import REASONS, barred, registering, repairing, scored_in_tianjin, site_of
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

LIST = "admin:cases_repairapplication_changelist"


@pytest.fixture
def at(now, client):
    """Log an officer in, at the fixed instant."""
    clock.move_to(now)

    def log_in(user):
        client.force_login(user)
        return client

    return log_in


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("certificate.txt", "参加证明".encode(), "text/plain")


def decide_page(application) -> str:
    model = application._meta.model_name
    return reverse(f"admin:cases_{model}_change", args=[application.pk]).replace("change/", "decide/")


def test_a_paper_application_is_entered_and_another_officer_approves_it(at, now) -> None:
    person = scored_in_tianjin(on=local_date(now) - timedelta(days=8))
    day = local_date(now).isoformat()
    form: dict[str, Any] = {"code": person.codes.get().code, "place": site_of(person).code, "activity": "inspection"}
    form |= {"description": "协助飞行检查两天", "took_place_from": day, "took_place_to": day, "file": upload()}
    clerk, approver = officer("inspector"), officer("approver")

    entered = at(clerk).post(reverse(LIST) + "enter/", form)
    made = RepairApplication.objects.get()
    page = at(approver).get(decide_page(made))
    decided = at(approver).post(decide_page(made), {"move": "approve", "reasons": REASONS})

    made.refresh_from_db()
    assert (entered.status_code, page.status_code, decided.status_code) == (302, 200, 302)
    assert (made.state, made.entered_by, made.decided_by) == (State.APPROVED, clerk, approver)


def test_what_is_refused_stands_beside_the_form(at, now) -> None:
    person = scored_in_tianjin(12, on=local_date(now) - timedelta(days=8))
    day = local_date(now).isoformat()
    form: dict[str, Any] = {"code": person.codes.get().code, "place": site_of(person).code, "activity": "volunteer"}
    form |= {"description": "宣传", "took_place_from": day, "took_place_to": day, "file": upload()}

    answer = at(officer("inspector")).post(reverse(LIST) + "enter/", form)

    assert answer.status_code == 409
    assert "12" in answer.content.decode()
    assert not RepairApplication.objects.exists()


@pytest.mark.parametrize("field", ["code", "place"])
def test_unknown_codes_are_named(at, now, field: str) -> None:
    person = scored_in_tianjin(on=local_date(now) - timedelta(days=8))
    form = {"code": person.codes.get().code, "place": site_of(person).code} | {field: "X1"}

    answer = at(officer("inspector")).post(reverse(LIST) + "enter/", form)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_decision_without_reasons_is_not_taken(at, now) -> None:
    walk = repairing(State.SUBMITTED, now=now)

    for move in ("approve", "refuse"):
        answer = at(walk.approver).post(decide_page(walk.application), {"move": move, "reasons": ""})
        assert answer.status_code == 422
    walk.application.refresh_from_db()
    assert walk.application.state == State.SUBMITTED


def test_a_file_is_opened_and_the_opening_written_down(at, now) -> None:
    walk = repairing(State.SUBMITTED, now=now, activity=Activity.VOLUNTEER)
    file = walk.application.files.get()

    answer = at(walk.approver).post(decide_page(walk.application), {"move": "open", "file": file.pk})

    assert answer.content == "参加证明".encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="submitted_file.opened", by=walk.approver).exists()


def test_a_clerk_sees_no_decision_form_and_other_regions_nothing(at, now) -> None:
    walk = repairing(State.SUBMITTED, now=now)

    assert 'id="decision"' not in at(walk.clerk).get(decide_page(walk.application)).content.decode()
    assert 'id="decision"' in at(walk.approver).get(decide_page(walk.application)).content.decode()
    assert at(officer("approver", region="15")).get(decide_page(walk.application)).status_code == 404
    assert at(officer("publisher")).get(reverse(LIST)).status_code == 403


def test_lists_and_the_table_of_repeat_rates_are_shown(at, now) -> None:
    walk = repairing(State.APPROVED, now=now)

    page = at(walk.approver).get(reverse(LIST)).content.decode()
    detail = at(walk.approver).get(reverse("admin:cases_repairapplication_change", args=[walk.application.pk]))
    rates = at(walk.approver).get(reverse(LIST) + "rates/").content.decode()

    assert walk.application.receipt in page
    assert detail.status_code == 200
    assert "B3" in rates


def test_a_new_registration_is_entered_and_approved(at, client, now) -> None:
    later = now + timedelta(days=365)
    person = barred(local_date(later) - timedelta(days=1))
    clerk, approver = officer("inspector"), officer("approver")
    at(clerk)
    clock.move_to(later)
    listing = reverse("admin:cases_reregistrationapplication_changelist")
    form = {"code": person.codes.get().code, "place": site_of(person).code, "file": upload()}

    client.post(listing + "enter/", form | {"commitment_on": local_date(later).isoformat()})
    made = ReregistrationApplication.objects.get()
    client.force_login(approver)
    decided = client.post(decide_page(made), {"move": "approve", "reasons": REASONS})

    made.refresh_from_db()
    assert (decided.status_code, made.state) == (302, "approved")
    assert client.get(listing).status_code == 200


def test_a_refused_registration_keeps_its_reasons(at, client, now) -> None:
    walk = registering(now=now + timedelta(days=365))
    at(walk.approver)
    clock.move_to(walk.now)

    client.post(decide_page(walk.application), {"move": "refuse", "reasons": REASONS})

    assert REASONS in client.get(decide_page(walk.application)).content.decode()
