"""Reads `permission_matrix.yaml`: who may do what where, in the words of the table (docs/security.md, V8)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from institutions.roles import BUILTIN_ROLES

TABLE = Path(__file__).with_name("permission_matrix.yaml")
ROLES = tuple(role.code for role in BUILTIN_ROLES)
HR = "institution_hr"
NO_ROLE = "no_role"  # an officer who holds no role
STRANGER = "stranger"  # nobody is logged in
READERS = (*ROLES, NO_ROLE, STRANGER)
NO_ROW = "none"  # the world has no row of the model: its pages are for nobody here
ADMIN_PARTS = ("changelist", "add", "change", "history", "delete")
SHORT_ADDRESS = re.compile(r"admin/\w+/\w+/<path:object_id>/")  # leads to the row's page


@dataclass(frozen=True, slots=True)
class Cell:
    """One address, method and place, and the statuses that each reader may be answered with."""

    page: str
    method: str
    args: dict[str, str]
    data: dict[str, Any]
    may: frozenset[str]
    answer: frozenset[int]
    refusal: frozenset[int]
    foreign: frozenset[int]

    def expected(self, reader: str, *, is_foreign: bool) -> frozenset[int]:
        """Return the statuses that are right for a reader."""
        if reader in self.may:
            return self.foreign if is_foreign else self.answer
        refusal = self.refusal | (self.foreign if is_foreign and 404 in self.foreign else frozenset())
        if is_admin(self.page) and reader in (HR, STRANGER):
            return frozenset({302})
        return frozenset({302}) if reader == STRANGER and not is_api(self.page) else refusal


@dataclass(frozen=True, slots=True)
class Address:
    """One address that the product answers."""

    name: str
    route: str


@cache
def table() -> dict[str, Any]:
    """Return the table as it is written."""
    return dict(yaml.safe_load(TABLE.read_text()))


def addresses() -> list[Address]:
    """Return every address of the product; the admin's are named "admin:…", those without a name by their route."""
    return list(_walk(get_resolver(), "", ""))


def own_pages() -> list[str]:
    """Return the addresses that are neither a standard page of a model in the admin nor its short address."""
    standard = standard_pages()
    return [
        address.name
        for address in addresses()
        if address.name not in standard and not SHORT_ADDRESS.fullmatch(address.name)
    ]


def without_role() -> set[str]:
    """Return the addresses that the table sets apart: public ones, and those that are not asked."""
    return {*table()["public"], *(name for names in table()["ignored"].values() for name in names)}


def standard_pages() -> set[str]:
    """Return the names of the standard pages of every model in the admin."""
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{part}"
        for model in admin.site._registry
        for part in ADMIN_PARTS
    }


def is_admin(page: str) -> bool:
    """Say whether an address belongs to the officers' admin, which only officers enter."""
    return _routes()[page].startswith("admin/")


def named_pages() -> set[str]:
    """Return the addresses that rows of the table are about: a row for another case of one says which after "·"."""
    return {page.partition(" · ")[0] for page in table()["pages"]}


def is_api(page: str) -> bool:
    """Say whether an address is an endpoint for machines."""
    return _routes()[page].startswith("api/")


def roles_of(words: str | list[str]) -> frozenset[str]:
    """Return the readers that a cell names: roles, and groups of the table ("reading")."""
    found: set[str] = set()
    for word in [words] if isinstance(words, str) else words:
        group = table()["groups"].get(word)
        found |= set(roles_of(group)) if group is not None else {word}
    unknown = found - set(READERS)
    assert not unknown, f"the table names nobody known: {unknown}"
    return frozenset(found)


def model_cells(label: str) -> list[Cell]:
    """Return the cells of the five standard pages of a model."""
    row = table()["models"][label]
    view, add = roles_of(row.get("view", [])), roles_of(row.get("add", []))
    change, delete = roles_of(row.get("change", [])), roles_of(row.get("delete", []))
    base = "admin:" + label.lower().replace(".", "_")
    key = {"object_id": row.get("row", label)}
    foreign = frozenset({404} if row.get("foreign", True) else {200, 302})
    moved, shown, hidden = frozenset({200, 302, 409, 422}), frozenset({200}), frozenset({403, 404})
    no = hidden if row.get("hidden") else frozenset({403})
    cells = [
        Cell(
            f"{base}_changelist",
            "get",
            {},
            {},
            roles_of(row.get("list", row.get("view", []))),
            shown,
            frozenset({403}),
            shown,
        ),
        Cell(f"{base}_add", "post", {}, {}, add, moved, no, moved),
    ]
    if key["object_id"] == NO_ROW:
        return cells
    if row.get("is_form", True):
        cells.append(Cell(f"{base}_change", "post", key, {}, change, moved, no | {405}, foreign))
    return [
        *cells,
        Cell(f"{base}_change", "get", key, {}, view, shown, no, foreign),
        Cell(f"{base}_history", "get", key, {}, view, shown, hidden, foreign),
        Cell(f"{base}_delete", "post", key, {"post": "yes"}, delete, moved, no, foreign),
    ]


def page_cells(page: str) -> list[Cell]:
    """Return the cells of an address of our own, one for each method that its row names."""
    row = table()["pages"][page]
    return [_cell(page, method, row, row[method]) for method in ("get", "post", "put", "delete") if method in row]


def late_cells() -> list[Cell]:
    """Return the cells of moves that come too late: asked by those who may, and answered with 409."""
    late = table()["late"]
    return [
        _cell(page, method, row | {"answer": 409}, row[method]) for page, row in late.items() for method in ("post",)
    ]


def _cell(page: str, method: str, row: dict[str, Any], facts: dict[str, Any]) -> Cell:
    page = page.partition(" · ")[0]

    def statuses(name: str, otherwise: list[int]) -> frozenset[int]:
        found = facts.get(name, row.get(name, otherwise))
        return frozenset([found] if isinstance(found, int) else found)

    answer = statuses("answer", [200])
    return Cell(
        page,
        method,
        row.get("args", {}),
        facts.get("data", {}),
        roles_of(facts.get("may", row.get("may", []))),
        answer,
        statuses("refusal", [403]),
        statuses("foreign", [404]) if row.get("args") else answer,
    )


@cache
def _routes() -> dict[str, str]:
    return {address.name: address.route for address in addresses()}


def _walk(resolver: URLResolver, route: str, namespace: str) -> "list[Address]":
    found: list[Address] = []
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += _walk(entry, here, inner)
        elif isinstance(entry, URLPattern):
            found.append(Address(namespace + entry.name if entry.name else here, here))
    return found
