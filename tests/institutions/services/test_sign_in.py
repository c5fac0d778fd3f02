"""Guesses run dry, by name, address and code; nothing tells whether somebody exists; everything is written down."""

from datetime import UTC, datetime, timedelta

import pytest

from institutions.errors import Invalid, NotThere, TooOften
from institutions.models import AuditEvent, RoleAssignment
from institutions.selectors.users import region_of
from institutions.services import sign_in
from tests.factories.institution import InstitutionFactory
from tests.factories.second_factor import SECRET, code_of, enrolled
from tests.factories.user import PASSWORD, UserFactory, assign, hr_of, officer

pytestmark = pytest.mark.django_db

AT = datetime(2025, 6, 10, 2, 4, tzinfo=UTC)  # eleven minutes before the quarter of an hour is over
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
WRONG = "not the password"


def attempt(username: str, password: str, address: str = HERE, at: datetime = AT):
    return sign_in.check_password(username=username, password=password, address=address, at=at, now=at)


def fail(username: str, times: int, address: str = HERE, at: datetime = AT) -> None:
    for _ in range(times):
        with pytest.raises(Invalid):
            attempt(username, WRONG, address, at)


def test_the_right_password_returns_the_user_and_forgets_earlier_failures():
    user = UserFactory()
    for _ in range(3):
        fail(user.username, 4)
        assert attempt(user.username, PASSWORD) == user


def test_after_five_failures_even_the_right_password_waits_from_every_address():
    user = UserFactory()
    fail(user.username, 5)
    for address in (HERE, ELSEWHERE):
        with pytest.raises(TooOften) as refused:
            attempt(user.username, PASSWORD, address)
        assert "11" in str(refused.value)
    assert attempt(user.username, PASSWORD, at=AT + timedelta(minutes=11)) == user


def test_one_name_that_is_locked_keeps_no_other_out():
    user, other = UserFactory(), UserFactory()
    fail(user.username, 5)
    assert attempt(other.username, PASSWORD) == other


def test_an_address_that_guesses_at_many_names_is_locked_for_all_of_them():
    user = UserFactory()
    for number in range(6):
        fail(f"guess{number}", 5)
    with pytest.raises(TooOften):
        attempt(user.username, PASSWORD)
    assert attempt(user.username, PASSWORD, ELSEWHERE) == user


def test_an_own_log_in_does_not_wash_an_addresss_failures_away():
    mine = UserFactory()
    for number in range(6):
        fail(f"guess{number}", 4)
        attempt(mine.username, PASSWORD)
    fail("guess", 5)
    fail("guessing", 1)
    with pytest.raises(TooOften):
        attempt("guessing", WRONG)


def test_known_unknown_and_inactive_names_are_refused_alike():
    known, inactive = UserFactory(), UserFactory(is_active=False)
    said = set()
    for name in (known.username, inactive.username, "nobody-of-that-name"):
        with pytest.raises(Invalid) as refused:
            attempt(name, PASSWORD if name == inactive.username else WRONG)
        said.add(str(refused.value))
        fail(name, 4)
        with pytest.raises(TooOften) as locked:
            attempt(name, WRONG)
        said.add(str(locked.value))
    assert len(said) == 2


def test_capitals_do_not_give_another_five_guesses():
    user = UserFactory(username="li.ming")
    fail("li.ming", 3)
    fail("LI.MING", 2)
    with pytest.raises(TooOften):
        attempt(user.username, PASSWORD)


class TestCodes:
    def judge(self, user, code, at=AT, address=HERE):
        sign_in.check_code(user=user, code=code, address=address, at=at, now=at)

    def test_codes_and_recovery_codes_are_counted_together(self):
        user = officer("inspector")
        codes = enrolled(user, at=AT)
        for guess in ("000000", "111111", "aaaa-bbbb-cccc", "222222", "zzzz-zzzz-zzzz"):
            with pytest.raises(Invalid):
                self.judge(user, guess)
        for right in (code_of(SECRET, AT), codes[0]):
            with pytest.raises(TooOften):
                self.judge(user, right)
        later = AT + timedelta(minutes=20)
        self.judge(user, code_of(SECRET, later), at=later)

    def test_a_day_of_guessing_ends_after_thirty(self):
        user = officer("inspector")
        enrolled(user, at=AT)
        for quarter in range(6):
            for _ in range(5):
                with pytest.raises(Invalid):
                    self.judge(user, "000000", AT + quarter * timedelta(minutes=15), f"192.0.2.{quarter}")
        later = AT + timedelta(hours=5)
        with pytest.raises(TooOften):
            self.judge(user, code_of(SECRET, later), at=later)
        tomorrow = AT + timedelta(days=1)
        self.judge(user, code_of(SECRET, tomorrow), at=tomorrow)

    def test_the_right_password_does_not_give_new_guesses_at_the_code(self):
        user = officer("inspector")
        enrolled(user, at=AT)
        for _ in range(5):
            attempt(user.username, PASSWORD)
            with pytest.raises(Invalid):
                self.judge(user, "000000")
        with pytest.raises(TooOften):
            self.judge(user, code_of(SECRET, AT))


class TestRecord:
    def test_failures_and_the_lock_out_are_written_down_once_each(self):
        user = officer("inspector", region="1504")
        fail(user.username, 5)
        for _ in range(3):
            with pytest.raises(TooOften):
                attempt(user.username, WRONG)
        events = AuditEvent.objects.filter(subject_id=str(user.pk)).order_by("id")
        assert [event.action for event in events] == ["login.failed"] * 5 + ["login.locked"]
        assert {(event.by, event.region_code) for event in events} == {(None, "1504")}

    def test_what_was_typed_for_a_name_is_not_written_down(self):
        fail("my-secret-password-1", 1)
        event = AuditEvent.objects.get(action="login.failed")
        assert (event.subject_type, event.subject_id) == ("user", "unknown")
        assert "my-secret" not in str(event.detail)

    def test_an_administrator_lifts_a_colleagues_lock_out_but_not_their_own(self):
        user, administrator = officer("inspector", region="15"), officer("administrator", region="15")
        fail(user.username, 5)
        assert sign_in.is_locked(user, AT)
        with pytest.raises(NotThere):
            sign_in.lift_lockout(user=user, by=officer("administrator", region="43"), now=AT)
        with pytest.raises(NotThere):
            sign_in.lift_lockout(user=administrator, by=administrator, now=AT)
        assert sign_in.lift_lockout(user=user, by=administrator, now=AT) == 5
        assert attempt(user.username, PASSWORD) == user
        assert AuditEvent.objects.get(action="login.lockout_lifted").by == administrator


def test_the_region_of_a_user_is_the_smallest_that_holds_every_role():
    user = officer("inspector", region="1504")
    assert region_of(user) == "1504"
    assign(user, "auditor", region="1502")
    assert region_of(user) == "15"
    assign(user, "approver")
    assert region_of(user) == ""
    hospital = InstitutionFactory()
    assert region_of(hr_of(hospital)) == hospital.region_id
    RoleAssignment.objects.all().delete()
    assert region_of(user) == ""
