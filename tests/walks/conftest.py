"""The long forms of the walks run only when asked for by their marker (`make endurance`)."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long forms out, unless `-m` names them. Deselected, not skipped: nothing is promised and not done."""
    if "endurance" in str(config.option.markexpr):
        return
    long_forms = [item for item in items if item.get_closest_marker("endurance")]
    if long_forms:
        config.hook.pytest_deselected(items=long_forms)
        items[:] = [item for item in items if item not in long_forms]
