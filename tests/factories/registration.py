"""Makes registrations: a person at an institution."""

from datetime import date

import factory

from institutions.models import Registration
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory


class RegistrationFactory(factory.django.DjangoModelFactory[Registration]):
    """An open spell since 2024, with a commitment of 2025."""

    class Meta:
        model = Registration

    practitioner = factory.SubFactory(PractitionerFactory)
    institution = factory.SubFactory(InstitutionFactory)
    starts_on = date(2024, 1, 1)
    department = "全科"
    commitment_on = date(2025, 1, 1)
