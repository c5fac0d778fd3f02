"""Makes notices as `services.notices` would, for tests that start from one."""

from datetime import UTC, datetime

import factory

from institutions.models import Channel, Delivery, DeliveryState, Notice, NoticeKind
from tests.factories.institution import InstitutionFactory

CREATED_AT = datetime(2025, 6, 10, 2, 0, tzinfo=UTC)


class NoticeFactory(factory.django.DjangoModelFactory[Notice]):
    """A change of status told to an institution, unread."""

    class Meta:
        model = Notice

    number = factory.Sequence(lambda n: f"JF2025-{900000 + n:06d}")
    kind = NoticeKind.STATUS_CHANGE
    institution = factory.SubFactory(InstitutionFactory)
    recipient_key = factory.LazyAttribute(lambda notice: f"institution:{notice.institution.pk}")
    cause = factory.Sequence(lambda n: f"measure:{n}")
    payload = factory.LazyFunction(lambda: {"subject_name": "李某梅", "what": "医保支付资格终止"})
    created_at = CREATED_AT


class DeliveryFactory(factory.django.DjangoModelFactory[Delivery]):
    """An e-mail copy that waits to be sent."""

    class Meta:
        model = Delivery

    notice = factory.SubFactory(NoticeFactory)
    channel = Channel.EMAIL
    state = DeliveryState.QUEUED
    next_attempt_at = CREATED_AT
