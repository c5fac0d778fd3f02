"""Makes regions; the same code is made once."""

import factory

from institutions.models import Region


class RegionFactory(factory.django.DjangoModelFactory[Region]):
    """巴林左旗, Chifeng, Inner Mongolia, unless told otherwise."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "150422"
    name = factory.LazyAttribute(lambda region: f"地区{region.code}")
