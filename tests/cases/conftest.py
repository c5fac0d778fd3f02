"""What tests of case work stand on: a media store of their own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    """A media store for one test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
