"""A desk, so that every letter names whom to ask."""

from datetime import date

import pytest

from institutions.models import ServiceDesk
from institutions.services.service_desks import DeskData, add_desk
from tests.institutions.letters.samples import ISSUED_AT

DESK = DeskData(
    authority="示例市医疗保障局",
    authority_en="Shili Municipal Medical Insurance Bureau",
    phone="0476-0000000",
    address="示例市示范路12号医保服务大厅",
    address_en="12 Example Street, Shili",
    hours="工作日 9:00—17:00",
    hours_en="Monday to Friday, 9:00–17:00",
    support_line="0476-0000001",
    support_hours="每天 8:00—20:00",
    support_hours_en="every day, 8:00–20:00",
)


@pytest.fixture
def desk(db: None) -> ServiceDesk:
    """The desk of the region 1504 from 2025 on."""
    return add_desk(region_prefix="1504", starts_on=date(2025, 1, 1), desk=DESK, by=None, now=ISSUED_AT)
