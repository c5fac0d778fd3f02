"""Data as plain JSON values: what is stored, hashed and read on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime

from scoring.policy.place import Complaint

Json = dict[str, object]


def as_json(data: Mapping[str, object], errors: list[Complaint], path: str = "") -> Json:
    """A mapping with texts for keys and ISO texts for dates; adds to `errors` what is no JSON value."""
    plain: Json = {}
    pairs: list[tuple[object, object]] = list(data.items())  # below the top, YAML has numbers for keys too
    for key, value in pairs:
        name = str(key)
        place = f"{path}.{name}" if path else name
        if isinstance(key, bool) or not isinstance(key, (str, int)):
            errors.append(Complaint(place, "a key has to be a word or a whole number"))
        elif name in plain:
            errors.append(Complaint(place, "stands twice"))
        else:
            plain[name] = _value(value, place, errors)
    return plain


def _value(value: object, path: str, errors: list[Complaint]) -> object:
    if isinstance(value, Mapping):
        return as_json(value, errors, path)
    if isinstance(value, (list, tuple)):
        return [_value(item, f"{path}.{index}", errors) for index, item in enumerate(value)]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, (str, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    errors.append(Complaint(path, f"{value!r} is no text, number, date, list or mapping"))
    return None
