"""F47: from which share something is proposed against an institution."""

from decimal import Decimal

import pytest

from scoring.policy.institution_alerts import Staffing, alert_for
from scoring.policy.rulebook_parts import AlertProposal, InstitutionAlert

ALERTS = (
    InstitutionAlert(Decimal("0.20"), AlertProposal.SUSPEND_SETTLEMENT),
    InstitutionAlert(Decimal("0.50"), AlertProposal.SUSPEND_AGREEMENT),
)


@pytest.mark.parametrize(
    ("affected", "staff", "expected"),
    [
        (5, 20, AlertProposal.SUSPEND_SETTLEMENT),
        (4, 20, AlertProposal.SUSPEND_SETTLEMENT),  # the share itself is reached
        (3, 20, None),
        (10, 20, AlertProposal.SUSPEND_AGREEMENT),
        (9, 20, AlertProposal.SUSPEND_SETTLEMENT),
        (1, 1, AlertProposal.SUSPEND_AGREEMENT),
        (0, 0, None),
        (0, 7, None),
        (1, 3, AlertProposal.SUSPEND_SETTLEMENT),
    ],
)
def test_the_gravest_share_that_is_reached(affected, staff, expected):
    found = alert_for(Staffing(staff, affected), ALERTS)
    assert (found.proposal if found else None) == expected


def test_without_alerts_nothing_is_proposed():
    assert alert_for(Staffing(2, 2), ()) is None
    assert alert_for(Staffing(2, 1), ALERTS[:1]) is not None
