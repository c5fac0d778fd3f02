"""How much the embedded PostgreSQL takes of a machine."""

import pytest

from config.runtime import tuning

GB = 1 << 30


@pytest.mark.parametrize(
    ("memory", "shared"), [(GB // 2, "128MB"), (4 * GB, "512MB"), (16 * GB, "2048MB"), (256 * GB, "2048MB")]
)
def test_shared_buffers_follow_the_machine_within_bounds(memory, shared):
    assert tuning.options(memory)["shared_buffers"] == shared


def test_the_cache_counted_on_is_never_less_than_our_own():
    options = tuning.options(GB // 8)
    assert options["effective_cache_size"] == options["shared_buffers"] == "128MB"


def test_no_setting_trades_safety_for_speed():
    assert not {"fsync", "synchronous_commit", "full_page_writes"} & set(tuning.options())
