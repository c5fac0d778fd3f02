"""Makes institutions. `region__code="431122"` places one elsewhere."""

import factory

from institutions.models import Institution, InstitutionKind
from tests.factories.region import RegionFactory


class InstitutionFactory(factory.django.DjangoModelFactory[Institution]):
    """A hospital in 巴林左旗, unless told otherwise."""

    class Meta:
        model = Institution

    code = factory.Sequence(lambda n: f"H150422{50_000 + n:05d}")
    name = factory.Sequence(lambda n: f"第{n}试验医院")
    kind = InstitutionKind.HOSPITAL
    region = factory.SubFactory(RegionFactory)
