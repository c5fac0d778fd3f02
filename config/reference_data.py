"""The reference data of the product: each app loads its own, lower apps first."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

LOADERS = (
    ("regions, roles and calendar", "institutions.services.reference", "load_reference_data"),
    ("rulebook packs", "scoring.services.rulebooks", "load_packs"),
)


def load_reference_data(*, now: datetime) -> dict[str, Any]:
    """Load everything, in order, and return what each loader reported. Loading again changes nothing."""
    return {title: loader(now=now) for title, loader in _loaders()}


def _loaders() -> list[tuple[str, Callable[..., Any]]]:
    present = []
    for title, module, function in LOADERS:
        if find_spec(module) is not None:
            present.append((title, getattr(import_module(module), function)))
    return present
