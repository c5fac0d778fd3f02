"""Keys and public ids."""

import uuid

from institutions.identifiers import new_id_range


def test_the_keys_of_a_range_are_version_7_and_in_order():
    digits = new_id_range()
    keys = [uuid.UUID(digits + f"{number:08x}") for number in (1, 2, 300)]
    assert [key.version for key in keys] == [7, 7, 7]
    assert [key.variant for key in keys] == [uuid.RFC_4122] * 3
    assert keys == sorted(keys)


def test_two_ranges_differ():
    assert new_id_range() != new_id_range()
