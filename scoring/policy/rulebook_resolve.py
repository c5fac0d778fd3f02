"""From a pack as written to a pack that stands by itself.

`extends` is merged in: mappings key by key, lists replaced, a mapping with a `kind` replaced whole. What
describes the pack itself (its name, dates and source) is never inherited. Every parameter keeps the
provenance that the pack which wrote it gave, so an assumption stays one wherever it is inherited. The
result is plain JSON and has one digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from scoring.policy.place import Complaint, Complaints, items_by_name
from scoring.policy.plain_json import Json, as_json

NATIONAL = "national"
HEADER = frozenset(
    {
        *("id", "jurisdiction", "version", "effective_from", "title", "title_en"),
        *("source", "assumption", "note", "repeal", "extends", "provenance"),
    }
)
PROVENANCE_KEYS = frozenset({"source", "assumption", "note"})
# Of the header only the date is a parameter of the law; the rest names the pack.
PARAMETER_HEADER = frozenset({"effective_from"})

Entries = dict[str, Json]


class RulebookErrors(Complaints):
    """A pack was refused; `errors` says where and why, all at once."""


def resolve(data: Mapping[str, object], base: Mapping[str, object] | None = None) -> Json:
    """The pack with everything inherited from `base` (itself resolved or complete) in it, as JSON values.

    Refuses (`RulebookErrors`) values that are no JSON, a provenance that is none, and an `extends`
    without its base. Resolving what is resolved changes nothing.
    """
    errors: list[Complaint] = []
    resolved = resolve_into(data, base, errors)
    if errors:
        raise RulebookErrors(errors)
    return resolved


def digest(resolved: Mapping[str, object]) -> str:
    """SHA-256, in hex, of the canonical JSON (sorted keys, no spaces, UTF-8) of a resolved pack."""
    text = json.dumps(resolved, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def resolve_into(data: Mapping[str, object], base: Mapping[str, object] | None, errors: list[Complaint]) -> Json:
    """As `resolve`, but adds to `errors` and goes on, so that every error of a pack can be told at once."""
    own, inline = _without_inline(as_json(data, errors), errors)
    explicit = _explicit_provenance(own, inline, errors)
    inherited: Json = {}
    inherited_entries: Entries = {}
    if _needs_base(own, base, errors) and base is not None:
        inherited = resolve_into(base, None, errors)
        inherited_entries = entries_of(inherited)
    parameters = merge(_parameters(inherited), _parameters(own))
    header = {key: value for key, value in own.items() if key in HEADER - {"extends", "provenance"}}
    resolved: Json = {**parameters, **header}
    written_here = dict(leaves(own))
    own_entries = {**inline, **explicit, **_root_entry(own)}
    found: Entries = {}
    for path, _ in leaves(resolved):
        if path in written_here:
            entry = entry_for(own_entries, path)
        else:
            entry = entry_for(explicit, path) or entry_for(inherited_entries, path)
        if entry is None:
            errors.append(Complaint(path, "has neither a source nor assumption: true"))
        else:
            found[path] = entry
    for path in explicit:
        if not any(leaf == path or leaf.startswith(f"{path}.") for leaf in found):
            errors.append(Complaint(f"provenance.{path}", "names no parameter of this pack"))
    resolved["provenance"] = _gathered(parameters, found)
    return resolved


def merge(below: Json, above: Json) -> Json:
    """`above` laid over `below`: mappings key by key, lists and mappings with a `kind` replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(value, dict) and isinstance(under, dict) and "kind" not in value and "kind" not in under:
            merged[key] = merge(under, value)
        else:
            merged[key] = value
    return merged


def leaves(pack: Json) -> Iterator[tuple[str, object]]:
    """Every parameter of a pack with its dotted path; a list of plain values is one parameter."""
    for key, value in pack.items():
        if key not in HEADER or key in PARAMETER_HEADER:
            yield from _leaves(value, key)


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}")
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for segment, item in items_by_name(value):
            yield from _leaves(item, f"{path}.{segment}")
    else:
        yield path, value


def entry_for(entries: Entries, path: str) -> Json | None:
    """The provenance entry of a path: the one with the longest path that begins it."""
    while path:
        if path in entries:
            return entries[path]
        path = path.rpartition(".")[0]
    return entries.get("")


def _needs_base(own: Json, base: Mapping[str, object] | None, errors: list[Complaint]) -> bool:
    """Whether the pack stands on another; a repeal stands on what it falls back to, since it has no rules
    to state.
    """
    extends = own.get("extends")
    if extends is None:
        return own.get("repeal") is True and base is not None
    if extends != NATIONAL:
        errors.append(Complaint("extends", f"only {NATIONAL} can be extended, got {extends!r}"))
        return False
    if base is None:
        since = own.get("effective_from", "its effective_from")
        errors.append(Complaint("extends", f"no version of {NATIONAL} is in force on {since}"))
        return False
    return True


def _parameters(pack: Json) -> Json:
    return {key: value for key, value in pack.items() if key not in HEADER}


def entries_of(resolved: Json) -> Entries:
    """The provenance of a resolved pack by path, with the pack's own under the empty path."""
    provenance = resolved.get("provenance")
    entries = {k: v for k, v in provenance.items() if isinstance(v, dict)} if isinstance(provenance, dict) else {}
    return {**entries, **_root_entry(resolved)}


def _root_entry(pack: Json) -> Entries:
    root: Json = {key: value for key, value in pack.items() if key in PROVENANCE_KEYS}
    return {"": root} if root.get("source") or root.get("assumption") is True else {}


def _explicit_provenance(own: Json, inline: Entries, errors: list[Complaint]) -> Entries:
    written = own.get("provenance", {})
    if not isinstance(written, dict):
        errors.append(Complaint("provenance", "has to be a mapping of paths"))
        return {}
    entries: Entries = {}
    for path, entry in written.items():
        place = f"provenance.{path}"
        if not isinstance(entry, dict) or not entry.keys() <= PROVENANCE_KEYS:
            errors.append(Complaint(place, "has to be {source: …} or {assumption: true, note: …}"))
        elif path in inline:
            errors.append(Complaint(place, "the provenance of this place is written twice"))
        else:
            _check_entry(entry, place, errors)
            entries[path] = entry
    return entries


def _check_entry(entry: Json, place: str, errors: list[Complaint]) -> None:
    for key in ("source", "note"):
        if key in entry and not (isinstance(entry[key], str) and entry[key]):
            errors.append(Complaint(f"{place}.{key}", "has to be a text"))
    if entry.get("assumption", True) is not True:
        errors.append(Complaint(f"{place}.assumption", "can only be true; leave it out otherwise"))
    if "source" not in entry and "assumption" not in entry:
        errors.append(Complaint(place, "needs a source or assumption: true"))


def _without_inline(pack: Json, errors: list[Complaint]) -> tuple[Json, Entries]:
    """The pack without the provenance that mappings inside it carry, and that provenance by path."""
    entries: Entries = {}
    _check_root(pack, errors)
    cleaned: Json = {key: value if key in HEADER else _lift(value, key, entries, errors) for key, value in pack.items()}
    return cleaned, entries


def _check_root(pack: Json, errors: list[Complaint]) -> None:
    root = {key: pack[key] for key in PROVENANCE_KEYS if key in pack}
    for key in ("source", "note"):
        if key in root and not (isinstance(root[key], str) and root[key]):
            errors.append(Complaint(key, "has to be a text"))
    if root.get("assumption", True) is not True:
        errors.append(Complaint("assumption", "can only be true; leave it out otherwise"))


def _lift(value: object, path: str, entries: Entries, errors: list[Complaint]) -> object:
    if isinstance(value, list):
        return [_lift(item, f"{path}.{segment}", entries, errors) for segment, item in items_by_name(value)]
    if not isinstance(value, dict):
        return value
    carried = {key: inner for key, inner in value.items() if key in PROVENANCE_KEYS}
    if carried:
        _check_entry(carried, path, errors)
        entries[path] = carried
    return {
        key: _lift(inner, f"{path}.{key}", entries, errors)
        for key, inner in value.items()
        if key not in PROVENANCE_KEYS
    }


def _gathered(parameters: Json, found: Entries) -> Json:
    """The entries of single parameters, gathered at the highest place below which all agree."""
    gathered: Json = {}
    if "effective_from" in found:
        gathered["effective_from"] = found["effective_from"]
    for key, value in parameters.items():
        _gather(value, key, found, gathered)
    return gathered


def _gather(value: object, path: str, found: Entries, gathered: Json) -> None:
    below = [found[leaf] for leaf, _ in _leaves(value, path) if leaf in found]
    if below and all(entry == below[0] for entry in below):
        gathered[path] = below[0]
    elif isinstance(value, dict):
        for key, inner in value.items():
            _gather(inner, f"{path}.{key}", found, gathered)
    elif isinstance(value, list):
        for segment, item in items_by_name(value):
            _gather(item, f"{path}.{segment}", found, gathered)
