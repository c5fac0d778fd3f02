"""One's own log-in: password, second factor, recovery codes, sessions; nobody else's."""

import pytest
from django.core import mail
from django.test import Client

from institutions.models import AuditEvent, LoginSession, RecoveryCode, SecondFactor
from institutions.services import login_mail
from tests.factories.institution import InstitutionFactory
from tests.factories.second_factor import SECRET, code_of, enrolled
from tests.factories.user import PASSWORD, UserFactory, hr_of, officer

pytestmark = pytest.mark.django_db

NEW = "a-new-password-9"
PAGES = ("/account/", "/account/password/", "/account/second-factor/", "/account/recovery-codes/")


def client_of(user, agent: str = "Mozilla/5.0 (X11; Linux) Firefox/140.0") -> Client:
    client = Client(headers={"Accept-Language": "en", "User-Agent": agent})
    client.force_login(user)
    return client


def test_strangers_are_sent_to_the_door():
    for path in (*PAGES, "/account/second-factor/give-up/"):
        assert Client().get(path)["Location"] == f"/admin/login/?next={path}"
    assert Client().post("/account/sessions/end/").status_code == 302


def test_officers_and_hospital_staff_see_their_own_state():
    for user in (officer("inspector"), hr_of(InstitutionFactory())):
        page = client_of(user).get("/account/")
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert len(page.context["sessions"]) == 1


class TestPassword:
    def change(self, client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None):
        return client.post("/account/password/", {"old": old, "new": new, "again": new if again is None else again})

    def test_it_is_changed_other_sessions_end_and_this_one_goes_on(self):
        user = officer("inspector")
        here, there = client_of(user), client_of(user)
        assert self.change(here)["Location"] == "/account/"
        assert here.get("/account/").status_code == 200
        assert there.get("/account/").status_code == 302
        user.refresh_from_db()
        assert user.check_password(NEW)
        assert AuditEvent.objects.get(action="password.changed").by == user

    @pytest.mark.parametrize(
        ("old", "new", "again", "field"),
        [
            ("wrong", NEW, None, "old"),
            (PASSWORD, PASSWORD, None, "old"),
            (PASSWORD, "short", None, "new"),
            (PASSWORD, "123456789012", None, "new"),
            (PASSWORD, NEW, "another", "again"),
        ],
    )
    def test_what_will_not_do_is_said_beside_its_field(self, old, new, again, field):
        user = officer("inspector")
        page = self.change(client_of(user), old, new, again)
        assert page.status_code == 422
        assert page.context["problems"][0].field in (field, "new")
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_guesses_at_the_old_password_run_dry(self):
        client = client_of(officer("inspector"))
        for _ in range(5):
            self.change(client, "wrong")
        assert self.change(client).status_code == 429


class TestSecondFactor:
    def test_hospital_staff_enrol_and_give_up_of_their_own_accord(self):
        user = hr_of(InstitutionFactory())
        client = client_of(user)
        secret = client.get("/account/second-factor/").context["proposal"].secret
        page = client.post("/account/second-factor/", {"code": code_of(secret)})
        assert len(page.context["codes"]) == 10
        assert client.post("/account/second-factor/give-up/", {"code": "000000"}).status_code == 422
        assert SecondFactor.objects.filter(user=user).exists()
        codes = page.context["codes"]
        assert client.post("/account/second-factor/give-up/", {"code": codes[0]}).status_code == 302
        assert not SecondFactor.objects.filter(user=user).exists()

    def test_an_officer_replaces_the_phone_with_the_old_one_only(self):
        user = officer("inspector")
        codes = enrolled(user)
        client = client_of(user)
        secret = client.get("/account/second-factor/").context["proposal"].secret
        form = {"old": "000000", "code": code_of(secret)}
        assert client.post("/account/second-factor/", form).status_code == 422
        assert client.post("/account/second-factor/", form | {"old": ""}).status_code == 422
        page = client.post("/account/second-factor/", form | {"old": codes[0]})
        assert len(page.context["codes"]) == 10
        assert client.get("/account/second-factor/give-up/")["Location"] == "/account/"
        assert client.post("/account/second-factor/give-up/", {"code": page.context["codes"][0]}).status_code == 302
        assert SecondFactor.objects.filter(user=user).exists()

    def test_new_recovery_codes_cost_a_code(self):
        user = officer("inspector")
        old = enrolled(user)
        client = client_of(user)
        assert client.post("/account/recovery-codes/", {"code": "000000"}).status_code == 422
        assert RecoveryCode.objects.filter(user=user).count() == 10
        page = client.post("/account/recovery-codes/", {"code": code_of(SECRET)})
        assert set(page.context["codes"]).isdisjoint(old)
        assert client.get("/account/").context["codes_left"] == 10

    def test_without_one_recovery_codes_lead_to_enrolment(self):
        client = client_of(hr_of(InstitutionFactory()))
        assert client.get("/account/recovery-codes/")["Location"] == "/account/second-factor/"


class TestSessions:
    def test_the_others_are_listed_by_browser_and_ended_one_by_one_or_together(self):
        user = officer("inspector")
        here = client_of(user)
        phone = client_of(user, "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile")
        third = client_of(user)
        for client in (phone, third):
            store = client.session
            store["agent"] = "Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile"
            store.save()
        shown = here.get("/account/").context["sessions"]
        assert [session.is_this for session in shown] == [True, False, False]
        assert (shown[1].browser, shown[1].system) == ("Chrome", "Android")
        here.post("/account/sessions/end/", {"session": shown[1].reference})
        assert LoginSession.objects.filter(user=user).count() == 2
        here.post("/account/sessions/end/")
        assert LoginSession.objects.filter(user=user).count() == 1
        assert here.get("/account/").status_code == 200
        assert {c.get("/account/").status_code for c in (phone, third)} == {302}
        assert AuditEvent.objects.filter(action__startswith="session.", by=user).count() == 2

    def test_a_colleagues_session_cannot_be_ended(self):
        user, other = officer("inspector"), officer("inspector")
        theirs = client_of(other)
        reference = theirs.get("/account/").context["sessions"][0].reference
        client_of(user).post("/account/sessions/end/", {"session": reference})
        assert theirs.get("/account/").status_code == 200

    def test_the_key_of_a_session_is_on_no_page(self):
        client = client_of(officer("inspector"))
        page = client.get("/account/").content.decode()
        assert str(client.session.session_key) not in page


@pytest.mark.parametrize("kind", list(login_mail.Kind))
def test_the_owner_is_told_in_both_languages_without_any_secret(kind):
    user = UserFactory()
    mail.outbox.clear()
    assert login_mail.send(kind, user)
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert user.username in message.body
    assert "----" in message.body
    assert "/account/" in message.body
    assert not login_mail.send(kind, UserFactory(email=""))
