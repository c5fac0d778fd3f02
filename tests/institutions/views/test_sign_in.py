"""The doors: nobody is logged in before both factors are right, and nothing but the doors logs anybody in."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client

from institutions import clock
from institutions.models import AuditEvent, LoginSession, SecondFactor
from institutions.services import login_mail
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import NoticeFactory
from tests.factories.second_factor import SECRET, code_of, enrolled
from tests.factories.user import PASSWORD, UserFactory, hr_of, officer

pytestmark = pytest.mark.django_db

ADMIN, PORTAL = "/admin/login/", "/portal/login/"
CODE, ENROL = "/sign-in/code/", "/sign-in/enrol/"
PROTECTED = ("/admin/", "/portal/", "/account/", "/api/v1/cases/")


@pytest.fixture
def client() -> Client:
    return Client(headers={"Accept-Language": "en", "User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0"})


def give_password(client: Client, user, door: str = ADMIN, following: str = ""):
    return client.post(door, {"username": user.username, "password": PASSWORD, "next": following})


def is_logged_in(client: Client) -> bool:
    return SESSION_KEY in client.session


def opens_nothing(client: Client) -> bool:
    return all(client.get(path).status_code in (302, 403) for path in PROTECTED)


class TestOfficers:
    def test_the_password_alone_opens_nothing_and_leads_to_enrolment(self, client):
        response = give_password(client, officer("inspector"))
        assert (response.status_code, response["Location"]) == (302, ENROL)
        assert not is_logged_in(client)
        assert opens_nothing(client)

    def test_enrolment_confirms_a_code_logs_in_and_shows_the_recovery_codes_once(self, client):
        user = officer("inspector")
        give_password(client, user, following="/admin/cases/casefile/")
        page = client.get(ENROL)
        secret = page.context["proposal"].secret
        assert "data:image/svg" in page.content.decode()
        assert client.get(ENROL).context["proposal"].secret == secret
        assert client.post(ENROL, {"code": "000000"}).status_code == 422
        assert not is_logged_in(client)
        page = client.post(ENROL, {"code": code_of(secret)})
        assert len(page.context["codes"]) == 10
        assert page.context["onward"] == "/admin/cases/casefile/"
        assert "no-store" in page["Cache-Control"]
        assert is_logged_in(client)
        assert client.get("/admin/").status_code == 200
        assert client.get(ENROL).status_code == 302

    def test_an_enrolled_officer_is_asked_for_a_code(self, client):
        user = officer("inspector")
        enrolled(user)
        response = give_password(client, user, following="/admin/cases/casefile/")
        assert response["Location"] == CODE
        assert opens_nothing(client)
        assert client.get(ENROL)["Location"] == CODE
        assert client.post(CODE, {"code": "000000"}).status_code == 422
        assert client.post(CODE, {"code": ""}).status_code == 422
        assert not is_logged_in(client)
        response = client.post(CODE, {"code": code_of(SECRET)})
        assert (response.status_code, response["Location"]) == (302, "/admin/cases/casefile/")
        assert is_logged_in(client)
        event = AuditEvent.objects.get(action="login.succeeded")
        assert (event.by, event.detail) == (user, {"second_factor": True})

    def test_a_recovery_code_logs_in_too(self, client):
        user = officer("inspector")
        codes = enrolled(user)
        give_password(client, user)
        assert "Recovery code" in client.get(f"{CODE}?recovery").content.decode()
        assert client.post(CODE, {"code": codes[0]}).status_code == 302
        assert is_logged_in(client)

    def test_a_log_in_that_takes_too_long_begins_again(self, client, monkeypatch):
        user = officer("inspector")
        enrolled(user)
        give_password(client, user)
        late = clock.real_now() + timedelta(seconds=settings.SIGN_IN_SECONDS + 1)
        monkeypatch.setattr(clock, "real_now", lambda: late)
        assert client.post(CODE, {"code": code_of(SECRET, late)})["Location"] == ADMIN
        assert not is_logged_in(client)

    def test_a_password_changed_in_between_ends_the_log_in(self, client):
        user = officer("inspector")
        enrolled(user)
        give_password(client, user)
        user.set_password("another-password-1")
        user.save()
        assert client.post(CODE, {"code": code_of(SECRET)})["Location"] == ADMIN

    def test_nobody_comes_to_the_second_step_without_the_first(self, client):
        for path in (CODE, ENROL):
            assert client.get(path)["Location"] == ADMIN
            assert client.post(path, {"code": "123456"})["Location"] == ADMIN

    def test_without_the_demand_of_a_demonstration_the_password_is_enough(self, client, settings):
        settings.SECOND_FACTOR_DEMANDED = False
        response = give_password(client, officer("inspector"))
        assert (response.status_code, response["Location"]) == (302, "/admin/")
        other = officer("approver")
        enrolled(other)
        assert give_password(Client(), other)["Location"] == CODE


class TestHospitals:
    def test_staff_log_in_with_their_password_unless_they_have_enrolled(self, client):
        user = hr_of(InstitutionFactory())
        assert give_password(client, user, PORTAL)["Location"] == "/portal/"
        assert is_logged_in(client)
        enrolled(user)
        assert give_password(Client(), user, PORTAL)["Location"] == CODE

    def test_they_come_back_to_the_page_they_wanted(self, client):
        notice = NoticeFactory()
        page = f"/portal/notices/{notice.number}/"
        assert client.get(page)["Location"] == f"{PORTAL}?next={page}"
        assert give_password(client, hr_of(notice.institution), PORTAL, page)["Location"] == page

    def test_the_officers_door_leads_them_home_and_not_round_in_circles(self, client):
        user = hr_of(InstitutionFactory())
        assert give_password(client, user, ADMIN, "/admin/")["Location"] == "/portal/"
        assert client.get("/admin/")["Location"] == f"{ADMIN}?next=/admin/"
        assert client.get(f"{ADMIN}?next=/admin/")["Location"] == "/portal/"


class TestGuessing:
    @pytest.mark.parametrize("door", [ADMIN, PORTAL])
    def test_a_wrong_password_is_said_plainly_and_lets_nobody_in(self, client, door):
        response = client.post(door, {"username": officer("inspector").username, "password": "wrong"})
        assert response.status_code == 422
        assert "error-summary" in response.content.decode()
        assert not is_logged_in(client)

    def test_missing_fields_are_named(self, client):
        page = client.post(ADMIN, {"username": "", "password": ""})
        assert [problem.field for problem in page.context["problems"]] == ["username", "password"]

    def test_too_many_guesses_wait_and_say_how_long(self, client):
        user = officer("inspector")
        for _ in range(5):
            client.post(ADMIN, {"username": user.username, "password": "wrong"})
        response = give_password(client, user)
        assert response.status_code == 429
        assert re.search(r"Wait \d+ minutes?", response.content.decode())
        assert response["Retry-After"]
        assert not is_logged_in(client)

    def test_another_site_is_no_place_to_go_on_to(self, client):
        user = hr_of(InstitutionFactory())
        for foreign in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            assert give_password(Client(), user, PORTAL, foreign)["Location"] == "/portal/"


class TestSessions:
    def test_a_session_ends_half_an_hour_after_its_last_use(self, client):
        client.force_login(officer("inspector"))
        row = LoginSession.objects.get()
        left = (row.expire_date - clock.real_now()).total_seconds()
        assert settings.SESSION_IDLE_SECONDS - 60 < left <= settings.SESSION_IDLE_SECONDS
        LoginSession.objects.update(expire_date=clock.real_now() - timedelta(seconds=1))
        assert client.get("/admin/").status_code == 302

    def test_a_page_that_renews_itself_is_no_use_of_it(self, client):
        client.force_login(officer("inspector"))
        store = client.session
        seen = clock.real_now() - timedelta(minutes=20)
        store.is_renewal = True
        store["seen_at"] = seen.isoformat()
        store.save()
        ends = LoginSession.objects.get().expire_date
        assert client.get("/admin/?renewed").status_code == 200
        row = LoginSession.objects.get()
        assert (row.expire_date, row.seen_at) == (ends, seen)
        assert client.get("/admin/").status_code == 200
        row = LoginSession.objects.get()
        assert row.expire_date > ends
        assert row.seen_at is not None
        assert row.seen_at > seen

    def test_use_keeps_it_open_but_not_beyond_the_absolute_end(self, client):
        client.force_login(officer("inspector"))
        store = client.session
        started = clock.real_now() - timedelta(hours=7, minutes=50)
        store["signed_in_at"] = started.isoformat()
        store.save()
        row = LoginSession.objects.get()
        assert abs((row.expire_date - started).total_seconds() - settings.SESSION_COOKIE_AGE) < 1

    def test_being_used_is_written_at_most_once_a_minute(self, client):
        client.force_login(officer("inspector"))
        client.get("/admin/")
        first = LoginSession.objects.get().seen_at
        client.get("/admin/")
        assert LoginSession.objects.get().seen_at == first
        store = client.session
        LoginSession.objects.update(session_data=store.encode(dict(store.items()) | {"seen_at": "2020-01-01T00:00Z"}))
        client.get("/admin/")
        assert LoginSession.objects.get().seen_at != first

    def test_logging_out_ends_it_and_is_written_down(self, client):
        user = officer("inspector")
        client.force_login(user)
        response = client.post("/admin/logout/")
        assert response["Location"] == "/admin/login/?left=1"
        assert "logged out" in client.get(response["Location"]).content.decode()
        assert opens_nothing(client)
        assert AuditEvent.objects.get(action="login.left").by == user
        assert client.get("/admin/logout/").status_code == 405

    def test_the_key_of_a_session_changes_at_each_step(self, client):
        user = officer("inspector")
        enrolled(user)
        client.get(ADMIN)
        give_password(client, user)
        before = client.session.session_key
        client.post(CODE, {"code": code_of(SECRET)})
        assert client.session.session_key != before
        assert LoginSession.objects.filter(session_key=before).count() == 0


class TestPasswordLinks:
    def link(self, client, typed: str) -> str | None:
        mail.outbox.clear()
        assert client.post("/sign-in/password/", {"login": typed}).status_code == 200
        login_mail.send_links(typed)
        found = re.search(r"/sign-in/password/\S+", str(mail.outbox[0].body)) if mail.outbox else None
        return found.group() if found else None

    def test_a_link_gives_a_new_password_once_and_the_second_factor_stays(self, client):
        user = officer("inspector")
        enrolled(user)
        there = Client()
        there.force_login(user)
        link = self.link(client, user.username)
        form = client.get(link)["Location"]
        assert link != form
        assert client.post(form, {"new": "short", "again": "short"}).status_code == 422
        assert client.post(form, {"new": "a-new-password-9", "again": "other"}).status_code == 422
        assert client.post(form, {"new": "a-new-password-9", "again": "a-new-password-9"}).status_code == 200
        assert there.get("/admin/").status_code == 302
        assert client.get(link).status_code == 404
        response = client.post(ADMIN, {"username": user.username, "password": "a-new-password-9"})
        assert response["Location"] == CODE
        assert AuditEvent.objects.filter(action="password.renewed", by=user).exists()

    def test_an_address_will_do_and_somebody_without_a_password_gets_their_first(self, client):
        user = UserFactory(password="!", email="zhang@example.org")
        assert self.link(client, "Zhang@Example.org") is not None
        assert "中" not in user.username

    def test_the_answer_is_the_same_for_everybody(self, client):
        known, inactive = UserFactory(), UserFactory(is_active=False)
        pages = {
            re.sub(rb'value="[^"]*"', b"", client.post("/sign-in/password/", {"login": name}).content)
            for name in (known.username, inactive.username, "nobody-there")
        }
        assert len(pages) == 1
        assert self.link(client, inactive.username) is None
        assert self.link(client, "nobody-there") is None

    def test_a_name_is_written_to_three_times_an_hour(self, client, monkeypatch):
        sent: list[str] = []
        monkeypatch.setattr(login_mail, "link_after_commit", sent.append)
        for _ in range(5):
            assert client.post("/sign-in/password/", {"login": "somebody"}).status_code == 200
        assert sent == ["somebody"] * 3

    def test_a_made_up_link_opens_nothing(self, client):
        for reference in ("MQ", "xx", "éé"):
            assert client.get(f"/sign-in/password/{reference}/abc-def/").status_code == 404
            assert client.get(f"/sign-in/password/{reference}/set/").status_code == 404


def test_nothing_but_the_doors_logs_anybody_in():
    """Every other way in would know no second factor: whoever writes one fails here."""
    root = Path(settings.BASE_DIR)
    callers = set()
    for path in [path for app in ("config", "institutions", "scoring", "cases") for path in (root / app).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth.views":
                callers.add(str(path.relative_to(root)))
            named = node.func if isinstance(node, ast.Call) else None
            if isinstance(named, ast.Attribute) and named.attr == "login" and ast.unparse(named.value) == "auth":
                callers.add(str(path.relative_to(root)))
            if isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth":
                callers |= {str(path.relative_to(root)) for name in node.names if name.name in ("login", "alogin")}
    assert callers == {"institutions/views/sign_in.py"}


def test_the_admins_own_log_in_page_cannot_be_reached(client):
    response = client.get("/admin/login/")
    assert response.resolver_match.view_name == "admin-login"
    assert SecondFactor.objects.count() == 0
