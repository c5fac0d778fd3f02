"""Makes practitioners, with one code unless `code=None`."""

from datetime import UTC, datetime

import factory

from institutions.models import Category, CodeScheme, CodeSource, Practitioner, PractitionerCode
from institutions.pinyin import name_initials, name_pinyin

CREATED_AT = datetime(2025, 1, 1, tzinfo=UTC)


class PractitionerFactory(factory.django.DjangoModelFactory[Practitioner]):
    """A physician with a code of their own; `code="D…"` chooses it, `code=None` leaves it out."""

    class Meta:
        model = Practitioner
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: "李" + chr(0x4E00 + n % 2000) + "梅")
    category = Category.PHYSICIAN
    pinyin = factory.LazyAttribute(lambda person: name_pinyin(person.name))
    initials = factory.LazyAttribute(lambda person: name_initials(person.name))
    created_at = CREATED_AT
    profile_changed_at = CREATED_AT

    @factory.post_generation
    def code(self: Practitioner, create: bool, extracted: str | None, **kwargs: object) -> None:
        """Give the person a code: the one asked for, else the next free one."""
        if create and extracted is None and "skip" not in kwargs:
            PractitionerCodeFactory(practitioner=self)
        elif create and extracted:
            PractitionerCodeFactory(practitioner=self, code=extracted)


class PractitionerCodeFactory(factory.django.DjangoModelFactory[PractitionerCode]):
    """A physician's code from the roster."""

    class Meta:
        model = PractitionerCode

    practitioner = factory.SubFactory(PractitionerFactory, code__skip=True)
    code = factory.Sequence(lambda n: f"D150422{500_000 + n:06d}")
    scheme = CodeScheme.PHYSICIAN
    source = CodeSource.ROSTER
    primary = True
    recorded_at = CREATED_AT
