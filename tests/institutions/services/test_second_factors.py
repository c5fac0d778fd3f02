"""The second factor: taken once, kept sealed, replaced by its owner, reset by somebody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.utils import translation

from institutions.errors import Forbidden, Invalid, NotThere, WrongState
from institutions.models import AuditEvent, RecoveryCode, SecondFactor, User
from institutions.sealed_secrets import opened, sealed
from institutions.services import second_factors
from tests.factories.institution import InstitutionFactory
from tests.factories.second_factor import SECRET, code_of, enrolled
from tests.factories.user import UserFactory, hr_of, officer

pytestmark = pytest.mark.django_db

AT = datetime(2025, 6, 10, 2, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)
WHY = "Lost the phone on a business trip."


def takes(user: User, code: str, at: datetime = AT) -> bool:
    return second_factors.is_right(user=user, code=code, at=at, now=at)


class TestCodes:
    def test_the_present_code_opens_and_a_second_time_does_not(self):
        user = UserFactory()
        enrolled(user, at=AT)
        assert takes(user, code_of(SECRET, AT))
        assert not takes(user, code_of(SECRET, AT))

    def test_codes_of_the_half_minute_before_and_after_open_but_none_further_off(self):
        for offset, opens in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
            user = UserFactory()
            enrolled(user, at=AT)
            assert takes(user, code_of(SECRET, AT + offset * STEP)) is opens, offset

    def test_an_earlier_code_does_not_open_after_a_later_one(self):
        user = UserFactory()
        enrolled(user, at=AT)
        assert takes(user, code_of(SECRET, AT + STEP))
        assert not takes(user, code_of(SECRET, AT))

    def test_the_code_used_to_enrol_does_not_open_afterwards(self):
        user = UserFactory()
        second_factors.enrol(user=user, token=sealed(SECRET), code=code_of(SECRET, AT), at=AT, now=AT)
        assert not takes(user, code_of(SECRET, AT))

    @pytest.mark.parametrize("typed", ["", "abc", "12345", "1234567", "٠٠٠٠٠٠", "      "])
    def test_what_is_no_code_opens_nothing(self, typed):
        user = UserFactory()
        enrolled(user, at=AT)
        assert not takes(user, typed)

    def test_spaces_in_a_code_do_not_matter(self):
        user = UserFactory()
        enrolled(user, at=AT)
        code = code_of(SECRET, AT)
        assert takes(user, f" {code[:3]} {code[3:]} ")

    def test_another_users_code_and_recovery_code_open_nothing(self):
        user, other = UserFactory(), UserFactory()
        enrolled(user, at=AT)
        foreign = enrolled(other, secret="KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU", at=AT)
        assert not takes(user, foreign[0])
        assert not takes(user, code_of("KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU", AT))


class TestRecoveryCodes:
    def test_each_opens_once_whatever_its_capitals_and_dashes(self):
        user = UserFactory()
        codes = enrolled(user, at=AT)
        assert len(set(codes)) == 10
        assert takes(user, codes[3].upper().replace("-", " "))
        assert not takes(user, codes[3])
        assert takes(user, codes[4])
        events = AuditEvent.objects.filter(action="recovery_code.used", by=user).order_by("id")
        assert [event.detail["left"] for event in events] == [9, 8]

    def test_new_ones_replace_the_old(self):
        user = UserFactory()
        old = enrolled(user, at=AT)
        new = second_factors.renew_recovery_codes(user=user, now=AT)
        assert not takes(user, old[0])
        assert takes(user, new[0])


class TestSecrecy:
    def test_neither_secret_nor_codes_stand_in_any_table(self):
        user = UserFactory()
        codes = enrolled(user, at=AT)
        takes(user, code_of(SECRET, AT))
        takes(user, codes[0])
        plain = [SECRET, *(code.replace("-", "") for code in codes), *codes]
        tables = [m._meta.db_table for m in apps.get_app_config("institutions").get_models(include_auto_created=True)]
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT string_agg(t::text, ' ') FROM \"{table}\" t")  # noqa: S608
                text = cursor.fetchone()[0] or ""
                assert not [secret for secret in plain if secret in text], table

    def test_histories_keep_neither_the_sealed_secret_nor_the_digests(self):
        for model, column in (("SecondFactorEvent", "secret"), ("RecoveryCodeEvent", "digest")):
            fields = {field.name for field in apps.get_model("institutions", model)._meta.get_fields()}
            assert column not in fields
            assert "user" in fields

    def test_a_secret_sealed_under_another_key_is_refused_and_says_what_to_do(self, settings):
        token = sealed(SECRET)
        assert opened(token) == SECRET
        settings.SECOND_FACTOR_KEY = "another key of at least fifty characters, as an operator sets"
        with translation.override("en"), pytest.raises(WrongState, match="administrator"):
            opened(token)

    def test_a_second_row_for_one_user_is_refused_by_the_database(self):
        user = UserFactory()
        enrolled(user, at=AT)
        with pytest.raises(DatabaseError):
            SecondFactor.objects.create(user=user, secret="x", enrolled_at=AT)


class TestEnrolment:
    def test_a_wrong_code_enrols_nothing(self):
        user = UserFactory()
        with pytest.raises(Invalid):
            second_factors.enrol(user=user, token=sealed(SECRET), code="000000", at=AT, now=AT)
        assert not SecondFactor.objects.filter(user=user).exists()
        assert not RecoveryCode.objects.filter(user=user).exists()

    def test_a_second_one_beside_the_first_is_refused(self):
        user = UserFactory()
        enrolled(user, at=AT)
        with pytest.raises(WrongState):
            enrolled(user, secret="KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU", at=AT)

    def test_replacing_takes_the_new_one_and_drops_the_old_with_its_codes(self):
        user, other = UserFactory(), "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
        old_codes = enrolled(user, at=AT)
        second_factors.replace(user=user, token=sealed(other), code=code_of(other, AT), at=AT, now=AT)
        later = AT + STEP * 4
        assert not takes(user, code_of(SECRET, later), later)
        assert not takes(user, old_codes[0], later)
        assert takes(user, code_of(other, later), later)
        assert AuditEvent.objects.filter(action="second_factor.replaced", by=user).exists()

    def test_officers_do_not_give_it_up_and_hospital_staff_may(self):
        staff, hospital = officer("inspector"), hr_of(InstitutionFactory())
        for user in (staff, hospital):
            enrolled(user, at=AT)
        with pytest.raises(Forbidden):
            second_factors.give_up(user=staff, now=AT)
        second_factors.give_up(user=hospital, now=AT)
        assert not SecondFactor.objects.filter(user=hospital).exists()


class TestReset:
    def test_an_administrator_resets_a_colleagues_and_it_is_written_down(self):
        user, administrator = officer("inspector", region="1504"), officer("administrator", region="15")
        codes = enrolled(user, at=AT)
        second_factors.reset(user=user, reason=WHY, by=administrator, now=AT)
        assert not takes(user, codes[0])
        event = AuditEvent.objects.get(action="second_factor.reset")
        assert (event.by, event.reason, event.subject_id) == (administrator, WHY, str(user.pk))

    def test_nobody_resets_their_own(self):
        administrator = officer("administrator")
        enrolled(administrator, at=AT)
        with pytest.raises(Forbidden):
            second_factors.reset(user=administrator, reason=WHY, by=administrator, now=AT)
        assert SecondFactor.objects.filter(user=administrator).exists()

    @pytest.mark.parametrize(("role", "region"), [("administrator", "43"), ("approver", "15"), ("auditor", "")])
    def test_users_one_does_not_manage_are_not_there(self, role, region):
        user = officer("inspector", region="1504")
        enrolled(user, at=AT)
        with pytest.raises(NotThere):
            second_factors.reset(user=user, reason=WHY, by=officer(role, region=region), now=AT)
        assert SecondFactor.objects.filter(user=user).exists()

    def test_a_reason_is_demanded_and_there_must_be_something_to_reset(self):
        user, administrator = officer("inspector", region="15"), officer("administrator", region="15")
        with pytest.raises(WrongState):
            second_factors.reset(user=user, reason=WHY, by=administrator, now=AT)
        enrolled(user, at=AT)
        with pytest.raises(Invalid):
            second_factors.reset(user=user, reason="lost", by=administrator, now=AT)
        assert SecondFactor.objects.filter(user=user).exists()
