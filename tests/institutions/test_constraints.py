"""Promises of the tables: what PostgreSQL refuses, whoever writes."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from institutions.models import Delivery, DeliveryState, Institution, Notice, Practitioner, Region, Registration, User
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import DeliveryFactory, NoticeFactory
from tests.factories.practitioner import PractitionerCodeFactory, PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import UserFactory, assign, builtin_role

pytestmark = pytest.mark.django_db

AT = datetime(2025, 6, 10, 2, 0, tzinfo=UTC)


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


class TestRegistration:
    def test_one_open_spell_per_person_and_institution(self):
        spell = RegistrationFactory()
        with refused("registration_one_open_spell"), transaction.atomic():
            RegistrationFactory(
                practitioner=spell.practitioner, institution=spell.institution, starts_on=date(2023, 1, 1)
            )

    def test_a_spell_ends_on_or_after_its_first_day(self):
        RegistrationFactory(starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 1))
        with refused("registration_ends_after_start"), transaction.atomic():
            RegistrationFactory(starts_on=date(2025, 1, 2), ends_on=date(2025, 1, 1))

    def test_spells_at_one_institution_never_overlap(self):
        spell = RegistrationFactory(starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 30))
        with refused("registration_spells_apart"), transaction.atomic():
            RegistrationFactory(
                practitioner=spell.practitioner, institution=spell.institution, starts_on=date(2024, 6, 30)
            )
        RegistrationFactory(practitioner=spell.practitioner, institution=spell.institution, starts_on=date(2024, 7, 1))

    def test_a_person_may_work_at_several_institutions_at_once(self):
        spell = RegistrationFactory()
        RegistrationFactory(practitioner=spell.practitioner)
        assert spell.practitioner.registrations.count() == 2


class TestPractitioner:
    def test_two_people_of_one_name_at_one_institution_are_two_rows_with_pages_of_their_own(self):
        hospital = InstitutionFactory()
        one, other = PractitionerFactory(name="李某梅"), PractitionerFactory(name="李某梅")
        for person in (one, other):
            RegistrationFactory(practitioner=person, institution=hospital)
        assert one.slug != other.slug
        assert Practitioner.objects.filter(name="李某梅").count() == 2

    def test_a_code_belongs_to_one_person(self):
        PractitionerFactory(code="D150422000001")
        with refused("institutions_practitionercode_code"), transaction.atomic():
            PractitionerFactory(code="D150422000001")

    def test_one_code_is_shown_first(self):
        person = PractitionerFactory()
        PractitionerCodeFactory(practitioner=person, primary=False)
        with refused("practitioner_code_one_primary"), transaction.atomic():
            PractitionerCodeFactory(practitioner=person, primary=True)

    def test_a_person_may_have_no_code(self):
        assert not PractitionerFactory(code__skip=True).codes.exists()

    def test_a_public_id_cannot_be_guessed(self):
        slugs = {PractitionerFactory.build().slug for _ in range(200)}
        assert len(slugs) == 200
        assert all(len(slug) == 16 and slug.isascii() and slug == slug.lower() for slug in slugs)

    @pytest.mark.parametrize(
        ("field", "value", "constraint"),
        [
            ("category", "patient", "practitioner_category_known"),
            ("name", "", "practitioner_name_given"),
            ("slug", "1", "practitioner_slug_form"),
        ],
    )
    def test_nonsense_is_refused(self, field, value, constraint):
        with refused(constraint), transaction.atomic():
            PractitionerFactory(**{field: value})

    def test_nobody_is_merged_into_themselves(self):
        person = PractitionerFactory()
        person.merged_into = person
        with refused("practitioner_not_merged_into_itself"), transaction.atomic():
            person.save()


class TestRolesAndPlaces:
    def test_hr_belongs_to_one_institution(self):
        with refused("role_assignment_hr_has_institution"), transaction.atomic():
            assign(UserFactory(), "institution_hr", region="15")

    def test_a_role_is_held_over_a_region_or_an_institution_and_not_both(self):
        with refused("role_assignment_one_scope"), transaction.atomic():
            assign(UserFactory(), "institution_hr", region="15", institution=InstitutionFactory())

    def test_a_role_is_assigned_once(self):
        user = assign(UserFactory(), "inspector", region="15")
        with refused("role_assignment_once"), transaction.atomic():
            assign(user, "inspector", region="15")

    @pytest.mark.parametrize("prefix", ["1", "150", "15042", "ab"])
    def test_a_prefix_has_two_four_or_six_digits(self, prefix):
        with refused("role_assignment_prefix_form"), transaction.atomic():
            assign(UserFactory(), "inspector", region=prefix)

    def test_a_region_has_six_digits(self):
        with refused("region_code_six_digits"), transaction.atomic():
            Region.objects.create(code="15", name="内蒙古")

    def test_an_institution_is_of_a_known_kind_and_its_code_is_unique(self):
        hospital = InstitutionFactory()
        with refused("institution_kind_known"), transaction.atomic():
            InstitutionFactory(kind="shop")
        with refused("institutions_institution_code"), transaction.atomic():
            InstitutionFactory(code=hospital.code)

    def test_what_history_names_is_protected(self):
        spell = RegistrationFactory()
        for row in (spell.institution, spell.practitioner, builtin_role("inspector")):
            if isinstance(row, Institution | Practitioner):
                with pytest.raises(Exception, match="protected"):
                    row.delete()


class TestNotice:
    def test_a_notice_has_one_recipient(self):
        with refused("notice_one_recipient"), transaction.atomic():
            NoticeFactory(practitioner=PractitionerFactory())
        with refused("notice_one_recipient"), transaction.atomic():
            NoticeFactory(institution=None, recipient_key="")

    def test_once_per_kind_recipient_and_cause(self):
        notice = NoticeFactory()
        with refused("notice_once_per_cause"), transaction.atomic():
            NoticeFactory(institution=notice.institution, cause=notice.cause)

    @pytest.mark.parametrize("pair", ["read", "acknowledged"])
    def test_an_instant_and_who_are_filled_together(self, pair):
        notice = NoticeFactory()
        with refused(f"notice_{pair}"), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**{f"{pair}_at": AT})
        with refused(f"notice_{pair}"), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**{f"{pair}_by": UserFactory()})

    def test_what_is_acknowledged_was_read(self):
        notice = NoticeFactory()
        with refused("notice_acknowledged_was_read"), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(acknowledged_at=AT, acknowledged_by=UserFactory())

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("payload", {"what": "别的"}),
            ("kind", "intent"),
            ("cause", "other"),
            ("number", "JF1"),
            ("mandatory", False),
        ],
    )
    def test_its_content_is_frozen(self, field, value):
        notice = NoticeFactory()
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**{field: value})

    def test_a_receipt_is_never_taken_back(self):
        notice, reader = NoticeFactory(), UserFactory()
        mine = Notice.objects.filter(pk=notice.pk)
        mine.update(read_at=AT, read_by=reader)
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            mine.update(read_at=None, read_by=None)

    def test_it_is_not_deleted(self):
        notice = NoticeFactory()
        with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
            notice.delete()


class TestDelivery:
    def test_once_per_channel(self):
        delivery = DeliveryFactory()
        with refused("delivery_once_per_channel"), transaction.atomic():
            DeliveryFactory(notice=delivery.notice)

    def test_what_is_sent_has_its_instant_and_what_waits_its_next_attempt(self):
        delivery = DeliveryFactory()
        mine = Delivery.objects.filter(pk=delivery.pk)
        with refused("delivery_sent_has_instant"), transaction.atomic():
            mine.update(state=DeliveryState.SENT, next_attempt_at=None)
        with refused("delivery_waiting_has_next_attempt"), transaction.atomic():
            mine.update(next_attempt_at=None)
        with refused("delivery_waiting_has_next_attempt"), transaction.atomic():
            mine.update(state=DeliveryState.DEAD)


def test_users_are_made_with_a_hashed_password_or_none():
    user = User.objects.create_user("someone", "someone@EXAMPLE.org", "long-enough-1")
    assert user.check_password("long-enough-1")
    assert user.email == "someone@example.org"
    assert not User.objects.create_user("nobody").has_usable_password()
    chief = User.objects.create_superuser("chief", password="long-enough-2")
    assert chief.has_perms(["any.perm"])
    assert chief.has_module_perms("any")
    assert not user.has_perm("any.perm")
    assert user.get_full_name() == "someone"
    assert Registration.objects.count() == 0
