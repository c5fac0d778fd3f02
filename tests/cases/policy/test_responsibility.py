"""M6: when it is asked who is not held responsible."""

from decimal import Decimal

import pytest

from cases.policy.responsibility import Gap, Held, Past, Role, gaps, role_of
from cases.selectors.concern_shape import concern_rules

RULE = concern_rules()[0].responsibility
NURSE = Held("nurse", "护士", "general")
NONE = Past(1, 1, 0)


@pytest.mark.parametrize(
    ("category", "position", "role"),
    [
        ("nurse", "", Role.JUNIOR),
        ("nurse", "护士长", Role.MANAGER),
        ("technician", "放射技师", Role.JUNIOR),
        ("physician", "", Role.MEMBER),
        ("physician", "住院医师", Role.JUNIOR),
        ("physician", "主治医师", Role.MEMBER),
        ("physician", "副院长", Role.MANAGER),
        ("physician", "科主任", Role.MANAGER),
        ("pharmacist", "", Role.MEMBER),
        ("pharmacy_principal", "", Role.MANAGER),
        ("fee_reviewer", "医保科科长", Role.MANAGER),
    ],
)
def test_where_a_person_stands(category, position, role):
    assert role_of(category, position, RULE) is role


@pytest.mark.parametrize(
    ("amount", "held", "past", "expected"),
    [
        ("2000000", [NURSE, NURSE], NONE, [Gap.ONLY_JUNIORS, Gap.ONLY_GENERAL]),
        ("1000000", [Held("nurse", "", "principal")], NONE, [Gap.ONLY_JUNIORS]),
        ("999999.99", [NURSE], NONE, []),
        (None, [NURSE], NONE, []),
        ("2000000", [NURSE, Held("physician", "副院长", "principal")], NONE, []),
        ("2000000", [NURSE, Held("physician", "主治医师", "general")], NONE, [Gap.ONLY_GENERAL]),
        ("2000000", [Held("nurse", "护士长", "important")], NONE, []),
        ("2000000", [], NONE, []),
        ("5000", [NURSE], Past(3, 5, 0), [Gap.NEVER_MANAGERS]),
        ("5000", [NURSE], Past(3, 5, 1), []),
        ("5000", [NURSE], Past(2, 9, 0), []),
        ("5000", [NURSE], Past(3, 4, 0), []),
    ],
)
def test_what_is_asked(amount, held, past, expected):
    assert gaps(None if amount is None else Decimal(amount), held, past, RULE) == expected
