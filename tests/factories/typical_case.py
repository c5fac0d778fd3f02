"""Makes typical cases: drafted by one officer, approved by another, published on 2025-06-11 and shown for a year."""

from datetime import UTC, date, datetime

import factory

from cases.models import TypicalCase
from scoring.models import RulebookVersion
from tests.factories.case_file import CaseFileFactory
from tests.factories.user import UserFactory

PUBLISHED_AT = datetime(2025, 6, 11, 4, 0, tzinfo=UTC)


class DraftedCaseFactory(factory.django.DjangoModelFactory[TypicalCase]):
    """A draft, which nobody outside sees."""

    class Meta:
        model = TypicalCase

    case = factory.SubFactory(CaseFileFactory)
    institution_name = factory.SelfAttribute("case.institution.name")
    rulebook = factory.LazyFunction(lambda: RulebookVersion.objects.get(rulebook="national", version=1))
    clause_codes = factory.LazyFunction(lambda: ["D1"])
    title = "伪造病历骗取医保基金案"
    title_en = "Forged records"
    body = "耿某敏伪造医学文书。\n依据条款一次记12分。"
    body_en = "耿某敏 forged medical records.\nTwelve points were given in one go."
    drafted_at = PUBLISHED_AT
    drafted_by = factory.SubFactory(UserFactory)


class PublishedCaseFactory(DraftedCaseFactory):
    """A published case."""

    approved_at = PUBLISHED_AT
    approved_by = factory.SubFactory(UserFactory)
    published_at = PUBLISHED_AT
    published_by = factory.SelfAttribute("approved_by")
    display_until = date(2026, 6, 11)
