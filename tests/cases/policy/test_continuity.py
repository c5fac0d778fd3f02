"""M11: who is all there is."""

import pytest

from cases.policy.continuity import Place, Sole, sole
from cases.selectors.concern_shape import concern_rules

RULE = concern_rules()[0].continuity


@pytest.mark.parametrize(
    ("kind", "name", "at_site", "of_specialty", "expected"),
    [
        ("clinic", "河东村卫生室", 0, None, Sole.AT_SITE),
        ("clinic", "河东村卫生室", 1, None, None),
        ("hospital", "河东乡卫生院", 0, 5, Sole.AT_SITE),
        ("hospital", "旗人民医院", 0, 5, None),  # a hospital has other ways
        ("hospital", "旗人民医院", 9, 0, Sole.OF_SPECIALTY),
        ("clinic", "河东村卫生室", 2, 0, Sole.OF_SPECIALTY),
        ("pharmacy", "河东大药房", 0, None, None),
    ],
)
def test_the_only_one(kind, name, at_site, of_specialty, expected):
    assert sole(Place(kind, name, at_site, of_specialty), RULE) is expected
