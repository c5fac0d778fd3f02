"""Packs as data, for tests that change one place of a good pack and look at what is said about it."""

from copy import deepcopy
from typing import Any

from scoring.policy.marked_yaml import read_documents
from scoring.policy.rulebook import Rulebook, RulebookErrors, parse_rulebook
from scoring.policy.rulebook_files import SHIPPED

REMOVED = object()


def pack_data(name: str = "national") -> dict[str, Any]:
    """A shipped pack as written in its file."""
    value = read_documents(SHIPPED / f"{name}.yaml")[0].value
    assert isinstance(value, dict)
    return deepcopy(value)


def changed(path: str, value: object, name: str = "national") -> dict[str, Any]:
    """A shipped pack with one place set, or REMOVED."""
    data = pack_data(name)
    *parents, last = path.split(".")
    inner: Any = data
    for segment in parents:
        inner = inner[_key(inner, segment)]
    if value is REMOVED:
        del inner[_key(inner, last)]
    else:
        inner[_key(inner, last)] = value
    return data


def refusals(data: dict[str, Any], base: dict[str, Any] | None = None) -> dict[str, str]:
    """Path → reason of every complaint about a pack; empty when it parses."""
    try:
        parse_rulebook(data, base)
    except RulebookErrors as refused:
        return {error.path: error.reason for error in refused.errors}
    return {}


def rulebook(path: str = "", value: object = None) -> Rulebook:
    """The national rulebook, with one place changed where a path is given."""
    return parse_rulebook(changed(path, value) if path else pack_data())


def local_pack(**changes: object) -> dict[str, Any]:
    """A small local pack that extends national."""
    header = {"id": "jilin", "jurisdiction": "22", "version": 1, "effective_from": "2025-06-01"}
    return {**header, "title": "吉林", "source": "吉医保发〔2025〕1号", "extends": "national", **changes}


def _key(inner: Any, segment: str) -> Any:
    if isinstance(inner, list):
        codes = [item.get("code") for item in inner]
        return codes.index(segment) if segment in codes else int(segment)
    return int(segment) if segment.isdecimal() else segment
