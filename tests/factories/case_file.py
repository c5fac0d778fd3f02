"""Makes case files with their basis and findings."""

from datetime import UTC, date, datetime

import factory

from cases.models import Basis, BasisKind, CaseFile, Finding, Source
from tests.factories.institution import InstitutionFactory

OPENED_AT = datetime(2025, 6, 10, 2, 0, tzinfo=UTC)


class BasisFactory(factory.django.DjangoModelFactory[Basis]):
    """An administrative penalty under Article 40 of 2025-06-10."""

    class Meta:
        model = Basis

    institution = factory.SubFactory(InstitutionFactory)
    kind = BasisKind.ADMINISTRATIVE_PENALTY
    document = factory.Sequence(lambda n: f"试医保罚〔2025〕{n}号")
    authority = "试验区医疗保障局"
    decided_on = date(2025, 6, 10)
    articles = factory.LazyFunction(lambda: [38, 40])


class CaseFileFactory(factory.django.DjangoModelFactory[CaseFile]):
    """A case of one institution on its own basis; `institution=` gives both."""

    class Meta:
        model = CaseFile

    number = factory.Sequence(lambda n: f"试医保案〔2025〕{n:03d}")
    institution = factory.SubFactory(InstitutionFactory)
    basis = factory.SubFactory(BasisFactory, institution=factory.SelfAttribute("..institution"))
    region = factory.SelfAttribute("institution.region")
    source = Source.FLYING_INSPECTION
    opened_at = OPENED_AT


class FindingFactory(factory.django.DjangoModelFactory[Finding]):
    """Forged records from January to March 2025."""

    class Meta:
        model = Finding

    case = factory.SubFactory(CaseFileFactory)
    key = factory.Sequence(lambda n: f"f{n}")
    conduct = "forged-records"
    title = "伪造医学文书"
    from_on = date(2025, 1, 1)
    to_on = date(2025, 3, 31)
