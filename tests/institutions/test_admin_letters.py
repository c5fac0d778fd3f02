"""The page of a notice as a letter, and the page of service desks."""

import pytest
from django.urls import reverse

from institutions import clock
from institutions.models import AuditEvent, NoticeKind, NoticeToken, ServiceDesk
from institutions.services import notices
from tests.factories.notice import NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer
from tests.institutions.letters.conftest import DESK
from tests.institutions.letters.samples import DETAILS, STATUS

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(now):
    return notices.queue_notice(
        kind=NoticeKind.STATUS_CHANGE,
        recipient=PractitionerFactory(),
        cause="x",
        payload=STATUS | DETAILS,
        now=now,
        region="150422",
    )


def page(notice):
    return reverse("admin:institutions_notice_letter", args=[notice.pk])


def test_an_officer_who_serves_letters_prints_the_persons_copy(client, letter):
    client.force_login(officer("inspector", region="15"))
    shown = client.get(page(letter), {"language": "en"})
    assert "Letter on the suspension of payment qualification" in shown.content.decode()
    printed = client.post(page(letter), {"move": "print", "language": "zh-hans"})
    assert printed.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(action="letter.printed", subject_id=str(letter.pk)).count() == 1
    assert client.post(page(letter), {"move": "replace"}).status_code == 302
    assert NoticeToken.objects.filter(notice=letter).count() == 2


def test_other_officers_read_it_and_get_no_code(client, letter):
    client.force_login(officer("auditor", region="15"))
    assert client.get(page(letter)).status_code == 200
    for move in ("print", "replace"):
        assert client.post(page(letter), {"move": move}).status_code == 403
    assert not NoticeToken.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="letter.").exists()


def test_letters_of_other_regions_are_not_there(client, letter):
    client.force_login(officer("inspector", region="37"))
    assert client.get(page(letter)).status_code == 404


def test_a_notice_to_an_institution_has_no_personal_copy(client):
    notice = NoticeFactory()
    client.force_login(officer("inspector", region="15"))
    assert 'name="move"' not in client.get(page(notice)).content.decode()
    assert client.post(page(notice), {"move": "print"}).status_code == 200
    assert not NoticeToken.objects.exists()


class TestDesks:
    def form(self, **changes):
        fields = {name: getattr(DESK, name) for name in DESK.__dataclass_fields__}
        return {"region_prefix": "15", "starts_on": "2025-06-10"} | fields | changes

    def test_an_administrator_names_one(self, client, now):
        clock.move_to(now)
        client.force_login(officer("administrator"))
        assert client.post(reverse("admin:institutions_servicedesk_add"), self.form()).status_code == 302
        assert ServiceDesk.objects.get().authority == DESK.authority
        listed = client.get(reverse("admin:institutions_servicedesk_changelist"))
        assert DESK.authority in listed.content.decode()

    @pytest.mark.parametrize("changes", [{"starts_on": "2025-06-09"}, {"phone": ""}, {"region_prefix": "1"}])
    def test_a_refusal_stands_beside_the_form(self, client, now, changes):
        clock.move_to(now)
        client.force_login(officer("administrator"))
        answer = client.post(reverse("admin:institutions_servicedesk_add"), self.form(**changes))
        assert answer.status_code == 200
        assert not ServiceDesk.objects.exists()

    def test_an_inspector_reads_those_around_and_names_none(self, client, now):
        clock.move_to(now)
        client.force_login(officer("administrator"))
        for prefix in ("", "15", "37"):
            client.post(reverse("admin:institutions_servicedesk_add"), self.form(region_prefix=prefix))
        client.force_login(officer("inspector", region="1504"))
        listed = client.get(reverse("admin:institutions_servicedesk_changelist"))
        assert {row.region_prefix for row in listed.context["cl"].result_list} == {"", "15"}
        assert client.get(reverse("admin:institutions_servicedesk_add")).status_code == 403
